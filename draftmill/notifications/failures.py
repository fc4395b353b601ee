"""What the other side answers, and why a message could not be sent, in words for its sender."""

import re
import socket
import ssl
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from urllib.parse import unquote

from draftmill.errors import Problem

TIMEOUT_S = 10.0  # that the other side may take to answer, by HTTP
MOST_READ = 4096  # bytes of what it answers
SHORT = 200  # characters of what the other side said
SECRET = 8  # characters of a part of an address: a shorter one is a word, or is soon guessed


class NotSent(Problem):
    """The other side did not take it. `answer` is what it said, in short."""

    code = "not_sent"
    default_message = "The message was not taken."
    default_hint = "Check the address."

    def __init__(
        self,
        message: str,
        hint: str,
        *,
        transient: bool = False,
        answer: str = "",
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(message, hint, retry_after_s=retry_after_s)
        self.transient = transient
        self.answer = answer


BY_STATUS: dict[int, tuple[str, str]] = {
    401: ("The server did not accept the token or password.", "Check it, and add the channel again."),
    403: ("The server does not allow this.", "Check the token and what it may do."),
    404: ("The server knows no such address.", "Check the address and the token in it."),
    410: ("The address is gone for good.", "Make a new one there, and add it here."),
    413: ("The message was too long for the server.", "Use another channel."),
    429: ("The server says that there were too many messages.", "Wait a while, or use another channel."),
}  # fmt: skip


def of_status(status: int, said: str = "", retry_after: str = "") -> NotSent:
    """What an answer by HTTP means that is no success."""
    transient = status in (408, 425, 429) or status >= 500
    message, hint = BY_STATUS.get(status, _otherwise(status))
    answer = f"{status} {said}".strip()
    wait_s = _wait_s(retry_after.strip())
    return NotSent(message, hint, transient=transient, answer=answer, retry_after_s=wait_s)


def _wait_s(retry_after: str) -> float | None:
    """How long a server asks to wait, in seconds or as a date."""
    if re.fullmatch(r"\d{1,6}", retry_after):
        return float(retry_after)
    with suppress(ValueError, OverflowError):
        at = parsedate_to_datetime(retry_after)
        return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
    return None


def _otherwise(status: int) -> tuple[str, str]:
    if 300 <= status < 400:
        return (
            "The server sends on to another address, which is not followed.",
            "Add the address where it ends.",
        )
    if status >= 500:
        return f"The server failed (status {status}).", "See that it runs as it should."
    return f"The server refused the message (status {status}).", "Check the address."


def of_network(error: BaseException) -> Problem | None:
    """What a failed connection means. None for an error of another kind."""
    causes = _causes(error)
    for cause in causes:
        if isinstance(cause, Problem):
            return cause  # such as an address that must not be reached
    kinds = [type(cause) for cause in causes]
    if any(issubclass(kind, (socket.gaierror, UnicodeError)) for kind in kinds):
        return _later("There is no server of that name.", "Check the address, and the network.")
    if any(issubclass(kind, ssl.SSLCertVerificationError) for kind in kinds):
        return NotSent("The server's certificate is not valid.", "Check the address, or mend the certificate.")  # fmt: skip
    if any(issubclass(kind, ssl.SSLError) for kind in kinds):
        return NotSent("The server does not speak TLS as it should.", "Check the port, and whether the address should begin with http or https.")  # fmt: skip
    if any(issubclass(kind, ConnectionRefusedError) for kind in kinds):
        return _later("The server refused the connection.", "Check the port, and that the server runs.")  # fmt: skip
    if any(issubclass(kind, TimeoutError) or "Timeout" in kind.__name__ for kind in kinds):
        return _later("The server did not answer in time.", "Check the address, and that the server runs.")  # fmt: skip
    if any(issubclass(kind, HTTPException) and not issubclass(kind, OSError) for kind in kinds):
        return _later("The server does not speak HTTP.", "Check the address and its port.")
    if any(issubclass(kind, OSError) for kind in kinds):
        return _later("The connection broke.", "Check the address and the network.")
    return None


def _later(message: str, hint: str) -> NotSent:
    return NotSent(message, hint, transient=True)


def _causes(error: BaseException) -> list[BaseException]:
    """An error and all that it came of, also what libraries keep among their arguments."""
    causes: list[BaseException] = []
    left: list[object] = [error]
    while left and len(causes) < 20:
        one = left.pop()
        if isinstance(one, BaseException) and one not in causes:
            causes.append(one)
            left += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
    return causes


def line_of(said: bytes | str) -> str:
    """What the other side answered, as one line."""
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def as_kept(line: str, address: str, key: str) -> str:
    """What is kept of it, in short: some servers say which path they do not know, and that is secret."""
    pieces = {key, *re.split("[/?#&=:;,@]", f"{address}/{unquote(address)}")}
    for piece in sorted(pieces, key=len, reverse=True):
        if len(piece) >= SECRET:
            line = line.replace(piece, "…")
    return line if len(line) <= SHORT else f"{line[:SHORT]}…"
