"""multipart/form-data read as a stream: parts go where they belong while they arrive."""

import re
from collections.abc import AsyncIterator
from typing import Protocol
from urllib.parse import unquote_to_bytes

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from draftmill.errors import Problem
from draftmill.uploads.names import display_name

MAX_PARTS = 1000
MAX_HEADERS = 20
MAX_HEADER = 16 * 1024  # a file name of 255 bytes takes 2.3 kB when it is percent-encoded thrice
EXTENDED_NAME = re.compile(rb";\s*filename\*\s*=\s*utf-8'[^']*'([^;\s]+)", re.IGNORECASE)


class BadForm(Problem):
    code = "bad_form"
    status = 400
    default_message = "The form could not be read."
    default_hint = "Reload the page and send it again."


class CutUpload(BadForm):
    code = "cut_upload"
    default_message = "The upload was cut off before its end, so nothing of it was kept."
    default_hint = "Check the connection and send it again."


class Parts(Protocol):
    """What receives the parts of a form. Every part is begun, fed and ended."""

    def begin(self, name: str, file_name: str | None) -> None: ...
    def feed(self, data: memoryview) -> None: ...
    def end(self) -> None: ...
    async def settle(self) -> None: ...


async def read(content_type: str, body: AsyncIterator[bytes], parts: Parts) -> None:
    """Parse a request's body into `parts`. After each piece of the body it awaits `settle`.

    Raises BadForm when it is no form or a broken one, CutUpload when its last boundary never
    came, and whatever `parts` raises.
    """
    reader = _Reader(_boundary(content_type), parts)
    async for piece in body:
        reader.write(piece)
        await parts.settle()
    if not reader.complete:
        raise CutUpload()


def _boundary(content_type: str) -> bytes:
    kind, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not boundary:
        raise BadForm("This is not a form with a file.")
    return boundary


class _Reader:
    """The callbacks of a MultipartParser."""

    def __init__(self, boundary: bytes, parts: Parts) -> None:
        self.complete = False
        self._parts = parts
        self._count = 0
        self._field = b""
        self._value = b""
        self._disposition = b""
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._part_begin,
                    "on_part_data": self._part_data,
                    "on_part_end": parts.end,
                    "on_header_field": self._header_field,
                    "on_header_value": self._header_value,
                    "on_header_end": self._header_end,
                    "on_headers_finished": self._headers_finished,
                    "on_end": self._end,
                },
                max_header_count=MAX_HEADERS,
                max_header_size=MAX_HEADER,
            )
        except FormParserError:
            raise BadForm() from None

    def write(self, piece: bytes) -> None:
        try:
            self._parser.write(piece)
        except FormParserError:
            raise BadForm() from None

    def _part_begin(self) -> None:
        self._count += 1
        if self._count > MAX_PARTS:
            raise BadForm("The form has too many fields.")
        self._field = self._value = self._disposition = b""

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        self._parts.feed(memoryview(data)[start:end])

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._field.lower() == b"content-disposition":
            self._disposition = self._value
        self._field = self._value = b""

    def _headers_finished(self) -> None:
        kind, options = parse_options_header(self._disposition)
        if kind != b"form-data" or b"name" not in options:
            raise BadForm()
        raw = options.get(b"filename", self._extended_name())
        name = options[b"name"].decode("utf-8", "replace")
        self._parts.begin(name, None if raw is None else display_name(raw))

    def _extended_name(self) -> bytes | None:
        """`filename*=utf-8''…`, which is not meant for forms but sent by some programs alone."""
        found = EXTENDED_NAME.search(self._disposition)
        return unquote_to_bytes(found[1]) if found else None

    def _end(self) -> None:
        self.complete = True
