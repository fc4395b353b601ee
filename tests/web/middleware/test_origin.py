"""Only our own pages change something."""

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from tests.support.guarded_pages import SAME, cookie_header


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, 403),
        ({"Origin": "http://testserver"}, 200),
        ({"Origin": "http://TESTSERVER:80"}, 200),
        ({"Origin": "https://testserver"}, 403),
        ({"Origin": "http://testserver:8001"}, 403),
        ({"Origin": "http://testserver.evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://[broken"}, 403),
        ({"Origin": "http://evil.example", "Referer": "http://testserver/"}, 403),
        ({"Referer": "http://testserver/projects/7"}, 200),
        ({"Referer": "http://evil.example/http://testserver/"}, 403),
        ({}, 403),
    ],
)
def test_only_our_own_pages_change_something(
    client: TestClient, cookie: str, headers: dict[str, str], status: int
) -> None:
    answer = client.post("/projects/7", headers=cookie_header(cookie, **headers))
    assert answer.status_code == status
    assert (status == 200) or "another site" in answer.text


def test_another_site_may_link_to_a_page(client: TestClient, cookie: str) -> None:
    headers = cookie_header(cookie, **{"Sec-Fetch-Site": "cross-site"})
    assert client.get("/projects/7", headers=headers).status_code == 200


def test_another_site_cannot_sign_someone_in(client: TestClient) -> None:
    assert client.post("/login", headers={"Origin": "http://evil.example"}).status_code == 403
    assert client.post("/login").status_code == 200, "a program without a session"


def test_a_websocket_needs_a_session_and_our_origin(client: TestClient, cookie: str) -> None:
    with client.websocket_connect("/live", headers=cookie_header(cookie, **SAME)) as socket:
        assert socket.receive_text() == "ada@example.org"
    for headers in (
        SAME,
        cookie_header(cookie),
        cookie_header(cookie, Origin="http://evil.example"),
    ):
        with (
            pytest.raises(WebSocketDisconnect),
            client.websocket_connect("/live", headers=headers),
        ):
            pass
