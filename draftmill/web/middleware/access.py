"""The door: every request passes here before a handler sees it."""

import logging
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from urllib.parse import parse_qs, quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from draftmill.accounts.sessions import SEEN_EVERY_S, SignedIn, touch_session
from draftmill.database.connection import connect
from draftmill.errors import Problem
from draftmill.settings import Settings
from draftmill.web.middleware.bearer import API, Bearers, NoToken, authorization_of, is_api
from draftmill.web.middleware.carried import carried_fields
from draftmill.web.middleware.forwarded import Front
from draftmill.web.middleware.headers import guarded, retry_told
from draftmill.web.middleware.origin import HARMLESS, check_origin
from draftmill.web.middleware.session_memory import Sessions

COOKIE = "draftmill"
PERSON = b"draftmill-user"  # the header by which a script says whose page it is on
PUBLIC = frozenset({"/login", "/healthz", "/readyz", "/indicator", API + "/openapi.json"})
PUBLIC_FOLDERS = ("/static/", "/setup/", "/results/")
# An open page asks for these, whether it is used or not.
BY_ITSELF = frozenset({"/indicator", "/live"})
MOST_COOKIES = 4
AGAIN = "Sign in in a new tab, then come back here and send it again."
# Characters of the address that sign-in leads back to: a link to a hundred results has 3,000.
LONGEST_NEXT = 4_000

log = logging.getLogger(__name__)
Refuse = Callable[[Request, Problem], Response]


class SignedOut(Problem):
    code = "signed_out"
    status = 401
    default_message = "You are signed out."
    default_hint = "Sign in again to go on."


class OtherUser(Problem):
    code = "other_user"
    status = 403
    default_message = "Somebody else is signed in in this browser by now."
    default_hint = "Sign out there and sign in as yourself: nothing is saved under another name."


class Busy(Problem):
    code = "busy"
    status = 503
    transient = True
    default_message = "Draftmill is busy."
    default_hint = "Try again in a moment."


def refuse_plainly(request: Request, problem: Problem) -> Response:
    """The answer to a refused request when nobody renders a page for it."""
    return retry_told(PlainTextResponse(str(problem), problem.status), problem)


