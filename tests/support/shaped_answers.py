"""Answers in the shape of one kind of model server: the pieces that the table of shapes is made of."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.support.model_server import Answer, Exchange, Request, chunk, sends

Event = dict[str, Any] | str  # JSON, or bytes of the wire as they are
Pieces = Sequence[str]
Refused = Callable[[Request], bool]
THOUGHT = "The user wants a post. First I look at the chapters, then I choose a title."


def said(text: object, **more: Any) -> dict[str, Any]:
    """An event that carries text, or parts."""
    event = chunk()
    event["choices"][0]["delta"] = {"content": text, **more}
    return event


def thought(text: str, name: str = "reasoning_content") -> dict[str, Any]:
    event = chunk()
    event["choices"][0]["delta"] = {name: text}
    return event


def usage(tokens: int = 1200) -> dict[str, Any]:
    count = {"prompt_tokens": tokens, "completion_tokens": 9, "total_tokens": tokens + 9}
    return {**chunk(), "choices": [], "usage": count}


def plainly(pieces: Pieces) -> list[Event]:
    return [chunk(role="assistant", content=""), *map(said, pieces)]


@dataclass(frozen=True)
class Shape:
    """How one server answers, and how it says what is wrong."""

    opening: Callable[[Pieces], list[Event]] = plainly
    stop: str | None = "stop"
    length: str = "length"
    after: tuple[Event, ...] = ()  # events behind the last one
    done: bool = True
    line_end: str = "\n"
    streams: bool = True
    kind: str = "text/event-stream"
    refuses: tuple[Refused, Any, int] | None = None  # what request, with what body and status
    filtered: Any = "content_filter"  # a finish reason, or a whole error's body
    too_long: tuple[int, Any] = (400, {})
    busy: tuple[int, Any] = (
        429,
        {"error": {"message": "Rate limit reached", "code": "rate_limit_exceeded"}},
    )
    bad_key: tuple[int, Any] = (
        401,
        {"error": {"message": "Incorrect API key provided: KEY", "code": "invalid_api_key"}},
    )
    no_model: tuple[int, Any] = (
        404,
        {"error": {"message": "The model `m` does not exist", "code": "model_not_found"}},
    )

    def answers(self, text: str, finish: str | None = "", *, broken: bool = False) -> Answer:
        """A good answer of this server; `finish` is why it ended if that is something else.

        A `broken` one stops in its midst, and the line is dropped.
        """
        reason = self.stop if finish == "" else finish

        def answer(exchange: Exchange) -> None:
            if self.refuses and self.refuses[0](exchange.request):
                sends(self.refuses[2], self.refuses[1])(exchange)
            elif self.streams and exchange.request.body.get("stream"):
                self._stream(exchange, text, reason, broken)
            elif broken:
                sends(200, json.dumps(_whole(text, reason))[:-40])(exchange)
            else:
                sends(200, _whole(text, reason))(exchange)

        return answer

    def _stream(self, exchange: Exchange, text: str, reason: str | None, broken: bool) -> None:
        size = max(7, len(text) // 12)
        pieces = [text[at : at + size] for at in range(0, len(text), size)]
        events = self.opening(pieces)
        if reason:
            events.append(chunk(reason))
        exchange.open(self.kind)
        events += [*self.after, *(["data: [DONE]\n\n"] if self.done else [])]
        for event in events[:2] if broken else events:
            wire = event if isinstance(event, str) else f"data: {json.dumps(event)}\n\n"
            exchange.write(wire.replace("\n", self.line_end).encode())
        if broken:
            exchange.hang_up()
        else:
            exchange.close()


def _whole(text: str, reason: str | None) -> dict[str, Any]:
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": reason}
    return {"id": "c", "object": "chat.completion", "choices": [choice]}


def fault(message: str, **more: Any) -> dict[str, Any]:
    return {"error": {"message": message, **more}}


def has_system(request: Request) -> bool:
    return any(message["role"] == "system" for message in request.body["messages"])


def has(name: str) -> Refused:
    return lambda request: bool(request.body.get(name))


def thinking(start: str, end: str) -> Callable[[Pieces], list[Event]]:
    """Thinks aloud in the text, in front of the answer."""
    return lambda pieces: [
        *plainly([f"{start}{THOUGHT[:20]}", f"{THOUGHT[20:]}{end}"]),
        *map(said, pieces),
    ]


def in_fields(*names: str) -> Callable[[Pieces], list[Event]]:
    """Thinks in fields of their own."""
    return lambda pieces: [*(thought(THOUGHT, name) for name in names), *plainly(pieces)]


def in_parts(pieces: Pieces) -> list[Event]:
    thinks = [{"type": "thinking", "thinking": [{"type": "text", "text": THOUGHT}]}]
    return [said(thinks), *(said([{"type": "text", "text": piece}]) for piece in pieces)]


def at_once(pieces: Pieces) -> list[Event]:
    return [": keep-alive\n\n", ": keep-alive\n\n", said("".join(pieces))]


def with_comments(pieces: Pieces) -> list[Event]:
    waits = [": OPENROUTER PROCESSING\n\n"] * 3
    return [*waits, {**chunk(role="assistant", content=""), "provider": "x"}, *map(said, pieces)]


def in_lines(pieces: Pieces) -> list[Event]:
    """Each event's JSON over several lines of data, with a kind, a number and a mark of byte order."""
    events = [json.dumps(said(piece), indent=1).replace("\n", "\ndata: ") for piece in pieces]
    return [
        "\ufeff",
        *(f"event: message\nid: {n}\nretry: 100\ndata: {e}\n\n" for n, e in enumerate(events)),
    ]


def with_message(pieces: Pieces) -> list[Event]:
    """Every event repeats the message so far."""
    events: list[Event] = []
    for n, piece in enumerate(pieces, 1):
        event = said(piece)
        event["choices"][0]["message"] = {"role": "assistant", "content": "".join(pieces[:n])}
        events.append(event)
    return events


def with_nulls(pieces: Pieces) -> list[Event]:
    """Empty deltas, content null, and a choice that is none between the words."""
    events: list[Event] = [{**chunk(), "choices": []}, said(None, tool_calls=None, refusal=None)]
    for piece in pieces:
        events += [said(piece), chunk(), {"choices": None}, said("")]
    return events
