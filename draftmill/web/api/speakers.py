"""Speakers for programs: read, named, merged, given what they said."""

from dataclasses import asdict

from draftmill.errors import NotFound
from draftmill.transcripts import speaker_edits
from draftmill.transcripts.speaker_edits import Made
from draftmill.transcripts.speakers import speakers_of
from draftmill.web.api import owned, speaker_shapes
from draftmill.web.api.operations import Call, Reply
from draftmill.web.numbers import number_in


def list_all(call: Call) -> Reply:
    """GET: those who speak; nobody before there is a transcript."""
    transcript_id = owned.project(call)["transcript_id"]
    found = speakers_of(call.db, transcript_id) if transcript_id else []
    items = [speaker_shapes.Speaker(**asdict(one)) for one in found]
    return Reply(200, speaker_shapes.Speakers(items=items))


def name(call: Call) -> Reply:
    """PATCH name."""
    return _reply(speaker_edits.name(call.db, *_place(call), call.body.name))


def merge(call: Call) -> Reply:
    """POST: it is the same person as another."""
    return _reply(speaker_edits.merge(call.db, *_place(call), call.body.into))


def give(call: Call) -> Reply:
    """POST: say who said some sentences."""
    body: speaker_shapes.GivenSentences = call.body
    project = owned.project(call)
    made = speaker_edits.give(call.db, project["id"], body.sentences, body.name, of=body.of)
    return _reply(made)


def _place(call: Call) -> tuple[str, int]:
    project = owned.project(call)
    n = number_in(call.path["n"])
    if n is None:
        raise NotFound
    return project["id"], n


def _reply(made: Made) -> Reply:
    items = [speaker_shapes.Speaker(**asdict(one)) for one in made.all]
    return Reply(200, speaker_shapes.ChangedSpeakers(items=items, change=made.edit_id))
