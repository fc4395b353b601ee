"""Being signed in: attempts are counted, sessions start, slide along with their use, and end."""

import sqlite3
from dataclasses import dataclass
from typing import Any

from draftmill.accounts.passwords import refreshed_hash, verify_password
from draftmill.accounts.secret import hash_of, new_secret
from draftmill.accounts.throttle import count_attempt, forget_attempts
from draftmill.accounts.users import (
    EMAIL_CHARACTERS,
    BadEmail,
    User,
    normal_email,
    set_password,
)
from draftmill.clock import moment, now
from draftmill.database import changes
from draftmill.database.connection import transaction
from draftmill.errors import Problem
from draftmill.settings import Settings

DAY_S = 24 * 3600.0
SEEN_EVERY_S = 10 * 60.0


class WrongPassword(Problem):
    code = "wrong_password"
    default_message = "E-mail address and password do not match."
    default_hint = "Check both and try again."


class WrongPresentPassword(WrongPassword):
    default_message = "The present password is not right."
    default_hint = "Type the one that you signed in with."


@dataclass(frozen=True)
class SignedIn:
    """A session and its user. Times are Unix seconds; `expires_at` is absolute."""

    user: User
    id_hash: str
    seen_at: float
    expires_at: float


def sign_in(
    db: sqlite3.Connection,
    settings: Settings,
    email: str,
    password: str,
    address: str,
    user_agent: str = "",
) -> str:
    """Check a password and start a session. Returns the session's secret id.

    Raises WrongPassword, TooManyAttempts.
    """
    account = _account(email)
    count_attempt(db, account, address)
    row = db.execute("select id, password_hash from users where email = ?", (account,)).fetchone()
    if not verify_password(row["password_hash"] if row else None, password):
        raise WrongPassword
    fresh = refreshed_hash(row["password_hash"], password)
    with transaction(db):
        # A password that was replaced while we checked the old one opens nothing.
        kept = db.execute(
            "update users set password_hash = ? where id = ? and password_hash = ?",
            (fresh, row["id"], row["password_hash"]),
        )
        if kept.rowcount != 1:
            raise WrongPassword
        forget_attempts(db, account, address)
        return start_session(db, settings, row["id"], user_agent)


def change_password(
    db: sqlite3.Connection,
    user: User,
    session: str,
    present: str,
    new: str,
    address: str,
    revoke_tokens: bool = False,
) -> None:
    """Replace the user's password; every session but `session` (an id_hash) ends.

    Tokens stay unless they are to be revoked too. Raises WrongPassword, TooManyAttempts, BadPassword.
    """
    count_attempt(db, user.email, address)
    row = db.execute("select password_hash from users where id = ?", (user.id,)).fetchone()
    if not verify_password(row[0] if row else None, present):
        raise WrongPresentPassword
    forget_attempts(db, user.email, address)
    set_password(db, user.id, new, session, revoke_tokens)


def start_session(
    db: sqlite3.Connection, settings: Settings, user_id: int, user_agent: str = ""
) -> str:
    """Begin a session under a new random id of 256 bits, and return that id; only its hash is kept."""
    secret_id = new_secret()
    life_s = min(settings.session_days, settings.session_max_days) * DAY_S
    with transaction(db):
        db.execute("delete from sessions where user_id = ? and expires_at <= ?", (user_id, now()))
        db.execute(
            "insert into sessions (id_hash, user_id, created_at, last_seen_at, expires_at,"
            " user_agent) values (?, ?, ?, ?, ?, ?)",
            (hash_of(secret_id), user_id, now(), now(), now(life_s), user_agent[:300]),
        )
        changes.record(db, "session", hash_of(secret_id), user_id)
    return secret_id


def find_session(db: sqlite3.Connection, id_hash: str) -> SignedIn | None:
    """The session and its user, unless it has ended or expired."""
    row = db.execute(
        "select u.id, u.email, u.name, u.role, s.last_seen_at, s.expires_at"
        " from sessions s join users u on u.id = s.user_id"
        " where s.id_hash = ? and s.expires_at > ?",
        (id_hash, now()),
    ).fetchone()
    if row is None:
        return None
    return SignedIn(
        user=User(row["id"], row["email"], row["name"], row["role"]),
        id_hash=id_hash,
        seen_at=moment(row["last_seen_at"]).timestamp(),
        expires_at=moment(row["expires_at"]).timestamp(),
    )


def touch_session(db: sqlite3.Connection, settings: Settings, id_hash: str) -> SignedIn | None:
    """Note that a session is in use, which moves its end, but never past its longest life.

    Returns the session as it is now. Not recorded as a change: nobody else must hear of it.
    """
    with transaction(db):
        row = db.execute("select created_at from sessions where id_hash = ?", (id_hash,)).fetchone()
        if row is not None:
            age_s = moment(now()).timestamp() - moment(row["created_at"]).timestamp()
            left_s = min(settings.session_days * DAY_S, settings.session_max_days * DAY_S - age_s)
            db.execute(
                "update sessions set last_seen_at = ?, expires_at = ?"
                " where id_hash = ? and expires_at > ? and last_seen_at < ?",
                (now(), now(left_s), id_hash, now(), now(-SEEN_EVERY_S)),
            )
        return find_session(db, id_hash)


def sessions_of(db: sqlite3.Connection, user_id: int) -> list[dict[str, Any]]:
    """A user's open sessions, last used first: id_hash, user_agent, created_at, last_seen_at."""
    rows = db.execute(
        "select id_hash, user_agent, created_at, last_seen_at from sessions"
        " where user_id = ? and expires_at > ? order by last_seen_at desc",
        (user_id, now()),
    )
    return [dict(row) for row in rows]


def end_session(db: sqlite3.Connection, id_hash: str) -> None:
    """Sign out. A session that has ended already stays ended."""
    with transaction(db):
        row = db.execute(
            "delete from sessions where id_hash = ? returning user_id", (id_hash,)
        ).fetchone()
        if row is not None:
            changes.record(db, "session", id_hash, row["user_id"], deleted=True)


def _account(email: str) -> str:
    try:
        return normal_email(email)
    except BadEmail:
        # Nobody's account, counted all the same.
        return email.strip().lower()[:EMAIL_CHARACTERS]
