"""A large recording on its way, whose end is compared byte by byte."""

import contextlib
import hashlib
import re
import socket
from pathlib import Path

import httpx2

from tests.support import tus_client as wire
from tests.support.house import House, until
from tests.support.projects import delete_for_good
from tests.support.tus_client import offset

LONG_S = 600.0


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def send(client: httpx2.Client, upload: str, path: Path, at: int, until_byte: int) -> socket.socket:
    """A PATCH of all the rest, of which only a part leaves."""
    connection = wire.begun(client, upload, at, b"", path.stat().st_size - at)
    with path.open("rb") as file, contextlib.suppress(ConnectionError):
        if until_byte > at:
            connection.sendfile(file, at, until_byte - at)
    return connection


def finish(own: House, client: httpx2.Client, upload: str, path: Path) -> None:
    """Send the rest, make the project, compare; then make room."""
    # A part that was still on its way may come in between: then the rest begins elsewhere.
    until(lambda: went_on(client, upload, path), LONG_S, "the rest to be taken")
    made = wire.project(client, upload)
    assert made.status_code == 200, made.text
    same(own, client, made.json()["url"], path)


def went_on(client: httpx2.Client, upload: str, path: Path) -> bool:
    at, size = offset(client, upload), path.stat().st_size
    if at == size:
        return True
    with send(client, upload, path, at, size) as connection, connection.makefile("rb") as answer:
        connection.settimeout(LONG_S)
        return b" 204 " in answer.readline()


def same(own: House, client: httpx2.Client, url: str, path: Path) -> None:
    """The project has exactly this file, and nothing of the upload is left. It is deleted."""
    found = re.search(r"/projects/([0-9a-f-]{36})", url)
    assert found
    row = own.one("select * from projects where id = ?", found[1])
    assert row
    stored = own.data / "media" / row["id"] / row["file"]
    assert row["sha256"] == sha256(stored) == sha256(path)
    assert not [p for p in (own.data / "uploads").iterdir() if p.is_file()]
    delete_for_good(client, row["id"])


def begins_like(path: Path, part: Path) -> bool:
    """Whether a file's beginning is another file."""
    with path.open("rb") as whole, part.open("rb") as other:
        while piece := other.read(1 << 20):
            if whole.read(len(piece)) != piece:
                return False
    return True


def synced(house: House, upload: str) -> int:
    row = house.one("select synced_bytes from uploads where id = ?", upload.rpartition("/")[2])
    assert row
    return int(row["synced_bytes"])
