"""The pictures of a recording for programs: listed, fetched, taken at any second, put into drafts."""

from pathlib import Path

from starlette.responses import FileResponse, Response

from draftmill.drafts import placing
from draftmill.errors import NotFound
from draftmill.projects import frames
from draftmill.projects.screenshots import Screenshot, picture_path, screenshots_of
from draftmill.web.api import drafts, owned, screenshot_shapes
from draftmill.web.api.operations import Call, Reply
from draftmill.web.middleware.bearer import API
from draftmill.web.numbers import number_in

JPEG = "image/jpeg"


def list_all(call: Call) -> Reply:
    """GET: the screenshots, those that were chosen too."""
    project_id = owned.project(call)["id"]
    items = [_shape(project_id, one) for one in screenshots_of(call.db, project_id)]
    return Reply(200, screenshot_shapes.Screenshots(items=items))


def get(call: Call) -> Response:
    """GET: one of them as a picture."""
    project_id, small = owned.project(call)["id"], call.query.size == "thumb"
    return _picture(picture_path(call.db, call.settings, project_id, _number(call, "n"), small))


def frame(call: Call) -> Response:
    """GET: what the recording shows at a second."""
    return _picture(frames.frame_at(call.settings, owned.project(call), _number(call, "second")))


def choose(call: Call) -> Reply:
    """POST: keep that picture as a screenshot."""
    project = owned.project(call)
    shot = frames.choose_frame(call.db, call.settings, project, call.body.second)
    return Reply(201, _shape(project["id"], shot), {"Location": _url(project["id"], shot)})


def put(call: Call) -> Reply:
    """POST: show a screenshot in a draft, as its next version."""
    body: screenshot_shapes.PlacedPicture = call.body
    shown, _ = drafts.find(call)
    where = (call.db, shown.project_id, shown.type, call.user.id, body.screenshot)
    if body.instead_of is None:
        placing.put(*where, body.place == "beside", body.alt)
    else:
        placing.replace(*where, body.instead_of, body.alt)
    return drafts.get(call)


def _shape(project_id: str, shot: Screenshot) -> screenshot_shapes.Screenshot:
    return screenshot_shapes.Screenshot(
        n=shot.n,
        time_s=shot.time_s,
        end_s=shot.end_s,
        width=shot.width,
        height=shot.height,
        picture_url=_url(project_id, shot),
    )


def _url(project_id: str, shot: Screenshot) -> str:
    return f"{API}/projects/{project_id}/screenshots/{shot.n}"


def _number(call: Call, name: str) -> int:
    n = number_in(call.path[name])
    if n is None:
        raise NotFound
    return n


def _picture(path: Path) -> Response:
    if not path.is_file():  # deleted a moment ago
        raise NotFound
    return FileResponse(path, media_type=JPEG)
