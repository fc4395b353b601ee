"""Guessing is slow: attempts are counted for an account and for an address."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from starlette.testclient import TestClient

from draftmill.accounts import throttle
from draftmill.accounts.users import User
from draftmill.clock import now
from draftmill.database.connection import connect, transaction
from draftmill.settings import Settings
from tests.support.account_pages import OTHER_PASSWORD, count, sign_in


def test_the_sixth_attempt_has_to_wait(
    client: TestClient, browser: Callable[..., TestClient], ada: User, db: sqlite3.Connection
) -> None:
    for _ in range(5):
        assert sign_in(client, "wrong").status_code == 422
    answer = sign_in(client)
    assert answer.status_code == 429
    assert "Try again in 15 minutes." in answer.text  # type: ignore[attr-defined]
    assert 800 < int(answer.headers["retry-after"]) <= 900
    assert sign_in(browser("192.0.2.2")).status_code == 303, "from elsewhere it works"
    db.execute("update login_attempts set at = ?", (now(-901),))
    assert sign_in(client).status_code == 303


def test_the_right_password_clears_the_count(client: TestClient, ada: User) -> None:
    for _ in range(2):
        for _ in range(4):
            sign_in(client, "wrong")
        assert sign_in(client).status_code == 303
        client.cookies.clear()


def test_one_address_cannot_try_many_accounts(db: sqlite3.Connection) -> None:
    for n in range(50):
        throttle.count_attempt(db, f"user{n}@example.org", "192.0.2.1")
    with pytest.raises(throttle.TooManyAttempts, match="60 minutes"):
        throttle.count_attempt(db, "ada@example.org", "192.0.2.1")
    throttle.count_attempt(db, "ada@example.org", "192.0.2.2")


def test_one_address_cannot_try_many_links_and_neither_counts_for_the_other(
    db: sqlite3.Connection,
) -> None:
    with transaction(db):
        for n in range(600):
            throttle.count_opening(db, f"token {n}", "192.0.2.1")
    with pytest.raises(throttle.TooManyOpenings, match="60 minutes"):
        throttle.count_opening(db, "another", "192.0.2.1")
    throttle.count_opening(db, "another", "192.0.2.2")
    throttle.count_attempt(db, "ada@example.org", "192.0.2.1")


def test_attempts_at_once_are_counted_before_they_are_checked(
    settings: Settings, db: sqlite3.Connection
) -> None:
    def attempt(_: int) -> bool:
        with closing(connect(settings.database)) as own:
            try:
                throttle.count_attempt(own, "ada@example.org", "192.0.2.1")
            except throttle.TooManyAttempts:
                return False
            return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(attempt, range(20))) == 5


def test_old_attempts_are_thrown_away(db: sqlite3.Connection) -> None:
    throttle.count_attempt(db, "ada@example.org", "192.0.2.1")
    db.execute("update login_attempts set at = ?", (now(-3700),))
    throttle.count_attempt(db, "bob@example.org", "192.0.2.1")
    assert count(db, "login_attempts") == 1


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
    ],
)
def test_a_household_counts_as_one_address(address: str, network: str) -> None:
    assert throttle.network_of(address) == network


def test_guessing_the_present_password_is_limited_too(client: TestClient, ada: User) -> None:
    sign_in(client)
    form = {"old": "wrong", "password": OTHER_PASSWORD}
    codes = [client.post("/account/password", data=form).status_code for _ in range(6)]
    assert codes == [422] * 5 + [429]
