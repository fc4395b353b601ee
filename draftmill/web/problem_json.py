"""Problem details: how the API tells a program what failed and what to do (RFC 9457)."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from draftmill.errors import Problem
from draftmill.web.middleware.headers import retry_told

if TYPE_CHECKING:
    from pydantic import ValidationError

MEDIA_TYPE = "application/problem+json"


class Invalid(Problem):
    """The request has the wrong shape. `errors` says where and why."""

    code = "invalid"
    default_message = "The request does not have the shape that this address takes."
    default_hint = "Look at “errors”, and at /api/v1/openapi.json."

    def __init__(self, errors: Sequence[Mapping[str, str]]) -> None:
        super().__init__()
        self.errors = list(errors)


class BadJson(Problem):
    code = "bad_json"
    status = 400
    default_message = "The body is not JSON."
    default_hint = "Send one JSON object in UTF-8."


class NotJson(Problem):
    code = "unsupported_media_type"
    status = 415
    default_message = "The body has a Content-Type that this address does not take."
    default_hint = "Send application/json."


class BodyTooLarge(Problem):
    code = "body_too_large"
    status = 413
    default_message = "The body is larger than this address takes."
    default_hint = "Send less, or upload it as a file."


class MethodNotAllowed(Problem):
    code = "method_not_allowed"
    status = 405
    default_message = "This address does not take that method."
    default_hint = "The Allow header names those that it takes."


def invalid(error: "ValidationError") -> Problem:
    """What pydantic found, as one of ours: Invalid, or BadJson."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    if any(one["type"] == "json_invalid" for one in found):
        return BadJson()
    return Invalid(
        [{"at": ".".join(map(str, one["loc"])), "message": one["msg"]} for one in found[:20]]
    )


def answer(problem: Problem, **more: Any) -> Response:
    """The answer to a request that failed; `more` joins the members of its document."""
    if isinstance(problem, Invalid):
        more["errors"] = problem.errors
    document = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": f"{problem.message} {problem.hint}".strip(),
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
        **more,
    }
    headers = {}
    if problem.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="draftmill"'
    body = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
    return retry_told(Response(body, problem.status, headers, MEDIA_TYPE), problem)
