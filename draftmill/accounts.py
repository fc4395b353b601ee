"""Who has an account: users, their passwords, and the one-time link that makes the owner."""

import hashlib
import secrets
import sqlite3
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from os import scandir
from pathlib import Path
from shutil import disk_usage

from draftmill.clock import now
from draftmill.database import changes
from draftmill.database.connection import transaction
from draftmill.errors import Conflict, NotFound, Problem
from draftmill.passwords import hash_password
from draftmill.settings import Settings

SETUP_S = 30 * 60.0
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


class BadSetupLink(Problem):
    code = "bad_setup_link"
    status = 410
    default_message = "This setup link does not work any more."
    default_hint = "It is valid once, for 30 minutes. Restart Draftmill: it prints a new one."


class OwnerExists(Conflict):
    code = "owner_exists"
    default_message = "Draftmill has its owner already."
    default_hint = "Sign in. Further accounts are made with: draftmill user add EMAIL"


class OwnerStays(Conflict):
    code = "owner_stays"
    default_message = "The owner's account cannot be removed."
    default_hint = "It can get a new password with: draftmill user passwd EMAIL"


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


@dataclass(frozen=True)
class DiskUse:
    """Bytes that a user's projects take, bytes that are free for everyone."""

    used_bytes: int
    free_bytes: int
    projects: int


def hash_of(secret: str) -> str:
    """What is stored of a random secret (a session id, a setup token): its sha256 in hex."""
    return hashlib.sha256(secret.encode()).hexdigest()


def normal_email(text: str) -> str:
    """The one spelling under which an address is stored. Raises BadEmail."""
    email = unicodedata.normalize("NFKC", text).strip().lower()
    name, _, domain = email.rpartition("@")
    odd = any(c.isspace() or not c.isprintable() or c in '@<>(),;:"\\' for c in name + domain)
    if not name or not domain or odd or len(email) > EMAIL_CHARACTERS:
        raise BadEmail
    return email


def add_user(db: sqlite3.Connection, email: str, password: str, name: str = "") -> User:
    """Make an account. Raises BadEmail, BadPassword, EmailTaken."""
    email, hashed = normal_email(email), hash_password(password)
    with transaction(db):
        return _insert(db, email, hashed, name, "user")


def users(db: sqlite3.Connection) -> list[User]:
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


def set_password(
    db: sqlite3.Connection, user_id: int, password: str, keep_session: str = ""
) -> None:
    """Replace a password and end every session of the user but `keep_session` (an id_hash).

    Raises BadPassword.
    """
    hashed = hash_password(password)
    with transaction(db):
        db.execute("update users set password_hash = ? where id = ?", (hashed, user_id))
        end_sessions(db, user_id, keep_session)
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


def remove(db: sqlite3.Connection, user: User) -> list[str]:
    """Remove an account and all its rows. Returns the ids of its projects: their folders may go.

    Raises OwnerStays.
    """
    if user.role == "owner":
        raise OwnerStays
    with transaction(db):
        end_sessions(db, user.id)
        projects = _project_ids(db, user.id)
        db.execute("delete from users where id = ?", (user.id,))
        changes.record(db, "user", str(user.id), user.id, deleted=True)
    return projects


def owner_exists(db: sqlite3.Connection) -> bool:
    """Whether someone has used the setup link."""
    return db.execute("select 1 from users where role = 'owner'").fetchone() is not None


def new_setup_token(db: sqlite3.Connection) -> str | None:
    """A token for the owner's setup link, valid for 30 minutes; older ones end.

    None if there is an owner already.
    """
    token = secrets.token_urlsafe(32)
    with transaction(db):
        db.execute("delete from setup_tokens")
        if owner_exists(db):
            return None
        db.execute(
            "insert into setup_tokens (id_hash, expires_at) values (?, ?)",
            (hash_of(token), now(SETUP_S)),
        )
    return token


def check_setup_token(db: sqlite3.Connection, token: str) -> None:
    """Return if the token would make an owner now. Raises OwnerExists, BadSetupLink."""
    if owner_exists(db):
        raise OwnerExists
    row = db.execute(
        "select 1 from setup_tokens where id_hash = ? and expires_at > ?", (hash_of(token), now())
    ).fetchone()
    if row is None:
        raise BadSetupLink


def create_owner(
    db: sqlite3.Connection, token: str, email: str, password: str, name: str = ""
) -> User:
    """Make the owner's account and use the token up.

    Raises OwnerExists, BadSetupLink, BadEmail, BadPassword, EmailTaken.
    """
    check_setup_token(db, token)
    email, hashed = normal_email(email), hash_password(password)
    with transaction(db):
        # Asked again: while the hash was made, another post may have used the link.
        check_setup_token(db, token)
        db.execute("delete from setup_tokens")
        return _insert(db, email, hashed, name, "owner")


def disk_used(db: sqlite3.Connection, settings: Settings, user_id: int) -> DiskUse:
    """What all files of a user's projects take: recordings, pictures, scratch."""
    projects = _project_ids(db, user_id)
    sizes = (size for project in projects for size in _file_sizes(settings.folder_of(project)))
    return DiskUse(sum(sizes), disk_usage(settings.data).free, len(projects))


def _insert(db: sqlite3.Connection, email: str, hashed: str, name: str, role: str) -> User:
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


def _project_ids(db: sqlite3.Connection, user_id: int) -> list[str]:
    rows = db.execute("select id from projects where user_id = ?", (user_id,))
    return [row[0] for row in rows]


def _file_sizes(folder: Path | str) -> Iterator[int]:
    try:
        entries = list(scandir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return  # a running job removed it while we counted
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _file_sizes(entry.path)
            continue
        try:
            yield entry.stat(follow_symlinks=False).st_size
        except FileNotFoundError:
            continue
