"""Ada, and her browser."""

import sqlite3
from collections.abc import Callable

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from app import ROUTES
from draftmill.accounts.setup import create_owner
from draftmill.accounts.users import User
from draftmill.settings import Settings
from draftmill.web.api import representations
from draftmill.web.failures import HANDLERS
from draftmill.web.middleware.access import Access
from draftmill.web.render import refuse
from draftmill.web.services import assemble
from tests.support.account_pages import PASSWORD, SAME, setup_token


@pytest.fixture
def ada(db: sqlite3.Connection) -> User:
    token = setup_token(db)
    return create_owner(db, token, "ada@example.org", PASSWORD, "Ada Lovelace")


@pytest.fixture
def browser(settings: Settings) -> Callable[..., TestClient]:
    async def front(request: Request) -> Response:
        return PlainTextResponse(f"front page of {request.state.user.email}")

    doors = ("/login", "/logout", "/setup", "/account")
    ours = [r for r in ROUTES if isinstance(r, Route) and r.path.startswith(doors)]
    inner = Starlette(routes=[Route("/", front), *ours], exception_handlers=HANDLERS)
    inner.state.services = services = assemble(settings, representations.state)
    app = Access(inner, settings, services.sessions, refuse)

    def open_browser(address: str = "192.0.2.1", **options: str) -> TestClient:
        agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
        return TestClient(
            app,
            follow_redirects=False,
            client=(address, 4711),
            headers={**SAME, "User-Agent": agent},
            **options,  # type: ignore[arg-type]
        )

    return open_browser


@pytest.fixture
def client(browser: Callable[..., TestClient]) -> TestClient:
    return browser()
