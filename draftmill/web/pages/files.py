"""Files of a project: the recording, its pictures, its transcript to take away."""

import sqlite3
from collections.abc import Mapping
from pathlib import Path

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response

from draftmill.drafts.export import content_disposition
from draftmill.errors import NotFound
from draftmill.projects.frames import NoPicture, choose_frame, frame_at
from draftmill.projects.project import project_for, recording_path
from draftmill.projects.screenshots import picture_path
from draftmill.transcripts import export
from draftmill.web.forms import takes_form, text
from draftmill.web.numbers import number_in
from draftmill.web.render import wants_json
from draftmill.web.services import database, settings_of

PRIVATE = {"Cache-Control": "private, max-age=3600"}


def recording(request: Request) -> Response:
    """GET the recording, in ranges if asked for."""
    with database(request) as db:
        found = _find(db, request)
    return _file(recording_path(settings_of(request), found), found["media_type"])


def screenshot(request: Request) -> Response:
    """GET a picture by its number, `size=thumb` a small one."""
    small = request.query_params.get("size") == "thumb"
    return shown(request, request.state.user.id, request.path_params, small)


def shown(
    request: Request, user_id: int, address: Mapping[str, str], small: bool = False
) -> Response:
    """A picture of a user's project: project_id and n say which."""
    with database(request) as db:
        found = project_for(db, user_id, address["project_id"])
        path = picture_path(db, settings_of(request), found["id"], int(address["n"]), small)
    return _file(path, "image/jpeg")


def frame(request: Request) -> Response:
    """GET what the recording shows at a second."""
    with database(request) as db:
        found = _find(db, request)
    return _file(frame_at(settings_of(request), found, request.path_params["second"]), "image/jpeg")


@takes_form()
def choose(request: Request, form: FormData) -> Response:
    """POST second: keep that picture as a screenshot of the project."""
    second = number_in(text(form, "second"))
    if second is None:
        raise NoPicture
    with database(request) as db:
        found = _find(db, request)
        shot = choose_frame(db, settings_of(request), found, second)
    if not wants_json(request):
        return RedirectResponse(f"/projects/{found['id']}/screenshots/{shot.n}", 303)
    return JSONResponse({"n": shot.n, "time_s": shot.time_s, "end_s": shot.end_s}, 201)


def transcript(request: Request) -> Response:
    """GET the transcript as text or subtitles."""
    return taken_away(request, request.state.user.id, request.path_params)


def taken_away(request: Request, user_id: int, address: Mapping[str, str]) -> Response:
    """The transcript of a user's project as a file: project_id and ending say which."""
    ending = address["ending"]
    with database(request) as db:
        found = project_for(db, user_id, address["project_id"])
        times = request.query_params.get("times") != "no"
        written = export.as_file(db, found["transcript_id"], ending, times)
    headers = named(f"{found['title']}.{ending}")
    return Response(written, media_type=export.KINDS[ending], headers=headers)


def named(name: str) -> dict[str, str]:
    """The headers of something that a browser saves under a name."""
    return {"Content-Disposition": content_disposition(name)}


def _file(path: Path, media_type: str) -> FileResponse:
    if not path.is_file():  # deleted a moment ago
        raise NotFound
    return FileResponse(path, media_type=media_type, headers=PRIVATE)


def _find(db: sqlite3.Connection, request: Request) -> sqlite3.Row:
    return project_for(db, request.state.user.id, request.path_params["project_id"])
