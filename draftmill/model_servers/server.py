"""The servers that speak as OpenAI's does: how they are reached, and what their errors are called.

There may be two, one that writes and one that transcribes.
"""

import math
import re
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache

import httpx2

from draftmill.errors import Problem
from draftmill.model_servers.failures import (
    ADDRESS_WRONG,
    BROKEN_OFF,
    OF_THE_WIRE,
    Failure,
    failure_of,
)
from draftmill.model_servers.line import Line, Refused
from draftmill.model_servers.masking import masked
from draftmill.model_servers.said import Said, quotation, said_in
from draftmill.model_servers.wire import LedElsewhere, guard
from draftmill.settings import Settings, hint_for

LARGEST_REPLY = 2_000_000  # bytes of a model's answer, or of one event of its stream
# A stream wraps each token of the answer, and of the thinking before it, into so many bytes.
LARGEST_TOKEN = 512
LARGEST_TRANSCRIPTION = 20_000_000  # bytes

NAME = re.compile(r"[a-z_]{3,40}")


class ServerProblem(Problem):
    """A failure of one server."""

    code = "server_problem"

    def __init__(
        self, failure: Failure, server: "Server", answer: str, retry_after_s: float | None
    ) -> None:
        message = failure.message.format(server=server, answer=answer)
        super().__init__(message, _hint(failure, server), retry_after_s=retry_after_s)
        self.failure = failure
        self.said: Said | None = None
        self.code = failure.code_writing if server.writes else failure.code_transcribing
        self.transient = failure.transient


@dataclass(frozen=True)
class Server:
    """A server, as the settings that begin with `settings` describe it.

    `page` is where the owner chose it, "" where the environment names it.
    """

    settings: str
    page: str
    base_url: str
    key: str = field(repr=False)
    model: str
    timeout_s: float
    room: str  # what to do when a request is too large for it
    writes: bool
    largest: int  # bytes of an answer
    largest_stream: int  # bytes of a stream of events

    @property
    def kind(self) -> str:
        return "model" if self.writes else "transcription"

    @property
    def name(self) -> str:
        """What begins a sentence about it: at most its host, never the whole address."""
        address = _address(self.base_url)
        host = f" {address.host}" if address and not self.writes else ""
        return f"The {self.kind} server{host}"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What nobody but the server may read: the key, and a password in the address."""
        address = _address(self.base_url)
        return (self.key, address.password if address else "")

    def check_address(self) -> None:
        """Raise a ServerProblem when the address is none."""
        if _address(self.base_url) is None:
            raise self.problem(ADDRESS_WRONG)

    def line(self) -> Line:
        """An open line to it. Raises a ServerProblem when the address, or the key, is none."""
        self.check_address()
        look_at = guard(self.largest, self.largest_stream)
        with self.problems():
            return Line(self.base_url, self.key, self.timeout_s, _trusted(), look_at)

    @contextmanager
    def problems(self, prompt: str = "") -> Iterator[None]:
        """What the line raises inside becomes a ServerProblem.

        What the server quotes of the `prompt` is not told.
        """
        try:
            yield
        except (Refused, httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise self.problem_of(error, prompt) from None

    def problem(
        self, failure: Failure, answer: str = "", retry_after_s: float | None = None
    ) -> ServerProblem:
        """A failure of this server, and what it answered where the message tells it."""
        return ServerProblem(failure, self, answer, retry_after_s)

    def problem_of(self, error: Exception, prompt: str = "") -> ServerProblem:
        """The problem that an exception of the line stands for."""
        for kind, failure in OF_THE_WIRE.items():
            if isinstance(error, kind):
                return self.problem(failure, error.place if isinstance(error, LedElsewhere) else "")
        if isinstance(error, Refused):
            said = said_in(error.response.text, error.response.status_code)
            return self.problem_said(said, prompt, error.response.headers)
        return self.problem(BROKEN_OFF)

    def problem_said(
        self, said: Said, prompt: str = "", headers: Mapping[str, str] | None = None
    ) -> ServerProblem:
        """The problem that an error in an answer stands for, with the server's own words."""
        status = [f"HTTP {said.status}"] if said.status >= 400 else []
        name = [said.code] if NAME.fullmatch(masked(said.code, self.secrets)) else []
        named = f" ({', '.join(status + name)})" if status or name else ""
        answer = named + quotation(said.text, self.secrets, prompt)
        failure = failure_of(said, writes=self.writes)
        problem = self.problem(failure, answer, _retry_after_s(headers or {}))
        problem.said = said
        return problem

    def quoted(self, text: str, prompt: str = "") -> str:
        """A short quotation after a colon; without keys, tags and what stands in the prompt."""
        return quotation(said_in(text).text or text, self.secrets, prompt)


ROOM_THERE = (
    "Set DRAFTMILL_LLM_CONTEXT to the number of tokens that the model takes, start Draftmill again,"
    " and press Retry."
)
ROOM_HERE = "Type how many tokens the model takes in the settings, “Writing”, and press Retry."


def writing(settings: Settings) -> Server:
    """The server with the language model."""
    chosen = settings.writing_with == "server"
    return Server(
        settings="DRAFTMILL_LLM",
        base_url=settings.llm_base_url,
        key=settings.llm_api_key,
        model=settings.llm_model,
        timeout_s=settings.llm_timeout_s,
        page="Writing" if chosen else "",
        room=hint_for("llm_context", ROOM_THERE, ROOM_HERE if chosen else ROOM_THERE),
        writes=True,
        largest=LARGEST_REPLY,
        largest_stream=LARGEST_REPLY + settings.llm_context * LARGEST_TOKEN,
    )


def transcribing(settings: Settings) -> Server:
    """The server with the speech model."""
    return Server(
        settings="DRAFTMILL_TRANSCRIBE",
        base_url=settings.transcribe_base_url,
        key=settings.transcribe_api_key,
        model=settings.transcribe_model,
        timeout_s=settings.transcribe_timeout_s,
        page="Listening" if settings.listening_with == "server" else "",
        room="Let the server accept uploads of at least 10 MB.",
        writes=False,
        largest=LARGEST_TRANSCRIPTION,
        largest_stream=LARGEST_TRANSCRIPTION,
    )


def _hint(failure: Failure, server: Server) -> str:
    if "{server.settings}" in failure.hint and server.page:
        where = f"The owner does that on the page Settings, {server.page}"
        return f"{failure.fix} {where}; then press Retry."
    return failure.hint.format(server=server)


@cache
def _trusted() -> ssl.SSLContext:
    """Whom HTTPS trusts: reading it costs more than asking a server does."""
    return httpx2.create_ssl_context()


def _address(text: str) -> httpx2.URL | None:
    try:
        address = httpx2.URL(text)
    except httpx2.InvalidURL:
        return None
    return address if address.scheme in ("http", "https") and address.host else None


def _retry_after_s(headers: Mapping[str, str]) -> float | None:
    """The wait that the server asks for, in seconds; both forms of RFC 9110, section 10.2.3."""
    text = headers.get("retry-after", "")
    for number, unit_s in ((headers.get("retry-after-ms", ""), 0.001), (text, 1.0)):
        with suppress(ValueError):
            if math.isfinite(wait_s := float(number) * unit_s):
                return max(0.0, wait_s)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    moment = moment.replace(tzinfo=moment.tzinfo or UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
