"""Bringing a recording or a transcript: bytes in, a project with its jobs out."""

import hashlib
import shutil
from collections.abc import Mapping, Sequence

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

import tasks
from content_actions import CONTENT_TYPES
from draftmill import storage
from draftmill.errors import NotFound, Problem
from draftmill.media.probe import Probe
from draftmill.media.refusals import ProbeFailed, RefusedRecording
from draftmill.projects import creation
from draftmill.projects.creation import Created, Recording
from draftmill.projects.details import Details
from draftmill.projects.project import project_for
from draftmill.projects.recording import accept, adopt
from draftmill.settings import Settings, resources
from draftmill.transcripts import formats, languages
from draftmill.uploads import resumable
from draftmill.uploads.form import Form
from draftmill.uploads.received import Received, copy_in
from draftmill.web.bodies import receive_form
from draftmill.web.render import render, wants_json
from draftmill.web.services import database, settings_of
from draftmill.web.tus import arrivals_of

ACCEPT = "video/*,audio/*,.mkv,.m4v,.avi,.opus,.flac,.ogg"
SAMPLE = "sample/sample.mp4"


class NothingBrought(Problem):
    code = "nothing_brought"
    default_message = "There is no recording and no transcript in the form."
    default_hint = "Choose a file, or paste a transcript."


def empty_form(settings: Settings) -> dict[str, object]:
    """The context of projects/_new.html, before anything was typed."""
    return _form_context(settings, {}, None)


def _form_context(
    settings: Settings, typed: Mapping[str, Sequence[str]], problem: Problem | None
) -> dict[str, object]:
    settings.data.mkdir(parents=True, exist_ok=True)
    wanted = typed.get("types", list(CONTENT_TYPES))
    return {
        "title": _first(typed, "title"),
        "context": _first(typed, "context"),
        "language": _first(typed, "language"),
        "transcript_text": _first(typed, "transcript_text"),
        "types": [
            {"type": c.type, "label": c.label, "summary": c.summary, "checked": c.type in wanted}
            for c in CONTENT_TYPES.values()
        ],
        "languages": languages.choices(),
        "accept": ACCEPT,
        "max_bytes": settings.max_upload,
        "free_bytes": shutil.disk_usage(settings.data).free,
        "problem": problem,
    }


def _first(typed: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(typed.get(name, ())), "")


async def create(request: Request) -> Response:
    """POST the form: 303 to the project, or the form again with what is wrong."""
    settings = settings_of(request)
    form = Form()
    try:
        await receive_form(request, settings, form)
        created = await run_in_threadpool(bring_in, request, form)
    except Problem as problem:
        if wants_json(request):
            raise
        context = {"new": _form_context(settings, form.fields, problem)}
        return render(request, "projects/new.html", context, problem.status)
    finally:
        form.discard()
    await run_in_threadpool(tasks.nudge, settings)
    return _created(request, created)


def _created(request: Request, created: Sequence[Created]) -> Response:
    url = "/" if len(created) > 1 else f"/projects/{created[0].project_id}"
    if len(created) == 1 and created[0].existed:
        url += "?note=known"
    if wants_json(request):
        return JSONResponse({"url": url})
    return RedirectResponse(url, 303)


def bring_in(request: Request, form: Form) -> list[Created]:
    """A project for each recording of a form, or one for its transcript: for pages and programs."""
    details = Details(
        title=_first(form.fields, "title"),
        context=_first(form.fields, "context"),
        language=_first(form.fields, "language"),
        types=_types(form.fields.get("types", ())),
    ).check()
    if upload_id := _first(form.fields, "upload"):
        return [_from_upload(request, form, upload_id, details)]
    recordings = form.files.get("recording", [])
    if not recordings:
        return [_from_transcript(request, form, details)]
    # All are looked at before the first is taken: a refusal leaves nothing of the form behind.
    probes = [_accept(request, received, len(recordings) > 1) for received in recordings]
    return [
        _from_recording(request, received, seen, details)
        for received, seen in zip(recordings, probes, strict=True)
    ]


