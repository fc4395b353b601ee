"""A model server's answer as JSON, event by event, whether it streams or not."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from draftmill.model_servers.answers import Event, events, json_in
from draftmill.model_servers.failures import UNREADABLE, WEB_PAGE
from draftmill.model_servers.said import said_in
from draftmill.model_servers.server import Server

BLANK = b"\xef\xbb\xbf \t\r\n"
END: dict[str, Any] = {}  # the server said that this was all


def read(
    pieces: Iterable[bytes], content_type: str, server: Server, prompt: str
) -> Iterator[dict[str, Any]]:
    """The events of an answer, at last END if the server tells of it.

    Raises the ServerProblem that an error in it stands for, and ValueError for broken JSON.
    """
    if "event-stream" not in content_type:
        start, pieces = _start(pieces)
        if start == b"<" or "text/html" in content_type:
            raise server.problem(WEB_PAGE)
        if start in (b"{", b"["):
            answer = json_in(b"".join(pieces).removeprefix(b"\xef\xbb\xbf"))
            yield _sound(answer, server, prompt)
            yield END
            return
    for event in events(pieces, server.largest):
        if event.data.strip() == b"[DONE]":
            yield END
            return
        for value in _values(event):
            if event.kind == "error" or _is_error(value):
                raise server.problem_said(said_in(value), prompt)
            if isinstance(value, dict) and value:
                yield value


def _start(pieces: Iterable[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """The first byte that is not blank, and all the bytes again."""
    seen: list[bytes] = []
    rest = iter(pieces)
    for piece in rest:
        seen.append(piece)
        if start := piece.lstrip(BLANK):
            return start[:1], chain(seen, rest)
    return b"", iter(seen)


def _values(event: Event) -> list[object]:
    """An event's JSON. Some servers forget the empty line between two, and some say no JSON."""
    if event.kind == "error" and not event.data.lstrip().startswith(b"{"):
        return [event.data.decode("utf-8", "replace")]
    try:
        return [json_in(event.data)]
    except ValueError:
        lines = event.data.splitlines()
        if len(lines) < 2:
            raise
        return [json_in(line) for line in lines if line.strip() != b"[DONE]"]


def _sound(answer: object, server: Server, prompt: str) -> dict[str, Any]:
    """A whole answer that holds choices."""
    if isinstance(answer, dict) and answer.get("choices") and not _is_error(answer):
        return answer
    said = said_in(answer)
    if said.text or said.code:
        raise server.problem_said(said, prompt)
    raise server.problem(UNREADABLE, "JSON without a draft")


def _is_error(value: object) -> bool:
    """Whether an answer with status 200 is an error: servers that stand before others do that."""
    if isinstance(value, list):
        return any(isinstance(one, dict) and one.get("error") for one in value)
    if not isinstance(value, dict) or value.get("choices"):
        return isinstance(value, dict) and bool(value.get("error"))
    named = value.get("error") or value.get("detail") or value.get("object") == "error"
    return bool(named) or (isinstance(value.get("message"), str) and "choices" not in value)
