"""What can go wrong with a transcription server, and what to do. No message holds a secret."""

import email.utils
import json
import re
import time
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from draftmill.errors import Problem
from draftmill.settings import Settings
from draftmill.transcripts.sentences import clean

if TYPE_CHECKING:
    import openai

LONGEST_WAIT_S = 3600.0
QUOTED = 200
_KEYS = re.compile(r"(?i)bearer\s+\S+|\b(?:sk|gsk|key|pk)[-_][\w*.-]{6,}")
_USERINFO = re.compile(r"//[^/\s@]+@")


class ServerProblem(Problem):
    code: ClassVar[str] = "transcription_server"
    default_message = "The transcription server gave no transcript."
    default_hint = "Look into the transcription server's log."


class WrongAddress(ServerProblem):
    code = "transcription_server_address"
    default_message = "The address of the transcription server is not an address."
    default_hint = (
        "Set DRAFTMILL_TRANSCRIBE_BASE_URL to something like http://localhost:8080/v1, or leave it"
        " empty to use the built-in model."
    )


class RefusedKey(ServerProblem):
    code = "transcription_server_key"
    default_hint = "Check DRAFTMILL_TRANSCRIBE_API_KEY, then press Retry."


class NoSuchModel(ServerProblem):
    code = "transcription_server_model"
    default_hint = (
        "Check DRAFTMILL_TRANSCRIBE_BASE_URL (it often ends in /v1) and DRAFTMILL_TRANSCRIBE_MODEL."
    )


class TooMuchSound(ServerProblem):
    code = "transcription_server_size"
    default_hint = "Let the server accept uploads of at least 10 MB."


class NoCredit(ServerProblem):
    code = "transcription_server_credit"
    default_hint = "Look at the plan and the limits of your account there, then press Retry."


class Busy(ServerProblem):
    code = "transcription_server_busy"
    transient = True
    default_hint = "Wait a little, then press Retry."


class Unreachable(ServerProblem):
    code = "transcription_server_unreachable"
    transient = True
    default_hint = "Check that it runs and that DRAFTMILL_TRANSCRIBE_BASE_URL is its address."


class BadAnswer(ServerProblem):
    code = "transcription_server_answer"
    transient = True
    default_hint = "Check DRAFTMILL_TRANSCRIBE_BASE_URL: something else may be answering there."

    @classmethod
    def of(cls, body: bytes, settings: Settings) -> "BadAnswer":
        """Says what came instead of a transcript."""
        text = body[:2000].decode("utf-8", "replace").strip()
        if not text:
            came = "nothing at all"
        elif text.startswith("<"):
            came = "a web page"
        elif text.startswith(("{", "[")):
            came = "JSON without a transcript" if _is_json(body) else "JSON that breaks off"
        else:
            came = "something that is not JSON"
        quoted = f": “{_safe(text, settings)}”" if text else ""
        return cls(f"{_server(settings)} answered with {came}{quoted}.")


def problem_of(error: "openai.OpenAIError", settings: Settings) -> ServerProblem:
    """The Problem that an error of the client means."""
    import openai

    server = _server(settings)
    if isinstance(error, openai.APITimeoutError):
        return Unreachable(
            f"{server} did not answer within {settings.transcribe_timeout_s:.0f} seconds."
        )
    if isinstance(error, openai.APIConnectionError):
        return Unreachable(f"{server} cannot be reached, or broke off.")
    if isinstance(error, openai.APIStatusError):
        return _of_status(error, server, settings)
    return ServerProblem(f"{server} could not be asked ({type(error).__name__}).")


def _of_status(error: "openai.APIStatusError", server: str, settings: Settings) -> ServerProblem:
    status, body = error.status_code, error.response.text
    if status in (401, 403):
        # Not quoted: servers repeat the key that they refuse.
        return RefusedKey(f"{server} refused the API key.")
    if status == 404:
        return NoSuchModel(
            f"{server} knows no model “{settings.transcribe_model}”, or no transcription at this"
            " address."
        )
    if status == 413:
        return TooMuchSound(f"{server} does not accept files as large as a window of sound.")
    said = f": “{_safe(body, settings)}”" if body.strip() else ""
    if status == 429 and "insufficient_quota" in body:
        return NoCredit(f"{server} says that your account has no credit left.")
    if status == 429:
        return Busy(f"{server} is busy.", retry_after_s=_retry_after_s(error))
    if status >= 500 or status in (408, 409, 425):
        return Busy(f"{server} failed (HTTP {status}){said}.", retry_after_s=_retry_after_s(error))
    return ServerProblem(f"{server} refused the request (HTTP {status}){said}.")


def _retry_after_s(error: "openai.APIStatusError") -> float | None:
    """Seconds, from a number or a date, at most an hour."""
    value = error.response.headers.get("retry-after", "")
    try:
        seconds = float(value)
    except ValueError:
        date = email.utils.parsedate_tz(value)
        if date is None:
            return None
        seconds = email.utils.mktime_tz(date) - time.time()
    return min(max(seconds, 0.0), LONGEST_WAIT_S) if seconds == seconds else None


def _server(settings: Settings) -> str:
    """How the server is called in messages: its host, never its whole address."""
    return f"The transcription server {urlsplit(settings.transcribe_base_url).hostname}"


def _safe(text: str, settings: Settings) -> str:
    """A short quotation of what a server said, without keys."""
    try:
        said = json.loads(text)["error"]
        text = said["message"] if isinstance(said, dict) else str(said)
    except (ValueError, KeyError, TypeError):
        pass
    if settings.transcribe_api_key:
        text = text.replace(settings.transcribe_api_key, "…")
    text = _USERINFO.sub("//", _KEYS.sub("…", text))
    line = clean(re.sub(r"<[^>]*>", " ", text))
    return line if len(line) <= QUOTED else line[:QUOTED].rstrip() + "…"


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except ValueError:
        return False
    return True
