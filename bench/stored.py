"""What a poll and an event cost among few and many stored jobs: processor time of the server."""

import sqlite3
import time
import uuid
from contextlib import closing
from pathlib import Path

import httpx2
import lifecycle
from figures import report
from listeners import listening
from pill import by_htmx, per_second
from working import REV, Person, people

from draftmill.clock import now
from draftmill.database.connection import transaction
from tests.support.full_house import CHANGE
from tests.support.house import House, opened

STORED = (10, 1_000, 10_000, 100_000)  # jobs of the same user
OF_A_PROJECT = 50
PAGES, EVENTS, SECONDS = 10, 50, 3  # of each second, seconds
SETTLE_S = 1.0  # until the last one was heard
GROWTH = 1.3
PLOT = "stored"
JOB = (
    "insert into jobs (id, project_id, user_id, type, queue, status, origin_id, created_at,"
    " updated_at, completed_at) values (?, ?, ?, 'blog', 'writing', 'succeeded', ?, ?, ?, ?)"
)


def stored(folder: Path) -> bool:
    """Whether both cost as much among 100,000 jobs as among ten."""
    cost: dict[str, list[float]] = {"a poll": [], "an event": []}
    with opened(folder / "stored") as house:
        house.make_owner().close()
        (person,) = people(house, 1, 1)
        for before, count in zip((0, *STORED), STORED, strict=False):
            with closing(house.db()) as db:
                add_jobs(db, person, count - before)
            cost["a poll"].append(of_a_poll(house, person))
            cost["an event"].append(of_an_event(house, person))
            for name, each in cost.items():
                figure = f"{name} among {count:,} jobs, processor time"
                report(figure, each[-1], "µs", point=(PLOT, name, count))
    held = [
        report(
            f"{name} among {STORED[-1]:,} jobs against {STORED[0]}", each[-1] / each[0], "×", GROWTH
        )
        for name, each in cost.items()
    ]
    return all(held)


def add_jobs(db: sqlite3.Connection, person: Person, count: int) -> None:
    """Give somebody that many ended jobs."""
    assert person.job
    user_id = person.job.user_id
    with transaction(db):
        for project_id in lifecycle.add_projects(db, max(1, count // OF_A_PROJECT)):
            db.execute("update projects set user_id = ? where id = ?", (user_id, project_id))
            for _ in range(min(count, OF_A_PROJECT)):
                job_id = str(uuid.uuid4())
                db.execute(JOB, (job_id, project_id, user_id, job_id, now(), now(), now()))
                # As of long ago: nobody hears of them now.
                oldest = db.execute("select min(version) from changes").fetchone()[0]
                db.execute(CHANGE, ("job", job_id, user_id, min(oldest, 0) - 1, now()))


def of_a_poll(house: House, person: Person) -> float:
    """Microseconds of the server's processor time."""
    assert house.process
    url, headers = house.url + person.pill, by_htmx(person.cookie)
    first = httpx2.get(url, headers=headers, timeout=60)  # which takes longest
    assert first.status_code == 200
    rate = 0.0

    def ask() -> None:
        nonlocal rate
        rate = per_second(url, **headers)

    share = lifecycle.web_share(house.process.pid, ask)
    return share / rate * 1e6


def of_an_event(house: House, person: Person) -> float:
    """The same for an event that ten pages are told: of fifty a second all, where the machine is quiet.

    Of those that come while another is told only the newest is.
    """
    assert house.process and person.job
    at_work = [person.job] * EVENTS
    pages = [(person.page, person.cookie)] * PAGES
    with listening(house.url, REV, pages) as seen:
        before = lifecycle.cpu_s_of(house.process.pid)
        lifecycle.write_progress(house.data, at_work, SECONDS)
        used = lifecycle.cpu_s_of(house.process.pid) - before
        time.sleep(SETTLE_S)
    told = len(seen["heard"])
    assert told > EVENTS, f"only {told} of {EVENTS * SECONDS} events were told: a busy machine"
    return used / told * 1e6
