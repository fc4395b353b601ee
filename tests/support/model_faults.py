"""What a model server can do to us, and how the job must end then."""

import time
from dataclasses import dataclass
from email.utils import formatdate

from tests.support.model_server import (
    Answer,
    Exchange,
    answers,
    breaks_off,
    chunk,
    cut_json,
    fails,
    never_answers,
    sends,
    stalls,
)

GOOD = answers("# A title\n\nWe built the queue in one weekend.")
PAGE = "<html><body><h1>Welcome</h1></body></html>"
WAIT_S = 2


def drips(exchange: Exchange) -> None:
    """Sends one byte a second, and never a whole word."""
    exchange.open()
    while not exchange.closing.wait(1):
        exchange.write(b"d")
    exchange.hang_up()


def babbles(exchange: Exchange) -> None:
    """Streams words, and never ends."""
    exchange.open()
    while not exchange.closing.is_set():
        exchange.event(chunk(content="and so on " * 10))
    exchange.hang_up()


def murmurs(exchange: Exchange) -> None:
    """Streams a word now and then, and never ends."""
    exchange.open()
    while not exchange.closing.wait(0.1):
        exchange.event(chunk(content="hm "))
    exchange.hang_up()


def later(exchange: Exchange) -> None:
    """Busy for two seconds, told as a date."""
    fails(503, Retry_After=formatdate(time.time() + WAIT_S + 1, usegmt=True))(exchange)


@dataclass(frozen=True)
class Fault:
    """What the server does, and how the job must end: its error's code, and times it asked."""

    does: tuple[Answer, ...]
    code: str | None
    asks: int = 1


BUSY = fails(429, "rate_limit_exceeded", Retry_After=str(WAIT_S))
HEALS = {
    "busy twice": Fault((BUSY, BUSY, GOOD), None, 3),
    "errors three times": Fault((fails(500), fails(502), fails(503), GOOD), None, 4),
    "hangs once": Fault((never_answers, GOOD), None, 2),
    "is cut once": Fault((breaks_off("# A title\n\nWe"), GOOD), None, 2),
    "busy until a date": Fault((later, GOOD), None, 2),
    "stalls once": Fault((stalls("# A title\n\nWe"), GOOD), None, 2),
}
LASTS = {
    "errors for ever": Fault((fails(500),), "model_server_error", 4),
    "hangs for ever": Fault((never_answers,), "model_silent", 4),
    "is cut for ever": Fault((cut_json("# A"),), "model_reply_broken", 4),
    "a bad gateway": Fault((sends(502, PAGE, kind="text/html"),), "model_server_error", 4),
}
NEVER = {
    "refuses the key": Fault((fails(401, "invalid_api_key", "Bad key sk-ours"),), "model_key_refused"),
    "has no such model": Fault((fails(404, "model_not_found"),), "model_not_found"),
    "a context too long": Fault((fails(400, "context_length_exceeded"),), "model_context_too_long"),
    "says nothing": Fault((answers(""),), "model_reply_empty"),
    "is a web page": Fault((sends(200, PAGE, kind="text/html"),), "model_address_wrong"),
    "never ends": Fault((babbles,), "model_reply_cut_off"),
    "a byte a second": Fault((drips,), "no_progress"),
    "has no quota": Fault((fails(429, "insufficient_quota"),), "model_quota_used"),
    "is too small": Fault((answers("# A title\n\nA te", finish="length"),), "model_reply_cut_off", 2),
    "will not": Fault((answers("A", finish="content_filter"),), "model_reply_refused"),
}  # fmt: skip
FAULTS = HEALS | LASTS | NEVER
# Each costs a second of a processor for every time that it asks.
LEFT_TO_FULL = {
    "errors three times", "busy until a date", "stalls once", "hangs for ever", "is cut for ever", "a bad gateway",
    "has no quota", "is too small", "will not", "a byte a second",
}  # fmt: skip
