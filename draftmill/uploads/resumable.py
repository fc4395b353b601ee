"""Uploads that go on where they broke off: a row each, and a file as long as what has arrived.

Bytes count as arrived when they are on the disk and `synced_bytes` says so; after a start files
are cut back to that. A project takes a finished file under a second name, so whatever fails on
the way there leaves the upload as it was.
"""

import hashlib
import os
import sqlite3
import uuid
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from draftmill import storage
from draftmill.accounts.users import check_there
from draftmill.clock import now
from draftmill.database.connection import WORKER_PATIENCE_S, connect, transaction
from draftmill.errors import Conflict, NotFound, Problem
from draftmill.settings import Settings
from draftmill.uploads.disk import check_disk, sync_folder
from draftmill.uploads.received import Received, copy_in
from draftmill.uploads.sink import UNNAMED, too_large

MOST_OPEN = 200  # of one user at a time


class TooManyUploads(Problem):
    code = "too_many_uploads"
    status = 429
    default_message = f"{MOST_OPEN} uploads are waiting to be finished; more are not kept."
    default_hint = "Finish or cancel some of them, or wait: each is forgotten after a while."


class Incomplete(Conflict):
    code = "upload_incomplete"
    default_message = "The upload has not arrived in full."
    default_hint = "Let it go on to its end first."


class OtherFile(Conflict):
    code = "other_file"
    default_message = "What had been uploaded before was another file of the same name and size."
    default_hint = "It was thrown away: upload this one from the start."


@dataclass(frozen=True)
class Upload:
    """One file on its way. `metadata` is what its sender wrote; `file_name` is for showing.

    `sha256` is known once it was finished, `project_id` once a project has taken the file.
    """

    id: str
    file_name: str
    metadata: str
    length: int
    synced_bytes: int
    sha256: str | None
    project_id: str | None
    expires_at: str


COLUMNS = "id, file_name, metadata, length, synced_bytes, sha256, project_id, expires_at"


def create(
    db: sqlite3.Connection,
    settings: Settings,
    user_id: int,
    length: int,
    file_name: str = "",
    metadata: str = "",
) -> Upload:
    """An upload of `length` bytes with its empty, durable file.

    Raises TooLarge, DiskFull, TooManyUploads, AccountRemoved.
    """
    if length > settings.max_upload:
        raise too_large(settings.max_upload)
    check_disk(settings, length)
    upload_id = str(uuid.uuid4())
    path = storage.upload(settings, upload_id)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    sync_folder(path.parent)
    try:
        with transaction(db):
            _note(db, settings, user_id, upload_id, length, file_name, metadata)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return upload_for(db, settings, user_id, upload_id)


def keep(db: sqlite3.Connection, settings: Settings, user_id: int, file: Received) -> Upload:
    """A file that came whole in a form, as an upload that is finished: it is moved there.

    Raises TooManyUploads, AccountRemoved.
    """
    upload_id = str(uuid.uuid4())
    path = storage.upload(settings, upload_id)
    file.path.rename(path)
    sync_folder(path.parent)
    try:
        with transaction(db):
            _note(db, settings, user_id, upload_id, file.bytes, file.file_name)
            record(db, settings, upload_id, file.bytes, file.sha256)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return upload_for(db, settings, user_id, upload_id)


def _note(
    db: sqlite3.Connection,
    settings: Settings,
    user_id: int,
    upload_id: str,
    length: int,
    file_name: str,
    metadata: str = "",
) -> None:
    check_there(db, user_id)
    if _waiting(db, user_id) >= MOST_OPEN:
        raise TooManyUploads
    db.execute(
        "insert into uploads (id, user_id, file_name, metadata, length, created_at, expires_at)"
        " values (?, ?, ?, ?, ?, ?, ?)",
        (
            *(upload_id, user_id, file_name or UNNAMED, metadata, length),
            *(now(), _expiry(settings)),
        ),
    )


def _waiting(db: sqlite3.Connection, user_id: int) -> int:
    row = db.execute(
        "select count(*) from uploads where user_id = ? and project_id is null and expires_at > ?",
        (user_id, now()),
    ).fetchone()
    return int(row[0])


def _expiry(settings: Settings) -> str:
    return now(settings.upload_hours * 3600)


def upload_for(db: sqlite3.Connection, settings: Settings, user_id: int, upload_id: str) -> Upload:
    """A user's own upload. Raises NotFound, also for other people's and for expired ones."""
    row = db.execute(
        f"select {COLUMNS} from uploads where id = ? and user_id = ? and expires_at > ?",
        (upload_id, user_id, now()),
    ).fetchone()
    if row is None:
        raise NotFound
    upload = Upload(*row)
    arrived(settings, upload)
    return upload


