"""Bytes of a request -> a durable, probed file. Refusals leave nothing behind."""

import asyncio
import errno
import hashlib
import os
import shutil
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from starlette.requests import ClientDisconnect, Request

from draftmill import multipart
from draftmill.errors import Problem
from draftmill.pipeline.probe import Probe, probe_in_child
from draftmill.settings import Settings

RESERVE = 500 * 10**6  # of free disk, for the database and for what the pipeline writes
BATCH = 1 << 20  # bytes per write
LOOK_EVERY = 64 << 20  # bytes between two looks at the free disk
MAX_TEXT = 100_000  # characters of a field
MAX_TRANSCRIPT = 8 * 10**6  # bytes, pasted or as a file
MAX_TEXTS = 12 * 10**6  # bytes of all fields of a form
LONG_FIELDS = ("transcript", "transcript_text")
RECORDING = "recording"
UNNAMED = "recording"


class TooLarge(Problem):
    code = "too_large"
    status = 413
    default_message = "The file is too large."
    default_hint = "Cut it into parts, or save only its sound."


class TextTooLong(Problem):
    code = "text_too_long"
    status = 413
    default_message = "The text in the form is too long."
    default_hint = "Shorten it and send it again."


class DiskFull(Problem):
    code = "disk_full"
    status = 507
    default_message = "There is not enough free disk space for this file."
    default_hint = "Delete projects or recordings that are no longer needed, then try again."


@dataclass(frozen=True)
class Received:
    """A file that arrived whole and is on the disk. `file_name` is for showing, never a path."""

    path: Path
    file_name: str
    bytes: int
    sha256: str


