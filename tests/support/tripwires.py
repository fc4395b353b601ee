"""A file and an address that must be left alone, and that notice when they are not."""

import ctypes
import os
import select
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

IN_OPEN = 0x20
LIBC = ctypes.CDLL(None, use_errno=True)


@contextmanager
def watched(path: Path) -> Iterator["Watched"]:
    """Notices any process that opens a file."""
    handle = LIBC.inotify_init()
    if LIBC.inotify_add_watch(handle, os.fsencode(path), IN_OPEN) < 0:
        raise OSError(ctypes.get_errno(), "inotify")
    try:
        yield Watched(handle)
    finally:
        os.close(handle)


@contextmanager
def listening() -> Iterator[tuple[int, "Watched"]]:
    """A port, and whether somebody connected to it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1], Watched(server.fileno())


class Watched:
    def __init__(self, handle: int) -> None:
        self._handle = handle

    @property
    def touched(self) -> bool:
        return bool(select.select([self._handle], [], [], 0)[0])
