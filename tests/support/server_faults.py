"""What the faults of servers and media share: answers chosen by a mark, ends, and the check after."""

import os
import re
import signal
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import httpx2

from tests.support.after_a_fault import sound
from tests.support.faults_table import Ledger
from tests.support.house import House, until
from tests.support.storage_house import broken

E = TypeVar("E")
MARK = re.compile(r"fault-(\w+)")


@dataclass(frozen=True)
class Asked:
    """One question: when it came, and what it was about, so that the same one is known again."""

    at: float
    about: str


class Script(Generic[E]):
    """How a server answers: by the mark in the question, so that many faults run in one house.

    `about` is the text of a question, in which its mark is looked for.
    """

    def __init__(self, about: Callable[[E], str], usual: Callable[[E], None]) -> None:
        self.about = about
        self.usual = usual
        self.asked: dict[str, list[Asked]] = defaultdict(list)
        self._answers: dict[str, list[Callable[[E], None]]] = {}
        self._lock = threading.Lock()

    def say(self, mark: str, *answers: Callable[[E], None]) -> None:
        """Answer the next questions with this mark so; the last answer stays."""
        with self._lock:
            self._answers[mark] = list(answers)

    def answer(self, exchange: E) -> None:
        text = self.about(exchange)
        found = MARK.search(text)
        mark = found[1] if found else ""
        with self._lock:
            self.asked[mark].append(Asked(time.monotonic(), text))
            waiting = self._answers.get(mark, [self.usual])
            answer = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        answer(exchange)


def well(house: House) -> None:
    """The check that follows every fault, while other jobs are at work."""
    found = broken(house)
    assert not found, found


def resting(house: House) -> None:
    """Wait until no job is at work; then the check, to the last file."""
    at_work = "select 1 from jobs where status in ('pending', 'running')"
    until(lambda: not house.rows(at_work), 120, "every job to end")
    sound(house, at_rest=True)


def child_of(house: House, job_id: str) -> int:
    """The process that works on a job, once there is one."""
    verb = f"work\0{job_id}\0".encode()
    environ = f"DRAFTMILL_DATA={house.data}".encode()

    def found() -> int:
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                ours = environ in (folder / "environ").read_bytes()
                if ours and verb in (folder / "cmdline").read_bytes():
                    return int(folder.name)
            except OSError:
                continue  # it ended while we looked
        return 0

    return until(found, 30, "a child to work")


def alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def kill_child(house: House, job_id: str) -> None:
    """`kill -9` of the process that works on a job."""
    os.kill(child_of(house, job_id), signal.SIGKILL)


def pill_of(client: httpx2.Client, job_id: str) -> str:
    """The words of a job's pill, as a person reads them."""
    html = client.get(f"/jobs/{job_id}/pill").text
    text = re.sub(r"<[^>]*>", " ", html).replace("&#34;", '"').replace("&#39;", "'")
    return " ".join(text.split())


def lines_of(house: House, job_id: str) -> list[str]:
    """The log of a job, oldest line first."""
    rows = house.rows("select message from job_logs where job_id = ? order by id", job_id)
    return [str(row["message"]) for row in rows]


def newest(house: House, project_id: str, task_type: str) -> str:
    """The id of the newest job of a type in a project."""
    row = house.one(
        "select id from jobs where project_id = ? and type = ? order by n desc",
        project_id,
        task_type,
    )
    assert row is not None
    return str(row["id"])


def count(ledger: Ledger, name: str) -> None:
    """One more run of a fault, nothing lost."""
    before = ledger.faults.get(name)
    ledger.record(name, before.runs + 1 if before else 1)
