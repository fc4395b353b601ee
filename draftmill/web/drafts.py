"""The desk: a draft to edit, its versions, and ways to take it away."""

import io
import sqlite3
from collections.abc import Mapping

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from content_actions import CONTENT_TYPES, ContentType, slot_id
from draftmill import drafts, export, jobs, markdown, posts, projects
from draftmill import versions as stored
from draftmill.drafts import StaleBase
from draftmill.errors import NotFound
from draftmill.transcripts import Screenshot, screenshots_of
from draftmill.versions import Version
from draftmill.web import pills
from draftmill.web.render import database, render, settings_of, wants_json

MOST_VERSIONS = 10**9  # an address may name more than a database can count
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


def _content(request: Request) -> ContentType:
    content = CONTENT_TYPES.get(request.path_params["type"])
    if content is None:
        raise NotFound
    return content


def _find(db: sqlite3.Connection, request: Request) -> tuple[sqlite3.Row, ContentType]:
    found = projects.project_for(db, request.state.user.id, request.path_params["project_id"])
    return found, _content(request)


def _current(db: sqlite3.Connection, found: sqlite3.Row, content: ContentType) -> Version:
    current = stored.current(db, found["id"], content.type)
    if current is None:
        raise NotFound("This draft is not written yet.", "Generate it on the project's page.")
    return current


def _desk(request: Request) -> Response:
    with database(request) as db:
        found, content = _find(db, request)
        current = _current(db, found, content)
        context = _frame(found, content) | {
            "draft": _shown(found, content, current),
            "rendered": _rendered(db, found, current),
            "downloads": _downloads(found, content),
            "offered": _offered(db, found, content),
            "again": _again(db, found, content),
            "problem": None,
        }
    name = "drafts/draft.html" if content.shape == "article" else "drafts/thread.html"
    return render(request, name, context)


def _frame(found: sqlite3.Row, content: ContentType) -> dict[str, object]:
    return {
        "project": {"title": found["title"], "url": f"/projects/{found['id']}"},
        "content": content,
        "draft_url": _url(found, content),
    }


def _url(found: sqlite3.Row, content: ContentType) -> str:
    return f"/projects/{found['id']}/drafts/{content.type}"


def _shown(found: sqlite3.Row, content: ContentType, current: Version) -> dict[str, object]:
    return {
        "url": _url(found, content),
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
        "counts": [posts.length(post, content.count) for post in current.posts],
    }


def _note(current: Version) -> str | None:
    """One line about the draft as a whole, and the quotations that nobody said."""
    lines = [str(current.fields.get("note") or "")]
    if unverified := current.fields.get("unverified"):
        quoted = "; ".join(f"“{quote}”" for quote in unverified)
        lines.append(f"Not found in the transcript, so no longer shown as quotations: {quoted}")
    return " ".join(line for line in lines if line) or None


def _rendered(db: sqlite3.Connection, found: sqlite3.Row, version: Version) -> Markup:
    if version.posts:
        return _posts_html(version.posts)
    return _article_html(found["id"], version.title, version.body, _shots(db, found))


def _article_html(
    project_id: str, title: str, body: str, shots: Mapping[int, Screenshot]
) -> Markup:
    text = Markup(markdown.render(body, project_id, shots))  # noqa: S704  (sanitised there)
    return Markup("<h1>{}</h1>").format(title) + text if title else text


def _posts_html(texts: list[str]) -> Markup:
    return Markup("").join(Markup('<p class="post-text">{}</p>').format(text) for text in texts)


def _shots(db: sqlite3.Connection, found: sqlite3.Row) -> dict[int, Screenshot]:
    return {shot.n: shot for shot in screenshots_of(db, found["id"])}


def _downloads(found: sqlite3.Row, content: ContentType) -> list[tuple[str, str]]:
    endings = ENDINGS if content.shape == "article" else POSTS_ENDINGS
    return [(label, f"{_url(found, content)}.{ending}") for ending, label in endings.items()]


def _offered(
    db: sqlite3.Connection, found: sqlite3.Row, content: ContentType
) -> dict[str, object] | None:
    offered = stored.offered(db, found["id"], content.type)
    if offered is None:
        return None
    url = _url(found, content)
    return {
        "n": offered.n,
        "created_at": offered.created_at,
        "model": offered.model,
        "versions_url": f"{url}/versions",
        "restore_url": f"{url}/versions/{offered.n}/restore",
    }


