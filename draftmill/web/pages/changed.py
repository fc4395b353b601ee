"""The answer to a change of the transcript: what the page shows now, and how it is undone."""

import sqlite3
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from content_actions import ContentType
from draftmill.drafts.placing import Placed
from draftmill.jobs.job import newest_job
from draftmill.jobs.policies import INGEST
from draftmill.web.pages import told
from draftmill.web.render import render, wants_fragment
from draftmill.web.services import settings_of
from draftmill.web.views.material import material_of
from draftmill.web.views.project_page import head_of
from draftmill.web.views.sentences import suggested_of


def changed(
    request: Request, db: sqlite3.Connection, found: sqlite3.Row, note: str, edit_id: int | None
) -> Response:
    """The answer to a change that can be undone. `edit_id` is None where nothing was changed."""
    address = {"note": note, "change": str(edit_id)} if edit_id else {}
    return shown(request, db, found, address)


def shown(
    request: Request, db: sqlite3.Connection, found: sqlite3.Row, address: dict[str, str]
) -> Response:
    """The page again, with what its `address` tells; for htmx only what a change touches."""
    if not wants_fragment(request):
        query = f"?{urlencode(address)}" if address else ""
        return RedirectResponse(f"/projects/{found['id']}{query}", 303)
    context: dict[str, object] = {
        **suggested_of(db, found, whole=False),
        **head_of(db, settings_of(request), found, newest_job(db, found["id"], INGEST)),
        "material": material_of(db, found),
        **told.told(found, address),
    }
    return render(request, "projects/_changed.html", context)


def placed(request: Request, found: sqlite3.Row, content: ContentType, made: Placed) -> Response:
    """The answer to a screenshot put into a draft."""
    before, after = made.before, made.version.n
    if wants_fragment(request):
        return render(request, "_notice.html", told.placed(found["id"], content, before, after))
    numbers = f"before={before or 0}&made={after}"
    return RedirectResponse(
        f"/projects/{found['id']}?note=placed&type={content.type}&{numbers}", 303
    )
