"""Files that are whole on the disk when we say so, or not there at all."""

import asyncio
import hashlib
import os
from pathlib import Path

from draftmill import storage
from draftmill.errors import Problem
from draftmill.settings import Settings
from draftmill.uploads.disk import BATCH, check_disk, full_disk_named, sync_folder
from draftmill.uploads.received import Received

FLUSH_EVERY = 16 << 20  # bytes between two beginnings to flush
MOST_PIECES = 512  # that one call of the system takes
LOOK_EVERY = 64 << 20  # bytes between two looks at the free disk
UNNAMED = "recording"


class TooLarge(Problem):
    code = "too_large"
    status = 413
    default_message = "The file is too large."
    default_hint = "Cut it into parts, or save only its sound."


def too_large(most: int) -> TooLarge:
    """The refusal of a file of more than `most` bytes."""
    return TooLarge(f"The file is larger than {_size(most)}, the most that is accepted here.")


def _size(count: int) -> str:
    for unit, name in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if count >= unit:
            return f"{count / unit:.3g} {name}"
    return f"{count} bytes"


class Sink:
    """One file on its way to the disk: written and hashed in big pieces off the event loop.

    With a `path` it goes on with that file, which has `start` bytes; `digest` has hashed them,
    or is None when they are not worth hashing now.
    """

    def __init__(
        self,
        settings: Settings,
        file_name: str,
        most: int,
        path: Path | None = None,
        start: int = 0,
        digest: "hashlib._Hash | None" = None,
    ) -> None:
        self._settings = settings
        self._file_name = file_name
        self._most = most
        self._path = path or storage.new_part(settings)
        self._goes_on = path is not None
        self._file: int | None = None
        self.digest = digest if path else hashlib.sha256()
        self._gathered: list[memoryview] = []
        self._gathered_bytes = 0
        self._looked_at = self._flushed = self.sent = start
        self._bytes = start
        self._writing: asyncio.Task[None] | None = None

    def feed(self, data: memoryview) -> None:
        self._bytes += len(data)
        if self._bytes > self._most:
            raise too_large(self._most)
        self._gathered.append(data)
        self._gathered_bytes += len(data)

    async def settle(self) -> None:
        """Begin to write what has gathered, if it is worth it; wait only for the write before."""
        if self._gathered_bytes >= BATCH:
            await self._written()
            self._write()

    async def finish(self) -> Received | None:
        """Make the file durable. None for the empty part of a file input that was left empty."""
        if not self._bytes and not self._file_name:
            return None
        await self.drain()
        await asyncio.get_running_loop().run_in_executor(None, self._close_durably)
        name = self._file_name or UNNAMED
        assert self.digest
        return Received(self._path, name, self._bytes, self.digest.hexdigest())

    async def drain(self) -> None:
        """Write all that was fed."""
        await self._written()
        self._write()
        await self._written()

    async def sync(self) -> int:
        """Make durable what is written. Returns how many bytes of the file that are.

        It may run beside writes that go on.
        """
        sent = self.sent
        if self._file is not None:
            await asyncio.get_running_loop().run_in_executor(None, self._sync_now, self._file)
        return sent

    async def close(self) -> None:
        """Close the file; a write that is under way ends first."""
        if self._writing is not None:
            await asyncio.gather(self._writing, return_exceptions=True)
        self._close()

    async def abandon(self) -> None:
        """Close and delete the file; a write that is under way ends first."""
        await self.close()
        self._path.unlink(missing_ok=True)

    async def _written(self) -> None:
        if self._writing is not None:
            writing, self._writing = self._writing, None
            try:
                await asyncio.shield(writing)
            except asyncio.CancelledError:
                self._writing = writing
                raise

    def _write(self) -> None:
        pieces, self._gathered, self._gathered_bytes = self._gathered, [], 0
        self._writing = asyncio.create_task(self._store(pieces))

    async def _store(self, pieces: list[memoryview]) -> None:
        """Write and hash side by side: hashing a gigabyte takes as long as writing it."""
        loop = asyncio.get_running_loop()
        hashing = loop.run_in_executor(None, self._hash_now, pieces)
        await loop.run_in_executor(None, self._write_now, pieces)
        await hashing

    def _hash_now(self, pieces: list[memoryview]) -> None:
        if self.digest is not None:
            self.digest.update(b"".join(pieces))

    def _write_now(self, pieces: list[memoryview]) -> None:
        with full_disk_named():
            if self._file is None:
                self._open()
                assert self._file is not None
            if self._bytes - self._looked_at >= LOOK_EVERY:
                self._looked_at = self._bytes
                check_disk(self._settings, 0)
            _write_all(self._file, pieces)
            self.sent += sum(map(len, pieces))
            if self.sent - self._flushed >= FLUSH_EVERY:
                _begin_to_flush(self._file, self._flushed, self.sent)
                self._flushed = self.sent

    def _open(self) -> None:
        if self._goes_on:
            self._file = os.open(self._path, os.O_WRONLY)
            os.lseek(self._file, self.sent, os.SEEK_SET)
        else:
            self._settings.uploads.mkdir(parents=True, exist_ok=True)
            self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)

    def _sync_now(self, file: int) -> None:
        with full_disk_named():
            os.fsync(file)

    def _close_durably(self) -> None:
        with full_disk_named():
            if self._file is not None:
                os.fsync(self._file)
            self._close()
            sync_folder(self._path.parent)

    def _close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _begin_to_flush(file: int, start: int, end: int) -> None:
    """Have the system write to the disk now, so that the sync at the end finds little left."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(file, start, end - start, os.POSIX_FADV_DONTNEED)


def _write_all(file: int, pieces: list[memoryview]) -> None:
    while pieces:
        written = os.writev(file, pieces[:MOST_PIECES])
        while pieces and written >= len(pieces[0]):
            written -= len(pieces[0])
            pieces = pieces[1:]
        if written:
            pieces = [pieces[0][written:], *pieces[1:]]
