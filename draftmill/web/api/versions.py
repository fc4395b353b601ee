"""The versions of a draft for programs: listed, read, compared, gone back to, taken from, declined."""

from draftmill.drafts import editing
from draftmill.drafts import versions as stored
from draftmill.drafts.difference import difference
from draftmill.drafts.taking import DifferenceGone, take_passage
from draftmill.drafts.versions import Version
from draftmill.errors import NotFound
from draftmill.web.api import drafts, representations, version_shapes
from draftmill.web.api.operations import Call, Reply
from draftmill.web.api.projects import cursor
from draftmill.web.numbers import number_in


def list_all(call: Call) -> Reply:
    """GET: a page of versions, newest first."""
    query: version_shapes.VersionQuery = call.query
    shown, _ = drafts.find(call)
    before = int(query.cursor) if query.cursor else None
    found = stored.versions(call.db, shown.project_id, shown.type, before, query.limit + 1)
    following = found[query.limit - 1].n if len(found) > query.limit else None
    items = [representations.version(one, shown) for one in found[: query.limit]]
    return Reply(200, version_shapes.VersionPage(items=items, next=cursor(following)))


def get(call: Call) -> Reply:
    """GET: one version with its text."""
    shown, _ = drafts.find(call)
    return Reply(200, representations.whole_version(_named(call, shown), shown))


def compare(call: Call) -> Reply:
    """GET: what differs from `old`, the current version if it is not said, to `new`."""
    query: version_shapes.ComparisonQuery = call.query
    shown, content = drafts.find(call)
    project_id = shown.project_id
    old = stored.version(call.db, project_id, shown.type, query.old) if query.old else shown
    new = stored.version(call.db, project_id, shown.type, query.new)
    return Reply(200, _comparison(old, new, "post" if content.shape == "posts" else "paragraph"))


def _comparison(old: Version, new: Version, unit: str) -> version_shapes.Comparison:
    differing = [one for one in difference(old, new) if one.differs]
    words = [one.words for one in differing]
    return version_shapes.Comparison(
        old=old.n,
        new=new.n,
        words_gone=sum(gone for gone, _ in words),
        words_new=sum(came for _, came in words),
        differences=[
            version_shapes.Difference(
                id=one.id,
                part=one.part or unit,  # type: ignore[arg-type]
                old=one.old,
                new=one.new,
                pieces=[version_shapes.Piece(kind=p.kind, text=p.text) for p in one.pieces],
            )
            for one in differing
        ],
    )


def take(call: Call) -> Reply:
    """POST: put one paragraph, post or title of a version into the draft."""
    body: version_shapes.TakenDifference = call.body
    shown, _ = drafts.find(call)
    n = _named(call, shown).n
    place = (shown.project_id, shown.type, call.user.id)
    if take_passage(call.db, *place, n, body.difference) is None:
        raise DifferenceGone
    return drafts.get(call)


def restore(call: Call) -> Reply:
    """POST: go on with another version."""
    shown, _ = drafts.find(call)
    n = _named(call, shown).n
    editing.go_back(call.db, shown.project_id, shown.type, n, call.user.id)
    return drafts.get(call)


def decline(call: Call) -> Reply:
    """POST: keep the present text; a newer one by the writer is offered no more."""
    return _offered(call, declined=True)


def offer_again(call: Call) -> Reply:
    """POST: offer it again."""
    return _offered(call, declined=False)


def _offered(call: Call, *, declined: bool) -> Reply:
    shown, _ = drafts.find(call)
    n = _named(call, shown).n
    editing.decline(call.db, shown.project_id, shown.type, n, call.user.id, declined)
    return drafts.get(call)


def _named(call: Call, shown: Version) -> Version:
    """The version in the address. Raises NotFound."""
    n = number_in(call.path["n"])
    if n is None:
        raise NotFound
    return stored.version(call.db, shown.project_id, shown.type, n)
