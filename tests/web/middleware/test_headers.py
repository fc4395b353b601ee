"""Every answer carries the security headers, and says how long it may be kept."""

import re
from dataclasses import replace

from starlette.testclient import TestClient

from draftmill.settings import Settings
from draftmill.web.middleware.session_memory import Sessions
from tests.support.guarded_pages import client_of, cookie_header


def test_every_answer_carries_the_security_headers(client: TestClient, cookie: str) -> None:
    client = TestClient(client.app, follow_redirects=False, raise_server_exceptions=False)
    for path, status in [("/", 200), ("/nowhere", 404), ("/broken", 500)]:
        answer = client.get(path, headers=cookie_header(cookie))
        assert answer.status_code == status
        _check_security(answer.headers)
    _check_security(client.get("/").headers)
    _check_security(client.post("/", headers={"Origin": "http://evil.example"}).headers)


def _check_security(headers: object) -> None:
    text = str(headers).lower()
    for part in ("default-src 'none'", "nosniff", "same-origin", "camera=()", "opener-policy"):
        assert part in text
    assert "unsafe" not in text
    assert "strict-transport" not in text


def test_strict_transport_is_asked_for_behind_https_only(settings: Settings) -> None:
    settings = replace(settings, trusted_proxies="10.0.0.1")
    client = client_of(settings, Sessions(settings), client=("10.0.0.1", 1))
    secure = client.get("/login", headers={"X-Forwarded-Proto": "https"})
    assert re.fullmatch(r"max-age=\d+", secure.headers["strict-transport-security"])
    assert "strict-transport-security" not in client.get("/login").headers


def test_pages_are_not_stored(client: TestClient, cookie: str) -> None:
    assert client.get("/", headers=cookie_header(cookie)).headers["cache-control"] == "no-store"
    assert client.get("/static/style.css").headers["cache-control"] == "no-cache"
    assert client.get("/healthz").headers["cache-control"] == "private, max-age=5"
