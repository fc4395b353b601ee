"""The two addresses that machines ask: are you there, and can you work?"""

import sqlite3

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from draftmill.web.services import Workers, database, services_of


async def healthz(request: Request) -> Response:
    """The web process answers."""
    return JSONResponse({"ok": True})


def readyz(request: Request) -> Response:
    """Database and workers answer too; 503 while one of them does not.

    Each queue has `alive`, its `state` (ok, starting, silent or down), how often its worker was
    started again, and how the last one ended.
    """
    workers: Workers = services_of(request).workers()
    reads = _database_answers(request)
    ready = reads and all(worker["alive"] for worker in workers.values())
    answer = {"ok": ready, "database": reads, "queues": workers}
    return JSONResponse(answer, 200 if ready else 503)


def _database_answers(request: Request) -> bool:
    try:
        with database(request) as db:
            db.execute("select 1 from users limit 1").fetchall()
    except sqlite3.Error:
        return False
    return True
