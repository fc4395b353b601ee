"""The desk: a draft to edit, and ways to take it away."""

import json
import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import replace

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)

from draftmill.accounts import links
from draftmill.drafts import export, versions
from draftmill.drafts.editing import Saved, StaleBase
from draftmill.drafts.evidence import evidence_of
from draftmill.drafts.language import language_of
from draftmill.drafts.looked import looked_at
from draftmill.drafts.versions import Version
from draftmill.settings import Settings
from draftmill.storage import folder_of
from draftmill.web import result_links
from draftmill.web.forms import LARGE, takes_form, text
from draftmill.web.numbers import number_in
from draftmill.web.pages.desk_form import body_of, fields_of, kept_aside, save_typed
from draftmill.web.pages.files import named
from draftmill.web.render import fragment, render, wants_json
from draftmill.web.services import database, settings_of
from draftmill.web.views.desk import desk_of, note_above
from draftmill.web.views.desk_notice import ASKED, told_of
from draftmill.web.views.draft_view import (
    article_html,
    current_of,
    find,
    opened_at,
    shots_of,
    url_of,
)
from draftmill.web.views.marks import checked, is_saved, marks_of, unsaved

TEMPLATES = {"article": "drafts/draft.html", "posts": "drafts/thread.html"}


def desk(request: Request) -> Response:
    """GET the desk."""
    with database(request) as db:
        found, content = find(db, request.state.user.id, request.path_params)
        context = desk_of(db, settings_of(request), request.state.user.id, found, content)
        current = current_of(db, found, content)
    numbers = {name: number_in(request.query_params.get(name, "")) for name in ASKED}
    told = told_of(numbers, url_of(found, content), current)
    return render(request, TEMPLATES[content.shape], context | told)


@takes_form(LARGE, max_fields=500)
def save(request: Request, form: FormData) -> Response:
    """POST a person's text, with the base that it was made from."""
    user_id = request.state.user.id
    try:
        with database(request) as db:
            found, content = find(db, user_id, request.path_params)
            saved = save_typed(db, user_id, found, content, form)
    except StaleBase as stale:
        return kept_aside(request, stale)
    leave = text(form, "then") == "project"
    return _saved(request, saved, f"/projects/{found['id']}" if leave else url_of(found, content))


def _typed(form: FormData, opened: Version, body: str | list[str]) -> Version:
    """A version as it was sent, saved or not."""
    stored = body if isinstance(body, str) else json.dumps(body)
    title = text(form, "title") if "title" in form else opened.title
    return replace(opened, title=title, body=stored, fields=fields_of(form, opened))


def _saved(request: Request, saved: Saved, back: str) -> Response:
    if wants_json(request):
        return JSONResponse({"n": saved.version.n, "based_on": saved.version.tag})
    return RedirectResponse(back, 303)


@takes_form(LARGE, max_fields=500)
def preview(request: Request, form: FormData) -> Response:
    """POST title and body, or posts: how it will read, and what it rests on."""
    user_id, title = request.state.user.id, text(form, "title")
    with database(request) as db:
        found, content = find(db, user_id, request.path_params)
        body, current = body_of(form, content, empty=True), current_of(db, found, content)
        opened = opened_at(db, current, number_in(text(form, "based_on").partition("-")[0]))
        settled = is_saved(body, opened)
        known = (
            checked(db, settings_of(request), opened)
            if settled
            else unsaved(settings_of(request), opened)
        )
        marks = marks_of(db, user_id, opened, known, url_of(found, content), body)
        shots = shots_of(db, found) if isinstance(body, str) else {}
        note = note_above(db, _typed(form, opened, body))
    newer = {"n": current.n, "url": url_of(found, content)} if opened.id != current.id else None
    if marks and newer:  # nobody checks what is not the draft any more
        marks = marks.without_waiting()
    context = {
        "marks": marks,
        "posts": body,
        "oob": True,
        "article": "",
        "newer": newer,
        "note": note,
    }
    if isinstance(body, str):
        context["article"] = article_html(found["id"], title, body, shots, marks)
    return HTMLResponse(fragment("drafts/_preview.html", context))


@takes_form(LARGE, max_fields=500)
def copy(request: Request, form: FormData) -> Response:
    """POST a text as it stands: the same as rich text and as plain text, for the clipboard."""
    with database(request) as db:
        found, content = find(db, request.state.user.id, request.path_params)
        current, shots = current_of(db, found, content), shots_of(db, found)
    body, fields = body_of(form, content), fields_of(form, current)
    stored = body if isinstance(body, str) else json.dumps(body[: versions.MOST_POSTS])
    draft = replace(current, title=text(form, "title"), body=stored, fields=fields)
    folder = folder_of(settings_of(request), found["id"])
    html, left_out = export.pasted(draft, shots, folder)
    told = {"html": html, "text": export.plain_text(draft), "left_out": left_out}
    return JSONResponse(told)


def _evidence(db: sqlite3.Connection, settings: Settings, user_id: int, draft: Version) -> str:
    looked = looked_at(db, user_id, draft.project_id, draft.type)
    return export.listed(evidence_of(db, settings, draft), looked)


def _links(
    request: Request, db: sqlite3.Connection, user_id: int, draft: Version, shots: Collection[int]
) -> dict[int, str]:
    """The addresses of a draft's pictures: for a day without a session, as who reads it has none.

    Of a draft that a link opened they end with that; for their owner none of them ends.
    """
    url, settings = f"/projects/{draft.project_id}/screenshots", settings_of(request)
    numbers = export.pictures_in(draft) & set(shots)
    token = request.path_params.get("token")
    ends = links.read(db, settings, token).ends if token else None
    return {
        n: result_links.url_of(request, links.make(db, settings, user_id, f"{url}/{n}", ends))
        for n in sorted(numbers)
    }


def download(request: Request) -> Response:
    """GET the draft as one of export.KINDS."""
    return taken_away(request, request.state.user.id, request.path_params)


def taken_away(request: Request, user_id: int, address: Mapping[str, str]) -> Response:
    """The draft of a user as a file: project_id, type and ending say which."""
    with database(request) as db:
        found, content = find(db, user_id, address)
        current = current_of(db, found, content)
        shots = shots_of(db, found)
        ending, settings = address["ending"], settings_of(request)
        found_in = _evidence(db, settings, user_id, current) if ending == "zip" else None
        pictures = _links(request, db, user_id, current, shots) if ending == "md" else None
        language = language_of(db, current)
    folder = folder_of(settings, found["id"])
    file = export.as_file(ending, current, shots, folder, found_in, pictures, language)
    headers = named(f"{current.title or found['title']}.{ending}")
    return StreamingResponse(file, media_type=export.KINDS[ending], headers=headers)
