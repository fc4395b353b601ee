"""Chapters for programs: read, begun, renamed, moved, merged, split, deleted."""

from draftmill.errors import NotFound
from draftmill.transcripts import chapter_edits
from draftmill.transcripts.chapter_edits import Made
from draftmill.transcripts.chapters import Chapter, chapters_of, tag_of
from draftmill.web.api import chapter_shapes, owned
from draftmill.web.api.operations import Call, Reply
from draftmill.web.numbers import number_in
from draftmill.web.problem_json import Invalid


def list_all(call: Call) -> Reply:
    """GET: the chapters; none before there is a transcript."""
    transcript_id = owned.project(call)["transcript_id"]
    found = chapters_of(call.db, transcript_id) if transcript_id else []
    items = [_shape(one) for one in found]
    return Reply(200, chapter_shapes.Chapters(items=items, tag=tag_of(found)))


def begin(call: Call) -> Reply:
    """POST: make the first one."""
    body: chapter_shapes.FirstChapter = call.body
    project = owned.project(call)
    return _reply(chapter_edits.begin(call.db, project["id"], body.title, body.based_on))


def change(call: Call) -> Reply:
    """PATCH title or start."""
    body: chapter_shapes.ChapterChanges = call.body
    if (body.title is None) == (body.sentence is None):
        raise Invalid([{"at": "", "message": "Send either “title” or “sentence”."}])
    place, base = _place(call), body.based_on
    if body.title is not None:
        return _reply(chapter_edits.rename(call.db, *place, body.title, base))
    return _reply(chapter_edits.move(call.db, *place, body.sentence or 0, base, body.of))


def merge(call: Call) -> Reply:
    """POST: make one of it and the next."""
    return _reply(chapter_edits.merge(call.db, *_place(call), call.body.based_on))


def split(call: Call) -> Reply:
    """POST: let another begin within it."""
    body: chapter_shapes.NewChapter = call.body
    made = chapter_edits.split(
        call.db, *_place(call), body.sentence, body.title, body.based_on, body.of
    )
    return _reply(made)


def delete(call: Call) -> Reply:
    """DELETE it; its text stays."""
    return _reply(chapter_edits.delete(call.db, *_place(call)))


def _place(call: Call) -> tuple[str, int]:
    project = owned.project(call)
    n = number_in(call.path["n"])
    if n is None:
        raise NotFound
    return project["id"], n


def _reply(made: Made) -> Reply:
    items = [_shape(one) for one in made.all]
    told = chapter_shapes.ChangedChapters(items=items, tag=tag_of(made.all), change=made.edit_id)
    return Reply(200, told)


def _shape(chapter: Chapter) -> chapter_shapes.Chapter:
    return chapter_shapes.Chapter(
        n=chapter.n, start_s=chapter.start_s, end_s=chapter.end_s, title=chapter.title
    )
