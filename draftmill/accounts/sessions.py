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
DEFAULTS = Settings()
# When the session s ends. A job of its user that is at work, or ended since, puts off what idleness
# ends; it is looked for only once that is past.
END = """case when s.expires_at > :now then s.expires_at else max(s.expires_at, coalesce(min(
    strftime('%Y-%m-%dT%H:%M:%fZ', s.created_at, :most),
    strftime('%Y-%m-%dT%H:%M:%fZ', case when exists (
        select 1 from jobs where user_id = s.user_id and status in ('pending', 'running')
    ) then :now else (
        select max(completed_at) from jobs where user_id = s.user_id and completed_at is not null
    ) end, :idle)), '')) end"""


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
        db.execute(
            "delete from sessions where id_hash in"
            f" (select id_hash from sessions s where s.user_id = :user_id and {END} <= :now)",
            {"user_id": user_id} | _limits(settings),
        )
        db.execute(
            "insert into sessions (id_hash, user_id, created_at, last_seen_at, expires_at,"
            " user_agent) values (?, ?, ?, ?, ?, ?)",
            (hash_of(secret_id), user_id, now(), now(), now(life_s), user_agent[:300]),
        )
        changes.record(db, "session", hash_of(secret_id), user_id)
    return secret_id


def find_session(
    db: sqlite3.Connection, id_hash: str, settings: Settings = DEFAULTS
) -> SignedIn | None:
    """The session and its user, unless it has ended.

    It ends `session_days` after its last use or its user's last job, whichever is later, and at
    the latest `session_max_days` after it began.
    """
    row = db.execute(
        f"select u.id, u.email, u.name, u.role, s.last_seen_at, {END} as ends_at"
        " from sessions s join users u on u.id = s.user_id"
        " where s.id_hash = :id_hash and ends_at > :now",
        {"id_hash": id_hash} | _limits(settings),
    ).fetchone()
    if row is None:
        return None
    return SignedIn(
        user=User(row["id"], row["email"], row["name"], row["role"]),
        id_hash=id_hash,
        seen_at=moment(row["last_seen_at"]).timestamp(),
        expires_at=moment(row["ends_at"]).timestamp(),
    )


def touch_session(db: sqlite3.Connection, settings: Settings, id_hash: str) -> SignedIn | None:
    """Note that a session is in use, which moves its end, but never past its longest life.

    Returns the session as it is now. Not recorded as a change: nobody else must hear of it.
    """
    with transaction(db):
        if find_session(db, id_hash, settings) is None:
            return None
        db.execute(
            "update sessions set last_seen_at = :now, expires_at ="
            " min(strftime('%Y-%m-%dT%H:%M:%fZ', :now, :idle),"
            " strftime('%Y-%m-%dT%H:%M:%fZ', created_at, :most))"
            " where id_hash = :id_hash and last_seen_at < :before",
            {"id_hash": id_hash, "before": now(-SEEN_EVERY_S)} | _limits(settings),
        )
        return find_session(db, id_hash, settings)


def sessions_of(
    db: sqlite3.Connection, user_id: int, settings: Settings = DEFAULTS
) -> list[dict[str, Any]]:
    """A user's open sessions, last used first: id_hash, user_agent, created_at, last_seen_at."""
    rows = db.execute(
        "select id_hash, user_agent, created_at, last_seen_at from sessions s"
        f" where s.user_id = :user_id and {END} > :now order by last_seen_at desc",
        {"user_id": user_id} | _limits(settings),
    )
    return [dict(row) for row in rows]


def _limits(settings: Settings) -> dict[str, str]:
    """What END is told: the present, and both limits as SQLite's clock takes them."""
    idle, most = settings.session_days, settings.session_max_days
    return {"now": now(), "idle": f"+{idle} days", "most": f"+{most} days"}


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
