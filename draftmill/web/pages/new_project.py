"""Bringing a recording or a transcript: bytes in, a project with its jobs out."""

import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

import tasks
from content_actions import CONTENT_TYPES
from draftmill.errors import NotFound, Problem
from draftmill.projects import bring
from draftmill.projects.bring import TwoSources
from draftmill.projects.creation import Created
from draftmill.projects.details import Details
from draftmill.settings import Settings, resources
from draftmill.transcripts import formats, how_many, languages
from draftmill.uploads import resumable
from draftmill.uploads.form import RECORDING, Form
from draftmill.uploads.received import copy_in
from draftmill.uploads.resumable import Upload
from draftmill.web.bodies import receive_form
from draftmill.web.render import render, wants_json
from draftmill.web.services import database, services_of, settings_of
from draftmill.web.views.draft_languages import draft_languages

ACCEPT = "video/*,audio/*,.mkv,.m4v,.avi,.opus,.flac,.ogg"
SAMPLE = "sample/sample.mp4"
WHICH = "A project is made of one of them: choose which. The file is here, and is not sent again."


def empty_form(db: sqlite3.Connection, settings: Settings, user_id: int) -> dict[str, object]:
    """The context of projects/_new.html, before anything was typed."""
    return _form_context(db, settings, user_id, Form())


def wanted_of_every() -> tuple[str, ...]:
    """The drafts that are chosen beforehand for a new recording."""
    return tuple(content.type for content in CONTENT_TYPES.values() if content.every)


def _form_context(
    db: sqlite3.Connection,
    settings: Settings,
    user_id: int,
    typed: Form,
    problem: Problem | None = None,
    kept: Upload | None = None,
) -> dict[str, object]:
    settings.data.mkdir(parents=True, exist_ok=True)
    wanted = typed.fields.get("types", wanted_of_every())
    return {
        "title": typed.first("title"),
        "context": typed.first("context"),
        "language": typed.first("language"),
        "draft_language": typed.first("draft_language"),
        "transcript_text": typed.first("transcript_text"),
        "types": [
            {"type": c.type, "label": c.label, "summary": c.summary, "checked": c.type in wanted}
            for c in CONTENT_TYPES.values()
        ],
        "languages": languages.choices(),
        "draft_languages": draft_languages(db, user_id),
        "speakers": typed.first("speakers"),
        "speaker_choices": how_many.CHOICES,
        "accept": ACCEPT,
        "accept_transcript": ",".join([*sorted(formats.SUFFIXES), "text/*", "application/json"]),
        "max_bytes": settings.max_upload,
        "free_bytes": shutil.disk_usage(settings.data).free,
        "problem": problem,
        "kept": kept,
        "use": typed.first("use"),
    }


async def create(request: Request) -> Response:
    """POST the form: 303 to the project, or the form again with what is wrong."""
    form = Form()
    try:
        await receive_form(request, settings_of(request), form)
        return await run_in_threadpool(_bring, request, form)
    except Problem as problem:
        if wants_json(request):
            raise
        context = await run_in_threadpool(_again, request, form, problem)
        return render(request, "projects/new.html", {"new": context}, problem.status)
    finally:
        form.discard()


def _again(request: Request, form: Form, problem: Problem) -> dict[str, object]:
    """The form as it was typed, with what is wrong."""
    with database(request) as db:
        settings, user_id = settings_of(request), request.state.user.id
        kept = None
        with suppress(Problem):
            kept = _kept(db, settings, user_id, form, problem)
        if kept and isinstance(problem, TwoSources):
            problem = TwoSources("There is a file and a text.", WHICH)
        return _form_context(db, settings, user_id, form, problem, kept)


def _kept(
    db: sqlite3.Connection, settings: Settings, user_id: int, form: Form, problem: Problem
) -> Upload | None:
    """The recording that came with a text: a browser says only then that one of both is too many."""
    recordings = form.files.get(RECORDING, [])
    typed = form.first("transcript_text").strip()  # a file of a text does not come a second time
    if isinstance(problem, TwoSources) and len(recordings) == 1 and typed:
        return resumable.keep(db, settings, user_id, recordings[0])
    kept = form.first("kept")
    return resumable.upload_for(db, settings, user_id, kept) if kept else None


def _bring(request: Request, form: Form) -> Response:
    settings, arrivals = settings_of(request), services_of(request).arrivals
    user_id = request.state.user.id
    with database(request) as db:
        created = bring.form(db, settings, user_id, _chosen(form), arrivals)
        if form.first("use") == "text":
            with suppress(NotFound):
                kept = resumable.upload_for(db, settings, user_id, form.first("kept"))
                resumable.discard(db, settings, kept.id)
    return _created(request, created)


def _chosen(form: Form) -> Form:
    """What counts of a form, once it was chosen between a kept file and a text."""
    if form.first("use") != "file":
        return form
    kept = {"upload": [form.first("kept")], "transcript_text": []}
    return replace(form, fields=form.fields | kept)


def sample(request: Request) -> Response:
    """POST: a project from the sample recording, with the drafts of every recording."""
    settings, details = settings_of(request), Details(types=wanted_of_every())
    received = copy_in(resources() / "static" / SAMPLE, settings)
    with database(request) as db:
        created = bring.files(db, settings, request.state.user.id, [received], details)
    return _created(request, created)


def _created(request: Request, created: Sequence[Created]) -> Response:
    tasks.nudge(settings_of(request))
    url = "/" if len(created) > 1 else f"/projects/{created[0].project_id}"
    if len(created) == 1 and created[0].existed:
        url += "?note=refound" if created[0].restored else "?note=known"
    if wants_json(request):
        return JSONResponse({"url": url})
    return RedirectResponse(url, 303)
