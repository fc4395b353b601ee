"""What runs below a house, and what it has transcribed."""

import contextlib
from pathlib import Path

from tests.support.house import House


def processes(house: House, verb: str) -> list[int]:
    """The pids of this house's processes with a verb."""
    found = []
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            words = (folder / "cmdline").read_bytes().split(b"\0") if folder.name.isdigit() else []
            if not {b"draftmill", verb.encode()} <= set(words):
                continue
            environ = (folder / "environ").read_bytes().split(b"\0")
            if f"DRAFTMILL_DATA={house.data}".encode() in environ:
                found.append(int(folder.name))
    return found


def ingest_of(house: House, project_id: str) -> str:
    row = house.one("select id from jobs where project_id = ? and type = 'ingest'", project_id)
    assert row is not None
    return str(row["id"])
