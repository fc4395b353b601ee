"""What can go wrong between us and a model server, each with its name.

Messages never carry the key, the prompt or the server's own words: servers like to quote both.
"""

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx2
import openai

from draftmill.errors import Problem

ADDRESS = "Check DRAFTMILL_LLM_BASE_URL (it often ends in /v1) and press Retry."
LATER = "Look at the model server, then press Retry."
SMALLER = "Set DRAFTMILL_LLM_CONTEXT to the number of tokens that the model takes and press Retry."


class ModelAddressWrong(Problem):
    code = "model_address_wrong"
    default_message = "The model server's address does not lead to a model server."
    default_hint = ADDRESS


class ModelKeyRefused(Problem):
    code = "model_key_refused"
    default_message = "The model server refused the key."
    default_hint = "Set DRAFTMILL_LLM_API_KEY and press Retry."


class ModelQuotaUsed(Problem):
    code = "model_quota_used"
    default_message = "The account at the model server has used up its quota."
    default_hint = "Top it up, or choose another server or model, and press Retry."


class ModelNotFound(Problem):
    code = "model_not_found"
    default_message = "The model server does not know the model, or nothing is at its address."
    default_hint = "Check DRAFTMILL_LLM_MODEL and DRAFTMILL_LLM_BASE_URL and press Retry."


class ModelContextTooLong(Problem):
    code = "model_context_too_long"
    default_message = "The request is longer than the model's context."
    default_hint = SMALLER


class ModelContextTooSmall(Problem):
    code = "model_context_too_small"
    default_message = "The model's context is too small to write from a transcript."
    default_hint = "Choose a model with a larger context, and set DRAFTMILL_LLM_CONTEXT to it."


class ModelRequestRefused(Problem):
    code = "model_request_refused"
    default_message = "The model server refused the request."
    default_hint = LATER


class ModelBusy(Problem):
    code = "model_busy"
    transient = True
    default_message = "The model server takes no more requests at the moment."
    default_hint = "Wait a little, then press Retry."


class ModelServerError(Problem):
    code = "model_server_error"
    transient = True
    default_message = "The model server met an error of its own."
    default_hint = LATER


class ModelUnreachable(Problem):
    code = "model_unreachable"
    transient = True
    default_message = "The model server cannot be reached."
    default_hint = "See that it runs and that DRAFTMILL_LLM_BASE_URL is right, then press Retry."


class ModelSilent(Problem):
    code = "model_silent"
    transient = True
    default_message = "The model server stopped answering."
    default_hint = "See that it runs; a slow one needs a larger DRAFTMILL_LLM_TIMEOUT_S."


class ModelReplyBroken(Problem):
    code = "model_reply_broken"
    transient = True
    default_message = "The model server's answer broke off."
    default_hint = LATER


class ModelReplyEmpty(Problem):
    code = "model_reply_empty"
    default_message = "The model answered without any text."
    default_hint = "Press Retry, or choose another model."


class ModelReplyCutOff(Problem):
    code = "model_reply_cut_off"
    default_message = "The model's answer was cut off before its end."
    default_hint = "Ask for a shorter draft, or choose a model with a larger context."


class ModelReplyRefused(Problem):
    code = "model_reply_refused"
    default_message = "The model refused to write this draft."
    default_hint = "Choose another model, or generate again with other instructions."


TOO_LONG = re.compile(
    r"context[ _]?(length|size|window)|exceed_context|maximum context|too many tokens|prompt is too long",
    re.IGNORECASE,
)
NAME = re.compile(r"[a-z_]{3,40}")


def translate(error: Exception) -> Problem:
    """The Problem that stands for an exception of the client or its HTTP library."""
    if isinstance(error, openai.APITimeoutError):
        return ModelSilent()
    if isinstance(error, openai.APIConnectionError):
        return _connection(error.__cause__)
    if isinstance(error, openai.APIStatusError):
        return _status(error)
    if isinstance(error, openai.APIError):
        return _in_the_stream(error)
    if isinstance(error, httpx2.InvalidURL | httpx2.UnsupportedProtocol):
        return ModelAddressWrong()
    if isinstance(error, UnicodeEncodeError | httpx2.LocalProtocolError):
        return ModelKeyRefused("The key holds characters that no key has.")
    return ModelReplyBroken()


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """The wait that the server asks for, in seconds; both forms of RFC 9110, section 10.2.3."""
    milliseconds = _number(headers.get("retry-after-ms", ""))
    if milliseconds is not None:
        return milliseconds / 1000
    text = headers.get("retry-after", "")
    seconds = _number(text)
    return seconds if seconds is not None else _seconds_until(text)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return max(0.0, number) if math.isfinite(number) else None


def _seconds_until(text: str) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _connection(cause: BaseException | None) -> Problem:
    if isinstance(cause, httpx2.UnsupportedProtocol | httpx2.TooManyRedirects):
        return ModelAddressWrong()
    if isinstance(cause, httpx2.LocalProtocolError):
        return ModelKeyRefused("The key holds characters that no key has.")
    if isinstance(cause, httpx2.ConnectError):
        return ModelUnreachable()
    return ModelReplyBroken()


def _status(error: openai.APIStatusError) -> Problem:
    status, wait_s = error.status_code, retry_after_s(error.response.headers)
    if status in (401, 403):
        return ModelKeyRefused()
    if status == 402 or error.code == "insufficient_quota":
        return ModelQuotaUsed()
    if status in (404, 405):
        return ModelNotFound()
    if status == 429:
        return ModelBusy(retry_after_s=wait_s)
    if status >= 500 or status in (408, 409, 425):
        return ModelServerError(_with_status(ModelServerError, status), retry_after_s=wait_s)
    if status == 413 or _speaks_of_length(error):
        return ModelContextTooLong()
    if error.code == "content_filter":
        return ModelReplyRefused()
    if _speaks_of_missing_model(error):
        return ModelNotFound()
    return ModelRequestRefused(_with_status(ModelRequestRefused, status, error.code))


def _in_the_stream(error: openai.APIError) -> Problem:
    if _speaks_of_length(error):
        return ModelContextTooLong()
    if error.code == "content_filter":
        return ModelReplyRefused()
    if error.code in ("rate_limit_exceeded", "429"):
        return ModelBusy()
    return ModelServerError()


def _speaks_of_length(error: openai.APIError) -> bool:
    return bool(TOO_LONG.search(f"{error.code or ''} {error.type or ''} {error.message}"))


def _speaks_of_missing_model(error: openai.APIError) -> bool:
    return error.code == "model_not_found" or error.param == "model"


def _with_status(kind: type[Problem], status: int, code: str | None = None) -> str:
    detail = f"{status}, {code}" if code and NAME.fullmatch(code) else str(status)
    return kind.default_message.removesuffix(".") + f" ({detail})."
