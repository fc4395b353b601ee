"""The pills in memory: nothing old stays there, and one that cannot be drawn hides no other."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from draftmill.database import changes
from draftmill.jobs import endings
from draftmill.jobs.policies import INGEST
from draftmill.settings import Settings
from draftmill.web.live import Live
from draftmill.web.middleware.session_memory import Sessions
from tests.support.house import until
from tests.support.job_rows import make_project, newest


@pytest.fixture
def live(db: sqlite3.Connection, tmp_path: Path) -> Iterator[Live]:
    live = Live(Settings(data=tmp_path), Sessions(b"x" * 32))
    live.start()
    yield live
    live.stop()


def test_what_is_forgotten_while_it_is_rendered_is_not_kept(
    db: sqlite3.Connection, live: Live
) -> None:
    """A poll reads a job at work; before its answer is kept, the watcher sees the job's end."""
    ingest = newest(db, make_project(db), INGEST)
    before = live._forgotten
    old = live.read(ingest.id)
    assert old
    endings.cancel(db, ingest)
    until(lambda: live.get(ingest.id) is None, 10, "the watcher to see the end")
    live._keep(ingest.id, old, before)
    assert live.get(ingest.id) is None


def test_a_job_that_cannot_be_shown_hides_no_later_change(
    db: sqlite3.Connection, live: Live
) -> None:
    project_id = make_project(db, ("blog",))
    ingest, blog = newest(db, project_id, INGEST), newest(db, project_id, "blog")
    db.execute("update jobs set error_hint = '', stage_times = 'broken' where id = ?", (ingest.id,))
    changes.record(db, "job", ingest.id, 1)
    endings.cancel(db, blog)

    def cancelled() -> bool:
        answer = live.get(blog.id)
        return answer is not None and b"Cancelled" in bytes(answer.text)

    until(cancelled, 10, "the later change")
