"""How long one waits for a start: the command line's help, the server, and a job's process.

Each the median of several. The process of a job counts until its first commit, which says that
its first stage has begun.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

import lifecycle
from figures import report_rounds
from upload import free_port

from binary import answers
from draftmill.database.connection import connect, transaction
from draftmill.jobs.queue import claim_next
from draftmill.jobs.start import start_job
from draftmill.jobs.wishes import Wishes
from draftmill.processes import children
from draftmill.settings import Settings

ROUNDS = 9
HELP_S, HEALTHY_S, FIRST_COMMIT_S = 0.1, 0.6, 0.12
ASK_S = 0.002


def help_s() -> float:
    command = [sys.executable, "-m", "draftmill", "--help"]
    return lifecycle.took(lambda: subprocess.run(command, stdout=subprocess.DEVNULL, check=True))


def healthy_s(data: Path) -> float:
    """Seconds from starting the server until `/healthz` answers; it is ended again."""
    port = free_port()
    environ = os.environ | {"DRAFTMILL_DATA": str(data), "DRAFTMILL_PORT": str(port)}
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "draftmill", "serve"], env=environ, stdout=subprocess.DEVNULL
    )
    try:
        while not answers(port):
            time.sleep(ASK_S)
        return time.monotonic() - began
    finally:
        process.terminate()
        process.wait()


def first_commit_s(settings: Settings) -> float:
    """Seconds from starting the process of a claimed job until its first commit."""
    with closing(connect(settings.database)) as db:
        with transaction(db):
            project = db.execute(
                "select * from projects where id not in (select project_id from jobs)"
            ).fetchone()
            start_job(db, project, Wishes("blog"))
            job = claim_next(db, "writing")
        assert job
        version = "pragma data_version"
        before = db.execute(version).fetchall()
        environ = dict(os.environ) | {"DRAFTMILL_DATA": str(settings.data)}
        began = time.monotonic()
        child = children.start_child("work", job.id, str(job.attempt), environ=environ)
        while db.execute(version).fetchall() == before:
            assert child.poll() is None, "it ended without a commit"
            time.sleep(ASK_S)
        seconds = time.monotonic() - began
        children.end_group(child.pid)
        child.communicate()
    return seconds


def rounds(act: Callable[[], float]) -> list[float]:
    """Several, after one that only fills the caches."""
    act()
    return [act() for _ in range(ROUNDS)]


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        settings = lifecycle.house(Path(name) / "jobs", ROUNDS + 1)
        held = (
            report_rounds("draftmill --help", rounds(help_s), "s", most=HELP_S),
            report_rounds(
                "from the start until /healthz answers",
                rounds(lambda: healthy_s(Path(name) / "data")),
                "s",
                most=HEALTHY_S,
            ),
            report_rounds(
                "from a job's process until its first commit",
                rounds(lambda: first_commit_s(settings)),
                "s",
                most=FIRST_COMMIT_S,
            ),
        )
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
