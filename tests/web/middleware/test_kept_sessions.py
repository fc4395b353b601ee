"""A session waits for its user's jobs: idleness counts from the end of the last one."""

import sqlite3
import time

import pytest
from starlette.testclient import TestClient

from draftmill.accounts import sessions
from draftmill.clock import moment, now
from draftmill.settings import Settings
from draftmill.web.middleware.session_memory import Sessions
from tests.support.guarded_pages import cookie_header

DAY_S = 86400.0


@pytest.fixture
def idle(db: sqlite3.Connection, cookie: str) -> str:
    """The cookie of a session that nobody has used for 15 days."""
    put_away(db, days=15)
    return cookie


def put_away(db: sqlite3.Connection, days: float) -> None:
    db.execute(
        "update sessions set created_at = ?, last_seen_at = ?, expires_at = ?",
        (now(-days * DAY_S), now(-days * DAY_S), now((14 - days) * DAY_S)),
    )


def work(db: sqlite3.Connection, status: str, ended_days_ago: float = 0, user: int = 1) -> None:
    """A job of a user that is in a state, and ended so long ago."""
    db.execute(
        "insert into projects (id, user_id, title, source, sha256, created_at)"
        " values ('p', ?, 'Talk', 'media', 'aa', ?)",
        (user, now()),
    )
    db.execute(
        "insert into jobs (id, project_id, user_id, type, queue, status, origin_id, created_at,"
        " updated_at, completed_at) values ('j', 'p', ?, 'blog', 'writing', ?, 'j', ?, ?, ?)",
        (user, status, now(), now(), now(-ended_days_ago * DAY_S) if ended_days_ago else None),
    )


def is_in(client: TestClient, cookie: str) -> bool:
    return client.get("/", headers=cookie_header(cookie)).status_code == 200


def test_without_a_job_idleness_ends_it(client: TestClient, idle: str) -> None:
    assert not is_in(client, idle)


@pytest.mark.parametrize("status", ["pending", "running"])
def test_a_job_at_work_keeps_it(
    client: TestClient, idle: str, db: sqlite3.Connection, status: str
) -> None:
    work(db, status)
    assert is_in(client, idle)
    (expires_at,) = db.execute("select expires_at from sessions").fetchone()
    assert moment(expires_at).timestamp() - time.time() == pytest.approx(14 * DAY_S, abs=60)


@pytest.mark.parametrize("status", ["succeeded", "failed", "cancelled"])
def test_it_ends_so_long_after_the_last_job(
    client: TestClient, idle: str, db: sqlite3.Connection, memory: Sessions, status: str
) -> None:
    work(db, status, ended_days_ago=13.9)
    kept = memory.read(idle)
    assert kept
    assert kept.expires_at - time.time() == pytest.approx(0.1 * DAY_S, abs=60)
    db.execute("update jobs set completed_at = ?", (now(-14.1 * DAY_S),))
    memory.drop(kept.id_hash)
    assert not is_in(client, idle)


def test_no_job_carries_it_over_its_longest_life(
    client: TestClient, cookie: str, db: sqlite3.Connection
) -> None:
    work(db, "running")
    put_away(db, days=89)
    assert is_in(client, cookie)
    put_away(db, days=91)
    assert not is_in(client, cookie)


def test_jobs_of_others_keep_nobody_in(
    client: TestClient, idle: str, db: sqlite3.Connection
) -> None:
    db.execute(
        "insert into users (id, email, password_hash, role, created_at)"
        " values (2, 'bob@example.org', '', 'user', ?)",
        (now(),),
    )
    work(db, "running", user=2)
    assert not is_in(client, idle)


def test_a_poll_of_a_kept_session_does_not_look_for_its_jobs_again(
    client: TestClient, idle: str, db: sqlite3.Connection
) -> None:
    work(db, "running")
    client.get("/jobs/j/pill", headers=cookie_header(idle))
    db.execute("drop table sessions")
    assert client.get("/jobs/j/pill", headers=cookie_header(idle)).text == "ada@example.org"


def test_signing_in_elsewhere_ends_only_what_has_ended(
    idle: str, db: sqlite3.Connection, settings: Settings
) -> None:
    work(db, "running")
    sessions.start_session(db, settings, 1)
    assert len(sessions.sessions_of(db, 1, settings)) == 2
    db.execute("delete from jobs")
    sessions.start_session(db, settings, 1)
    assert db.execute("select count(*) from sessions").fetchone()[0] == 2


def test_the_end_is_found_without_walking_through_jobs(db: sqlite3.Connection) -> None:
    given = {"id_hash": "", "now": "", "idle": "", "most": ""}
    plan = db.execute(
        f"explain query plan select {sessions.END} from sessions s where s.id_hash = :id_hash",
        given,
    ).fetchall()
    steps = [row["detail"] for row in plan if "jobs" in row["detail"]]
    assert len(steps) == 2
    assert all(step.startswith("SEARCH jobs USING COVERING INDEX") for step in steps), steps
