"""The list of projects, and one project."""

import sqlite3
from contextlib import suppress
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from draftmill.database import changes
from draftmill.errors import NotFound
from draftmill.jobs.job import newest_job
from draftmill.jobs.policies import INGEST
from draftmill.projects import binned, deletion, filtered, titles
from draftmill.projects import project as projects
from draftmill.projects.project import Gone, InBin
from draftmill.web.forms import LARGE, sent, takes_form, text
from draftmill.web.numbers import number_in
from draftmill.web.pages.new_project import empty_form
from draftmill.web.pages.told import NOTES, renamed, told
from draftmill.web.render import render, wants_fragment
from draftmill.web.services import database, settings_of
from draftmill.web.views.binned import days_of, entry_of
from draftmill.web.views.pill import REFRESH_S
from draftmill.web.views.project_list import entries_of, list_of
from draftmill.web.views.project_page import head_of, page_of
from draftmill.web.views.sentences import everywhere_of


def home(request: Request) -> Response:
    """GET: a page of the user's projects as they are wanted, counted from 1 by `page`."""
    wanted = filtered.wanted_of(request.query_params)
    number = number_in(request.query_params.get("page", "")) or 1
    with database(request) as db:
        since = changes.latest(db)
        page = filtered.page_of(db, request.state.user.id, wanted, number)
        speakers = filtered.speakers_of(db, request.state.user.id)
        in_bin = binned.count(db, request.state.user.id)
        told = _told(db, request)
        new = empty_form(db, settings_of(request), request.state.user.id)
    listed = page.rows
    context = {
        "live": f"list={','.join(item.row['id'] for item in listed)}&since={since}",
        **entries_of(listed),
        **list_of(wanted, page, speakers),
        "binned": in_bin,
        "new": new,
        **told,
        "refresh_s": REFRESH_S * any(item.active for item in listed),
    }
    return render(request, "projects/list.html", context)


def _told(db: sqlite3.Connection, request: Request) -> dict[str, str]:
    """What the list says of what was done just now; while it is in the bin, with the way back."""
    note, project_id = (request.query_params.get(name, "") for name in ("note", "project"))
    if note != "binned":
        return {"notice": NOTES.get(note, "")}
    with suppress(NotFound):
        found = projects.binned_for(db, request.state.user.id, project_id)
        url = f"/bin/{found['id']}/restore"
        return {"notice": f"Moved to the bin: “{found['title']}”.", "undo_url": url}
    return {}


def page(request: Request) -> Response:
    """GET: one project."""
    with database(request) as db:
        try:
            found = _find(db, request)
        except InBin:
            return _in_bin(db, request)
        if found["holds"]:
            return RedirectResponse("/settings/models", 303)
        edit_id = number_in(request.query_params.get("change", ""))
        context = page_of(db, settings_of(request), found)
        context["everywhere"] = everywhere_of(db, found, edit_id)
        context |= told(found, request.query_params)
    return render(request, "projects/project.html", context)


def _in_bin(db: sqlite3.Connection, request: Request) -> Response:
    settings, project_id = settings_of(request), request.path_params["project_id"]
    found = projects.binned_for(db, request.state.user.id, project_id)
    context = {"project": entry_of(settings, found), "days": days_of(settings)}
    return render(request, "projects/in_bin.html", context, 404)


@takes_form(LARGE)
def edit(request: Request, form: FormData) -> Response:
    """POST title, context, draft_language; what was not sent is left as it is, what was emptied is emptied."""
    with database(request) as db:
        found = _find(db, request)
        said = (sent(form, name) for name in ("context", "draft_language"))
        projects.edit(db, found, text(form, "title"), *said)
    return _back_to(found, "?note=saved")


@takes_form(LARGE)
def rename(request: Request, form: FormData) -> Response:
    """POST title: for htmx the new one with the way back, else the page again.

    That way gives the old one, `by` whom it was, and as `undo` the one that it undoes.
    """
    note = "undone" if "undo" in form else "retitled"
    with database(request) as db:
        before = _find(db, request)
        if note == "retitled":
            projects.edit(db, before, text(form, "title"))
        elif not titles.give_back(
            db, before, text(form, "title"), text(form, "by"), instead_of=text(form, "undo")
        ):
            note = "late"
        found = _find(db, request)
        ingest = newest_job(db, found["id"], INGEST)
        context = head_of(db, settings_of(request), found, ingest)
    was = {"title": before["title"], "by": before["title_by"]}
    new = found["title"] != before["title"]
    if not wants_fragment(request):
        way_back = {**was, "undo": found["title"]} if new and note == "retitled" else {}
        return _back_to(found, f"?{urlencode({'note': note, **way_back})}")
    said = renamed(found, note, was) if new else {"notice": NOTES["late"] * (note == "late")}
    return render(request, "projects/_renamed.html", {**context, **said})


def undo_title(request: Request) -> Response:
    """POST: what it was called before its talk named it."""
    with database(request) as db:
        found = _find(db, request)
        titles.take_back(db, found)
    return _back_to(found)


def delete(request: Request) -> Response:
    """POST: move the project to the bin, from which it can be had back; a second press finds it there."""
    user_id, project_id = request.state.user.id, request.path_params["project_id"]
    with database(request) as db:
        try:
            found = projects.own_project(db, user_id, project_id)
        except Gone:
            return RedirectResponse("/?note=gone", 303)
        binned.move_to_bin(db, found)
    return RedirectResponse(f"/?note=binned&project={found['id']}", 303)


def delete_recording(request: Request) -> Response:
    """POST: delete the recording alone."""
    with database(request) as db:
        found = _find(db, request)
        deletion.delete_recording(db, settings_of(request), found)
    return _back_to(found)


def _find(db: sqlite3.Connection, request: Request) -> sqlite3.Row:
    return projects.project_for(db, request.state.user.id, request.path_params["project_id"])


def _back_to(project: sqlite3.Row, note: str = "") -> Response:
    return RedirectResponse(f"/projects/{project['id']}{note}", 303)
