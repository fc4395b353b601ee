"""A real Draftmill in processes of its own, on a free port of this machine."""

import contextlib
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import httpx2

from draftmill.database.connection import connect
from draftmill.settings import Settings
from tests.support import members
from tests.support.members import PASSWORD as PASSWORD
from tests.support.places import ROOT

T = TypeVar("T")
SAMPLE = ROOT / "static" / "sample" / "sample.mp4"
# Ticks are short; silence is borne as long as by default, for the machine may be loaded.
QUICK = {
    "DRAFTMILL_TICK_S": "0.1",
    "DRAFTMILL_BEAT_S": "0.2",
    "DRAFTMILL_CRASH_DELAY_S": "0.2",
    "DRAFTMILL_SILENT_TICKS": "150",
    "DRAFTMILL_CONSUMER_SILENT_TICKS": "100",
}


def until(ask: Callable[[], T], within_s: float = 60.0, why: str = "") -> T:
    """The first answer that is true, asked again and again. Fails after `within_s`."""
    deadline = time.monotonic() + within_s
    while True:
        answer = ask()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"waited {within_s} s in vain: {why or ask}"
        time.sleep(0.02)  # the one place that waits: for a condition, never for a time


class House:
    """`draftmill serve` on a data folder: started, stopped, killed, started again."""

    def __init__(self, data: Path, **environ: str) -> None:
        self.data = data
        self.environ = {"DRAFTMILL_PORT": "0"} | environ
        self.process: subprocess.Popen[str] | None = None
        self.url = self.setup_url = ""

    def start(self, *, at_a_terminal: bool = False) -> "House":
        """Start it; at a terminal of its own, Ctrl-C reaches the whole process group."""
        if self.process and self.process.stdout:
            self.process.stdout.close()  # of one that could not start, as on a full disk
        with (self.data.parent / f"{self.data.name}.log").open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "draftmill", "serve"],
                env=os.environ | {"DRAFTMILL_DATA": str(self.data)} | self.environ,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=at_a_terminal,
            )
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert "ready at" in line, self.log()
        self.url = line.split()[-1]
        # The same port again after a restart: open pages go on asking there.
        self.environ["DRAFTMILL_PORT"] = self.url.rpartition(":")[2]
        if not self._has_owner():
            self.setup_url = self.process.stdout.readline().split()[-1]
        return self

    def _has_owner(self) -> bool:
        with contextlib.closing(self.db()) as db:
            return db.execute("select 1 from users").fetchone() is not None

    def log(self) -> str:
        return (self.data.parent / f"{self.data.name}.log").read_text()

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End it by a signal; the exit code."""
        assert self.process
        self.process.send_signal(number)
        code = self.process.wait(15)
        assert self.process.stdout
        self.process.stdout.close()
        return code

    def kill(self) -> None:
        self.stop(signal.SIGKILL)

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def db(self) -> sqlite3.Connection:
        return connect(self.data / "draftmill.db", 10)

    def one(self, query: str, *values: object) -> sqlite3.Row | None:
        """One row of the real database."""
        with contextlib.closing(self.db()) as db:
            row: sqlite3.Row | None = db.execute(query, values).fetchone()
            return row

    def rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        with contextlib.closing(self.db()) as db:
            return db.execute(query, values).fetchall()

    def job(self, job_id: str) -> sqlite3.Row:
        row = self.one("select * from jobs where id = ?", job_id)
        assert row is not None
        return row

    def ended(self, job_id: str, within_s: float = 120.0) -> sqlite3.Row:
        """The job once it has ended."""
        return until(
            lambda: (row := self.job(job_id)) and row["completed_at"] and row,
            within_s,
            f"job {job_id} to end",
        )

    def wait_for_workers(self) -> None:
        """Return when all are there: one that starts takes what it finds at work for a dead one's."""
        until(lambda: httpx2.get(f"{self.url}/readyz").status_code == 200)

    def client(self, **headers: str) -> httpx2.Client:
        """A browser's HTTP without the browser: cookies, and an origin as browsers send it."""
        return httpx2.Client(base_url=self.url, headers={"Origin": self.url} | headers, timeout=30)

    def make_owner(self) -> httpx2.Client:
        """The owner's account; their signed-in client."""
        return self._member("mara@example.org", "Mara Keller", "owner")

    def add_user(self, email: str) -> httpx2.Client:
        """A further user; their signed-in client."""
        return self._member(email)

    def _member(self, email: str, name: str = "", role: str = "user") -> httpx2.Client:
        with contextlib.closing(self.db()) as db:
            user_id = members.add(db, email, name, role)
        return members.signed_in(self.client(), Settings(data=self.data), user_id)

    def upload(self, client: httpx2.Client, file: Path = SAMPLE, **fields: object) -> str:
        """Upload a recording by the form; the project's id."""
        with file.open("rb") as recording:
            answer = client.post(
                "/projects", files={"recording": (file.name, recording)}, data=fields
            )
        assert answer.status_code == 303, answer.text
        return project_id(answer)


def project_id(answer: httpx2.Response) -> str:
    found = re.search(r"/projects/([0-9a-f-]{36})", answer.headers["location"])
    assert found, answer.headers["location"]
    return found.group(1)


def draftmill(
    data: Path, *arguments: str, stdin: str = "", check: bool = True, **environ: str
) -> subprocess.CompletedProcess[str]:
    """Run one verb of the command line to its end."""
    return subprocess.run(
        [sys.executable, "-m", "draftmill", *arguments],
        env=os.environ | {"DRAFTMILL_DATA": str(data)} | environ,
        input=stdin,
        capture_output=True,
        text=True,
        check=check,
        timeout=300,
    )


@contextlib.contextmanager
def opened(data: Path, **environ: str) -> Iterator[House]:
    """A house that is ended at the end, however the test went."""
    house = House(data, **environ)
    try:
        yield house.start()
    finally:
        if house.running:
            house.stop()
    assert "Traceback" not in house.log(), house.log()
