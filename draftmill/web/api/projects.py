"""Projects for programs: brought, listed, read, changed, deleted."""

import sqlite3
from typing import Any

from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

import tasks
from draftmill.projects import binned, bring, deletion, listing
from draftmill.projects.creation import Created
from draftmill.projects.details import Details
from draftmill.projects.project import edit, own_project, row_of
from draftmill.uploads.form import Form
from draftmill.web.api import owned, project_shapes, representations
from draftmill.web.api.operations import Call, Reply, respond
from draftmill.web.bodies import receive_form
from draftmill.web.middleware.bearer import API
from draftmill.web.problem_json import Invalid, NotJson, invalid
from draftmill.web.services import database, services_of, settings_of

LISTS = ("types",)


def bring_one(call: Call) -> Created:
    """A project from an upload or a transcript's text, before the transaction that keeps the key:
    a second time leads to the same project by its content."""
    body: project_shapes.NewProject = call.body
    if (body.upload is None) == (body.transcript_text is None):
        raise Invalid([{"at": "", "message": "Send either “upload” or “transcript_text”."}])
    details = Details(
        body.title,
        body.context,
        body.language,
        tuple(body.types),
        draft_language=body.draft_language,
        speakers=str(body.speakers),
    )
    db, user_id, sha256 = call.db, call.user.id, body.sha256 or ""
    if not body.upload:
        return bring.text(db, call.settings, user_id, body.transcript_text or "", details)
    arrivals = services_of(call.request).arrivals
    return bring.upload(db, call.settings, user_id, body.upload, sha256, details, arrivals)


def create(call: Call) -> Reply:
    """POST JSON: 201, or 200 when the same content was here before."""
    return _created(call.db, call.ready)


async def create_by_form(request: Request) -> Response:
    """POST a form with a recording or a transcript: the file goes straight to the disk."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise NotJson(hint="Send application/json or multipart/form-data.")
    form = Form()
    try:
        await receive_form(request, settings_of(request), form)
        return await run_in_threadpool(_bring_form, request, form)
    finally:
        form.discard()


def _bring_form(request: Request, form: Form) -> Response:
    settings, arrivals = settings_of(request), services_of(request).arrivals
    _check_form(form)
    with database(request) as db:
        (created,) = bring.form(db, settings, request.state.user.id, form, arrivals)
        answer = respond(request, db, _created(db, created))
    tasks.nudge(settings)
    return answer


def _check_form(form: Form) -> None:
    """Raises Invalid. A transcript may come as a file or as text."""
    given: dict[str, Any] = {
        name: values if name in LISTS else values[0] for name, values in form.fields.items()
    }
    given |= dict.fromkeys(form.files, b"")
    for name in given:
        sent = len(form.fields.get(name, ())) + len(form.files.get(name, ()))
        if sent > 1 and name not in LISTS:
            raise Invalid([{"at": name, "message": "Send one; each makes a project of its own."}])
    if isinstance(given.get("transcript"), str):
        given["transcript_text"] = given.pop("transcript")
        form.fields["transcript_text"] = form.fields.pop("transcript")
    try:
        project_shapes.NewProjectForm.model_validate(given)
    except ValidationError as error:
        raise invalid(error) from None


def _created(db: sqlite3.Connection, created: Created) -> Reply:
    body = representations.project_with_jobs(db, row_of(db, created.project_id))
    return Reply(
        200 if created.existed else 201,
        body,
        {"Location": f"{API}/projects/{created.project_id}"},
        tuple(job.id for job in body.jobs),
    )


def list_all(call: Call) -> Reply:
    """GET: a page of the user's projects, newest first; `q` searches."""
    query: project_shapes.ProjectQuery = call.query
    before = int(query.cursor) if query.cursor else None
    found, following = listing.rows_of(call.db, call.user.id, query.q, before, query.limit)
    items = [representations.project(call.db, row) for row in found]
    return Reply(200, project_shapes.ProjectPage(items=items, next=cursor(following)))


def cursor(n: int | None) -> str | None:
    """Where the next page begins, as a program sends it back."""
    return None if n is None else str(n)


def get(call: Call) -> Reply:
    """GET a project with the newest job of each type."""
    return Reply(200, representations.project_with_jobs(call.db, owned.project(call)))


def change(call: Call) -> Reply:
    """PATCH title, context and the language of drafts."""
    body: project_shapes.ProjectChanges = call.body
    found = owned.project(call)
    edit(call.db, found, body.title or "", body.context, body.draft_language)
    return Reply(200, representations.project_with_jobs(call.db, owned.project(call)))


def delete(call: Call) -> Reply:
    """DELETE: move a project to the bin; out of it, or with `now`, for good."""
    query: project_shapes.RemovalQuery = call.query
    found = own_project(call.db, call.user.id, call.path["project_id"])
    if query.now or found["binned_at"] is not None:
        deletion.delete_project(call.db, found)
        deletion.remove_files(call.settings, found["id"])
    else:
        binned.move_to_bin(call.db, found)
    return Reply(204)


def list_binned(call: Call) -> Reply:
    """GET what is in the bin, what was put there last first."""
    query: project_shapes.BinQuery = call.query
    found = binned.page_of(call.db, call.user.id, int(query.cursor or 1), query.limit)
    items = [
        project_shapes.BinnedProject(
            **representations.project(call.db, row).model_dump(),
            binned_at=row["binned_at"],
            deleted_at=binned.ends_at(call.settings, row),
        )
        for row in found.rows
    ]
    return Reply(200, project_shapes.BinPage(items=items, next=cursor(found.following)))


def empty_bin(call: Call) -> Reply:
    """DELETE all that is in the bin for good."""
    for project_id in binned.empty(call.db, call.user.id):
        deletion.remove_files(call.settings, project_id)
    return Reply(204)


def restore(call: Call) -> Reply:
    """POST: out of the bin; jobs that were cancelled with it start again."""
    found = own_project(call.db, call.user.id, call.path["project_id"])
    if found["binned_at"] is not None:
        binned.restore(call.db, found)
    return Reply(200, representations.project_with_jobs(call.db, row_of(call.db, found["id"])))
