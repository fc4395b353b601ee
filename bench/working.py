"""People with jobs at work, as far as rows say, and the reports that a worker would write of them."""

import random
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass

import lifecycle

from draftmill.accounts.sessions import start_session
from draftmill.database import changes
from draftmill.database.connection import WORKER_PATIENCE_S, connect, transaction
from draftmill.jobs import running
from draftmill.jobs.job import Job
from draftmill.jobs.queue import claim_next
from draftmill.jobs.start import start_job
from draftmill.jobs.wishes import Wishes
from draftmill.settings import Settings
from draftmill.web.middleware.session_memory import Sessions
from tests.support.full_house import add_user
from tests.support.house import House

TYPE = "blog"
REV = r'data-rev=\\"(\d+)'  # in a message to a socket: which change it is told of
WORDS = 1_000_000  # of a job: it is at work for as long as anybody looks


@dataclass(frozen=True)
class Person:
    """A user with a session, a project, and the job at work there, if there is one."""

    cookie: str
    project_id: str
    job: Job | None

    @property
    def page(self) -> str:
        """Where this person's open page listens."""
        return f"/live?project={self.project_id}"

    @property
    def pill(self) -> str:
        """Where it asks, if a job is at work."""
        assert self.job
        return f"/jobs/{self.job.id}/pill"


def people(house: House, count: int, at_work: int) -> list[Person]:
    """So many new users; the first of them have a job at work."""
    house.wait_for_workers()
    settings = Settings(data=house.data)
    sessions = Sessions(settings)
    with closing(house.db()) as db, transaction(db):  # so that no worker finds a job pending
        project_ids = lifecycle.add_projects(db, count)
        made = []
        for n, project_id in enumerate(project_ids):
            user_id = add_user(db, f"person-{n}-{project_id[:8]}@example.org")
            db.execute("update projects set user_id = ? where id = ?", (user_id, project_id))
            cookie = f"draftmill={sessions.sign(start_session(db, settings, user_id))}"
            if n < at_work:
                row = db.execute("select * from projects where id = ?", (project_id,)).fetchone()
                start_job(db, row, Wishes(TYPE))
            made.append(Person(cookie, project_id, claim_next(db, "writing")))
    return made


def write_reports(
    house: House, at_work: Sequence[Job], seconds: float
) -> dict[str, tuple[int, float]]:
    """Each job's progress once a second, at a moment of its own: no page's question keeps step.

    By the number of the change, as pages show it: whose it was, as an index, and when its writing
    began, by the machine's clock.
    """
    written = {}
    with ExitStack() as stack:
        path = house.data / "draftmill.db"
        lines = [
            stack.enter_context(closing(connect(path, WORKER_PATIENCE_S, synced=False)))
            for _ in at_work
        ]
        began = time.time()
        moments = (
            (began + second + random.random(), n)
            for second in range(int(seconds))
            for n in range(len(at_work))
        )
        for count, (moment, n) in enumerate(sorted(moments), 1):
            time.sleep(max(0.0, moment - time.time()))
            at = time.time()
            running.progress(lines[n], at_work[n], count, WORDS, "words", "Writing", 0)
            written[str(changes.rev(lines[n], "job", at_work[n].id))] = (n, at)
    return written