def _accept(request: Request, received: Received, one_of_many: bool) -> Probe:
    try:
        return accept(received, settings_of(request))
    except RefusedRecording as refusal:
        if not one_of_many:
            raise
        message = f"“{received.file_name}”: {refusal.message}"
        raise type(refusal)(message, f"{refusal.hint} None of the files was taken.") from None


def _types(names: Sequence[str]) -> tuple[str, ...]:
    """The wanted types in the table's order; unknown names are left out."""
    return tuple(name for name in CONTENT_TYPES if name in names)


def _from_recording(request: Request, received: Received, seen: Probe, details: Details) -> Created:
    """Move the file to its project's folder, then write the rows."""
    user_id = request.state.user.id
    with database(request) as db:
        project_id = creation.home_of(db, user_id, received.sha256)
        folder = storage.folder_of(settings_of(request), project_id)
        made = not folder.exists()
        kept = False
        try:
            recording = Recording(
                project_id=project_id,
                file=adopt(received, folder, seen),
                file_name=received.file_name,
                media_type=seen.media_type,
                bytes=received.bytes,
                sha256=received.sha256,
                duration_s=seen.duration_s,
                width=seen.width or None,
                height=seen.height or None,
            )
            created = creation.from_recording(db, user_id, recording, details)
            kept = created.project_id == project_id
        finally:
            if made and not kept:
                shutil.rmtree(folder, ignore_errors=True)
    return created


def _from_upload(request: Request, form: Form, upload_id: str, details: Details) -> Created:
    """The same for a recording that came before the form, by a resumable upload.

    Asked again, it leads to the project that was made. Only a refused file is discarded.
    """
    settings, user_id = settings_of(request), request.state.user.id
    with database(request) as db:
        upload = resumable.upload_for(db, settings, user_id, upload_id)
        arrivals_of(request).check_free(upload.id)
        received: Received | None = None
        if upload.project_id is None:
            try:
                received = resumable.lend(db, settings, upload, _first(form.fields, "sha256"))
            except NotFound:  # taken in this very moment, by another window with the same file
                upload = resumable.upload_for(db, settings, user_id, upload_id)
        if upload.project_id is not None or received is None:
            project = project_for(db, user_id, str(upload.project_id))
            return creation.came_again(db, project, details)
        form.files.setdefault("recording", []).append(received)
        try:
            seen = accept(received, settings)
        except RefusedRecording as refusal:
            if not isinstance(refusal, ProbeFailed):
                resumable.discard(db, settings, upload.id)
            raise
        created = _from_recording(request, received, seen, details)
        resumable.taken(db, settings, upload, created.project_id)
        return created


def _from_transcript(request: Request, form: Form, details: Details) -> Created:
    files = form.files.get("transcript", [])
    pasted = _first(form.fields, "transcript_text")
    if files:
        content, file_name = files[0].path.read_bytes(), files[0].file_name
    elif pasted.strip():
        content, file_name = pasted.encode(), ""
    else:
        raise NothingBrought
    brought = formats.read(content, file_name)
    facts = {
        "file_name": file_name,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "language": details.language or brought.language,
        "timed": brought.timed,
        "duration_s": brought.duration_s,
    }
    with database(request) as db:
        return creation.from_transcript(db, request.state.user.id, brought.segments, facts, details)


async def sample(request: Request) -> Response:
    """POST: a project from the sample recording, with all four drafts."""

    def run() -> Created:
        source = resources() / "static" / SAMPLE
        received = copy_in(source, settings_of(request))
        details = Details(types=tuple(CONTENT_TYPES))
        try:
            seen = accept(received, settings_of(request))
            return _from_recording(request, received, seen, details)
        finally:
            received.path.unlink(missing_ok=True)

    created = await run_in_threadpool(run)
    await run_in_threadpool(tasks.nudge, settings_of(request))
    return _created(request, [created])