class Access:
    """Puts the address right, refuses other origins, finds the user, adds the security headers.

    Handlers find `request.state.user` (a User or None), `request.state.session` (the SignedIn
    or None) and `request.state.token` (the id of the API token or None). Wrapped around the
    whole application, it completes the answers of its error pages too.
    """

    def __init__(
        self,
        app: ASGIApp,
        settings: Settings,
        sessions: Sessions,
        refuse: Refuse = refuse_plainly,
        bearers: Bearers | None = None,
    ) -> None:
        self.app = app
        self._settings = settings
        self._sessions = sessions
        self._bearers = bearers or Bearers(settings)
        self._refuse = refuse
        self._front = Front(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._request(scope, receive, guarded(scope, send))
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._admit(scope, changing=scope["method"] not in HARMLESS)
            if scope["state"]["user"] is None and not _open_to_all(scope["path"]):
                raise NoToken if is_api(scope["path"]) else SignedOut
        except Problem as problem:
            request = Request(scope)
            if isinstance(problem, SignedOut) and _is_page(request):
                answer: Response = RedirectResponse(login_path(request), 303)
            else:
                if isinstance(problem, SignedOut):
                    problem = SignedOut(hint=AGAIN)
                    scope["state"]["carried"] = await self._carried(Request(scope, receive))
                answer = self._refuse(request, problem)
            await answer(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _carried(self, request: Request) -> list[tuple[str, str]]:
        known = any(self._sessions.verify(cookie) for cookie in _cookies(request.scope))
        by_script = _wants_json(request) or "hx-request" in request.headers
        return await carried_fields(request) if known and not by_script else []

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._admit(scope, changing=True)
        except Problem as problem:
            log.info("A websocket was refused: %s", problem)
            scope["state"].update(user=None, session=None)
        if scope["state"]["user"] is None:
            # Closed before it was accepted: the server answers 403, and clients may try again.
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self.app(scope, receive, send)

    async def _admit(self, scope: Scope, changing: bool) -> None:
        """Correct the scope and find its user.

        Raises WrongHost, CrossOrigin, Busy, OtherUser, and for programs NoToken, NotForTokens,
        TooManyRequests.
        """
        state = scope.setdefault("state", {})
        state["user"] = state["session"] = state["token"] = None
        self._front.correct(scope)
        if scope["path"].startswith("/static/"):
            return
        authorization = authorization_of(scope)
        if authorization is not None:
            # Judged by its token alone: no cookie counts, and no other site can send the header.
            await self._by_token(scope, authorization)
            return
        signed_in = await self._signed_in(scope)
        if changing:
            scheme = scope["scheme"].replace("ws", "http")
            check_origin(Headers(scope=scope), scheme, self._front.base_url, signed_in is not None)
        if signed_in is not None and _is_theirs(scope, signed_in.user.id):
            state["user"], state["session"] = signed_in.user, signed_in

    async def _by_token(self, scope: Scope, authorization: str) -> None:
        try:
            await self._bearers.admit(scope, authorization)
        except sqlite3.OperationalError:
            log.warning("A token could not be read.", exc_info=True)
            raise Busy(retry_after_s=1.0) from None

    async def _signed_in(self, scope: Scope) -> SignedIn | None:
        try:
            signed_in = self._find(scope)
        except sqlite3.OperationalError:
            log.warning("A session could not be read.", exc_info=True)
            raise Busy(retry_after_s=1.0) from None
        if signed_in is None or scope["path"] in BY_ITSELF or _is_poll(scope["path"]):
            return signed_in
        if signed_in.seen_at + SEEN_EVERY_S > time.time():
            return signed_in
        return await self._seen(signed_in)

    def _find(self, scope: Scope) -> SignedIn | None:
        for cookie in _cookies(scope):
            # On the event loop: it takes less than a millisecond, and a reader waits for no writer.
            signed_in = self._sessions.get(cookie) or self._sessions.read(cookie)
            if signed_in is not None:
                return signed_in
        return None

    async def _seen(self, signed_in: SignedIn) -> SignedIn | None:
        def touch() -> SignedIn | None:
            # Nobody should wait for this note: the next request tries again.
            with closing(connect(self._settings.database, patience_s=0.2)) as db:
                return touch_session(db, self._settings, signed_in.id_hash)

        try:
            fresh = await run_in_threadpool(touch)
        except sqlite3.OperationalError:
            log.warning("The use of a session could not be noted.", exc_info=True)
            return signed_in
        self._sessions.drop(signed_in.id_hash)
        return fresh


def safe_next(target: str) -> str:
    """`target` if it is a path on this site, else the front page: sign-in leads nowhere else."""
    # Browsers read a backslash as a slash, and leave tabs and line ends out of an address.
    target = target[: LONGEST_NEXT + 1]
    odd = any(c <= " " or c == "\\" or c == "\x7f" for c in target)
    ours = target.startswith("/") and not target.startswith("//") and not odd
    back = target.partition("?")[0] in ("/login", "/logout")
    return target if ours and not back and len(target) <= LONGEST_NEXT else "/"


def login_path(request: Request) -> str:
    """The sign-in page that leads back to what was asked for, or to the page that asked by script."""
    page = urlsplit(request.headers.get("hx-current-url", ""))
    # The raw path still has its escapes: decoded, a space or a backslash would look hostile.
    path = request.scope.get("raw_path", b"").decode("latin-1") or quote(request.scope["path"])
    path, query = (page.path, page.query) if page.path else (path, request.url.query)
    asked = safe_next(f"{path}?{query}" if query else path)
    return "/login" if asked == "/" else f"/login?next={quote(asked, safe='/')}"


def way_back(request: Request) -> str:
    """The sign-in page that leads back to the page that asked by script, or to the front page."""
    return login_path(request) if "hx-current-url" in request.headers else "/login"


def _open_to_all(path: str) -> bool:
    return path in PUBLIC or path.startswith(PUBLIC_FOLDERS) or _is_poll(path)


def _is_poll(path: str) -> bool:
    # The pill's handler answers a signed-out poll itself, with a pill that says so.
    return path.startswith("/jobs/") and path.endswith(("/pill", "/pills"))


def _wants_json(request: Request) -> bool:
    accept = request.headers.get("accept", "")
    return "application/json" in accept and "text/html" not in accept


def _is_page(request: Request) -> bool:
    # A client of resumable uploads asks by HEAD where one stands.
    by_script = "hx-request" in request.headers or "tus-resumable" in request.headers
    return request.method in ("GET", "HEAD") and not by_script and not _wants_json(request)


def _is_theirs(scope: Scope, user_id: int) -> bool:
    """Whether the page that asks is its user's: it outlives its session, and somebody signed in since.

    What such a page asks by itself is answered as if nobody had. Raises OtherUser for all else: what
    was typed there goes to nobody else.
    """
    said = [value for name, value in scope["headers"] if name == PERSON]
    if scope["type"] == "websocket":  # which scripts cannot give headers
        said = parse_qs(scope["query_string"]).get(b"user", [])
    if not said or said == [b"%d" % user_id]:
        return True
    if scope["path"] in BY_ITSELF or _is_poll(scope["path"]):
        return False
    raise OtherUser


def _cookies(scope: Scope) -> list[str]:
    mark = COOKIE + "="
    return [
        part.strip()[len(mark) :]
        for name, value in scope["headers"]
        if name == b"cookie"
        for part in value.decode("latin-1").split(";")
        if part.strip().startswith(mark)
    ][:MOST_COOKIES]
