"""The list of projects, and one project."""

import sqlite3
from contextlib import suppress

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from content_actions import CONTENT_TYPES
from draftmill.database import changes
from draftmill.errors import NotFound
from draftmill.projects import binned, deletion, filtered, titles
from draftmill.projects import project as projects
from draftmill.projects.project import Gone, InBin
from draftmill.web.forms import LARGE, sent, takes_form, text
from draftmill.web.numbers import number_in
from draftmill.web.pages.changed import WORDS, placed_notice
from draftmill.web.pages.corrections import applied_in, told_of
from draftmill.web.pages.new_project import empty_form
from draftmill.web.render import render
from draftmill.web.services import database, settings_of
from draftmill.web.views.binned import days_of, entry_of
from draftmill.web.views.material import undo_url
from draftmill.web.views.pill import REFRESH_S
from draftmill.web.views.project_list import entries_of, list_of
from draftmill.web.views.project_page import page_of
from draftmill.web.views.sentences import everywhere_of

NOTES = {
    "gone": "It is deleted already.",
    "back": "You are signed in. Go back to the other tab: what you typed there is untouched.",
    "known": "You uploaded this file before: here is its project.",
    "restored": "The project is back.",
    "kept": "It was taken out of the bin since, so nothing was deleted.",
    "refound": "You uploaded this file before, and its project was in the bin: it is back.",
    "unused": "This is at work already, so what you asked for just now was not used.",
    "undone": "Undone.",
    "nothing": "Nothing in the transcript sounds like that, so nothing was changed yet."
    " It will be corrected in transcriptions made from now on.",
}
# What can be undone: the address names the change.
DONE = {
    "corrected": "Corrected {places}.",
    "removed": "Removed.",
    "edited": "Edited.",
    **WORDS,
}


def home(request: Request) -> Response:
    """GET: a page of the user's projects as they are wanted, counted from 1 by `page`."""
    wanted = filtered.wanted_of(request.query_params)
    number = number_in(request.query_params.get("page", "")) or 1
    with database(request) as db:
        since = changes.latest(db)
        page = filtered.page_of(db, request.state.user.id, wanted, number)
        in_bin = binned.count(db, request.state.user.id)
        told = _told(db, request)
        new = empty_form(db, settings_of(request), request.state.user.id)
    listed = page.rows
    context = {
        "live": f"list={','.join(item.row['id'] for item in listed)}&since={since}",
        **entries_of(listed),
        **list_of(wanted, page),
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
    return render(request, "projects/project.html", {**context, **_notice(request, found)})


def _in_bin(db: sqlite3.Connection, request: Request) -> Response:
    settings, project_id = settings_of(request), request.path_params["project_id"]
    found = projects.binned_for(db, request.state.user.id, project_id)
    context = {"project": entry_of(settings, found), "days": days_of(settings)}
    return render(request, "projects/in_bin.html", context, 404)


def _notice(request: Request, found: sqlite3.Row) -> dict[str, object]:
    """What the page says on top of what was done just now, and how to undo it."""
    note, change = (request.query_params.get(name, "") for name in ("note", "change"))
    content = CONTENT_TYPES.known(request.query_params.get("type", ""))
    if note == "placed" and content is not None:
        before = number_in(request.query_params.get("before", ""))
        return placed_notice(found["id"], content, before)
    places = number_in(request.query_params.get("places", "")) or 0
    words = "in one place" if places == 1 else f"in {places:,} places"
    notice = DONE.get(note, NOTES.get(note, "")).format(places=words)
    applied = applied_in(request.query_params.get("drafts", "")) if note == "applied" else []
    if applied:
        drafts = "one draft" if len(applied) == 1 else f"{len(applied)} drafts"
        url = f"/projects/{found['id']}/corrections/drafts/undo"
        fields = {"drafts": told_of(applied)}
        return {"notice": f"Corrected in {drafts}.", "undo_url": url, "undo_fields": fields}
    undone_by = number_in(change) if note in DONE else None
    if undone_by is None:
        return {"notice": notice}
    return {"notice": notice, "undo_url": undo_url(found["id"], undone_by)}


@takes_form(LARGE)
def edit(request: Request, form: FormData) -> Response:
    """POST title, context, draft_language; what was not sent is left as it is, what was emptied is emptied."""
    with database(request) as db:
        found = _find(db, request)
        said = (sent(form, name) for name in ("context", "draft_language"))
        projects.edit(db, found, text(form, "title"), *said)
    return _back_to(found)


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
