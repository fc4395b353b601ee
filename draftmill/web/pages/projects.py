"""The list of projects, and one project."""

import sqlite3

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from content_actions import CONTENT_TYPES
from draftmill.database import changes
from draftmill.jobs.job import Job, newest_job
from draftmill.jobs.policies import INGEST
from draftmill.projects import deletion, listing
from draftmill.projects.listing import Listed
from draftmill.projects.project import edit, project_for
from draftmill.transcripts import corrections, languages
from draftmill.web.pages.new_project import empty_form
from draftmill.web.render import database, render, settings_of
from draftmill.web.views import pills
from draftmill.web.views.material import material_of

REFRESH_S = 2
NOTES = {
    "known": "You uploaded this file before: here is its project.",
    "unused": "This is at work already, so what you asked for just now was not used.",
    "corrected": "Corrected.",
    "nothing": "Nothing in the transcript sounds like that, so nothing was changed yet."
    " It will be corrected in transcriptions made from now on.",
}


async def home(request: Request) -> Response:
    """GET: a page of the user's projects, newest first; `q` searches, `before` pages."""

    def run() -> Response:
        query = request.query_params.get("q", "").strip()
        before = request.query_params.get("before", "")
        with database(request) as db:
            listed, following = listing.page_of(db, request.state.user.id, query, _number(before))
            context = {
                "projects": [_shown(item) for item in listed],
                "query": query,
                "following": following,
                "paged": bool(before),
                "any": bool(listed or query or before),
                "new": empty_form(settings_of(request)),
                "refresh_s": REFRESH_S if any(item.active for item in listed) else 0,
            }
        return render(request, "projects/list.html", context)

    return await run_in_threadpool(run)


def _number(text: str) -> int | None:
    """A number that a database can hold, else None."""
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _shown(item: Listed) -> dict[str, object]:
    url = f"/projects/{item.row['id']}"
    return {
        "id": item.row["id"],
        "url": url,
        "title": item.row["title"],
        "duration_s": item.row["duration_s"],
        "created_at": item.row["created_at"],
        "drafts": [row.label for name, row in CONTENT_TYPES.items() if name in item.drafts],
        "thumb_url": f"{url}/screenshots/{item.picture}?size=thumb" if item.picture else None,
        "source": item.row["source"],
        "tag": pills.summary(item),
    }


async def project(request: Request) -> Response:
    """GET the project's page; POST its title and context."""
    if request.method != "POST":
        return await run_in_threadpool(_page, request)
    async with request.form(max_files=0) as form:
        title, context = str(form.get("title", "")), form.get("context")

    def save() -> Response:
        with database(request) as db:
            found = _find(db, request)
            # A field that was not sent is left as it is; one that was emptied is emptied.
            edit(db, found, title, found["context"] if context is None else str(context))
        return RedirectResponse(f"/projects/{found['id']}", 303)

    return await run_in_threadpool(save)


def _find(db: sqlite3.Connection, request: Request) -> sqlite3.Row:
    return project_for(db, request.state.user.id, request.path_params["project_id"])


def _page(request: Request) -> Response:
    with database(request) as db:
        found = _find(db, request)
        ingest_job = newest_job(db, found["id"], INGEST)
        ingest = pills.row_of_job(db, found, INGEST, ingest_job).pill
        rows = pills.rows(db, found)
        material = material_of(db, found)
        shown = ingest.active or ingest.status in ("failed", "cancelled") or ingest.warnings
        context = {
            "project": _head(db, found),
            "ingest": ingest if ingest_job and shown else None,
            "ingest_rev": changes.rev(db, "job", ingest_job.id) if ingest_job else 0,
            "rows": rows,
            "material": material,
            "languages": languages.choices(),
            "again": _again(found, ingest_job),
            "ingest_url": f"/jobs/{ingest_job.id}" if ingest_job else "",
            "notice": NOTES.get(request.query_params.get("note", ""), ""),
            "refresh_s": REFRESH_S * (ingest.active or any(row.pill.active for row in rows)),
        }
    return render(request, "projects/project.html", context)


def _head(db: sqlite3.Connection, found: sqlite3.Row) -> dict[str, object]:
    (chapters,) = db.execute(
        "select count(*) from chapters where transcript_id = ?", (found["transcript_id"],)
    ).fetchone()
    (screenshots,) = db.execute(
        "select count(*) from screenshots where project_id = ?", (found["id"],)
    ).fetchone()
    transcript = db.execute(
        "select language from transcripts where id = ?", (found["transcript_id"],)
    ).fetchone()
    code = transcript["language"] if transcript else ""
    return {
        "id": found["id"],
        "url": f"/projects/{found['id']}",
        "title": found["title"],
        "context": found["context"],
        "duration_s": found["duration_s"],
        "language": languages.name_of(code),
        "wished_language": found["language"],
        "file_name": found["file_name"],
        "created_at": found["created_at"],
        "has_recording": bool(found["file"]),
        "source": found["source"],
        "chapters": chapters,
        "screenshots": screenshots,
    }


def _again(found: sqlite3.Row, ingest: Job | None) -> dict[str, str] | None:
    if not found["file"] or (ingest and ingest.active):
        return None
    return {
        "url": f"/projects/{found['id']}/jobs",
        "after_last": ingest.id if ingest else "",
    }


async def delete(request: Request) -> Response:
    """POST: delete the project, its jobs, its drafts and its files."""

    def run() -> Response:
        with database(request) as db:
            found = _find(db, request)
            deletion.delete_project(db, found)
        deletion.remove_files(settings_of(request), found["id"])
        return RedirectResponse("/", 303)

    return await run_in_threadpool(run)


async def delete_recording(request: Request) -> Response:
    """POST: delete the recording alone."""

    def run() -> Response:
        with database(request) as db:
            found = _find(db, request)
            deletion.delete_recording(db, settings_of(request), found)
        return RedirectResponse(f"/projects/{found['id']}", 303)

    return await run_in_threadpool(run)


async def correct(request: Request) -> Response:
    """POST heard, meant: correct a misheard name everywhere in the transcript."""
    async with request.form(max_files=0) as form:
        heard, meant = str(form.get("heard", "")), str(form.get("meant", ""))

    def run() -> Response:
        with database(request) as db:
            found = _find(db, request)
            places = corrections.add(db, found["id"], heard, meant)
        note = "corrected" if places else "nothing"
        return RedirectResponse(f"/projects/{found['id']}?note={note}", 303)

    return await run_in_threadpool(run)
