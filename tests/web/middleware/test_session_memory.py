"""Sessions: signed, kept in memory between their rows, and ended in time."""

import sqlite3
import time
from pathlib import Path
from unittest import mock

import pytest
from starlette.testclient import TestClient

from draftmill.accounts import sessions
from draftmill.accounts.secret import hash_of
from draftmill.clock import moment, now
from draftmill.settings import Settings
from draftmill.web.middleware.access import COOKIE
from draftmill.web.middleware.session_memory import Sessions
from tests.support.guarded_pages import cookie_header


def test_a_cookie_we_did_not_sign_is_nobody(
    client: TestClient, cookie: str, tmp_path: Path
) -> None:
    secret_id = cookie.rpartition(".")[0]
    (tmp_path / "another").mkdir()
    forged = Sessions(Settings(data=tmp_path / "another")).sign(secret_id)
    for wrong in (forged, secret_id, secret_id + ".", "", ".", "é", cookie[:-1]):
        headers = {"Cookie": f"{COOKIE}={wrong}".encode()}
        assert client.get("/", headers=headers).status_code == 303  # type: ignore[arg-type]


def test_a_signature_has_one_spelling(memory: Sessions, cookie: str) -> None:
    # The last letter of the base64 of 32 bytes carries two bits that mean nothing.
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    twin = cookie[:-1] + alphabet[alphabet.index(cookie[-1]) ^ 1]
    assert memory.verify(cookie) is not None
    assert memory.verify(twin) is None


def test_a_stale_cookie_beside_the_right_one_does_not_lock_out(
    client: TestClient, cookie: str
) -> None:
    headers = {"Cookie": f"other=1; {COOKIE}=old.sig; {COOKIE}={cookie}"}
    assert client.get("/", headers=headers).text == "ada@example.org"


def test_a_poll_does_not_touch_the_database(
    client: TestClient, cookie: str, db: sqlite3.Connection, memory: Sessions
) -> None:
    client.get("/", headers=cookie_header(cookie))
    db.execute("drop table sessions")
    assert client.get("/jobs/7/pill", headers=cookie_header(cookie)).text == "ada@example.org"


def test_a_dropped_session_is_read_from_its_row(
    client: TestClient, cookie: str, db: sqlite3.Connection, memory: Sessions
) -> None:
    client.get("/", headers=cookie_header(cookie))
    db.execute("update users set email = 'new@example.org'")
    memory.drop_user(1)
    assert client.get("/", headers=cookie_header(cookie)).text == "new@example.org"
    db.execute("delete from sessions")
    id_hash = memory.verify(cookie)
    assert id_hash is not None
    memory.drop(id_hash)
    assert client.get("/", headers=cookie_header(cookie)).status_code == 303


def test_an_expired_session_has_ended(
    client: TestClient, cookie: str, db: sqlite3.Connection
) -> None:
    db.execute("update sessions set expires_at = ?", (now(-1),))
    assert client.get("/", headers=cookie_header(cookie)).status_code == 303


def test_expiry_is_checked_in_memory(memory: Sessions, cookie: str) -> None:
    signed_in = memory.read(cookie)
    assert signed_in
    assert memory.get(cookie) == signed_in
    with mock.patch("time.time", return_value=signed_in.expires_at + 1):
        assert memory.get(cookie) is None


def test_memory_is_bounded(db: sqlite3.Connection, settings: Settings, cookie: str) -> None:
    memory = Sessions(settings, most=3)
    cookies = [memory.sign(sessions.start_session(db, settings, 1)) for _ in range(5)]
    for one in cookies:
        assert memory.read(one)
    assert [n for n in range(5) if memory.get(cookies[n])] == [2, 3, 4]


def test_use_moves_the_end_of_a_session(
    client: TestClient, cookie: str, db: sqlite3.Connection
) -> None:
    db.execute("update sessions set last_seen_at = ?, expires_at = ?", (now(-660), now(60)))
    client.get("/jobs/7/pill", headers=cookie_header(cookie))
    assert _left_s(db) < 61, "a poll is not a use"
    client.get("/", headers=cookie_header(cookie))
    assert _left_s(db) == pytest.approx(14 * 86400, abs=60)


def test_a_session_used_a_moment_ago_is_not_written_again(
    client: TestClient, cookie: str, db: sqlite3.Connection
) -> None:
    before = db.execute("select last_seen_at from sessions").fetchone()[0]
    client.get("/", headers=cookie_header(cookie))
    assert db.execute("select last_seen_at from sessions").fetchone()[0] == before


def test_a_session_never_outlives_its_longest_life(
    client: TestClient, cookie: str, db: sqlite3.Connection
) -> None:
    db.execute(
        "update sessions set created_at = ?, last_seen_at = ?",
        (now(-89 * 86400), now(-660)),
    )
    client.get("/", headers=cookie_header(cookie))
    assert _left_s(db) == pytest.approx(86400, abs=60)


def test_a_locked_database_does_not_lock_users_out(
    settings: Settings, client: TestClient, cookie: str, db: sqlite3.Connection
) -> None:
    db.execute("update sessions set last_seen_at = ?", (now(-660),))
    db.execute("begin immediate")
    assert client.get("/", headers=cookie_header(cookie)).status_code == 200
    db.execute("rollback")


def test_an_unreadable_database_is_a_503_that_says_so(
    client: TestClient, cookie: str, db: sqlite3.Connection
) -> None:
    db.execute("alter table sessions rename to elsewhere")
    answer = client.get("/", headers=cookie_header(cookie))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


def _left_s(db: sqlite3.Connection) -> float:
    (expires_at,) = db.execute("select expires_at from sessions").fetchone()
    return moment(expires_at).timestamp() - time.time()


def test_sessions_are_kept_as_hashes(db: sqlite3.Connection, cookie: str) -> None:
    (id_hash,) = db.execute("select id_hash from sessions").fetchone()
    assert id_hash == hash_of(cookie.rpartition(".")[0])
    assert id_hash not in cookie
