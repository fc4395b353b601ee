"""Coming in, going out, and a person's own account."""

import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from draftmill.accounts import sessions, tokens, users
from draftmill.accounts.setup import BadSetupLink, OwnerExists, check_setup_token, create_owner
from draftmill.errors import Problem
from draftmill.projects.disk_use import disk_used
from draftmill.web.middleware.access import COOKIE, safe_next
from draftmill.web.middleware.session_memory import Sessions
from draftmill.web.render import database, render, settings_of

T = TypeVar("T")

NOTICES = {
    "name": "Your name is saved.",
    "password": "Your password is changed, and every other device is signed out.",
    "sessions": "Every other device is signed out.",
    "revoke": "The token is revoked.",
}
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "Chrome": "Chrome",
    "Chromium": "Chromium",
    "CriOS": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Macintosh": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


async def login(request: Request) -> Response:
    """GET the form, POST it: sign in and go where `next` says, on this site."""
    if request.method != "POST":
        target = safe_next(request.query_params.get("next", "/"))
        if request.state.user is not None:
            return RedirectResponse(target, 303)
        return _login_page(request, target)
    form = await _form(request)
    target, email = safe_next(_text(form, "next") or "/"), _text(form, "email")
    try:
        secret_id = await _with_db(
            request,
            lambda db: sessions.sign_in(
                db, settings_of(request), email, _text(form, "password"), *_device(request)
            ),
        )
    except Problem as problem:
        return _login_page(request, target, email, problem)
    await _leave(request)
    return _welcome(request, secret_id, target)


async def logout(request: Request) -> Response:
    """POST: end this session."""
    await _leave(request)
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=_is_secure(request))
    return answer


async def setup(request: Request) -> Response:
    """The one-time link: GET the form, POST it to make the owner's account."""
    if request.state.user is not None:
        return RedirectResponse("/", 303)
    token = request.path_params["token"]
    form = await _form(request)
    email, name = _text(form, "email"), _text(form, "name")

    def create(db: sqlite3.Connection) -> str:
        user = create_owner(db, token, email, _text(form, "password"), name)
        return sessions.start_session(db, settings_of(request), user.id, _device(request)[1])

    typed = {"url": f"/setup/{token}", "name": name, "email": email, "expired": False}
    try:
        if request.method != "POST":
            await _with_db(request, lambda db: check_setup_token(db, token))
            return render(request, "account/setup.html", {**typed, "problem": None}, 200)
        return _welcome(request, await _with_db(request, create), "/")
    except (BadSetupLink, OwnerExists):
        return render(request, "account/setup.html", {"expired": True, "problem": None}, 410)
    except Problem as problem:
        context = {**typed, "problem": problem}
        return render(request, "account/setup.html", context, problem.status)


async def account(request: Request) -> Response:
    """GET the page, POST `what` = name, password, sessions, token or revoke to change that."""
    if request.method != "POST":
        notice = NOTICES.get(request.query_params.get("saved", ""), "")
        return await _account_page(request, {"notice": notice})
    form = await _form(request)
    what = _text(form, "what")
    if what == "token":
        return await _new_token(request, _text(form, "name"))
    change = CHANGES.get(what)
    if change is None:
        return RedirectResponse("/account", 303)
    try:
        await _with_db(request, lambda db: change(db, request, form))
    except Problem as problem:
        return await _account_page(request, {"problem": problem, "problem_in": what})
    _memory(request).drop_user(request.state.user.id)
    return RedirectResponse(f"/account?saved={what}", 303)


def _save_name(db: sqlite3.Connection, request: Request, form: FormData) -> None:
    users.rename_user(db, request.state.user.id, _text(form, "name"))


def _save_password(db: sqlite3.Connection, request: Request, form: FormData) -> None:
    sessions.change_password(
        db,
        request.state.user,
        request.state.session.id_hash,
        _text(form, "old"),
        _text(form, "password"),
        _device(request)[0],
    )


