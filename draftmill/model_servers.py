"""The servers that speak as OpenAI's does: how they are reached, and how they fail.

There may be two, one that writes and one that transcribes. What goes wrong with them stands in
one table, told to people in the same words. No message holds a secret.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx2
import openai

from draftmill.errors import Problem
from draftmill.settings import Settings
from draftmill.transcripts.sentences import clean

CONNECT_S = 10.0
LONGEST_QUOTATION = 200  # characters

TOO_LONG = re.compile(
    r"context[ _]?(length|size|window)|exceed_context|maximum context|too many tokens|prompt is too long",
    re.IGNORECASE,
)
NAME = re.compile(r"[a-z_]{3,40}")
KEYS = re.compile(r"(?i)bearer\s+\S+|\b(?:sk|gsk|key|pk)[-_][\w*.-]{6,}")
USERINFO = re.compile(r"//[^/\s@]+@")
TAGS = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Failure:
    """A row of the table: a code for each of the two servers, and words for both.

    In the words, {server} is the Server, and {answer} what it answered.
    """

    code_writing: str
    code_transcribing: str
    message: str
    hint: str
    transient: bool = False


# fmt: off
LOOK = "Look at the {server.kind} server, then press Retry."

ADDRESS_WRONG = Failure("model_address_wrong", "transcription_server_address",
    "The address of the {server.kind} server is not an address.",
    "Set {server.settings}_BASE_URL to something like http://localhost:8080/v1 and press Retry,"
    " or leave it empty to do without a server.")
ANOTHER_PLACE = replace(ADDRESS_WRONG,
    message="The {server.kind} server's address does not lead to a {server.kind} server.")
WEB_PAGE = replace(ADDRESS_WRONG, message="The address answers with a web page.")
KEY_REFUSED = Failure("model_key_refused", "transcription_server_key",
    "{server.name} refused the key.",
    "Set {server.settings}_API_KEY and press Retry.")
KEY_ODD = replace(KEY_REFUSED, message="The key holds characters that no key has.")
NO_CREDIT = Failure("model_quota_used", "transcription_server_credit",
    "{server.name} says that your account has no credit left.",
    "Top it up, or choose another server or model, and press Retry.")
NOT_FOUND = Failure("model_not_found", "transcription_server_model",
    "{server.name} knows no model “{server.model}”, or nothing is at its address.",
    "Check {server.settings}_MODEL and {server.settings}_BASE_URL (it often ends in /v1) and press Retry.")
TOO_LARGE = Failure("model_context_too_long", "transcription_server_size",
    "{server.name} does not take so large a request.",
    "{server.room}")
REFUSED = Failure("model_request_refused", "transcription_server",
    "{server.name} refused the request{answer}.", LOOK)
BUSY = Failure("model_busy", "transcription_server_busy",
    "{server.name} takes no more requests at the moment.",
    "Wait a little, then press Retry.", transient=True)
BROKEN_DOWN = Failure("model_server_error", "transcription_server_busy",
    "{server.name} met an error of its own{answer}.", LOOK, transient=True)
UNREACHABLE = Failure("model_unreachable", "transcription_server_unreachable",
    "{server.name} cannot be reached.",
    "See that it runs and that {server.settings}_BASE_URL is right, then press Retry.", transient=True)
SILENT = Failure("model_silent", "transcription_server_unreachable",
    "{server.name} did not answer within {server.timeout_s:g} seconds.",
    "See that it runs; a slow one needs a larger {server.settings}_TIMEOUT_S.", transient=True)
BROKEN_OFF = Failure("model_reply_broken", "transcription_server_unreachable",
    "{server.name} broke off its answer.", LOOK, transient=True)
WILL_NOT = Failure("model_reply_refused", "transcription_server",
    "The model refused to answer.",
    "Choose another model, or generate again with other instructions.")
UNREADABLE = Failure("model_reply_broken", "transcription_server_answer",
    "{server.name} answered with {answer}.",
    "Check {server.settings}_BASE_URL: something else may be answering there.", transient=True)
# fmt: on

OF_STATUS = {
    **dict.fromkeys((401, 403), KEY_REFUSED),
    402: NO_CREDIT,
    **dict.fromkeys((404, 405), NOT_FOUND),
    **dict.fromkeys((408, 409, 425), BROKEN_DOWN),
    413: TOO_LARGE,
    429: BUSY,
}
OF_CODE = {
    "429": BUSY,
    "rate_limit_exceeded": BUSY,
    "model_not_found": NOT_FOUND,
    "content_filter": WILL_NOT,
}
OF_THE_WIRE: dict[type[Exception], Failure] = {
    openai.APITimeoutError: SILENT,
    httpx2.ConnectError: UNREACHABLE,
    httpx2.InvalidURL: ADDRESS_WRONG,
    httpx2.UnsupportedProtocol: ANOTHER_PLACE,
    httpx2.TooManyRedirects: ANOTHER_PLACE,
    httpx2.LocalProtocolError: KEY_ODD,
    UnicodeEncodeError: KEY_ODD,
}


class ServerProblem(Problem):
    """A failure of one server."""

    code = "server_problem"

    def __init__(
        self, failure: Failure, server: "Server", answer: str, retry_after_s: float | None
    ) -> None:
        message = failure.message.format(server=server, answer=answer)
        super().__init__(message, failure.hint.format(server=server), retry_after_s=retry_after_s)
        self.failure = failure
        self.code = failure.code_writing if server.writes else failure.code_transcribing
        self.transient = failure.transient


@dataclass(frozen=True)
class Server:
    """A server, as the settings that begin with `settings` describe it."""

    settings: str
    base_url: str
    key: str = field(repr=False)
    model: str
    timeout_s: float
    room: str  # what to do when a request is too large for it
    writes: bool

    @property
    def kind(self) -> str:
        return "model" if self.writes else "transcription"

    @property
    def name(self) -> str:
        """What begins a sentence about it: at most its host, never the whole address."""
        address = _address(self.base_url)
        host = f" {address.host}" if address and not self.writes else ""
        return f"The {self.kind} server{host}"

    def check_address(self) -> None:
        """Raise a ServerProblem when the address is none."""
        if _address(self.base_url) is None:
            raise self.problem(ADDRESS_WRONG)

    def client(self) -> openai.OpenAI:
        """A client without retries of its own: a job's are counted, shown, and outlive a restart.

        Raises a ServerProblem when the address is none.
        """
        self.check_address()
        return openai.OpenAI(
            base_url=self.base_url,
            api_key=self.key or "none",
            max_retries=0,
            timeout=openai.Timeout(self.timeout_s, connect=min(CONNECT_S, self.timeout_s)),
            # Ids that the environment holds for OpenAI are nobody else's business.
            default_headers={"OpenAI-Organization": openai.Omit(), "OpenAI-Project": openai.Omit()},  # type: ignore[dict-item]
        )

    @contextmanager
    def problems(self) -> Iterator[None]:
        """What the client and its HTTP library raise inside becomes a ServerProblem."""
        try:
            yield
        except (openai.OpenAIError, httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise self.problem_of(error) from None

    def problem(
        self, failure: Failure, answer: str = "", retry_after_s: float | None = None
    ) -> ServerProblem:
        """A failure of this server, and what it answered where the message tells it."""
        return ServerProblem(failure, self, answer, retry_after_s)

    def problem_of(self, error: Exception) -> ServerProblem:
        """The problem that an exception of the client or its HTTP library stands for."""
        # Exactly this class: a timeout is one too, and needs no cause to be known by.
        cause = error.__cause__ if type(error) is openai.APIConnectionError else error
        for kind, failure in OF_THE_WIRE.items():
            if isinstance(cause, kind):
                return self.problem(failure)
        if isinstance(cause, openai.APIStatusError):
            failure = self._failure(cause, cause.status_code)
            return self.problem(failure, self._told(cause), _retry_after_s(cause.response.headers))
        if isinstance(cause, openai.APIError):
            return self.problem(self._failure(cause))
        return self.problem(BROKEN_OFF)

    def quoted(self, text: str) -> str:
        """A short quotation of what the server said, after a colon; without keys and tags."""
        text = _message_in(text)
        text = KEYS.sub("…", text.replace(self.key, "…") if self.key else text)
        line = clean(TAGS.sub(" ", USERINFO.sub("//", text)))
        short = line if len(line) <= LONGEST_QUOTATION else f"{line[:LONGEST_QUOTATION].rstrip()}…"
        return f": “{short}”" if short else ""

    def _failure(self, error: openai.APIError, status: int = 0) -> Failure:
        """What an error in an answer means; without `status` it came in the midst of a stream."""
        said = f"{error.code or ''} {error.type or ''} {error.message}"
        if "insufficient_quota" in said and status not in (401, 403):
            return NO_CREDIT
        if status in OF_STATUS:
            return OF_STATUS[status]
        if status >= 500:
            return BROKEN_DOWN
        if self.writes and TOO_LONG.search(said):
            return TOO_LARGE
        if error.param == "model":
            return NOT_FOUND
        return OF_CODE.get(error.code or "", REFUSED if status else BROKEN_DOWN)

    def _told(self, error: openai.APIStatusError) -> str:
        """The status, the error's name, and the server's words unless they could quote a prompt."""
        name = f", {error.code}" if error.code and NAME.fullmatch(error.code) else ""
        words = "" if self.writes else self.quoted(error.response.text)
        return f" (HTTP {error.status_code}{name}){words}"


def writing(settings: Settings) -> Server:
    """The server with the language model."""
    return Server(
        settings="DRAFTMILL_LLM",
        base_url=settings.llm_base_url,
        key=settings.llm_api_key,
        model=settings.llm_model,
        timeout_s=settings.llm_timeout_s,
        room="Set DRAFTMILL_LLM_CONTEXT to the number of tokens that the model takes and press Retry.",
        writes=True,
    )


def transcribing(settings: Settings) -> Server:
    """The server with the speech model."""
    return Server(
        settings="DRAFTMILL_TRANSCRIBE",
        base_url=settings.transcribe_base_url,
        key=settings.transcribe_api_key,
        model=settings.transcribe_model,
        timeout_s=settings.transcribe_timeout_s,
        room="Let the server accept uploads of at least 10 MB.",
        writes=False,
    )


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


def _message_in(body: str) -> str:
    """The message of an error in JSON, else the whole."""
    try:
        said = json.loads(body)["error"]
        return str(said["message"] if isinstance(said, dict) else said)
    except (ValueError, KeyError, TypeError):
        return body
