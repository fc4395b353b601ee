"""The answer to a change of the transcript: what the page shows now, and how it is undone."""

import sqlite3

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from content_actions import ContentType
from draftmill.jobs.job import newest_job
from draftmill.jobs.policies import INGEST
from draftmill.web.render import render, wants_fragment
from draftmill.web.services import settings_of
from draftmill.web.views.material import material_of, undo_url
from draftmill.web.views.project_page import head_of

# By the note that an address carries: it names the change that can be undone.
WORDS = {
    "renamed": "Renamed.",
    "moved": "The chapter starts there now.",
    "merged": "Merged.",
    "split": "Split.",
    "deleted": "Removed.",
    "named": "Named.",
    "given": "Given to them.",
}


def changed(
    request: Request, db: sqlite3.Connection, found: sqlite3.Row, note: str, edit_id: int | None
) -> Response:
    """The page again; for htmx only what the change touched. `edit_id` is None for no change."""
    if not wants_fragment(request):
        noted = f"?note={note}&change={edit_id}" if edit_id else ""
        return RedirectResponse(f"/projects/{found['id']}{noted}", 303)
    context: dict[str, object] = {
        **head_of(db, settings_of(request), found, newest_job(db, found["id"], INGEST)),
        "material": material_of(db, found),
        "notice": WORDS[note] if edit_id else "",
        "undo_url": undo_url(found["id"], edit_id) if edit_id else "",
    }
    return render(request, "projects/_changed.html", context)


def placed(
    request: Request, found: sqlite3.Row, content: ContentType, before: int | None
) -> Response:
    """The answer to a screenshot put into a draft; `before` is the version to go back to."""
    if wants_fragment(request):
        return render(request, "_notice.html", placed_notice(found["id"], content, before))
    return RedirectResponse(
        f"/projects/{found['id']}?note=placed&type={content.type}&before={before or 0}", 303
    )


def placed_notice(project_id: str, content: ContentType, before: int | None) -> dict[str, object]:
    """What is told of it, and the way back."""
    if not before:
        return {"notice": f"{content.label}: the screenshot is in it already."}
    draft = f"/projects/{project_id}/drafts/{content.type}"
    told = f"{content.label}: the screenshot is in it now."
    return {"notice": told, "undo_url": f"{draft}/versions/{before}/restore"}
