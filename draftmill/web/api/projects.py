"""Projects for programs: brought, listed, read, changed, deleted."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

import tasks
from content_actions import CONTENT_TYPES
from draftmill.jobs.wishes import UnknownType
from draftmill.projects import deletion, listing
from draftmill.projects.creation import Created
from draftmill.projects.project import edit, project_for, row_of
from draftmill.uploads.form import Form
from draftmill.web.api import representations, shapes
from draftmill.web.api.operations import Call, Reply, respond
from draftmill.web.bodies import receive_form
from draftmill.web.middleware.bearer import API
from draftmill.web.pages import new_project
from draftmill.web.problem_json import Invalid, NotJson, invalid
from draftmill.web.services import database, settings_of

LISTS = ("types",)


def find(call: Call) -> sqlite3.Row:
    """The user's own project in the address. Raises NotFound."""
    return project_for(call.db, call.user.id, call.path["project_id"])


def bring_one(call: Call) -> Created:
    """A project from an upload or a transcript's text, before the transaction that keeps the key:
    a second time leads to the same project by its content."""
    body: shapes.NewProject = call.body
    _check_types(body.types)
    if (body.upload is None) == (body.transcript_text is None):
        raise Invalid([{"at": "", "message": "Send either “upload” or “transcript_text”."}])
    fields = {name: [value] for name, value in body.model_dump(exclude_none=True).items()}
    form = Form(fields={**fields, "types": body.types})
    try:
        return _bring(call.request, form)
    finally:
        form.discard()


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
        _check_form(form)

        def run() -> Response:
            created = _bring(request, form)
            with database(request) as db:
                return respond(request, db, _created(db, created))

        answer = await run_in_threadpool(run)
    finally:
        form.discard()
    await run_in_threadpool(tasks.nudge, settings_of(request))
    return answer


def _check_form(form: Form) -> None:
    """Raises Invalid, UnknownType. A transcript may come as a file or as text."""
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
        shapes.NewProjectForm.model_validate(given)
    except ValidationError as error:
        raise invalid(error) from None
    _check_types(given.get("types", ()))


def _check_types(names: Sequence[str]) -> None:
    for name in names:
        if name not in CONTENT_TYPES:
            known = ", ".join(CONTENT_TYPES)
            raise UnknownType(f"There is no content type “{name[:40]}”.", f"There are: {known}.")


def _bring(request: Request, form: Form) -> Created:
    (created,) = new_project.bring_in(request, form)
    return created


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
    query: shapes.ProjectQuery = call.query
    before = int(query.cursor) if query.cursor else None
    found, following = listing.page_of(call.db, call.user.id, query.q, before, query.limit)
    items = [representations.project(call.db, item.row) for item in found]
    return Reply(200, shapes.ProjectPage(items=items, next=cursor(following)))


def cursor(n: int | None) -> str | None:
    """Where the next page begins, as a program sends it back."""
    return None if n is None else str(n)


def get(call: Call) -> Reply:
    """GET a project with the newest job of each type."""
    return Reply(200, representations.project_with_jobs(call.db, find(call)))


def change(call: Call) -> Reply:
    """PATCH title and context."""
    body: shapes.ProjectChanges = call.body
    found = find(call)
    edit(call.db, found, body.title or "", body.context)
    return Reply(200, representations.project_with_jobs(call.db, find(call)))


def delete(call: Call) -> Reply:
    """DELETE a project, its jobs, its drafts and its files."""
    found = find(call)
    deletion.delete_project(call.db, found)
    deletion.remove_files(call.settings, found["id"])
    return Reply(204)
