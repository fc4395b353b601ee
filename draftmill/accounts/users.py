"""Who has an account: users, and their passwords set and replaced."""

import sqlite3
from dataclasses import dataclass

from draftmill.accounts.passwords import hash_password
from draftmill.clock import now
from draftmill.database import changes
from draftmill.database.connection import transaction
from draftmill.errors import Conflict, NotFound, Problem
from draftmill.letters import normalized

NAME_CHARACTERS = 200
EMAIL_CHARACTERS = 254


class BadEmail(Problem):
    code = "bad_email"
    default_message = "This is not an e-mail address."
    default_hint = "Type it like name@example.org."


class EmailTaken(Conflict):
    code = "email_taken"
    default_message = "There is already an account with this e-mail address."
    default_hint = "Use another address."


class AccountRemoved(Problem):
    code = "account_removed"
    status = 401
    default_message = "This account was removed."
    default_hint = "Ask the owner of this Draftmill about it."


class OwnerStays(Conflict):
    code = "owner_stays"
    default_message = "The owner's account cannot be removed."
    default_hint = "It can get a new password with: draftmill user passwd EMAIL"


class OwnerOnly(Problem):
    code = "owner_only"
    status = 403
    default_message = "Only the owner of this Draftmill may change this."
    default_hint = "Ask the owner."


@dataclass(frozen=True)
class User:
    """A person with an account. `role` is "owner" or "user"."""

    id: int
    email: str
    name: str
    role: str

    @property
    def initials(self) -> str:
        """One or two letters to know the user by."""
        words = [word for word in self.name.split() if word[0].isalnum()]
        letters = [word[0] for word in (words[:1] + words[1:][-1:])]
        return "".join(letters or self.email[:1]).upper()


def normal_email(text: str) -> str:
    """The one spelling under which an address is stored. Raises BadEmail."""
    if len(text) > EMAIL_CHARACTERS:
        raise BadEmail
    email = normalized(text, "NFKC").strip().lower()
    name, _, domain = email.rpartition("@")
    odd = any(c.isspace() or not c.isprintable() or c in '@<>(),;:"\\' for c in name + domain)
    if not name or not domain or odd or len(email) > EMAIL_CHARACTERS:
        raise BadEmail
    return email


def add_user(db: sqlite3.Connection, email: str, password: str, name: str = "") -> User:
    """Make an account. Raises BadEmail, BadPassword, EmailTaken."""
    email, hashed = normal_email(email), hash_password(password)
    with transaction(db):
        return insert_user(db, email, hashed, name, "user")


def everyone(db: sqlite3.Connection) -> list[User]:
    """Everyone, the owner first."""
    rows = db.execute("select id, email, name, role from users order by role = 'user', email")
    return [User(*row) for row in rows]


def by_email(db: sqlite3.Connection, email: str) -> User:
    """The account of an address. Raises BadEmail, NotFound."""
    email = normal_email(email)
    row = db.execute("select id, email, name, role from users where email = ?", (email,)).fetchone()
    if row is None:
        raise NotFound(f"There is no account {email}.", "draftmill user list shows all.")
    return User(*row)


def rename_user(db: sqlite3.Connection, user_id: int, name: str) -> None:
    """Change the name of an account; it is cut to 200 characters."""
    with transaction(db):
        db.execute("update users set name = ? where id = ?", (_clean(name), user_id))
        changes.record(db, "user", str(user_id), user_id)


def draft_language_of(db: sqlite3.Connection, user_id: int) -> str:
    """The code of the language that an account's drafts are written in, "" for each recording's."""
    row = db.execute("select code from draft_languages where user_id = ?", (user_id,)).fetchone()
    return str(row["code"]) if row else ""


def choose_draft_language(db: sqlite3.Connection, user_id: int, code: str) -> None:
    """Have an account's drafts written in a language, a code that was checked."""
    with transaction(db):
        db.execute("insert or replace into draft_languages values (?, ?)", (user_id, code))
        changes.record(db, "user", str(user_id), user_id)


def set_password(
    db: sqlite3.Connection,
    user_id: int,
    password: str,
    keep_session: str = "",
    revoke_tokens: bool = False,
) -> None:
    """Replace a password and end every session of the user but `keep_session` (an id_hash).

    Tokens for programs stay unless they are to be revoked too. Raises BadPassword.
    """
    hashed = hash_password(password)
    with transaction(db):
        db.execute("update users set password_hash = ? where id = ?", (hashed, user_id))
        end_sessions(db, user_id, keep_session)
        if revoke_tokens:
            end_tokens(db, user_id)
        changes.record(db, "user", str(user_id), user_id)


def end_sessions(db: sqlite3.Connection, user_id: int, keep_session: str = "") -> int:
    """Sign a user out everywhere but in `keep_session` (an id_hash). Returns how many ended."""
    with transaction(db):
        ended = db.execute(
            "delete from sessions where user_id = ? and id_hash != ? returning id_hash",
            (user_id, keep_session),
        ).fetchall()
        for (id_hash,) in ended:
            changes.record(db, "session", id_hash, user_id, deleted=True)
    return len(ended)


def end_tokens(db: sqlite3.Connection, user_id: int) -> int:
    """Revoke every token of a user, in the caller's transaction. Returns how many there were."""
    ended = db.execute(
        "delete from api_tokens where user_id = ? returning id", (user_id,)
    ).fetchall()
    for (token_id,) in ended:
        changes.record(db, "token", str(token_id), user_id, deleted=True)
    return len(ended)


def check_owner(user: User) -> None:
    """Raise OwnerOnly for everybody else."""
    if user.role != "owner":
        raise OwnerOnly


def check_there(db: sqlite3.Connection, user_id: int) -> None:
    """Raise AccountRemoved when the account is gone: asked in the transaction that adds to it."""
    if db.execute("select 1 from users where id = ?", (user_id,)).fetchone() is None:
        raise AccountRemoved


def remove(db: sqlite3.Connection, user: User) -> list[str]:
    """Remove an account and all its rows. Returns the ids of its projects: their folders may go.

    Raises OwnerStays.
    """
    if user.role == "owner":
        raise OwnerStays
    with transaction(db):
        end_sessions(db, user.id)
        projects = project_ids(db, user.id)
        db.execute("delete from users where id = ?", (user.id,))
        changes.record(db, "user", str(user.id), user.id, deleted=True)
    return projects


def insert_user(db: sqlite3.Connection, email: str, hashed: str, name: str, role: str) -> User:
    row = db.execute(
        "insert into users (email, name, password_hash, role, created_at) values (?, ?, ?, ?, ?)"
        " on conflict (email) do nothing returning id, email, name, role",
        (email, _clean(name), hashed, role, now()),
    ).fetchone()
    if row is None:
        raise EmailTaken
    user = User(*row)
    changes.record(db, "user", str(user.id), user.id)
    return user


def _clean(name: str) -> str:
    printable = "".join(c if c.isprintable() else " " for c in name)
    return " ".join(printable.split())[:NAME_CHARACTERS]


def project_ids(db: sqlite3.Connection, user_id: int) -> list[str]:
    rows = db.execute("select id from projects where user_id = ?", (user_id,))
    return [row[0] for row in rows]
