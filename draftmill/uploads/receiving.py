"""The bytes of resumable uploads on their way to the disk: one writer an upload."""

import asyncio
import hashlib
import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass, field

from draftmill import storage
from draftmill.database.connection import WORKER_PATIENCE_S, connect
from draftmill.errors import Conflict, NotFound, Problem
from draftmill.settings import Settings
from draftmill.uploads import resumable
from draftmill.uploads.disk import check_disk
from draftmill.uploads.multipart import CutUpload
from draftmill.uploads.resumable import Upload
from draftmill.uploads.sink import Sink, TooLarge

SYNC_EVERY = 64 << 20  # bytes after which what came is made durable and recorded
GIVE_UP_S = 300.0  # of silence, when nobody asks to go on elsewhere
ARM_EVERY_S = 10.0
MOST_DIGESTS = 1000

logger = logging.getLogger(__name__)


class Locked(Problem):
    code = "upload_locked"
    status = 423
    transient = True
    default_message = "This file is being uploaded right now over another connection."
    default_hint = "Wait until that one is done, or close the other window."


class WrongOffset(Conflict):
    code = "wrong_offset"
    default_message = "The upload has to go on at another place than this."
    default_hint = "Ask where it stands by HEAD, and go on from there."


class LongerThanAnnounced(Problem):
    code = "longer_than_announced"
    status = 413
    default_message = "More bytes came than the upload was announced with."
    default_hint = "Start a new upload with the file's true size."


class BrokenOff(Problem):
    code = "broken_off"
    status = 408
    transient = True
    default_message = "The connection brought nothing for too long. What came until then is kept."
    default_hint = "Ask where the upload stands by HEAD, and go on from there."


@dataclass
class _Writer:
    """The connection that brings an upload's bytes. Times are of the event loop, in seconds."""

    limit: asyncio.Timeout
    heard_at: float
    recorded: int
    receiving: bool = True
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self) -> None:
        self.heard_at = asyncio.get_running_loop().time()
        until = self.limit.when()
        if until is not None and until < self.heard_at + GIVE_UP_S - ARM_EVERY_S:
            self.limit.reschedule(self.heard_at + GIVE_UP_S)

    def silent_for(self) -> float:
        return asyncio.get_running_loop().time() - self.heard_at if self.receiving else 0.0

    async def end(self) -> None:
        """End the connection and wait until what it brought is stored."""
        if self.receiving:
            self.receiving = False
            self.limit.reschedule(asyncio.get_running_loop().time())
        await self.ended.wait()


