"""Parts of a draft for programs: what can be written again, what is offered, taken or dropped."""

from draftmill.drafts import parts
from draftmill.drafts.parts import Offer
from draftmill.drafts.versions import Version
from draftmill.errors import NotFound
from draftmill.jobs.start import start_job
from draftmill.web.api import drafts, owned, part_shapes, representations
from draftmill.web.api.jobs import started_reply
from draftmill.web.api.operations import Call, Reply
from draftmill.web.numbers import number_in


def list_all(call: Call) -> Reply:
    """GET: the parts of the draft, and what waits to be taken in their place."""
    shown, _ = drafts.find(call)
    told = part_shapes.Parts(
        parts=[part_shapes.Part(id=part.id, text=part.text) for part in parts.parts_of(shown)],
        offers=[_offer(one) for one in parts.offers_of(call.db, shown.project_id, shown.type)],
    )
    return Reply(200, told)


def start(call: Call) -> Reply:
    """POST: a job that writes a part again, to be offered beside the old one."""
    shown, content = drafts.find(call)
    body: part_shapes.NewPart = call.body
    wishes = parts.wishes_for(shown, body.part, body.wish)
    checked = wishes.check([content.type], call.settings.has_language_model)
    return started_reply(call, start_job(call.db, owned.project(call), checked))


def take(call: Call) -> Reply:
    """POST: put one of the texts that are offered in the place of the part."""
    shown, _ = drafts.find(call)
    version = parts.take(call.db, *_place(call, shown), call.body.n)
    return Reply(200, representations.draft(call.db, version))


def drop(call: Call) -> Reply:
    """DELETE: offer it no more."""
    shown, _ = drafts.find(call)
    parts.drop(call.db, *_place(call, shown))
    return Reply(204)


def offer_again(call: Call) -> Reply:
    """POST: offer what was dropped or taken; the draft stays as it is."""
    shown, _ = drafts.find(call)
    parts.offer_again(call.db, *_place(call, shown))
    return Reply(204)


def _place(call: Call, shown: Version) -> tuple[str, str, int, int]:
    number = number_in(call.path["offer_id"])
    if number is None:
        raise NotFound
    return shown.project_id, shown.type, call.user.id, number


def _offer(one: Offer) -> part_shapes.Offer:
    return part_shapes.Offer(
        id=one.id,
        part=one.part,
        old=one.old,
        wish=one.wish,
        texts=[
            part_shapes.OfferedText(text=text, said_at_s=one.said_at_s(n), to_check=one.doubts(n))
            for n, text in enumerate(one.texts)
        ],
        created_at=one.created_at,
    )
