"""The desk: a draft to edit, and ways to take it away."""

import io
import sqlite3

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from content_actions import ContentType, slot_id
from draftmill.drafts import editing, export, post_length
from draftmill.drafts import versions as stored
from draftmill.drafts.editing import StaleBase
from draftmill.drafts.versions import Version
from draftmill.errors import NotFound
from draftmill.jobs.job import newest_job
from draftmill.web.pages.versions import show_both
from draftmill.web.render import database, render, settings_of, wants_json
from draftmill.web.views import pills
from draftmill.web.views.draft_view import (
    article_html,
    content_of,
    current_of,
    find,
    frame,
    rendered,
    shots_of,
    url_of,
)

ENDINGS = {"md": "Markdown", "html": "HTML", "zip": "Zip with pictures"}
PREVIEWED = 200_000  # characters: more would keep a reader waiting at every key
KINDS = {"md": "text/markdown", "html": "text/html", "zip": "application/zip"}
POSTS_ENDINGS = {"md": "Text", "html": "HTML"}


async def draft(request: Request) -> Response:
    """GET the desk; POST a person's text, with the base that it was made from."""
    if request.method != "POST":
        return await run_in_threadpool(_desk, request)
    async with request.form(max_files=0, max_fields=500, max_part_size=2**21) as form:
        return await run_in_threadpool(_save, request, form)


def _desk(request: Request) -> Response:
    with database(request) as db:
        found, content = find(db, request)
        current = current_of(db, found, content)
        context = frame(found, content) | {
            "draft": _shown(found, content, current),
            "rendered": rendered(db, found, current),
            "downloads": _downloads(found, content),
            "offered": _offered(db, found, content),
            "again": _again(db, found, content),
            "problem": None,
        }
    name = "drafts/draft.html" if content.shape == "article" else "drafts/thread.html"
    return render(request, name, context)


def _shown(found: sqlite3.Row, content: ContentType, current: Version) -> dict[str, object]:
    return {
        "url": url_of(found, content),
        "title": current.title,
        "body": current.body,
        "based_on": current.tag,
        "n": current.n,
        "author": current.author,
        "saved_at": current.updated_at,
        "note": _note(current),
        "preview": current.fields.get("preview", ""),
        "subjects": current.fields.get("subjects", []),
        "posts": current.posts,
        "counts": [post_length.length(post, content.count) for post in current.posts],
    }


def _note(current: Version) -> str | None:
    """One line about the draft as a whole, and the quotations that nobody said."""
    lines = [str(current.fields.get("note") or "")]
    if unverified := current.fields.get("unverified"):
        quoted = "; ".join(f"“{quote}”" for quote in unverified)
        lines.append(f"Not found in the transcript, so no longer shown as quotations: {quoted}")
    return " ".join(line for line in lines if line) or None


def _downloads(found: sqlite3.Row, content: ContentType) -> list[tuple[str, str]]:
    endings = ENDINGS if content.shape == "article" else POSTS_ENDINGS
    return [(label, f"{url_of(found, content)}.{ending}") for ending, label in endings.items()]


def _offered(
    db: sqlite3.Connection, found: sqlite3.Row, content: ContentType
) -> dict[str, object] | None:
    offered = stored.offered(db, found["id"], content.type)
    if offered is None:
        return None
    url = url_of(found, content)
    return {
        "n": offered.n,
        "created_at": offered.created_at,
        "model": offered.model,
        "versions_url": f"{url}/versions",
        "restore_url": f"{url}/versions/{offered.n}/restore",
    }


def _again(db: sqlite3.Connection, found: sqlite3.Row, content: ContentType) -> dict[str, object]:
    last = newest_job(db, found["id"], content.type)
    return {
        "url": f"/projects/{found['id']}/jobs",
        "type": content.type,
        "after_last": last.id if last else "",
        "slot_id": slot_id(found["id"], content.type),
        "pill": pills.row_of_job(db, found, content.type, last).pill if last else None,
    }


def _save(request: Request, form: FormData) -> Response:
    content = content_of(request)
    fields: dict[str, object] = {}
    try:
        with database(request) as db:
            found, content = find(db, request)
            fields = dict(current_of(db, found, content).fields)
            if "preview" in form:
                fields["preview"] = str(form["preview"])
            saved = editing.save(
                db,
                found["id"],
                content.type,
                request.state.user.id,
                str(form.get("title", "")),
                _body(form, content),
                fields,
                str(form.get("based_on", "")),
            )
    except StaleBase as stale:
        return _both(request, stale)
    if wants_json(request):
        return JSONResponse({"n": saved.version.n, "based_on": saved.version.tag})
    leave = form.get("then") == "project"
    back = f"/projects/{found['id']}" if leave else url_of(found, content)
    return RedirectResponse(back, 303)


def _body(form: FormData, content: ContentType) -> str | list[str]:
    if content.shape == "article":
        return str(form.get("body", ""))
    texts = [str(text).replace("\r\n", "\n").strip() for text in form.getlist("post")]
    return [text for text in texts if text]


def _both(request: Request, stale: StaleBase) -> Response:
    url = f"{request.url.path}/versions?beside={stale.stored.n}"
    if not wants_json(request):
        return show_both(request, stale.stored.n, 409)
    error = {"code": stale.code, "message": stale.message, "hint": stale.hint}
    return JSONResponse({"error": error, "url": url}, 409)


async def preview(request: Request) -> Response:
    """POST title and body: how it will read."""
    async with request.form(max_files=0, max_part_size=2**21) as form:
        title, body = str(form.get("title", "")), str(form.get("body", ""))[:PREVIEWED]

    def make() -> Response:
        with database(request) as db:
            found, _ = find(db, request)
            return HTMLResponse(article_html(found["id"], title, body, shots_of(db, found)))

    return await run_in_threadpool(make)


async def download(request: Request) -> Response:
    """GET the draft as Markdown, as one HTML file, or as a zip with its pictures."""

    def make() -> Response:
        ending = request.path_params["ending"]
        with database(request) as db:
            found, content = find(db, request)
            current = current_of(db, found, content)
            shots = shots_of(db, found)
        folder = settings_of(request).folder_of(found["id"])
        if ending == "md":
            text: str | bytes = export.markdown(current)
        elif ending == "html":
            text = export.html(current, shots, folder)
        elif ending == "zip":
            packed = io.BytesIO()
            export.write_zip(packed, current, shots, folder)
            text = packed.getvalue()
        else:
            raise NotFound
        name = f"{current.title or found['title']}.{ending}"
        headers = {"Content-Disposition": export.content_disposition(name)}
        return Response(text, media_type=KINDS[ending], headers=headers)

    return await run_in_threadpool(make)
