"""The cookie that keeps a browser signed in: set by who comes in, taken back from who leaves."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from draftmill.accounts import sessions
from draftmill.web.middleware.access import COOKIE
from draftmill.web.middleware.session_memory import Sessions
from draftmill.web.services import database, services_of, settings_of


def welcome(request: Request, secret_id: str, target: str) -> Response:
    """Lead on to `target`, with the cookie of a session that has just begun."""
    answer = RedirectResponse(target, 303)
    answer.set_cookie(
        COOKIE,
        memory_of(request).sign(secret_id),
        max_age=int(settings_of(request).session_max_days * sessions.DAY_S),
        httponly=True,
        samesite="lax",
        secure=_is_secure(request),
    )
    return answer


def leave(request: Request) -> None:
    """End the session that the request came with, if it came with one."""
    session = request.state.session
    if session is not None:
        with database(request) as db:
            sessions.end_session(db, session.id_hash)
        memory_of(request).drop(session.id_hash)


def farewell(request: Request) -> Response:
    """Lead to the sign-in page, without the cookie."""
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=_is_secure(request))
    return answer


def memory_of(request: Request) -> Sessions:
    """The sessions in use."""
    return services_of(request).sessions


def device_of(request: Request) -> tuple[str, str]:
    """Address and User-Agent of a browser."""
    address = request.client.host if request.client else ""
    return address, request.headers.get("user-agent", "")


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"
