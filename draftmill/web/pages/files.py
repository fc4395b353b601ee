"""Files of a project: the recording, its pictures, its transcript to take away."""

import sqlite3
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from draftmill.drafts import export
from draftmill.errors import NotFound
from draftmill.projects.project import project_for, recording_path
from draftmill.transcripts import formats
from draftmill.transcripts.chapters import chapters_of
from draftmill.transcripts.segments import is_timed, segments_of
from draftmill.web.render import database, settings_of

PRIVATE = {"Cache-Control": "private, max-age=3600"}
MOST_PICTURES = 10**9  # an address may name more than a database can count
KINDS = {"txt": "text/plain", "srt": "application/x-subrip", "vtt": "text/vtt"}


async def recording(request: Request) -> Response:
    """GET the recording, in ranges if asked for."""

    def find() -> FileResponse:
        with database(request) as db:
            found = _find(db, request)
        path = recording_path(settings_of(request), found)
        return _file(path, found["media_type"])

    return await run_in_threadpool(find)


async def screenshot(request: Request) -> Response:
    """GET a picture by its number, `size=thumb` a small one."""

    def find() -> FileResponse:
        with database(request) as db:
            found = _find(db, request)
            row = db.execute(
                "select file from screenshots where project_id = ? and n = ?",
                (found["id"], min(request.path_params["n"], MOST_PICTURES)),
            ).fetchone()
        if row is None:
            raise NotFound
        path = settings_of(request).folder_of(found["id"]) / row["file"]
        if request.query_params.get("size") == "thumb":
            path = path.with_stem(f"{path.stem}-thumb")
        return _file(path, "image/jpeg")

    return await run_in_threadpool(find)


def _file(path: Path, media_type: str) -> FileResponse:
    if not path.is_file():  # deleted a moment ago
        raise NotFound
    return FileResponse(path, media_type=media_type, headers=PRIVATE)


async def transcript(request: Request) -> Response:
    """GET the transcript as text or subtitles."""

    def make() -> Response:
        ending = request.path_params["ending"]
        if ending not in KINDS:
            raise NotFound
        with database(request) as db:
            found = _find(db, request)
            if found["transcript_id"] is None:
                raise NotFound("There is no transcript yet.", "Wait until it is transcribed.")
            timed = is_timed(db, found["transcript_id"])
            if ending != "txt" and not timed:
                raise NotFound("This transcript has no times.", "Download it as text instead.")
            segments = segments_of(db, found["transcript_id"])
            chapters = chapters_of(db, found["transcript_id"])
        if ending == "txt":
            text = formats.to_txt(segments, chapters, timed)
        else:
            text = formats.to_srt(segments) if ending == "srt" else formats.to_vtt(segments)
        headers = {"Content-Disposition": export.content_disposition(f"{found['title']}.{ending}")}
        return Response(text, media_type=KINDS[ending], headers=headers)

    return await run_in_threadpool(make)


def _find(db: sqlite3.Connection, request: Request) -> sqlite3.Row:
    return project_for(db, request.state.user.id, request.path_params["project_id"])