@dataclass
class Form:
    """What a form held: texts (line ends as \\n) and files by field name, in their order."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, list[Received]] = field(default_factory=dict)

    def discard(self) -> None:
        """Delete the files that nobody adopted."""
        for received in self.files.values():
            for file in received:
                file.path.unlink(missing_ok=True)


async def receive(request: Request, settings: Settings) -> Form:
    """Read a multipart form; its files are written once, durable when this returns.

    Raises TooLarge, DiskFull, TextTooLong, multipart.BadForm or CutUpload. Without
    "Expect: 100-continue" the rest of the body is read first: a browser shows a refusal only
    after it has sent everything. The caller discards the form in the end.
    """
    body = request.stream()
    parts = _Parts(settings)
    try:
        _check_length(request, settings)
        await multipart.read(request.headers.get("content-type", ""), body, parts)
        await parts.finish()
    except ClientDisconnect:
        await parts.abandon()
        raise multipart.CutUpload() from None
    except Problem:
        await parts.abandon()
        if request.headers.get("expect", "").lower() != "100-continue":
            await _drain(body)
        raise
    except BaseException:
        await parts.abandon()
        raise
    return parts.form


async def _drain(body: AsyncIterator[bytes]) -> None:
    try:
        async for _ in body:
            pass
    except ClientDisconnect:
        return


def _check_length(request: Request, settings: Settings) -> None:
    length = int(request.headers.get("content-length", 0))
    if length > settings.max_upload + MAX_TEXTS:
        raise _too_large(settings.max_upload)
    _check_disk(settings, length)


def _check_disk(settings: Settings, coming: int) -> None:
    settings.uploads.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(settings.uploads).free < coming + RESERVE:
        raise DiskFull()


def _too_large(most: int) -> TooLarge:
    return TooLarge(f"The file is larger than {_size(most)}, the most that is accepted here.")


def _size(count: int) -> str:
    for unit, name in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if count >= unit:
            return f"{count / unit:.3g} {name}"
    return f"{count} bytes"


class _Parts:
    """Puts the parts of a form into a Form while they arrive."""

    def __init__(self, settings: Settings) -> None:
        self.form = Form()
        self._settings = settings
        self._name = ""
        self._text: list[bytes] | None = None
        self._text_bytes = 0
        self._texts_bytes = 0
        self._sink: _Sink | None = None
        self._ended: list[tuple[str, _Sink]] = []

    def begin(self, name: str, file_name: str | None) -> None:
        self._name = name
        if file_name is None:
            self._text, self._text_bytes = [], 0
        else:
            most = self._settings.max_upload if name == RECORDING else MAX_TRANSCRIPT
            self._sink = _Sink(self._settings, file_name, most)

    def feed(self, data: memoryview) -> None:
        if self._sink is not None:
            self._sink.feed(data)
        elif self._text is not None:
            self._text_bytes += len(data)
            self._texts_bytes += len(data)
            most = MAX_TRANSCRIPT if self._name in LONG_FIELDS else 4 * MAX_TEXT
            if self._text_bytes > most or self._texts_bytes > MAX_TEXTS:
                raise TextTooLong()
            self._text.append(bytes(data))

    def end(self) -> None:
        if self._sink is not None:
            self._ended.append((self._name, self._sink))
            self._sink = None
        elif self._text is not None:
            self._keep_text(b"".join(self._text).decode("utf-8", "replace"))
            self._text = None

    def _keep_text(self, text: str) -> None:
        if len(text) > MAX_TEXT and self._name not in LONG_FIELDS:
            raise TextTooLong()
        self.form.fields.setdefault(self._name, []).append(text.replace("\r\n", "\n"))

    async def settle(self) -> None:
        """Write what has gathered, and make ended files durable."""
        while self._ended:
            name, sink = self._ended[0]
            received = await sink.finish()
            self._ended.pop(0)
            if received is not None:
                self.form.files.setdefault(name, []).append(received)
        if self._sink is not None:
            await self._sink.settle()

    async def finish(self) -> None:
        await self.settle()

    async def abandon(self) -> None:
        """Delete everything that was stored."""
        for sink in [*(sink for _, sink in self._ended), *([self._sink] if self._sink else [])]:
            await sink.abandon()
        self.form.discard()


class _Sink:
    """One file on its way to the disk: written and hashed in big pieces off the event loop."""

    def __init__(self, settings: Settings, file_name: str, most: int) -> None:
        self._settings = settings
        self._file_name = file_name
        self._most = most
        self._path = settings.uploads / f"{uuid.uuid4()}.part"
        self._file: int | None = None
        self._hash = hashlib.sha256()
        self._gathered: list[memoryview] = []
        self._gathered_bytes = 0
        self._looked_at = 0
        self._bytes = 0
        self._writing: asyncio.Future[None] | None = None

    def feed(self, data: memoryview) -> None:
        self._bytes += len(data)
        if self._bytes > self._most:
            raise _too_large(self._most)
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
        await self._written()
        self._write()
        await self._written()
        await asyncio.get_running_loop().run_in_executor(None, self._close_durably)
        name = self._file_name or UNNAMED
        return Received(self._path, name, self._bytes, self._hash.hexdigest())

    async def abandon(self) -> None:
        """Close and delete the file; a write that is under way ends first."""
        if self._writing is not None:
            await asyncio.gather(self._writing, return_exceptions=True)
        self._close()
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
        loop = asyncio.get_running_loop()
        self._writing = loop.run_in_executor(None, self._write_now, pieces)

    def _write_now(self, pieces: list[memoryview]) -> None:
        with _full_disk_named():
            if self._file is None:
                self._settings.uploads.mkdir(parents=True, exist_ok=True)
                self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            if self._bytes - self._looked_at >= LOOK_EVERY:
                self._looked_at = self._bytes
                _check_disk(self._settings, 0)
            block = b"".join(pieces)
            self._hash.update(block)
            view = memoryview(block)
            while view:
                view = view[os.write(self._file, view) :]

    def _close_durably(self) -> None:
        with _full_disk_named():
            if self._file is not None:
                os.fsync(self._file)
            self._close()
            _sync_folder(self._path.parent)

    def _close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


@contextmanager
def _full_disk_named() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise DiskFull() from None
        raise


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def accept(received: Received, settings: Settings) -> Probe:
    """Find out what was received. A refusal (see pipeline.refusals) deletes it. It blocks."""
    try:
        return probe_in_child(received.path, settings)
    except BaseException:
        received.path.unlink(missing_ok=True)
        raise


def accept_path(path: Path, settings: Settings) -> Probe:
    """The same for a file that stays where it is."""
    return probe_in_child(path, settings)


def adopt(received: Received, folder: Path, probe: Probe) -> str:
    """Move a received file into a project's folder, durably. Returns its name in there."""
    name = f"recording{probe.suffix}"
    for made in _make_folders(folder):
        _sync_folder(made.parent)
    received.path.rename(folder / name)
    _sync_folder(folder)
    _sync_folder(received.path.parent)
    return name


def _make_folders(folder: Path) -> list[Path]:
    """Make a folder and its parents; returns those that were made, outermost first."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing[::-1]


def copy_in(source: Path, settings: Settings) -> Received:
    """A durable copy of a local file, as if it had been uploaded."""
    settings.uploads.mkdir(parents=True, exist_ok=True)
    path = settings.uploads / f"{uuid.uuid4()}.part"
    try:
        with _full_disk_named(), source.open("rb") as original, path.open("xb") as copy:
            shutil.copyfileobj(original, copy, BATCH)
            copy.flush()
            os.fsync(copy.fileno())
        _sync_folder(path.parent)
        with path.open("rb") as copy:
            digest = hashlib.file_digest(copy, "sha256").hexdigest()
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Received(path, source.name, path.stat().st_size, digest)


def discard_stale(settings: Settings) -> None:
    """Delete what uploads left behind when the server was killed. Before any upload begins."""
    for path in settings.uploads.glob("*.part"):
        path.unlink(missing_ok=True)
