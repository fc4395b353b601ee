import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from draftmill.accounts import sessions, users
from draftmill.accounts.sessions import SignedIn
from draftmill.accounts.users import User
from draftmill.clock import moment, now
from draftmill.database.connection import connect, prepare
from draftmill.settings import BadSetting, Settings
from draftmill.web.middleware.access import COOKIE, Access, safe_next
from draftmill.web.middleware.session_memory import Sessions

PASSWORD = "correct horse battery"
SAME = {"Origin": "http://testserver"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(data=tmp_path)
    prepare(settings.database)
    return settings


@pytest.fixture
def db(settings: Settings) -> Iterator[sqlite3.Connection]:
    with closing(connect(settings.database)) as db:
        yield db


@pytest.fixture
def memory(settings: Settings) -> Sessions:
    return Sessions(settings.secret)


@pytest.fixture
def client(settings: Settings, memory: Sessions) -> TestClient:
    return _client(settings, memory)


@pytest.fixture
def cookie(db: sqlite3.Connection, settings: Settings, memory: Sessions) -> str:
    db.execute(
        "insert into users (id, email, name, password_hash, role, created_at)"
        " values (1, 'ada@example.org', 'Ada', '', 'owner', ?)",
        (now(),),
    )
    return memory.sign(sessions.start_session(db, settings, 1))


def _client(settings: Settings, memory: Sessions, **options: object) -> TestClient:
    async def page(request: Request) -> Response:
        user = request.state.user
        return HTMLResponse(user.email if user else "nobody")

    async def facts(request: Request) -> Response:
        assert request.client is not None
        facts = {"url": str(request.url), "address": request.client.host}
        return JSONResponse(facts, headers={"Cache-Control": "private, max-age=5"})

    async def broken(request: Request) -> Response:
        raise RuntimeError("broken on purpose")

    async def live(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text(socket.state.user.email)
        await socket.close(1012)

    both = ["GET", "POST"]
    inner = Starlette(
        routes=[
            Route("/", page, methods=both),
            Route("/login", page, methods=both),
            Route("/healthz", facts, methods=both),
            Route("/broken", broken),
            Route("/static/style.css", page),
            Route("/jobs/{id}/pill", page),
            Route("/projects/{id}", page, methods=both),
            WebSocketRoute("/live", live),
        ]
    )
    app = Access(inner, settings, memory)
    return TestClient(app, follow_redirects=False, **options)  # type: ignore[arg-type]


def _as(cookie: str, **more: str) -> dict[str, str]:
    return {"Cookie": f"{COOKIE}={cookie}", **more}


def test_a_signed_in_user_reaches_the_page(client: TestClient, cookie: str) -> None:
    answer = client.get("/projects/7", headers=_as(cookie))
    assert (answer.status_code, answer.text) == (200, "ada@example.org")


def test_a_page_asked_for_without_a_session_leads_to_sign_in_and_back(client: TestClient) -> None:
    answer = client.get("/projects/7%20a?tab=two&x=%2F")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=/projects/7%2520a%3Ftab%3Dtwo%26x%3D%252F"


@pytest.mark.parametrize(
    "headers", [{"HX-Request": "true"}, {"Accept": "application/json"}], ids=["htmx", "json"]
)
def test_a_program_without_a_session_gets_401(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.get("/projects/7", headers=headers)
    assert answer.status_code == 401
    assert "signed out" in answer.text


def test_a_form_posted_without_a_session_gets_401(client: TestClient) -> None:
    assert client.post("/projects/7", headers=SAME).status_code == 401


def test_the_pill_of_a_signed_out_page_is_left_to_its_handler(client: TestClient) -> None:
    answer = client.get("/jobs/7/pill", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.text) == (200, "nobody")


@pytest.mark.parametrize("path", ["/login", "/healthz", "/static/style.css"])
def test_public_addresses_need_no_session(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200


def test_a_cookie_we_did_not_sign_is_nobody(client: TestClient, cookie: str) -> None:
    secret_id = cookie.rpartition(".")[0]
    forged = Sessions(b"another secret").sign(secret_id)
    for wrong in (forged, secret_id, secret_id + ".", "", ".", "é", cookie[:-1]):
        headers = {"Cookie": f"{COOKIE}={wrong}".encode()}
        assert client.get("/", headers=headers).status_code == 303  # type: ignore[arg-type]


def test_a_signature_has_one_spelling(memory: Sessions, cookie: str) -> None:
    # The last letter of the base64 of 32 bytes carries two bits that mean nothing.
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    twin = cookie[:-1] + alphabet[alphabet.index(cookie[-1]) ^ 1]
    assert memory.verify(cookie) is not None
    assert memory.verify(twin) is None


def test_a_stale_cookie_beside_the_right_one_does_not_lock_out(
    client: TestClient, cookie: str
) -> None:
    headers = {"Cookie": f"other=1; {COOKIE}=old.sig; {COOKIE}={cookie}"}
    assert client.get("/", headers=headers).text == "ada@example.org"


def test_a_poll_does_not_touch_the_database(
    client: TestClient, cookie: str, db: sqlite3.Connection, memory: Sessions
) -> None:
    client.get("/", headers=_as(cookie))
    db.execute("drop table sessions")
    assert client.get("/jobs/7/pill", headers=_as(cookie)).text == "ada@example.org"


def test_a_dropped_session_is_read_from_its_row(
    client: TestClient, cookie: str, db: sqlite3.Connection, memory: Sessions
) -> None:
    client.get("/", headers=_as(cookie))
    db.execute("update users set email = 'new@example.org'")
    memory.drop_user(1)
    assert client.get("/", headers=_as(cookie)).text == "new@example.org"
    db.execute("delete from sessions")
    id_hash = memory.verify(cookie)
    assert id_hash is not None
    memory.drop(id_hash)
    assert client.get("/", headers=_as(cookie)).status_code == 303


def test_an_expired_session_has_ended(
    client: TestClient, cookie: str, db: sqlite3.Connection
) -> None:
    db.execute("update sessions set expires_at = ?", (now(-1),))
    assert client.get("/", headers=_as(cookie)).status_code == 303


def test_expiry_is_checked_in_memory(memory: Sessions) -> None:
    user = User(1, "ada@example.org", "", "owner")
    memory.put("cookie", SignedIn(user, "hash", time.time(), time.time() - 1))
    assert memory.get("cookie") is None


def test_memory_is_bounded() -> None:
    memory = Sessions(b"secret", most=3)
    user = User(1, "ada@example.org", "", "owner")
    for n in range(5):
        memory.put(f"cookie {n}", SignedIn(user, f"hash {n}", 0, time.time() + 60))
    assert [n for n in range(5) if memory.get(f"cookie {n}")] == [2, 3, 4]


def test_use_moves_the_end_of_a_session(
    client: TestClient, cookie: str, db: sqlite3.Connection
) -> None:
    db.execute("update sessions set last_seen_at = ?, expires_at = ?", (now(-660), now(60)))
    client.get("/jobs/7/pill", headers=_as(cookie))
    assert _left_s(db) < 61, "a poll is not a use"
    client.get("/", headers=_as(cookie))
    assert _left_s(db) == pytest.approx(14 * 86400, abs=60)


def test_a_session_used_a_moment_ago_is_not_written_again(
    client: TestClient, cookie: str, db: sqlite3.Connection
) -> None:
    before = db.execute("select last_seen_at from sessions").fetchone()[0]
    client.get("/", headers=_as(cookie))
    assert db.execute("select last_seen_at from sessions").fetchone()[0] == before


def test_a_session_never_outlives_its_longest_life(
    client: TestClient, cookie: str, db: sqlite3.Connection
) -> None:
    db.execute(
        "update sessions set created_at = ?, last_seen_at = ?",
        (now(-89 * 86400), now(-660)),
    )
    client.get("/", headers=_as(cookie))
    assert _left_s(db) == pytest.approx(86400, abs=60)


def test_a_locked_database_does_not_lock_users_out(
    settings: Settings, client: TestClient, cookie: str, db: sqlite3.Connection
) -> None:
    db.execute("update sessions set last_seen_at = ?", (now(-660),))
    db.execute("begin immediate")
    assert client.get("/", headers=_as(cookie)).status_code == 200
    db.execute("rollback")


def test_an_unreadable_database_is_a_503_that_says_so(
    client: TestClient, cookie: str, db: sqlite3.Connection
) -> None:
    db.execute("alter table sessions rename to elsewhere")
    answer = client.get("/", headers=_as(cookie))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


def _left_s(db: sqlite3.Connection) -> float:
    (expires_at,) = db.execute("select expires_at from sessions").fetchone()
    return moment(expires_at).timestamp() - time.time()


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
    answer = client.post("/projects/7", headers=_as(cookie, **headers))
    assert answer.status_code == status
    assert (status == 200) or "another site" in answer.text


def test_another_site_may_link_to_a_page(client: TestClient, cookie: str) -> None:
    headers = _as(cookie, **{"Sec-Fetch-Site": "cross-site"})
    assert client.get("/projects/7", headers=headers).status_code == 200


def test_another_site_cannot_sign_someone_in(client: TestClient) -> None:
    assert client.post("/login", headers={"Origin": "http://evil.example"}).status_code == 403
    assert client.post("/login").status_code == 200, "a program without a session"


def test_a_websocket_needs_a_session_and_our_origin(client: TestClient, cookie: str) -> None:
    with client.websocket_connect("/live", headers=_as(cookie, **SAME)) as socket:
        assert socket.receive_text() == "ada@example.org"
    for headers in (SAME, _as(cookie), _as(cookie, Origin="http://evil.example")):
        with (
            pytest.raises(WebSocketDisconnect),
            client.websocket_connect("/live", headers=headers),
        ):
            pass


def _facts(settings: Settings, headers: dict[str, str], **options: object) -> dict[str, str]:
    client = _client(settings, Sessions(b"secret"), **options)
    answer = client.get("/healthz", headers=headers)
    facts: dict[str, str] = answer.json()
    return facts


FORWARDED = {
    "X-Forwarded-For": "6.6.6.6, 203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "drafts.example.org",
}


def test_a_stranger_cannot_pretend_to_be_a_proxy(settings: Settings) -> None:
    facts = _facts(settings, FORWARDED, client=("198.51.100.4", 1))
    assert facts == {"url": "http://testserver/healthz", "address": "198.51.100.4"}


def test_a_trusted_proxy_is_believed_up_to_the_first_stranger(settings: Settings) -> None:
    settings = replace(settings, trusted_proxies="10.0.0.0/8, 127.0.0.1")
    facts = _facts(settings, FORWARDED, client=("10.1.2.3", 1))
    assert facts == {"url": "https://drafts.example.org/healthz", "address": "203.0.113.9"}


@pytest.mark.parametrize(
    ("chain", "address"),
    [
        ("203.0.113.9, 10.0.0.7", "203.0.113.9"),
        ("203.0.113.9:4711", "203.0.113.9"),
        ("[2001:db8::9]:4711", "2001:db8::9"),
        ("nonsense, 10.0.0.7", "10.0.0.7"),
        ("10.0.0.8, 10.0.0.7", "10.0.0.8"),
        ("", "10.1.2.3"),
    ],
)
def test_the_client_is_the_rightmost_untrusted_address(
    settings: Settings, chain: str, address: str
) -> None:
    settings = replace(settings, trusted_proxies="10.0.0.0/8")
    facts = _facts(settings, {"X-Forwarded-For": chain}, client=("::ffff:10.1.2.3", 1))
    assert facts["address"] in (address, f"::ffff:{address}")


def test_in_a_chain_of_proxies_the_outermost_knows_the_scheme(settings: Settings) -> None:
    settings = replace(settings, trusted_proxies="10.0.0.0/8")
    headers = {"X-Forwarded-For": "203.0.113.9, 10.0.0.7", "X-Forwarded-Proto": "https, http"}
    assert _facts(settings, headers, client=("10.1.2.3", 1))["url"].startswith("https://")


def test_the_base_url_makes_scheme_and_host_right(settings: Settings) -> None:
    settings = replace(settings, base_url="https://drafts.example.org")
    facts = _facts(settings, {"Host": "drafts.example.org"})
    assert facts["url"] == "https://drafts.example.org/healthz"


def test_a_base_url_refuses_other_names_but_not_this_machine(
    settings: Settings, memory: Sessions
) -> None:
    settings = replace(settings, base_url="https://drafts.example.org")
    client = _client(settings, memory)
    refused = client.get("/login", headers={"Host": "evil.example"})
    assert refused.status_code == 400
    assert "https://drafts.example.org" in refused.text
    for host in ("drafts.example.org:8000", "127.0.0.1:8000", "[::1]:8000", "localhost:8000"):
        assert client.get("/login", headers={"Host": host}).status_code == 200
    assert client.get("/healthz", headers={"Host": "container-7"}).status_code == 200


def test_behind_a_base_url_forms_of_its_pages_are_ours(
    settings: Settings, memory: Sessions, cookie: str
) -> None:
    settings = replace(settings, base_url="https://drafts.example.org")
    client = _client(settings, memory)
    for host in ("drafts.example.org", "127.0.0.1:8000"):
        headers = _as(cookie, Host=host, Origin="https://drafts.example.org")
        assert client.post("/projects/7", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"trusted_proxies": "proxy.local"},
        {"base_url": "drafts.example.org"},
        {"base_url": "https://drafts.example.org/sub"},
    ],
)
def test_a_setting_that_cannot_be_read_is_refused_at_start(
    settings: Settings, memory: Sessions, wrong: dict[str, str]
) -> None:
    with pytest.raises(BadSetting):
        _client(replace(settings, **wrong), memory)  # type: ignore[arg-type]


def test_every_answer_carries_the_security_headers(client: TestClient, cookie: str) -> None:
    client = TestClient(client.app, follow_redirects=False, raise_server_exceptions=False)
    for path, status in [("/", 200), ("/nowhere", 404), ("/broken", 500)]:
        answer = client.get(path, headers=_as(cookie))
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
    client = _client(settings, Sessions(b"secret"), client=("10.0.0.1", 1))
    secure = client.get("/login", headers={"X-Forwarded-Proto": "https"})
    assert re.fullmatch(r"max-age=\d+", secure.headers["strict-transport-security"])
    assert "strict-transport-security" not in client.get("/login").headers


def test_pages_are_not_stored_and_versioned_files_are(client: TestClient, cookie: str) -> None:
    assert client.get("/", headers=_as(cookie)).headers["cache-control"] == "no-store"
    assert "immutable" in client.get("/static/style.css?v=1a2b").headers["cache-control"]
    assert client.get("/static/style.css").headers["cache-control"] == "no-cache"
    assert client.get("/healthz").headers["cache-control"] == "private, max-age=5"


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "evil.example",
        "",
        "/login",
        "/logout?x=1",
        " /projects",
    ],
)
def test_sign_in_leads_nowhere_else(target: str) -> None:
    assert safe_next(target) == "/"


def test_sign_in_leads_back_to_a_page_with_its_query() -> None:
    assert safe_next("/projects/7?tab=//two#end") == "/projects/7?tab=//two#end"


def test_sessions_are_kept_as_hashes(db: sqlite3.Connection, cookie: str) -> None:
    (id_hash,) = db.execute("select id_hash from sessions").fetchone()
    assert id_hash == users.hash_of(cookie.rpartition(".")[0])
    assert id_hash not in cookie
