"""What a server's answer is made of: JSON that may be anything, and streams of events."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from draftmill.model_servers.wire import AnswerTooLarge

LINE_END = re.compile(rb"\r\n|\n|\r")
MARK = b"\xef\xbb\xbf"  # of byte order


@dataclass(frozen=True)
class Event:
    """An event of a stream: its kind, mostly empty, and its data."""

    kind: str
    data: bytes


def json_in(body: bytes | str) -> object:
    """The value of a JSON text. Raises ValueError for what is none, or is nested too deep."""
    try:
        return json.loads(body, strict=False)  # models write line ends into strings
    except RecursionError:
        raise ValueError("nested too deep") from None


def events(pieces: Iterable[bytes], largest: int) -> Iterator[Event]:
    """The events of a stream, as the HTML standard divides it (section 9.2.6).

    The last one needs no empty line behind it, and a line that is bare JSON is taken for data.
    Raises AnswerTooLarge for an event of more than `largest` bytes.
    """
    data: list[bytes] = []
    kind, size = "", 0
    for line in _lines(pieces, largest):
        name, _, value = line.partition(b":")
        size += len(line)
        if size > largest:
            raise AnswerTooLarge("an event without end")
        if not line:
            if data:
                yield Event(kind, b"\n".join(data))
            kind, data, size = "", [], 0
        elif name == b"data":
            data.append(value.removeprefix(b" "))
        elif name == b"event":
            kind = value.decode("utf-8", "replace").strip()
        elif line.startswith(b"{"):
            yield Event("", line)
            size = 0
    if data:
        yield Event(kind, b"\n".join(data))


def _lines(pieces: Iterable[bytes], largest: int) -> Iterator[bytes]:
    """Lines with any of the three ends, also where a piece ends between CR and LF."""
    rest = bytearray()
    first, returned = True, False
    for piece in pieces:
        if first and piece:
            piece, first = piece.removeprefix(MARK), False
        if returned and piece:
            piece = piece.removeprefix(b"\n")
            returned = False
        returned = returned or piece.endswith(b"\r")
        begun, *others = LINE_END.split(piece)
        rest += begun
        if len(rest) > largest:
            raise AnswerTooLarge("a line without end")
        for other in others:
            yield bytes(rest)
            rest = bytearray(other)
    if rest:
        yield bytes(rest)
