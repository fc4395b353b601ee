"""How servers fail: a table of what can happen, told in the same words for both servers.

No message holds a secret.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

import httpx2

from draftmill.model_servers.said import Said
from draftmill.model_servers.wire import AnswerTooLarge, LedElsewhere


@dataclass(frozen=True)
class Failure:
    """A row of the table: a code for each of the two servers, and words for both.

    In the words, {server} is the Server, and {answer} what it answered. `hint` is for a server of
    the environment; `fix` says what to put right to whoever chooses it in the pages.
    """

    code_writing: str
    code_transcribing: str
    message: str
    hint: str
    transient: bool = False
    fix: str = ""


# fmt: off
LOOK = "Look at the {server.kind} server, then press Retry."
SEE = "Look at the server, and try again."

ADDRESS_WRONG = Failure("model_address_wrong", "transcription_server_address",
    "The address of the {server.kind} server is not an address.",
    "Set {server.settings}_BASE_URL to something like http://localhost:8080/v1, or leave it empty"
    " to do without a server; start Draftmill again, then press Retry.",
    fix="Type an address such as http://localhost:8080/v1.")
ANOTHER_PLACE = replace(ADDRESS_WRONG,
    message="The {server.kind} server's address does not lead to a {server.kind} server.")
WEB_PAGE = replace(ADDRESS_WRONG, message="The address answers with a web page.")
KEY_REFUSED = Failure("model_key_refused", "transcription_server_key",
    "{server.name} refused the key.",
    "Set {server.settings}_API_KEY, start Draftmill again, and press Retry.",
    fix="Type the key that it wants.")
KEY_ODD = replace(KEY_REFUSED, message="The key holds characters that no key has.")
NO_CREDIT = Failure("model_quota_used", "transcription_server_credit",
    "{server.name} says that your account has no credit left.",
    "Top it up, or choose another server or model, and press Retry.",
    fix="Top it up, or choose another server or model.")
NOT_FOUND = Failure("model_not_found", "transcription_server_model",
    "{server.name} knows no model “{server.model}”, or nothing is at its address.",
    "Check {server.settings}_MODEL and {server.settings}_BASE_URL (it often ends in /v1), start Draftmill again, and press Retry.",
    fix="Choose one of its models, and check the address: it often ends in /v1.")
TOO_LARGE = Failure("model_context_too_long", "transcription_server_size",
    "{server.name} does not take so large a request.",
    "{server.room}")
REFUSED = Failure("model_request_refused", "transcription_server",
    "{server.name} refused the request{answer}.", LOOK, fix=SEE)
BUSY = Failure("model_busy", "transcription_server_busy",
    "{server.name} takes no more requests at the moment.",
    "Wait a little, then press Retry.", transient=True, fix="Wait a little, then try again.")
BROKEN_DOWN = Failure("model_server_error", "transcription_server_busy",
    "{server.name} met an error of its own{answer}.", LOOK, transient=True, fix=SEE)
UNREACHABLE = Failure("model_unreachable", "transcription_server_unreachable",
    "{server.name} cannot be reached.",
    "See that it runs, then press Retry; if {server.settings}_BASE_URL is wrong, set it and start Draftmill again.", transient=True,
    fix="See that it runs, and that the address is right.")
SILENT = Failure("model_silent", "transcription_server_unreachable",
    "{server.name} did not answer within {server.timeout_s:g} seconds.",
    "See that it runs; for a slow one set a larger {server.settings}_TIMEOUT_S and start Draftmill again.", transient=True,
    fix="See that it runs. It may still be loading the model; for a slow one allow a longer silence.")
BROKEN_OFF = Failure("model_reply_broken", "transcription_server_unreachable",
    "{server.name} broke off its answer.", LOOK, transient=True, fix=SEE)
WILL_NOT = Failure("model_reply_refused", "transcription_server",
    "The model refused to answer{answer}.",
    "Choose another model, or generate again with other instructions.")
UNREADABLE = Failure("model_reply_broken", "transcription_server_answer",
    "{server.name} answered with {answer}.",
    "Check {server.settings}_BASE_URL: something else may be answering there.", transient=True,
    fix="Check the address: something else may be answering there.")
TOO_MUCH = Failure("model_reply_too_large", "transcription_server_answer",
    "{server.name} answered with more than an answer can have.",
    "Look at the {server.kind} server, or choose another model, and press Retry.", fix=SEE)
ELSEWHERE = replace(ADDRESS_WRONG,
    message="{server.name} leads to another server, {answer}, to which nothing was sent.",
    hint="If that is the right one, set {server.settings}_BASE_URL to its address, start Draftmill again,"
    " and press Retry.", fix="If that is the right one, type its address.")
# fmt: on

OF_STATUS = {
    **dict.fromkeys((401, 403), KEY_REFUSED),
    402: NO_CREDIT,
    **dict.fromkeys((404, 405), NOT_FOUND),
    **dict.fromkeys((408, 409, 425), BROKEN_DOWN),
    413: TOO_LARGE,
    429: BUSY,
}
OF_THE_WIRE: dict[type[Exception], Failure] = {
    httpx2.TimeoutException: SILENT,
    httpx2.ConnectError: UNREACHABLE,
    httpx2.InvalidURL: ADDRESS_WRONG,
    httpx2.UnsupportedProtocol: ANOTHER_PLACE,
    httpx2.TooManyRedirects: ANOTHER_PLACE,
    httpx2.LocalProtocolError: KEY_ODD,
    UnicodeEncodeError: KEY_ODD,
    AnswerTooLarge: TOO_MUCH,
    LedElsewhere: ELSEWHERE,
}

# Of what is too long for the model, servers speak in these words.
SIZED = r"(?:tokens?|prompt|inputs?|messages?|sequence|seq_?len|context|length)"
OVER = (
    r"(?:exceed|too (?:long|large|many|big)|(?:longer|larger|greater|more|bigger) than|overflow"
    r"|not enough|free space|must have less than|over the)"
)
TOO_LONG = (
    r"(?:context|sequence)[ _-]?(?:length|size|window|limit)|exceed_context|model_max_prompt"
    r"|maximum (?:model|prompt|input|sequence) length|max_(?:model|seq|input)_len|max_total_tokens"
    rf"|\b{SIZED}\b.{{0,80}}?\b{OVER}|\b{OVER}\w*.{{0,60}}?\b{SIZED}\b"
    r"|reduce (?:the length|your (?:prompt|message|input))|tokens?`?.{0,40}must be <="
    r"|(?:request|body|payload).{0,40}too (?:large|big|long)|range of input length|string_above_max"
)
UNKNOWN_MODEL = (
    r"model[_ ]?(?:id)?[_ ](?:not|does not|doesn't)[_ ](?:found|exist)|(?:no such|unknown|invalid|unsupported)"
    r"[_ ]model|model (?:[^ ]{1,200}|['\"`“][^'\"`”]{1,200}['\"`”]) (?:was |is |does )?not (?:found|exist|loaded|available|a valid)"
    r"|is not a valid model|no models? (?:is |are |has been )?(?:currently )?loaded|pull(?:ing)? it first"
)


@dataclass(frozen=True)
class Meaning:
    """Errors with one of `statuses` (0 is the midst of a stream) in whose words a pattern is found."""

    failure: Failure
    statuses: frozenset[int]
    words: re.Pattern[str]

    @classmethod
    def of(cls, failure: Failure, words: str, statuses: Iterable[int]) -> "Meaning":
        return cls(failure, frozenset(statuses), re.compile(words, re.IGNORECASE | re.DOTALL))


REFUSALS = (0, 200, *range(402, 429), 400, *range(430, 500))
ERRORS = range(500, 600)
CREDIT = r"insufficient[_ ](?:quota|balance|credits?|funds)|credit balance|exceeded_current_quota"
KEY = r"api[_ -]?key.{0,40}(?:invalid|incorrect|missing|expired|not valid|not found)|(?:invalid|incorrect|missing|no|wrong)[_ ]api[_ -]?key|\bunauthori[sz]ed\b|invalid_authentication|authentication[_ ]error"
FILTERED = r"content[_ ]?(?:filter|management|policy|moderation)|responsible_?ai|data_inspection_failed|flagged|\bmoderation\b"
OVERLOADED = r"rate[_ ]?limit|overloaded|too many (?:concurrent )?requests|at capacity|resource_exhausted|queue is full|no slot"

# The first row that fits says what an error of the language model's server means.
OF_WRITING = (
    Meaning.of(NO_CREDIT, CREDIT, (*REFUSALS, 429, *ERRORS)),
    Meaning.of(KEY_REFUSED, KEY, (0, 200, 400, 422)),
    Meaning.of(WILL_NOT, FILTERED, (0, 200, 400, 403, 422, 451)),
    Meaning.of(
        TOO_LARGE, r"request too large|reduce the length|context[ _](?:length|window)", (429,)
    ),
    Meaning.of(BUSY, OVERLOADED, (0, 200, 400, *ERRORS)),
    Meaning.of(TOO_LARGE, TOO_LONG, (0, 200, 400, 413, 414, 422, *ERRORS)),
    Meaning.of(NOT_FOUND, UNKNOWN_MODEL, (0, 200, 400, 422, *ERRORS)),
)
SOUND = r"(?:file|audio|content|payload|body|upload|request|entity|duration|length|size)"
TOO_MUCH_SOUND = (
    rf"\b{SOUND}\b.{{0,80}}?(?:too (?:large|long|big)|exceed|over the|(?:larger|longer|bigger|greater) than)"
    r"|(?:too (?:large|long|big)|maximum|max\.?|exceed\w*)[^.]{0,60}?\b(?:size|length|duration|seconds|minutes)\b"
    r"|at most \d+(?:\.\d+)? ?(?:s|sec|seconds|min|minutes|mb|mib|bytes)\b|maximum_content_size"
)

OF_TRANSCRIBING = (
    Meaning.of(NO_CREDIT, CREDIT, (*REFUSALS, 429, *ERRORS)),
    Meaning.of(KEY_REFUSED, KEY, (400, 422)),
    Meaning.of(NOT_FOUND, UNKNOWN_MODEL, (0, 400, 422)),
    Meaning.of(TOO_LARGE, TOO_MUCH_SOUND, (400, 413, 422, *ERRORS)),
)


def failure_of(said: Said, *, writes: bool) -> Failure:
    """What an error in an answer means."""
    for meaning in OF_WRITING if writes else OF_TRANSCRIBING:
        if said.status in meaning.statuses and meaning.words.search(said.all):
            return meaning.failure
    if said.status in OF_STATUS:
        return OF_STATUS[said.status]
    if said.parameter == "model" and 400 <= said.status < 500:
        return NOT_FOUND
    return REFUSED if 400 <= said.status < 500 else BROKEN_DOWN