class Arrivals:
    """Who writes to which upload in this process, and how far each was hashed on the way.

    Belongs to one event loop.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._writers: dict[str, _Writer] = {}
        self._digests: dict[str, tuple[hashlib._Hash, int]] = {}

    def check_free(self, upload_id: str) -> None:
        """Raise Locked while somebody writes. Any thread may ask."""
        if upload_id in self._writers:
            raise Locked(retry_after_s=1.0)

    async def make_way(self, upload_id: str) -> None:
        """Return when nobody writes: a silent connection is ended. Raises Locked otherwise."""
        writer = self._writers.get(upload_id)
        if writer is None:
            return
        if writer.silent_for() < self._settings.upload_silent_s:
            raise Locked(retry_after_s=1.0)
        await writer.end()

    async def end(self, upload_id: str) -> None:
        """Return when nobody writes: any connection is ended."""
        writer = self._writers.get(upload_id)
        if writer is not None:
            await writer.end()
        self._digests.pop(upload_id, None)

    async def append(
        self, upload: Upload, offset: int, body: AsyncIterator[bytes], coming: int | None
    ) -> int:
        """Store what comes behind `offset`; all of it is durable and recorded in the end.

        `coming` is how many bytes were announced, if any were. Returns where the upload stands.
        Raises Locked, WrongOffset, LongerThanAnnounced (nothing of it is kept), DiskFull,
        BrokenOff (what came is kept), NotFound when the upload was discarded meanwhile.
        """
        self.check_free(upload.id)
        if offset != resumable.arrived(self._settings, upload):
            raise WrongOffset
        if offset + (coming or 0) > upload.length:
            raise LongerThanAnnounced
        if coming == 0 or upload.project_id is not None:
            return offset
        check_disk(self._settings, coming or 0)
        limit = asyncio.timeout(GIVE_UP_S)
        writer = _Writer(limit, asyncio.get_running_loop().time(), recorded=offset)
        self._writers[upload.id] = writer
        try:
            return await self._write(upload, offset, body, writer)
        finally:
            del self._writers[upload.id]
            writer.ended.set()

    async def _write(
        self, upload: Upload, offset: int, body: AsyncIterator[bytes], writer: _Writer
    ) -> int:
        path = storage.upload(self._settings, upload.id)
        digest = self._digest_at(upload.id, offset)
        sink = Sink(self._settings, upload.file_name, upload.length, path, offset, digest)
        try:
            broken = await self._receive(upload, sink, body, writer)
            stands = await self._settle(upload, sink, digest)
        except TooLarge:
            await sink.close()
            await self._cut(upload, offset, writer)
            raise LongerThanAnnounced from None
        except NotFound:
            path.unlink(missing_ok=True)
            raise
        except Exception:
            await sink.close()
            await self._cut(upload, writer.recorded, writer)
            raise
        finally:
            await sink.close()
        if isinstance(broken, asyncio.CancelledError):
            raise broken
        if broken is not None:
            raise BrokenOff
        return stands

    async def _receive(
        self, upload: Upload, sink: Sink, body: AsyncIterator[bytes], writer: _Writer
    ) -> BaseException | None:
        """Read to the end of the body, or to what broke it off, which is returned."""
        recording: asyncio.Task[None] | None = None
        try:
            async with writer.limit:
                async for piece in body:
                    writer.hear()
                    sink.feed(memoryview(piece))
                    await sink.settle()
                    writer.hear()
                    behind = sink.sent - writer.recorded
                    if behind >= SYNC_EVERY and (recording is None or recording.done()):
                        recording = asyncio.create_task(self._record_now(upload, sink, writer))
        except (CutUpload, TimeoutError, asyncio.CancelledError) as error:
            return error
        finally:
            writer.receiving = False
            if recording is not None:
                await recording
        return None

    async def _record_now(self, upload: Upload, sink: Sink, writer: _Writer) -> None:
        synced = await sink.sync()
        try:
            await self._record(upload, synced, None)
        except sqlite3.OperationalError:
            logger.warning("an upload's progress could not be recorded", exc_info=True)
        else:
            writer.recorded = synced

    async def _settle(self, upload: Upload, sink: Sink, digest: "hashlib._Hash | None") -> int:
        await sink.drain()
        stands = await sink.sync()
        whole = stands == upload.length
        await self._record(upload, stands, digest.hexdigest() if whole and digest else None)
        if digest is not None and not whole:
            while len(self._digests) >= MOST_DIGESTS:
                self._digests.pop(next(iter(self._digests)))
            self._digests[upload.id] = (digest, stands)
        return stands

    def _digest_at(self, upload_id: str, offset: int) -> "hashlib._Hash | None":
        """The hash of what arrived so far, if this process saw all of it arrive."""
        if offset == 0:
            return hashlib.sha256()
        digest, hashed = self._digests.pop(upload_id, (None, 0))
        return digest if hashed == offset else None

    async def _cut(self, upload: Upload, size: int, writer: _Writer) -> None:
        """Take back what may not be on the disk, or should not."""
        if writer.recorded > size:
            await self._record(upload, size, None)
        path = storage.upload(self._settings, upload.id)
        try:
            await asyncio.to_thread(resumable.cut, path, size)
        except FileNotFoundError:
            raise NotFound from None

    async def _record(self, upload: Upload, synced: int, sha256: str | None) -> None:
        def run() -> None:
            with closing(connect(self._settings.database, WORKER_PATIENCE_S)) as db:
                resumable.record(db, self._settings, upload.id, synced, sha256)

        await asyncio.to_thread(run)
