"""The versions of a draft: all of them, two side by side, and going back to one."""

import sqlite3

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from content_actions import ContentType
from draftmill.drafts import editing, markdown
from draftmill.drafts import versions as stored
from draftmill.drafts.versions import Version
from draftmill.web.render import database, render
from draftmill.web.views.draft_view import current_of, find, frame, rendered, url_of
from draftmill.writers.choice import WITHOUT_MODEL

MOST_VERSIONS = 10**9  # an address may name more than a database can count


async def versions(request: Request) -> Response:
    """GET all versions; `beside` shows that one and the current one side by side."""
    beside = request.query_params.get("beside", "")

    def make() -> Response:
        if beside.isdecimal() and len(beside) < 10:
            return show_both(request, int(beside), 200)
        with database(request) as db:
            found, content = find(db, request)
            current = current_of(db, found, content)
            context = frame(found, content) | {
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
        "model": "without a model" if version.model == WITHOUT_MODEL else version.model,
        "created_at": version.updated_at,
        "words": sum(markdown.count_words(text) for text in texts),
        "title": version.title,
        "current": current is not None and version.id == current.id,
        "restore_url": f"{url_of(found, content)}/versions/{version.n}/restore",
        "rendered": rendered(db, found, version),
    }


def show_both(request: Request, yours: int, status: int) -> Response:
    """A text that was kept aside and the current one, side by side."""
    with database(request) as db:
        found, content = find(db, request)
        mine = stored.version(db, found["id"], content.type, yours)
        context = frame(found, content) | {
            "yours": _version(db, found, content, mine, None),
            "theirs": _version(db, found, content, current_of(db, found, content), None),
        }
    return render(request, "drafts/conflict.html", context, status)


async def restore(request: Request) -> Response:
    """POST: go on with an older version; a new one by the person, or the offered one as it is."""

    def run() -> Response:
        with database(request) as db:
            found, content = find(db, request)
            n = min(request.path_params["n"], MOST_VERSIONS)
            offered = stored.offered(db, found["id"], content.type)
            if offered and offered.n == n:
                editing.use_offered(db, found["id"], content.type, request.state.user.id)
            else:
                editing.restore(db, found["id"], content.type, n, request.state.user.id)
        return RedirectResponse(url_of(found, content), 303)

    return await run_in_threadpool(run)
