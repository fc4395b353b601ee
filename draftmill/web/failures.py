"""What a request that failed is told. Nothing unexpected is shown, all of it is logged."""

import logging
import sqlite3

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from draftmill import errors
from draftmill.errors import NotFound, Problem
from draftmill.logs import error_id
from draftmill.web.bodies import TooSlow
from draftmill.web.middleware.access import Busy, refuse_plainly
from draftmill.web.middleware.bearer import is_api
from draftmill.web.problem_json import MethodNotAllowed
from draftmill.web.render import refuse

logger = logging.getLogger(__name__)


class Surprise(Problem):
    code = "internal"
    status = 500


class NotAllowed(Problem):
    code = "not_allowed"
    default_message = "This address does not take that kind of request."
    default_hint = "Go back and use the page's buttons."


async def on_problem(request: Request, error: Exception) -> Response:
    """A failure with a name."""
    assert isinstance(error, Problem)
    return refuse(request, error)


async def on_too_slow(request: Request, error: Exception) -> Response:
    """Nobody reads a page here: it was a program, or is gone. A crowd of them costs little."""
    assert isinstance(error, Problem)
    return (
        refuse(request, error) if is_api(request.scope["path"]) else refuse_plainly(request, error)
    )


async def on_http_error(request: Request, error: Exception) -> Response:
    """Starlette's own refusals: no such address, wrong method, a form that cannot be read."""
    assert isinstance(error, HTTPException)
    problem: Problem = NotFound() if error.status_code == 404 else NotAllowed(error.detail + ".")
    if error.status_code == 405 and is_api(request.scope["path"]):
        problem = MethodNotAllowed()
    answer = refuse(request, problem)
    answer.status_code = error.status_code
    answer.headers.update(error.headers or {})
    return answer


async def on_locked(request: Request, error: Exception) -> Response:
    """A database that another writer holds passes by itself. Any other error of it is a surprise."""
    if not isinstance(errors.named(error), errors.DatabaseBusy):
        return await on_surprise(request, error)
    return refuse(request, Busy(retry_after_s=1.0))


async def on_surprise(request: Request, error: Exception) -> Response:
    """Anything else: a full disk by its name, what nobody foresaw by an id for the log."""
    problem = errors.named(error)
    if problem is not None:
        logger.warning("%s at %s: %s", problem.code, request.url.path, error)
        return refuse(request, problem)
    unforeseen = error_id(logger, "at %s", request.url.path, error=error)
    return refuse(
        request,
        Surprise(
            f"Draftmill met an error that it does not know (error {unforeseen}).",
            "Try again; if it stays, look for this number in the server log.",
        ),
    )


HANDLERS = {
    Problem: on_problem,
    TooSlow: on_too_slow,
    HTTPException: on_http_error,
    sqlite3.OperationalError: on_locked,
    Exception: on_surprise,
}
