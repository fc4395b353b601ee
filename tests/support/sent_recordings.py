"""Recordings sent in a form, and that a refusal keeps nothing of them."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import httpx2

from tests.support import media_files as files
from tests.support.house import House

TITLE = "Typed <before> the refusal"


def kept(house: House) -> tuple[list[str], list[Path]]:
    """Every project's and job's id, and every file of a recording or an upload."""
    rows = house.rows("select id from projects union all select id from jobs order by 1")
    stored = [
        path
        for folder in ("media", "uploads")
        for path in (house.data / folder).rglob("*")
        if path.is_file()
    ]
    return [row["id"] for row in rows], sorted(stored)


@contextlib.contextmanager
def nothing_kept(house: House) -> Iterator[None]:
    before = kept(house)
    yield
    assert kept(house) == before


def send(client: httpx2.Client, content: bytes, name: str, accept: str) -> httpx2.Response:
    return client.post(
        "/projects",
        files={"recording": (name, content)},
        data={"title": TITLE, "types": "blog"},
        headers={"Accept": accept},
    )


def refused(
    house: House, client: httpx2.Client, content: bytes, name: str, status: int, code: str
) -> tuple[str, str]:
    """Send a recording that must be refused, as a program does; message and hint."""
    with nothing_kept(house):
        answer = send(client, content, name, "application/json")
    assert answer.status_code == status
    error = answer.json()["error"]
    assert error["code"] == code
    return error["message"], error["hint"]


def without_end() -> bytes:
    return files.cut("endless.mp4", files.video(), 0.6).read_bytes()
