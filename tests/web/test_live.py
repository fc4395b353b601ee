"""The pills in memory: nothing old stays there, and one that cannot be drawn hides no other."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from draftmill.database import changes
from draftmill.jobs import endings
from draftmill.jobs.job import Job
from draftmill.jobs.policies import INGEST
from draftmill.settings import Settings
from draftmill.web import live as live_module
from draftmill.web.live import Live
from draftmill.web.places import Places
from draftmill.web.present import Present
from draftmill.web.watcher import Watcher
from tests.support.house import until
from tests.support.job_rows import make_project, newest


@pytest.fixture
def live(db: sqlite3.Connection, tmp_path: Path) -> Live:
    settings = Settings(data=tmp_path)
    return Live(Present(settings), Places(settings))


@contextmanager
def watched(live: Live, tmp_path: Path) -> Iterator[None]:
    """From now on it hears of changes; of what was made before it hears nothing any more."""
    watcher = Watcher(Settings(data=tmp_path).database, [live.take])
    watcher.start()
    yield
    watcher.stop()


def asked(live: Live, job: Job) -> None:
    """Somebody asked for a job: it is kept, and rendered again when it changes."""
    assert live.read(1, job.id) and live.get(1, job.id)


def test_what_is_forgotten_while_it_is_rendered_is_not_kept(
    db: sqlite3.Connection, live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A poll reads a job at work; before its answer is kept, the watcher sees the job's end."""
    ingest = newest(db, make_project(db), INGEST)
    asked(live, ingest)
    poll = live_module.poll

    def slowly(*given: Any) -> str:
        monkeypatch.setattr(live_module, "poll", poll)
        text = poll(*given)
        endings.cancel(db, ingest)
        until(lambda: live.get(1, ingest.id) is None, 10, "the watcher to see the end")
        return text

    monkeypatch.setattr(live_module, "poll", slowly)
    with watched(live, tmp_path):
        old = live.read(1, ingest.id)
    assert old
    assert b"was cancelled" not in bytes(old)
    assert live.get(1, ingest.id) is None
    assert b"was cancelled" in bytes(live.read(1, ingest.id) or b"")


def test_other_people_have_no_such_job(db: sqlite3.Connection, live: Live) -> None:
    blog = newest(db, make_project(db, ("blog",)), "blog")
    asked(live, blog)
    assert live.get(2, blog.id) is None
    assert live.read(2, blog.id) is None
    assert live.get(1, blog.id), "and the owner's stays in memory"


def test_a_job_that_cannot_be_shown_hides_no_later_change(
    db: sqlite3.Connection, live: Live, tmp_path: Path
) -> None:
    project_id = make_project(db, ("blog",))
    ingest, blog = newest(db, project_id, INGEST), newest(db, project_id, "blog")
    for job in (ingest, blog):
        asked(live, job)
    db.execute("update jobs set error_hint = '', stage_times = 'broken' where id = ?", (ingest.id,))

    def cancelled() -> bool:
        answer = live.get(1, blog.id)
        return answer is not None and b"Cancelled" in bytes(answer)

    with watched(live, tmp_path):
        changes.record(db, "job", ingest.id, 1)
        endings.cancel(db, blog)
        until(cancelled, 10, "the later change")