def _end_other_sessions(db: sqlite3.Connection, request: Request, form: FormData) -> None:
    users.end_sessions(db, request.state.user.id, request.state.session.id_hash)


def _revoke(db: sqlite3.Connection, request: Request, form: FormData) -> None:
    number = _text(form, "token")
    token_id = int(number) if number.isdecimal() and len(number) < 19 else 0
    tokens.revoke(db, request.state.user.id, token_id)
    request.app.state.bearers.revoked(token_id)


CHANGES: dict[str, Callable[[sqlite3.Connection, Request, FormData], None]] = {
    "name": _save_name,
    "password": _save_password,
    "sessions": _end_other_sessions,
    "revoke": _revoke,
}


async def _new_token(request: Request, name: str) -> Response:
    """Make a token and show it in the answer, for no other page ever can."""
    user_id = request.state.user.id
    try:
        secret = await _with_db(request, lambda db: tokens.add(db, user_id, name))
    except Problem as problem:
        return await _account_page(request, {"problem": problem, "problem_in": "token"})
    return await _account_page(request, {"secret": secret})


def device_name(user_agent: str) -> str:
    """What a person would call the sender of a User-Agent header: "Firefox on Linux"."""
    browser = next((name for mark, name in BROWSERS.items() if mark in user_agent), "A program")
    system = next((name for mark, name in SYSTEMS.items() if mark in user_agent), "")
    return f"{browser} on {system}" if system else browser


def _login_page(
    request: Request, target: str, email: str = "", problem: Problem | None = None
) -> Response:
    context = {"next": target, "email": email, "problem": problem}
    return _problem_page(request, "account/login.html", context)


async def _account_page(request: Request, context: dict[str, Any]) -> Response:
    user, settings = request.state.user, settings_of(request)

    def find(db: sqlite3.Connection) -> dict[str, Any]:
        rows = sessions.sessions_of(db, user.id)
        return {
            "sessions": [
                {
                    "agent": device_name(row["user_agent"]),
                    "last_seen_at": row["last_seen_at"],
                    "current": row["id_hash"] == request.state.session.id_hash,
                }
                for row in rows
            ],
            "tokens": tokens.tokens_of(db, user.id),
            "disk": disk_used(db, settings, user.id),
        }

    found = await _with_db(request, find)
    context = {"problem": None, "problem_in": "", "secret": "", **context, **found}
    return _problem_page(request, "account/account.html", context)


def _problem_page(request: Request, name: str, context: dict[str, Any]) -> Response:
    problem: Problem | None = context["problem"]
    answer = render(request, name, context, problem.status if problem else 200)
    if problem and problem.retry_after_s:
        answer.headers["Retry-After"] = f"{problem.retry_after_s:.0f}"
    return answer


def _welcome(request: Request, secret_id: str, target: str) -> Response:
    answer = RedirectResponse(target, 303)
    answer.set_cookie(
        COOKIE,
        _memory(request).sign(secret_id),
        max_age=int(settings_of(request).session_max_days * sessions.DAY_S),
        httponly=True,
        samesite="lax",
        secure=_is_secure(request),
    )
    return answer


async def _leave(request: Request) -> None:
    session = request.state.session
    if session is not None:
        await _with_db(request, lambda db: sessions.end_session(db, session.id_hash))
        _memory(request).drop(session.id_hash)


async def _with_db(request: Request, verb: Callable[[sqlite3.Connection], T]) -> T:
    def run() -> T:
        with database(request) as db:
            return verb(db)

    return await run_in_threadpool(run)


async def _form(request: Request) -> FormData:
    return await request.form(max_files=0, max_fields=20, max_part_size=16_384)


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _device(request: Request) -> tuple[str, str]:
    address = request.client.host if request.client else ""
    return address, request.headers.get("user-agent", "")


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"


def _memory(request: Request) -> Sessions:
    memory: Sessions = request.app.state.sessions
    return memory
