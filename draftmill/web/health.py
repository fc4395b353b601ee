"""The two addresses that machines ask: are you there, and can you work?"""

import sqlite3

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from draftmill.web.render import database


async def healthz(request: Request) -> Response:
    """The web process answers."""
    return JSONResponse({"ok": True})


async def readyz(request: Request) -> Response:
    """The database answers too; 503 when it does not."""

    def ask() -> bool:
        try:
            with database(request) as db:
                db.execute("select 1 from users limit 1").fetchall()
        except sqlite3.Error:
            return False
        return True

    ready = await run_in_threadpool(ask)
    return JSONResponse({"ok": ready}, 200 if ready else 503)
