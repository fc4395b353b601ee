"""A transcript for programs: its sentences, edited, corrected and undone."""

from collections.abc import Callable

from starlette.responses import Response

from draftmill.drafts import correcting
from draftmill.drafts.undone import DraftChanged
from draftmill.errors import NotFound
from draftmill.transcripts import (
    corrections,
    edits,
    left_edits,
    sentence_edits,
    suggestions,
    undoing,
    vocabulary,
)
from draftmill.transcripts.correction_plans import of_project, revision_of
from draftmill.transcripts.everywhere import offers
from draftmill.transcripts.segments import NO_WORDS, segments_of
from draftmill.transcripts.sentence_edits import Saved, Sentence, StaleSentence
from draftmill.transcripts.standing import places
from draftmill.web import problem_json
from draftmill.web.api import owned, shapes
from draftmill.web.api import transcript_shapes as told
from draftmill.web.api.operations import Call, Reply
from draftmill.web.numbers import number_in


def segments(call: Call) -> Reply:
    """GET the sentences of the present transcript."""
    transcript_id = owned.project(call)["transcript_id"]
    if transcript_id is None:
        raise NotFound("There is no transcript yet.", "Wait until it is transcribed.")
    query: told.SegmentQuery = call.query
    all_of_them = segments_of(call.db, transcript_id, NO_WORDS)
    items = [
        told.Segment(
            n=n,
            start=one.start_s,
            end=one.end_s,
            speaker=one.speaker,
            text=one.text,
            heard=one.text if one.heard is None else one.heard,
            edited=one.heard is not None,
        )
        for n, one in enumerate(
            all_of_them[query.after : query.after + query.limit], query.after + 1
        )
    ]
    following = query.after + query.limit if query.after + query.limit < len(all_of_them) else None
    revision = revision_of(call.db, transcript_id)
    return Reply(200, told.SegmentList(revision=revision, items=items, next=following))


def change(call: Call) -> Reply | Response:
    """PATCH a sentence; where it was changed since, the answer is 409 and says what stands there."""
    project_id, body = owned.project(call)["id"], call.body
    n = _number(call, "n")
    return _saved(
        call, lambda: sentence_edits.save(call.db, project_id, n, body.text, body.revision)
    )


def _saved(call: Call, save: Callable[[], Saved]) -> Reply | Response:
    try:
        saved = save()
    except StaleSentence as stale:
        present = stale.present
        return problem_json.answer(stale, text=present.text, revision=present.revision)
    found = []
    if saved.edit_id is not None:
        edit = edits.edit_of(call.db, call.path["project_id"], saved.edit_id)
        found = offers(call.db, edit)
    return Reply(
        200,
        told.ChangedSegment(
            revision=saved.sentence.revision,
            segment=_segment(saved.sentence),
            change=saved.edit_id,
            everywhere=[
                told.Everywhere(heard=one.heard, meant=one.meant, places=one.count) for one in found
            ],
        ),
    )


def left(call: Call) -> Reply:
    """GET the edits that wait for a place."""
    found = left_edits.left_of(call.db, owned.project(call)["id"])
    items = [
        told.LeftEdit(
            id=one.id,
            start=one.start_s,
            end=one.end_s,
            heard=one.heard,
            text=one.written,
            at=one.at,
            segments=[told.LeftSentence(n=n, text=text) for n, text in one.sentences],
        )
        for one in found
    ]
    return Reply(200, told.LeftEditList(items=items))


def apply_left(call: Call) -> Reply | Response:
    """POST: have one in the place of a sentence."""
    place, body = (owned.project(call)["id"], _number(call, "edit_id")), call.body
    return _saved(
        call, lambda: left_edits.apply(call.db, *place, body.segment, body.text, body.revision)
    )


def drop_left(call: Call) -> Reply:
    """DELETE: show it no more."""
    left_edits.drop(call.db, owned.project(call)["id"], _number(call, "edit_id"))
    return Reply(204)


def changes(call: Call) -> Reply:
    """GET what was changed of the transcript."""
    found = edits.edits_of(call.db, owned.project(call)["id"], shapes.MOST)
    return Reply(200, told.TranscriptChangeList(items=[_change(one) for one in found]))