def _again(db: sqlite3.Connection, found: sqlite3.Row, content: ContentType) -> dict[str, object]:
    last = jobs.newest(db, found["id"], content.type)
    return {
        "url": f"/projects/{found['id']}/jobs",
        "type": content.type,
        "after_last": last.id if last else "",
        "slot_id": slot_id(found["id"], content.type),
        "pill": pills.row_of_job(db, found, content.type, last).pill if last else None,
    }


def _save(request: Request, form: FormData) -> Response:
    content = _content(request)
    fields: dict[str, object] = {}
    try:
        with database(request) as db:
            found, content = _find(db, request)
            fields = dict(_current(db, found, content).fields)
            if "preview" in form:
                fields["preview"] = str(form["preview"])
            saved = drafts.save(
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
    back = f"/projects/{found['id']}" if leave else _url(found, content)
    return RedirectResponse(back, 303)


def _body(form: FormData, content: ContentType) -> str | list[str]:
    if content.shape == "article":
        return str(form.get("body", ""))
    texts = [str(text).replace("\r\n", "\n").strip() for text in form.getlist("post")]
    return [text for text in texts if text]


def _both(request: Request, stale: StaleBase) -> Response:
    url = f"{request.url.path}/versions?beside={stale.stored.n}"
    if not wants_json(request):
        return _conflict(request, stale.stored.n, 409)
    error = {"code": stale.code, "message": stale.message, "hint": stale.hint}
    return JSONResponse({"error": error, "url": url}, 409)


def _conflict(request: Request, yours: int, status: int) -> Response:
    with database(request) as db:
        found, content = _find(db, request)
        mine = stored.version(db, found["id"], content.type, yours)
        context = _frame(found, content) | {
            "yours": _version(db, found, content, mine, None),
            "theirs": _version(db, found, content, _current(db, found, content), None),
        }
    return render(request, "drafts/conflict.html", context, status)


async def preview(request: Request) -> Response:
    """POST title and body: how it will read."""
    async with request.form(max_files=0, max_part_size=2**21) as form:
        title, body = str(form.get("title", "")), str(form.get("body", ""))[:PREVIEWED]

    def make() -> Response:
        with database(request) as db:
            found, _ = _find(db, request)
            return HTMLResponse(_article_html(found["id"], title, body, _shots(db, found)))

    return await run_in_threadpool(make)


async def versions(request: Request) -> Response:
    """GET all versions; `beside` shows that one and the current one side by side."""
    beside = request.query_params.get("beside", "")

    def make() -> Response:
        if beside.isdecimal() and len(beside) < 10:
            return _conflict(request, int(beside), 200)
        with database(request) as db:
            found, content = _find(db, request)
            current = _current(db, found, content)
            context = _frame(found, content) | {
                "versions": [
                    _version(db, found, content, version, current)
                    for version in stored.versions(db, found["id"], content.type)
                ]
            }
        return render(request, "drafts/versions.html", context)

    return await run_in_threadpool(make)


def _version(
    db: sqlite3.Connection,
    found: sqlite3.Row,
    content: ContentType,
    version: Version,
    current: Version | None,
) -> dict[str, object]:
    texts = version.posts or [version.body]
    return {
        "n": version.n,
        "author": version.author,
        "model": version.model,
        "created_at": version.updated_at,
        "words": sum(markdown.count_words(text) for text in texts),
        "title": version.title,
        "current": current is not None and version.id == current.id,
        "restore_url": f"{_url(found, content)}/versions/{version.n}/restore",
        "rendered": _rendered(db, found, version),
    }


async def restore(request: Request) -> Response:
    """POST: go on with an older version; a new one by the person, or the offered one as it is."""

    def run() -> Response:
        with database(request) as db:
            found, content = _find(db, request)
            n = min(request.path_params["n"], MOST_VERSIONS)
            offered = stored.offered(db, found["id"], content.type)
            if offered and offered.n == n:
                drafts.use_offered(db, found["id"], content.type, request.state.user.id)
            else:
                drafts.restore(db, found["id"], content.type, n, request.state.user.id)
        return RedirectResponse(_url(found, content), 303)

    return await run_in_threadpool(run)


async def download(request: Request) -> Response:
    """GET the draft as Markdown, as one HTML file, or as a zip with its pictures."""

    def make() -> Response:
        ending = request.path_params["ending"]
        with database(request) as db:
            found, content = _find(db, request)
            current = _current(db, found, content)
            shots = _shots(db, found)
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