def arrived(settings: Settings, upload: Upload) -> int:
    """How many bytes there are. Raises NotFound when the file is gone."""
    if upload.project_id is not None:
        return upload.length
    try:
        return storage.upload(settings, upload.id).stat().st_size
    except FileNotFoundError:
        raise NotFound from None


def record(
    db: sqlite3.Connection, settings: Settings, upload_id: str, synced: int, sha256: str | None
) -> None:
    """Note that so many bytes are on the disk. Raises NotFound when the upload was discarded."""
    changed = db.execute(
        "update uploads set synced_bytes = ?, sha256 = ?, expires_at = ? where id = ?",
        (synced, sha256, _expiry(settings), upload_id),
    )
    if changed.rowcount != 1:
        raise NotFound


def lend(db: sqlite3.Connection, settings: Settings, upload: Upload, sha256: str = "") -> Received:
    """A finished upload's file under a second name, to be moved or deleted like any other.

    Nobody writes to the upload meanwhile. `sha256` is what the sender says that the file has.
    Raises Incomplete; OtherFile, which discards the upload; NotFound when it was taken or
    discarded in this moment. It blocks while it hashes.
    """
    try:
        return _lend(db, settings, upload, sha256)
    except FileNotFoundError:
        raise NotFound from None


def _lend(db: sqlite3.Connection, settings: Settings, upload: Upload, sha256: str) -> Received:
    path = storage.upload(settings, upload.id)
    if arrived(settings, upload) != upload.length:
        raise Incomplete
    digest = upload.sha256 or _finish(db, settings, upload, path)
    if sha256 and sha256.lower() != digest:
        discard(db, settings, upload.id)
        raise OtherFile
    lent = storage.new_part(settings)
    try:
        os.utime(path)  # the second name has no row: it must not look like an old orphan
        os.link(path, lent)
    except OSError:  # a file system without second names
        lent = copy_in(path, settings).path
    return Received(lent, upload.file_name, upload.length, digest)


def _finish(db: sqlite3.Connection, settings: Settings, upload: Upload, path: Path) -> str:
    with path.open("rb") as file:
        os.fsync(file.fileno())
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    record(db, settings, upload.id, upload.length, digest)
    return digest


def taken(db: sqlite3.Connection, settings: Settings, upload: Upload, project_id: str) -> None:
    """A project has the file: the upload's name of it goes, and asking again leads there."""
    with transaction(db):
        db.execute(
            "update uploads set project_id = (select id from projects where id = ?) where id = ?",
            (project_id, upload.id),
        )
        # The project may have been deleted in this very moment, and the file with it.
        db.execute("delete from uploads where id = ? and project_id is null", (upload.id,))
    storage.upload(settings, upload.id).unlink(missing_ok=True)


def ids_of(db: sqlite3.Connection, user_id: int) -> list[str]:
    """The ids of a user's uploads, also of those that a project has taken."""
    rows = db.execute("select id from uploads where user_id = ?", (user_id,))
    return [row["id"] for row in rows]


def discard(db: sqlite3.Connection, settings: Settings, upload_id: str) -> None:
    """Forget an upload and its bytes."""
    db.execute("delete from uploads where id = ?", (upload_id,))
    storage.upload(settings, upload_id).unlink(missing_ok=True)


def discard_expired(db: sqlite3.Connection, settings: Settings) -> int:
    """Discard what did not go on in time. Returns how many uploads that were."""
    gone = db.execute("delete from uploads where expires_at <= ? returning id", (now(),)).fetchall()
    for row in gone:
        storage.upload(settings, row["id"]).unlink(missing_ok=True)
    return len(gone)


def recover(settings: Settings) -> None:
    """Before any upload goes on: cut files back to what was synced, delete what no row names."""
    with closing(connect(settings.database, WORKER_PATIENCE_S)) as db:
        discard_expired(db, settings)
        _recover(db, settings)


def _recover(db: sqlite3.Connection, settings: Settings) -> None:
    waiting = db.execute("select id, synced_bytes from uploads where project_id is null").fetchall()
    for row in waiting:
        if not _cut_back(storage.upload(settings, row["id"]), row["synced_bytes"]):
            discard(db, settings, row["id"])
    known = {row["id"] for row in waiting}
    for upload_id, path in storage.uploads(settings):
        if upload_id not in known:
            path.unlink(missing_ok=True)


def _cut_back(path: Path, size: int) -> bool:
    """False when the file has not even so many bytes."""
    try:
        if path.stat().st_size < size:
            return False
        cut(path, size)
    except FileNotFoundError:
        return False
    return True


def cut(path: Path, size: int) -> None:
    """Keep only the first `size` bytes of a file, durably."""
    with path.open("r+b") as file:
        file.truncate(size)
        os.fsync(file.fileno())