def undo(call: Call) -> Reply:
    """POST: take a change back; one that was taken back before stays so."""
    project_id = owned.project(call)["id"]
    return Reply(200, _change(undoing.undo(call.db, project_id, _number(call, "change_id"))))


def list_corrections(call: Call) -> Reply:
    """GET the corrections of a project."""
    project = owned.project(call)
    known = of_project(call.db, project["id"])
    counts = places(call.db, project["transcript_id"], known) if project["transcript_id"] else {}
    drafts = correcting.misheard_in(call.db, project["id"], known)
    items = [
        told.Correction(
            id=one.id,
            heard=one.heard,
            meant=one.meant,
            places=counts.get(one.id, 0),
            drafts=drafts[one.id],
        )
        for one in known
    ]
    return Reply(200, told.CorrectionList(items=items))


def correct(call: Call) -> Reply:
    """POST heard, meant: correct it everywhere."""
    project_id, body = owned.project(call)["id"], call.body
    return _corrected(corrections.add(call.db, project_id, body.heard, body.meant), 201)


def remove_correction(call: Call) -> Reply:
    """DELETE: what was heard stands there again."""
    project_id = owned.project(call)["id"]
    return _corrected(corrections.remove(call.db, project_id, _number(call, "correction_id")), 200)


def apply_to_drafts(call: Call) -> Reply:
    """POST: correct it in the drafts too, each as a new version."""
    project_id, correction_id = owned.project(call)["id"], _number(call, "correction_id")
    made = correcting.apply_to_drafts(call.db, project_id, call.user.id, correction_id)
    items = [told.AppliedDraft(type=one.type, before=one.before, after=one.after) for one in made]
    return Reply(200, told.AppliedCorrection(items=items))


def take_back_applied(call: Call) -> Reply:
    """POST the same list: show the versions from before again."""
    project_id = owned.project(call)["id"]
    applied = [correcting.Applied(one.type, one.before, one.after) for one in call.body.items]
    if not correcting.take_back(call.db, project_id, call.user.id, applied) and applied:
        raise DraftChanged
    return Reply(204)


def dismiss(call: Call) -> Reply:
    """POST: suggest it no more, or again."""
    body: told.DismissedSuggestion = call.body
    verb = suggestions.dismiss if body.dismissed else suggestions.restore
    verb(call.db, owned.project(call)["id"], body.heard, body.meant)
    return Reply(204)


def suggest(call: Call) -> Reply:
    """GET names that may be misheard."""
    found = suggestions.suggestions(call.db, owned.project(call)["id"])
    items = [told.Suggestion(heard=one.heard, meant=one.meant, places=one.count) for one in found]
    return Reply(200, told.SuggestionList(items=items))


def terms(call: Call) -> Reply:
    """GET the user's vocabulary."""
    return Reply(200, told.Vocabulary(terms=vocabulary.terms_of(call.db, call.user.id)))


def set_terms(call: Call) -> Reply:
    """PUT: have these in the place of all."""
    wanted = [one for term in call.body.terms for one in vocabulary.terms_in(term)]
    return Reply(200, told.Vocabulary(terms=vocabulary.replace(call.db, call.user.id, wanted)))


def _corrected(made: corrections.Made, status: int) -> Reply:
    return Reply(status, told.Corrected(places=made.places, change=made.edit_id))


def _segment(sentence: Sentence) -> told.Segment:
    return told.Segment(
        n=sentence.n,
        start=sentence.start_s,
        end=sentence.end_s,
        speaker=sentence.speaker,
        text=sentence.text,
        heard=sentence.heard,
        edited=sentence.edited,
    )


def _change(edit: edits.Edit) -> told.TranscriptChange:
    return told.TranscriptChange(
        id=edit.id,
        revision=edit.revision,
        kind=edit.kind,
        was=edits.told(edit.was),
        became=edits.told(edit.became),
        at=edit.at,
        undone_at=edit.undone_at,
    )


def _number(call: Call, name: str) -> int:
    number = number_in(call.path[name])
    if number is None:
        raise NotFound
    return number
