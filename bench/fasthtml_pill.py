"""The same pill as a FastHTML application would have it: in an environment of its own.

As its users write them: a session cookie checked before each request, the job's row looked up in
SQLite, components rendered into an answer. Run by FastHTML's Python, it serves DATABASE.
"""

import hashlib
import sqlite3
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VERSION = "python-fasthtml>=0.14,<0.15"
JOB = "/jobs/7/pill"


@contextmanager
def fasthtml_server(folder: Path) -> Iterator[tuple[str, str] | None]:
    """The address of its pill and the cookie to send; None where FastHTML is not to be had."""
    # Imported here: FastHTML's own Python runs this file too.
    import httpx2
    from plain_text import serving

    python = environment()
    if python is None:
        yield None
        return
    database = folder / "fasthtml.db"
    fill(database)
    with serving(str(python), __file__, str(database)) as (url, _):
        answer = httpx2.get(url + "/login")
        cookie = f"session_={answer.cookies['session_']}"
        shown = httpx2.get(url + JOB, headers={"Cookie": cookie, "HX-Request": "true"})
        assert "Retry 2 of 3" in shown.text and "<html" not in shown.text, shown.text
        yield url + JOB, cookie


def environment() -> Path | None:
    """FastHTML's Python, made once below .cache/; None where it cannot be installed."""
    folder = ROOT / ".cache" / f"fasthtml-{hashlib.sha256(VERSION.encode()).hexdigest()[:8]}"
    python = folder / "bin" / "python"
    if (folder / "ready").exists():
        return python
    venv.create(folder, with_pip=True, clear=True)
    installed = subprocess.run([python, "-m", "pip", "install", "--quiet", VERSION], stdout=2)
    if installed.returncode:
        return None
    (folder / "ready").touch()
    return python


def fill(database: Path) -> None:
    db = sqlite3.connect(database)
    db.execute(
        "create table jobs (id integer primary key, user_id int, project_id text, status text,"
        " retries int, run_after real, percent real)"
    )
    db.executemany(
        "insert into jobs values (?, 1, 'project-0', 'pending', 2, unixepoch() + 36000, 40)",
        [(n,) for n in range(1, 11)],
    )
    db.commit()
    db.close()


def main(database: str) -> None:
    import time

    from fasthtml.common import (
        Beforeware,
        Button,
        Div,
        P,
        Progress,
        RedirectResponse,
        Response,
        Span,
        fast_app,
    )
    from plain_text import serve

    db = sqlite3.connect(database, check_same_thread=False)
    db.row_factory = sqlite3.Row

    def signed_in(req, sess):
        user = req.scope["auth"] = sess.get("auth")
        return None if user else RedirectResponse("/login", status_code=303)

    app, route = fast_app(
        before=Beforeware(signed_in, skip=["/login"]), secret_key="a bench's", pico=False
    )

    @route("/login")
    def login(sess):
        sess["auth"] = 1
        return "Signed in."

    @route("/jobs/{job_id}/pill")
    async def pill(job_id: int, auth):
        query = "select * from jobs where id = ? and user_id = ?"
        job = db.execute(query, (job_id, auth)).fetchone()
        if job is None:
            return Response("This job is not there any more.", 410)
        minutes = max(0, job["run_after"] - time.time()) // 60
        return Div(
            Span("Waiting", cls="tag"),
            P(f"Retry {job['retries']} of 3 in {minutes:.0f} min"),
            Progress(value=job["percent"], max=100),
            Button("Cancel", hx_post=f"/jobs/{job_id}/cancel", hx_target=f"#job-{job_id}"),
            id=f"job-{job_id}",
            hx_get=f"/jobs/{job_id}/pill",
            hx_trigger="every 1s",
            hx_swap="outerHTML",
            data_status=job["status"],
        )

    serve(app)


if __name__ == "__main__":
    main(sys.argv[1])
