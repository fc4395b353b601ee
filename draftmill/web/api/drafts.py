"""Drafts for programs: read, and saved as versions."""

from starlette.responses import Response

from content_actions import CONTENT_TYPES, ContentType
from draftmill.drafts import editing
from draftmill.drafts import evidence as stored_evidence
from draftmill.drafts import versions as stored
from draftmill.drafts.checking import BadDraft
from draftmill.drafts.editing import StaleBase
from draftmill.drafts.looked import looked_at
from draftmill.drafts.versions import Version
from draftmill.errors import NotFound, Problem
from draftmill.web import problem_json
from draftmill.web.api import draft_shapes, evidence_shapes, owned, representations
from draftmill.web.api.jobs import names
from draftmill.web.api.operations import Call, Reply


class NoBase(Problem):
    code = "if_match_required"
    status = 428
    default_message = "A save has to say which version it was made from."
    default_hint = "Send the draft's ETag as If-Match, or * to save onto whatever is there."


def list_all(call: Call) -> Reply:
    """GET all drafts of a project."""
    project = owned.project(call)
    drafted = representations.in_order(stored.drafted(call.db, project["id"]))
    shown = [stored.current(call.db, project["id"], name) for name in drafted]
    items = [representations.draft(call.db, version) for version in shown if version]
    return Reply(200, draft_shapes.DraftList(items=items))


def get(call: Call) -> Reply:
    """GET a draft; 304 while it is the one that If-None-Match names."""
    shown, _ = find(call)
    headers = {"ETag": _etag(shown), "Vary": "Authorization"}
    if names(call.request.headers.get("if-none-match", ""), headers["ETag"]):
        return Reply(304, None, headers)
    return Reply(200, representations.draft(call.db, shown), headers)


def evidence(call: Call) -> Reply:
    """GET what each block of the current text rests on; what was edited is checked first."""
    shown, _ = find(call)
    found = stored_evidence.evidence_of(call.db, call.settings, shown)
    looked = looked_at(call.db, call.user.id, shown.project_id, shown.type)
    return Reply(200, evidence_shapes.of(found, looked), {"ETag": _etag(shown)})


def save(call: Call) -> Reply | Response:
    """PUT a text; on a stale base the answer is 409 and the text is kept as a version."""
    body: draft_shapes.NewText = call.body
    shown, content = find(call)
    _check_shape(body, content)
    try:
        version = _saved(call, shown, body)
    except StaleBase as stale:
        kept, current = stale.stored.n, stale.current.n
        return problem_json.answer(stale, kept_version=kept, current_version=current)
    return Reply(200, representations.draft(call.db, version), {"ETag": _etag(version)})


def _saved(call: Call, shown: Version, body: draft_shapes.NewText) -> Version:
    """What is left out stays as it is."""
    title = shown.title if body.title is None else body.title
    fields = dict(shown.fields) | ({} if body.preview is None else {"preview": body.preview})
    what, who, base = (shown.project_id, shown.type), call.user.id, _base(call, shown)
    return editing.save(call.db, *what, who, title, body.body, fields, base).version


def find(call: Call) -> tuple[Version, ContentType]:
    """The current text that an address names, and its type. Raises NotFound."""
    project = owned.project(call)
    content = CONTENT_TYPES.known(call.path["type"])
    shown = stored.current(call.db, project["id"], content.type) if content else None
    if content is None or shown is None:
        raise NotFound("There is no such draft.", "Start a job of this type to have it written.")
    return shown, content


def _check_shape(body: draft_shapes.NewText, content: ContentType) -> None:
    if isinstance(body.body, str) != (content.shape == "article"):
        takes = "Markdown text" if content.shape == "article" else "a list of posts"
        raise BadDraft(f"The body of this draft is {takes}.", "Send it in that shape.")


def _base(call: Call, shown: Version) -> str | None:
    """The base that If-Match names: the present version if it is among several. Raises NoBase."""
    header = call.request.headers.get("if-match", "").strip()
    if not header:
        raise NoBase
    tags = [tag.strip().removeprefix("W/").strip('"') for tag in header.split(",")]
    if "*" in tags:
        return None
    return shown.tag if shown.tag in tags else tags[0]


def _etag(version: Version) -> str:
    return f'"{version.tag}"'
