"""Bytes of a request -> a durable, probed file. Refusals leave nothing behind."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field

from draftmill.errors import DiskFull, Problem
from draftmill.settings import Settings
from draftmill.uploads import multipart
from draftmill.uploads.disk import check_disk
from draftmill.uploads.multipart import CutUpload
from draftmill.uploads.received import Received
from draftmill.uploads.sink import Sink, TooLarge, too_large

MAX_TEXT = 100_000  # characters of a field
MAX_TRANSCRIPT = 8 * 10**6  # bytes, pasted or as a file
MAX_TEXTS = 12 * 10**6  # bytes of all fields of a form
LONG_FIELDS = ("transcript", "transcript_text")
RECORDING = "recording"


class TextTooLong(Problem):
    code = "text_too_long"
    status = 413
    default_message = "The text in the form is too long."
    default_hint = "Shorten it and send it again."


@dataclass
class Form:
    """What a form held: texts (line ends as \\n) and files by field name, in their order."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, list[Received]] = field(default_factory=dict)

    def first(self, name: str) -> str:
        """The text of a field, empty without one."""
        return next(iter(self.fields.get(name, ())), "")

    def discard(self) -> None:
        """Delete the files that nobody adopted."""
        for received in self.files.values():
            for file in received:
                file.path.unlink(missing_ok=True)


async def receive(
    form: Form,
    settings: Settings,
    body: AsyncIterator[bytes],
    content_type: str,
    length: int = 0,
    waits: bool = False,
) -> None:
    """Read a multipart form; its files are written once, durable when this returns.

    Raises TooLarge, DiskFull, TextTooLong, multipart.BadForm or CutUpload. Unless the sender
    `waits` to be told to go on, the rest of the body is read first: a browser shows a refusal
    only after it has sent everything. What was typed beside a refused file is in `form` then.
    `length` is what was announced, in bytes. The caller discards the form in the end.
    """
    parts = _Parts(settings, form, at_once=waits)
    try:
        try:
            _check_length(length, settings)
        except (TooLarge, DiskFull) as refusal:
            await parts.refuse(refusal)
        await multipart.read(content_type, body, parts)
        await parts.finish()
    except Problem as problem:
        await parts.abandon()
        if not waits:
            await _drain(body)
        raise parts.refusal or problem from None
    except BaseException:
        await parts.abandon()
        raise


async def _drain(body: AsyncIterator[bytes]) -> None:
    with suppress(CutUpload):
        async for _ in body:
            pass


def _check_length(length: int, settings: Settings) -> None:
    if length > settings.max_upload + MAX_TEXTS:
        raise too_large(settings.max_upload)
    check_disk(settings, length)


class _Parts:
    """Puts the parts of a form into a Form while they arrive.

    After a refusal files are passed over, and texts are still taken: nobody types them twice.
    """

    def __init__(self, settings: Settings, form: Form, at_once: bool) -> None:
        self.form = form
        self._settings = settings
        self._at_once = at_once
        self.refusal: TooLarge | DiskFull | None = None
        self._name = ""
        self._text: list[bytes] | None = None
        self._text_bytes = 0
        self._texts_bytes = 0
        self._sink: Sink | None = None
        self._ended: list[tuple[str, Sink]] = []

    def begin(self, name: str, file_name: str | None) -> None:
        self._name = name
        if file_name is None:
            self._text, self._text_bytes = [], 0
        elif self.refusal is None:
            most = self._settings.max_upload if name == RECORDING else MAX_TRANSCRIPT
            self._sink = Sink(self._settings, file_name, most)

    def feed(self, data: memoryview) -> None:
        if self._sink is not None:
            self._feed_file(self._sink, data)
        elif self._text is not None:
            self._text_bytes += len(data)
            self._texts_bytes += len(data)
            most = MAX_TRANSCRIPT if self._name in LONG_FIELDS else 4 * MAX_TEXT
            if self._text_bytes > most or self._texts_bytes > MAX_TEXTS:
                raise TextTooLong()
            self._text.append(bytes(data))

    def _feed_file(self, sink: Sink, data: memoryview) -> None:
        if self.refusal is None:
            try:
                sink.feed(data)
            except TooLarge as refusal:
                # Raised by `settle`: the parser is in the middle of its work here.
                self.refusal = refusal

    async def refuse(self, refusal: TooLarge | DiskFull) -> None:
        """Take no more files, and delete those that came; `finish` raises the refusal."""
        self.refusal = refusal
        if self._at_once:
            raise refusal
        await self.abandon()

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
        if self.refusal is None:
            try:
                await self._store()
            except (TooLarge, DiskFull) as refusal:
                self.refusal = refusal
        if self.refusal is not None:
            await self.refuse(self.refusal)

    async def _store(self) -> None:
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
        if self.refusal is not None:
            raise self.refusal

    async def abandon(self) -> None:
        """Delete everything that was stored."""
        for sink in [*(sink for _, sink in self._ended), *([self._sink] if self._sink else [])]:
            await sink.abandon()
        self._ended, self._sink = [], None
        self.form.discard()
        self.form.files.clear()
