"""The bin: what was deleted, to have it back or to delete it for good."""

import sqlite3

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import tasks
from draftmill.projects import binned, deletion
from draftmill.projects.project import Gone, own_project
from draftmill.web.numbers import number_in
from draftmill.web.render import render
from draftmill.web.services import database, settings_of
from draftmill.web.views.binned import list_of

NOTES = {
    "deleted": "Deleted for good.",
    "emptied": "The bin is empty.",
    "gone": "It is deleted already.",
}


def page(request: Request) -> Response:
    """GET: what is in the bin, what was put there last first; `page` counts from 1."""
    number = number_in(request.query_params.get("page", "")) or 1
    with database(request) as db:
        context = list_of(db, settings_of(request), request.state.user.id, min(number, 10**6))
    note = NOTES.get(request.query_params.get("note", ""), "")
    return render(request, "projects/bin.html", {**context, "notice": note})


def restore(request: Request) -> Response:
    """POST: put a project back; jobs that were cancelled with it start again. One that is back stays."""
    with database(request) as db:
        try:
            found = _find(db, request)
        except Gone:
            return _back("gone")
        binned.restore(db, found)
    tasks.nudge(settings_of(request))
    return RedirectResponse(f"/projects/{found['id']}?note=restored", 303)


def delete(request: Request) -> Response:
    """POST: delete a project for good. A second press finds it gone; one that was restored stays."""
    with database(request) as db:
        try:
            found = _find(db, request)
        except Gone:
            return _back("gone")
        if found["binned_at"] is None:
            return RedirectResponse(f"/projects/{found['id']}?note=kept", 303)
        deleted = binned.delete_binned(db, found)
    if deleted:
        deletion.remove_files(settings_of(request), found["id"])
    return _back("deleted")


def empty(request: Request) -> Response:
    """POST: delete all of it for good."""
    with database(request) as db:
        gone = binned.empty(db, request.state.user.id)
    for project_id in gone:
        deletion.remove_files(settings_of(request), project_id)
    return _back("emptied")


def _find(db: sqlite3.Connection, request: Request) -> sqlite3.Row:
    return own_project(db, request.state.user.id, request.path_params["project_id"])


def _back(note: str) -> Response:
    return RedirectResponse(f"/bin?note={note}", 303)
