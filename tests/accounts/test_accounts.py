import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

import pytest
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from draftmill.accounts import passwords, sessions, throttle, users
from draftmill.accounts.passwords import BadPassword
from draftmill.accounts.setup import BadSetupLink, OwnerExists, create_owner, new_setup_token
from draftmill.accounts.users import User
from draftmill.clock import moment, now
from draftmill.database import changes
from draftmill.database.connection import connect, prepare
from draftmill.errors import NotFound
from draftmill.settings import Settings
from draftmill.web.middleware.access import COOKIE, Access
from draftmill.web.middleware.session_memory import Sessions
from draftmill.web.pages import account
from draftmill.web.render import refuse

PASSWORD = "correct horse battery"
OTHER_PASSWORD = "another good phrase"
SAME = {"Origin": "http://testserver"}


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real argon2 with a sixtieth of the memory: these tests make some 100 hashes."""
    cheap = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", cheap)


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
def ada(db: sqlite3.Connection) -> User:
    token = _token(db)
    return create_owner(db, token, "ada@example.org", PASSWORD, "Ada Lovelace")


@pytest.fixture
def browser(settings: Settings) -> Callable[..., TestClient]:
    async def front(request: Request) -> Response:
        return PlainTextResponse(f"front page of {request.state.user.email}")

    both = ["GET", "POST"]
    inner = Starlette(
        routes=[
            Route("/", front),
            Route("/login", account.login, methods=both),
            Route("/logout", account.logout, methods=["POST"]),
            Route("/setup/{token}", account.setup, methods=both),
            Route("/account", account.account, methods=both),
        ]
    )
    inner.state.settings = settings
    inner.state.sessions = Sessions(settings.secret)
    app = Access(inner, settings, inner.state.sessions, refuse)

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


def _sign_in(client: TestClient, password: str = PASSWORD, **more: str) -> Response:
    form = {"email": "ada@example.org", "password": password, **more}
    return client.post("/login", data=form)  # type: ignore[return-value]


def _token(db: sqlite3.Connection) -> str:
    token = new_setup_token(db)
    assert token is not None
    return token


def _count(db: sqlite3.Connection, table: str) -> int:
    (n,) = db.execute(f"select count(*) from {table}").fetchone()
    return int(n)


def test_the_setup_link_makes_the_owner_and_signs_in(
    client: TestClient, db: sqlite3.Connection
) -> None:
    token = _token(db)
    page = client.get(f"/setup/{token}")
    assert page.status_code == 200
    assert f'action="/setup/{token}"' in page.text
    form = {"email": " Ada@Example.ORG ", "name": "Ada", "password": PASSWORD}
    answer = client.post(f"/setup/{token}", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert client.get("/").text == "front page of ada@example.org"
    assert [user.role for user in users.everyone(db)] == ["owner"]


def test_a_setup_link_works_once(
    client: TestClient, browser: Callable[..., TestClient], db: sqlite3.Connection
) -> None:
    token = _token(db)
    form = {"email": "ada@example.org", "name": "Ada", "password": PASSWORD}
    client.post(f"/setup/{token}", data=form)
    other = browser()
    again = other.post(f"/setup/{token}", data={**form, "email": "eve@example.org"})
    assert again.status_code == 410
    assert other.get(f"/setup/{token}").status_code == 410
    assert _count(db, "users") == 1
    assert new_setup_token(db) is None, "there is an owner"


def test_a_new_setup_link_ends_the_older_one(client: TestClient, db: sqlite3.Connection) -> None:
    older, newer = _token(db), _token(db)
    assert client.get(f"/setup/{older}").status_code == 410
    assert client.get(f"/setup/{newer}").status_code == 200


def test_a_setup_link_ends_after_half_an_hour(client: TestClient, db: sqlite3.Connection) -> None:
    token = _token(db)
    (expires_at,) = db.execute("select expires_at from setup_tokens").fetchone()
    left = moment(expires_at) - moment(now())
    assert left.total_seconds() == pytest.approx(1800, abs=5)
    db.execute("update setup_tokens set expires_at = ?", (now(-1),))
    assert client.get(f"/setup/{token}").status_code == 410


def test_two_posts_of_one_setup_link_make_one_owner(
    settings: Settings, db: sqlite3.Connection
) -> None:
    token = _token(db)
    together = Barrier(2)

    def post(email: str) -> str:
        with closing(connect(settings.database)) as own:
            together.wait(5)
            try:
                return create_owner(own, token, email, PASSWORD).role
            except (OwnerExists, BadSetupLink) as problem:
                return problem.code

    with ThreadPoolExecutor(2) as threads:
        ends = sorted(threads.map(post, ["ada@example.org", "eve@example.org"]))
    assert ends[1] == "owner_exists" or ends[0] == "bad_setup_link"
    assert "owner" in ends
    assert _count(db, "users") == 1


def test_a_refused_setup_keeps_what_was_typed(client: TestClient, db: sqlite3.Connection) -> None:
    token = _token(db)
    form = {"email": "ada@example.org", "name": 'A "da"', "password": "ninechars"}
    answer = client.post(f"/setup/{token}", data=form)
    assert answer.status_code == 422
    assert "at least 10 characters" in answer.text
    assert 'value="ada@example.org"' in answer.text
    assert "A &#34;da&#34;" in answer.text
    assert client.get(f"/setup/{token}").status_code == 200


def test_the_right_password_opens_a_session(
    client: TestClient, ada: User, db: sqlite3.Connection
) -> None:
    answer = _sign_in(client, next="/account?saved=name")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?saved=name")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie
    assert client.get("/").text == "front page of ada@example.org"
    assert changes.rev(db, "session", db.execute("select id_hash from sessions").fetchone()[0]) > 0


def test_behind_https_the_cookie_is_secure(browser: Callable[..., TestClient], ada: User) -> None:
    client = browser(base_url="https://testserver")
    client.headers["Origin"] = "https://testserver"
    assert "secure" in _sign_in(client).headers["set-cookie"].lower()


@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org", "not an address"])
def test_a_wrong_password_says_nothing_about_the_account(
    client: TestClient, ada: User, email: str
) -> None:
    answer = client.post("/login", data={"email": email, "password": "wrong", "next": "/account"})
    assert answer.status_code == 422
    assert "do not match" in answer.text
    assert f'value="{email}"' in answer.text
    assert 'name="next" value="/account"' in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("target", ["//evil.example", "/\\evil.example", "https://evil.example"])
def test_sign_in_never_leads_to_another_site(client: TestClient, ada: User, target: str) -> None:
    assert "evil" not in client.get("/login", params={"next": target}).text
    assert _sign_in(client, next=target).headers["location"] == "/"
    signed_in = client.get("/login", params={"next": target})
    assert (signed_in.status_code, signed_in.headers["location"]) == (303, "/")


def test_signing_in_again_ends_the_session_before(
    client: TestClient, ada: User, db: sqlite3.Connection
) -> None:
    _sign_in(client)
    before = client.cookies[COOKIE]
    _sign_in(client)
    assert client.cookies[COOKIE] != before
    assert _count(db, "sessions") == 1
    client.cookies.clear()
    client.cookies.set(COOKIE, before)
    assert client.get("/").status_code == 303


def test_signing_out_ends_the_session(
    client: TestClient, ada: User, db: sqlite3.Connection
) -> None:
    _sign_in(client)
    cookie = client.cookies[COOKIE]
    assert client.post("/logout").headers["location"] == "/login"
    assert COOKIE not in client.cookies
    client.cookies.set(COOKIE, cookie)
    assert client.get("/").headers["location"] == "/login"
    assert _count(db, "sessions") == 0


def test_the_sixth_attempt_has_to_wait(
    client: TestClient, browser: Callable[..., TestClient], ada: User, db: sqlite3.Connection
) -> None:
    for _ in range(5):
        assert _sign_in(client, "wrong").status_code == 422
    answer = _sign_in(client)
    assert answer.status_code == 429
    assert "Try again in 15 minutes." in answer.text  # type: ignore[attr-defined]
    assert 800 < int(answer.headers["retry-after"]) <= 900
    assert _sign_in(browser("192.0.2.2")).status_code == 303, "from elsewhere it works"
    db.execute("update login_attempts set at = ?", (now(-901),))
    assert _sign_in(client).status_code == 303


def test_the_right_password_clears_the_count(client: TestClient, ada: User) -> None:
    for _ in range(2):
        for _ in range(4):
            _sign_in(client, "wrong")
        assert _sign_in(client).status_code == 303
        client.cookies.clear()


def test_one_address_cannot_try_many_accounts(db: sqlite3.Connection) -> None:
    for n in range(50):
        throttle.count_attempt(db, f"user{n}@example.org", "192.0.2.1")
    with pytest.raises(throttle.TooManyAttempts, match="60 minutes"):
        throttle.count_attempt(db, "ada@example.org", "192.0.2.1")
    throttle.count_attempt(db, "ada@example.org", "192.0.2.2")


def test_attempts_at_once_are_counted_before_they_are_checked(
    settings: Settings, db: sqlite3.Connection
) -> None:
    def attempt(_: int) -> bool:
        with closing(connect(settings.database)) as own:
            try:
                throttle.count_attempt(own, "ada@example.org", "192.0.2.1")
            except throttle.TooManyAttempts:
                return False
            return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(attempt, range(20))) == 5


def test_old_attempts_are_thrown_away(db: sqlite3.Connection) -> None:
    throttle.count_attempt(db, "ada@example.org", "192.0.2.1")
    db.execute("update login_attempts set at = ?", (now(-3700),))
    throttle.count_attempt(db, "bob@example.org", "192.0.2.1")
    assert _count(db, "login_attempts") == 1


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
    ],
)
def test_a_household_counts_as_one_address(address: str, network: str) -> None:
    assert throttle.network_of(address) == network


def test_a_hash_with_old_parameters_is_made_anew_at_sign_in(
    client: TestClient, ada: User, db: sqlite3.Connection
) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    db.execute("update users set password_hash = ?", (weak,))
    assert _sign_in(client).status_code == 303
    (fresh,) = db.execute("select password_hash from users").fetchone()
    assert "m=1024" in fresh
    assert _sign_in(client).status_code == 303


def test_a_password_is_the_same_from_every_keyboard(db: sqlite3.Connection, ada: User) -> None:
    users.set_password(db, ada.id, "caf\u00e9 au lait")
    settings = Settings()
    assert sessions.sign_in(db, settings, ada.email, "cafe\u0301 au lait", "192.0.2.1")


def test_a_new_password_ends_all_other_sessions(
    client: TestClient, browser: Callable[..., TestClient], ada: User, db: sqlite3.Connection
) -> None:
    phone = browser("192.0.2.2")
    _sign_in(client)
    _sign_in(phone)
    assert phone.get("/").status_code == 200
    form = {"what": "password", "old": PASSWORD, "password": OTHER_PASSWORD}
    answer = client.post("/account", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?saved=password")
    assert "password is changed" in client.get(answer.headers["location"]).text
    assert phone.get("/").status_code == 303
    assert _sign_in(phone).status_code == 422
    assert _sign_in(phone, OTHER_PASSWORD).status_code == 303


def test_a_new_password_needs_the_present_one(client: TestClient, ada: User) -> None:
    _sign_in(client)
    form = {"what": "password", "old": "wrong", "password": OTHER_PASSWORD}
    answer = client.post("/account", data=form)
    assert answer.status_code == 422
    assert "present password is not right" in answer.text
    short = client.post("/account", data={**form, "old": PASSWORD, "password": "short"})
    assert "at least 10 characters" in short.text
    assert _sign_in(client).status_code == 303


def test_guessing_the_present_password_is_limited_too(client: TestClient, ada: User) -> None:
    _sign_in(client)
    form = {"what": "password", "old": "wrong", "password": OTHER_PASSWORD}
    codes = [client.post("/account", data=form).status_code for _ in range(6)]
    assert codes == [422] * 5 + [429]


def test_the_account_page_shows_sessions_and_disk(
    client: TestClient,
    browser: Callable[..., TestClient],
    ada: User,
    settings: Settings,
    db: sqlite3.Connection,
) -> None:
    _sign_in(client)
    _sign_in(browser("192.0.2.2"))
    _project_of(db, settings, ada, 1_500_000)
    page = client.get("/account").text
    assert page.count("Firefox on Linux") == 2
    assert page.count("This device") == 1
    assert "<strong>2 MB</strong>" in page


def test_other_sessions_can_be_ended(
    client: TestClient, browser: Callable[..., TestClient], ada: User
) -> None:
    phone = browser("192.0.2.2")
    _sign_in(client)
    _sign_in(phone)
    assert phone.get("/").status_code == 200
    client.post("/account", data={"what": "sessions"})
    assert phone.get("/").status_code == 303
    assert client.get("/").status_code == 200


def test_a_name_is_saved_without_what_cannot_be_printed(
    client: TestClient, ada: User, db: sqlite3.Connection
) -> None:
    _sign_in(client)
    client.post("/account", data={"what": "name", "name": " <b>Grace</b>\n\x00 Hopper\u202e "})
    assert users.everyone(db)[0].name == "<b>Grace</b> Hopper"
    assert "&lt;b&gt;Grace&lt;/b&gt; Hopper" in client.get("/account").text


def test_an_unknown_change_changes_nothing(client: TestClient, ada: User) -> None:
    _sign_in(client)
    assert client.post("/account", data={"what": "role"}).status_code == 303


def test_a_file_in_place_of_a_text_is_refused(client: TestClient, ada: User) -> None:
    answer = client.post("/login", data={"email": "x"}, files={"password": b"x"})
    assert answer.status_code in (400, 422)


def test_further_users_are_made_by_the_owner(db: sqlite3.Connection, ada: User) -> None:
    bob = users.add_user(db, "BOB@example.org", PASSWORD)
    assert (bob.email, bob.role) == ("bob@example.org", "user")
    assert users.everyone(db) == [ada, bob]
    with pytest.raises(users.EmailTaken):
        users.add_user(db, "Bob@Example.org ", PASSWORD)


@pytest.mark.parametrize(
    "email",
    ["", "ada", "@example.org", "ada@", "a b@c.de", "a@b@c", "a@b\n.de", "a" * 250 + "@b.de"],
)
def test_what_is_no_address_is_refused(db: sqlite3.Connection, email: str) -> None:
    with pytest.raises(users.BadEmail):
        users.add_user(db, email, PASSWORD)


@pytest.mark.parametrize("password", ["", "ninechars", "x" * 1001])
def test_a_password_has_10_to_1000_characters(db: sqlite3.Connection, password: str) -> None:
    with pytest.raises(BadPassword):
        users.add_user(db, "bob@example.org", password)
    assert _count(db, "users") == 0


def test_a_removed_user_is_signed_out_and_leaves_nothing(
    db: sqlite3.Connection, settings: Settings, ada: User
) -> None:
    bob = users.add_user(db, "bob@example.org", PASSWORD)
    project = _project_of(db, settings, bob, 10)
    secret_id = sessions.sign_in(db, settings, bob.email, PASSWORD, "192.0.2.1")
    assert users.remove(db, bob) == [project]
    assert sessions.find_session(db, users.hash_of(secret_id)) is None
    assert users.everyone(db) == [ada]
    kinds = {(c.kind, c.deleted) for c in changes.since(db, 0) if c.user_id == bob.id}
    assert kinds == {("user", True), ("session", True)}
    with pytest.raises(NotFound):
        users.by_email(db, "bob@example.org")


def test_the_owner_stays(db: sqlite3.Connection, ada: User) -> None:
    with pytest.raises(users.OwnerStays):
        users.remove(db, ada)


def test_a_password_replaced_meanwhile_opens_nothing(
    db: sqlite3.Connection, settings: Settings, ada: User
) -> None:
    begun = []

    def replace_meanwhile(statement: str) -> None:
        # The first transaction counts the attempt, the second comes after the check.
        begun.extend([statement] * statement.startswith("begin"))
        if len(begun) == 2:
            db.set_trace_callback(None)
            with closing(connect(settings.database)) as other:
                users.set_password(other, ada.id, OTHER_PASSWORD)

    db.set_trace_callback(replace_meanwhile)
    with pytest.raises(sessions.WrongPassword):
        sessions.sign_in(db, settings, ada.email, PASSWORD, "192.0.2.1")
    assert len(begun) == 2
    assert _count(db, "sessions") == 0
    assert sessions.sign_in(db, settings, ada.email, OTHER_PASSWORD, "192.0.2.1")


@pytest.mark.parametrize(
    ("name", "initials"), [("Ada King Lovelace", "AL"), ("ada", "A"), ("", "A"), ("(A) É", "É")]
)
def test_initials(name: str, initials: str) -> None:
    assert User(1, "ada@example.org", name, "user").initials == initials


def test_devices_have_names_that_people_use() -> None:
    safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Safari/604.1"
    assert account.device_name(safari) == "Safari on iPhone"
    assert account.device_name("curl/8.14.1") == "A program"


def _project_of(db: sqlite3.Connection, settings: Settings, user: User, size: int) -> str:
    project = f"project-of-{user.id}"
    db.execute(
        "insert into projects (id, user_id, title, source, sha256, created_at)"
        " values (?, ?, 'Talk', 'media', 'aa', ?)",
        (project, user.id, now()),
    )
    folder = settings.folder_of(project) / "pictures"
    folder.mkdir(parents=True)
    (folder / "1.jpg").write_bytes(b"x" * size)
    return project
