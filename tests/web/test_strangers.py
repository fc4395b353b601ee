"""Nobody reaches what is another's, no other site changes anything, no page runs foreign script."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from app import ROUTES, create_app
from draftmill.database.connection import connect, prepare
from draftmill.settings import Settings
from draftmill.web.middleware.headers import ALWAYS
from tests.support.house import House, project_id

HOSTILE = "<script>alert(1)</script><b onclick=x>"
LISTED = {"project_id", "job_id"}
FORM = {"type": "blog", "title": "x", "heard": "ten", "meant": "x", "body": "x", "based_on": ""}


class Owned:
    """What the owner has, as values of the parameters in addresses."""

    def __init__(self, house: House, project: str) -> None:
        job = house.one("select id from jobs where project_id = ? and type = 'blog'", project)
        assert job
        self.project = project
        self.values = {
            "project_id": project, "job_id": job["id"], "type": "blog", "n": "1", "ending": "md",
            "token": "none", "upload_id": "none",
        }  # fmt: skip

    def address(self, route: Route) -> str:
        values = self.values | ({"ending": "txt"} if "transcript" in route.path else {})
        return re.sub(r"{(\w+)(?::\w+)?}", lambda found: values[found[1]], route.path)


@pytest.fixture(scope="module")
def owned(house: House, owner: httpx2.Client) -> Owned:
    text = (
        "Every pull request should be small enough to read in ten minutes.\n"
        "Small changes reached production within a day and were rolled back half as often."
    )
    answer = owner.post(
        "/projects",
        files={"recording": ("", b"")},
        data={"transcript_text": text, "title": HOSTILE, "types": ["blog", "twitter"]},
    )
    project = project_id(answer)
    for row in house.rows("select id from jobs where project_id = ?", project):
        assert house.ended(row["id"])["status"] == "succeeded"
    return Owned(house, project)


def routes() -> list[tuple[Route, str]]:
    return [
        (route, method)
        for route in ROUTES
        if isinstance(route, Route)
        for method in sorted(route.methods or ())
    ]


def with_ids() -> list[tuple[Route, str]]:
    return [(route, method) for route, method in routes() if LISTED & set(route.param_convertors)]


def named(pair: tuple[Route, str]) -> str:
    return f"{pair[1]} {pair[0].path}"


def rows_of(house: House) -> list[tuple[object, ...]]:
    """Everything that a request could change."""
    return [
        tuple(row)
        for table in ("projects", "jobs", "drafts", "draft_versions", "corrections", "changes")
        for row in house.rows(f"select * from {table}")
        if not (table == "changes" and row["kind"] in ("session", "user"))
    ]


def test_routes_with_ids_are_found() -> None:
    assert len(with_ids()) > 15


@pytest.mark.parametrize("pair", with_ids(), ids=named)
def test_another_user_cannot_tell_it_from_nothing(
    house: House, owned: Owned, second: httpx2.Client, pair: tuple[Route, str]
) -> None:
    route, method = pair
    address = owned.address(route)
    before = rows_of(house)
    form = FORM if method == "POST" else None
    theirs = second.request(method, address, data=form, headers={"Accept": "text/html"})
    assert rows_of(house) == before
    assert theirs.status_code == (410 if address.endswith("/pill") else 404)
    assert HOSTILE not in theirs.text
    assert "alert(1)" not in theirs.text
    # The same words as for an id that never was.
    never = address.replace(owned.project, "0" * 36).replace(owned.values["job_id"], "0" * 36)
    nothing = second.request(method, never, data=form, headers={"Accept": "text/html"})
    assert (nothing.status_code, nothing.text) == (theirs.status_code, theirs.text)


@pytest.mark.parametrize("pair", with_ids(), ids=named)
def test_who_is_signed_out_is_sent_to_sign_in(
    house: House, owned: Owned, stranger: httpx2.Client, pair: tuple[Route, str]
) -> None:
    route, method = pair
    address = owned.address(route)
    before = rows_of(house)
    answer = stranger.request(method, address, headers={"Accept": "text/html"})
    assert rows_of(house) == before
    if method in ("GET", "HEAD") and not address.endswith("/pill"):
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/login?next=")
    else:
        assert answer.status_code == 401
    assert "alert(1)" not in answer.text


def test_the_lists_of_others_are_empty(second: httpx2.Client, owned: Owned) -> None:
    page = second.get("/").text
    assert owned.project not in page
    assert "alert(1)" not in page


def changing() -> list[tuple[Route, str]]:
    return [(route, method) for route, method in routes() if method == "POST"]


def from_elsewhere(url: str) -> dict[str, dict[str, str]]:
    """Headers of requests that our own pages do not make."""
    host = urlsplit(url).netloc
    return {
        "cross-site": {"Sec-Fetch-Site": "cross-site", "Origin": url},
        "same-site": {"Sec-Fetch-Site": "same-site", "Origin": url},
        "another host": {"Origin": "http://evil.example"},
        "another port": {"Origin": f"http://{urlsplit(url).hostname}:1"},
        "another scheme": {"Origin": f"https://{host}"},
        "a host that begins like ours": {"Origin": f"http://{host}.evil.example"},
        "hidden": {"Origin": "null"},
        "another referer": {"Origin": "", "Referer": f"http://evil.example/?{url}"},
        "nothing": {},
    }


@pytest.mark.parametrize("kind", from_elsewhere("http://x"))
def test_another_site_changes_nothing(
    house: House, owner: httpx2.Client, owned: Owned, kind: str
) -> None:
    headers = {k: v for k, v in from_elsewhere(house.url)[kind].items() if v}
    before = rows_of(house)
    with httpx2.Client(base_url=house.url, headers=headers) as foreign:
        foreign.cookies.update(owner.cookies)
        for route, _ in changing():
            answer = foreign.post(owned.address(route), data=FORM)
            assert answer.status_code == 403, route.path
            assert "came from another site" in answer.text
    assert rows_of(house) == before


@pytest.mark.parametrize("header", ["Origin", "Referer"])
def test_a_browser_on_plain_http_is_known_by_its_origin(
    house: House, owner: httpx2.Client, owned: Owned, header: str
) -> None:
    """On a local network it sends no Sec-Fetch-Site."""
    value = house.url if header == "Origin" else f"{house.url}/projects"
    with httpx2.Client(base_url=house.url, headers={header: value}) as browser:
        browser.cookies.update(owner.cookies)
        answer = browser.post(f"/projects/{owned.project}", data={"title": HOSTILE})
    assert answer.status_code == 303


def test_a_browser_on_another_address_of_this_machine_is_known_by_its_host(
    house: House, owner: httpx2.Client, owned: Owned
) -> None:
    address = {"Host": "draftmill.lan:8000", "Origin": "http://draftmill.lan:8000"}
    with httpx2.Client(base_url=house.url, headers=address) as browser:
        cookie = "; ".join(f"{c.name}={c.value}" for c in owner.cookies.jar)
        headers = {"Cookie": cookie}
        answer = browser.post(
            f"/projects/{owned.project}", data={"title": HOSTILE}, headers=headers
        )
    assert answer.status_code == 303


# What every answer carries


class Inline(HTMLParser):
    """Finds what the policy forbids: script and style inside the page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.sources: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or (tag == "script" and not given.get("src")):
            self.found.append(f"<{tag}>")
        self.found += [f"{tag} {name}" for name in given if name == "style" or name[:2] == "on"]
        self.found += [f"{tag} {name}" for name in given if name.startswith("hx-on")]
        for name in ("src", "href", "action", "formaction"):
            value = (given.get(name) or "").strip()
            if value.lower().startswith(("javascript:", "data:", "http:", "//")):
                self.found.append(f"{tag} {name}={value[:40]}")
            if tag in ("script", "link", "img") and value:
                self.sources.append(value)


def check(answer: httpx2.Response) -> None:
    for name, value in ALWAYS:
        assert answer.headers[name.decode()] == value.decode(), answer.url
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    if answer.headers.get("content-type", "").startswith("text/html"):
        page = Inline()
        page.feed(answer.text)
        assert not page.found, answer.url


def pages(owned: Owned) -> Iterator[str]:
    yield from ("/", "/?q=x", "/account", "/login", "/nothing/here", "/healthz", "/readyz")
    project = f"/projects/{owned.project}"
    yield from (project, f"{project}?note=known", f"{project}/transcript.txt")
    for task_type in ("blog", "twitter", "newsletter", "none"):
        yield f"{project}/drafts/{task_type}"
        yield f"{project}/drafts/{task_type}/versions"
    yield f"{project}/drafts/blog/versions?beside=1"
    yield from (f"{project}/drafts/blog.md", f"{project}/drafts/twitter.md")
    yield from (f"{project}/screenshots/1", f"{project}/recording", "/projects/none")
    yield f"/jobs/{owned.values['job_id']}/pill"
    yield from ("/jobs/none/pill", "/setup/none", "/static/upload.js", "/static/none.js")


def test_every_page_carries_the_policy_and_keeps_it(
    owner: httpx2.Client, stranger: httpx2.Client, owned: Owned
) -> None:
    for address in pages(owned):
        for client in (owner, stranger):
            answer = client.get(address)
            assert answer.status_code < 500, address
            check(answer)
            if answer.headers.get("content-type", "").startswith("text/html"):
                assert "<script>alert" not in answer.text, address


def test_every_refusal_carries_the_policy_and_keeps_it(
    owner: httpx2.Client, stranger: httpx2.Client, owned: Owned
) -> None:
    project = f"/projects/{owned.project}"
    wrong = {"recording": ("<b onclick=x>.mp4", b"no recording")}
    answers = [
        owner.post("/projects", files=wrong, data={"title": HOSTILE}),
        owner.post("/projects", content=b"{}"),
        owner.post(f"{project}/jobs", data={"type": HOSTILE}),
        owner.post(f"{project}/corrections", data={"heard": HOSTILE * 9, "meant": HOSTILE}),
        owner.post(f"{project}/drafts/blog", data={"body": HOSTILE, "based_on": "0"}),
        owner.post(f"{project}/drafts/blog/preview", data={"body": HOSTILE, "title": HOSTILE}),
        owner.put("/projects"),
        owner.delete(project),
        owner.request("TRACE", "/"),
        owner.post("/login", data={"email": HOSTILE, "password": "x"}),
        stranger.post("/login", data={"email": HOSTILE, "password": "x"}),
        stranger.post("/logout"),
        stranger.post("/setup/none", data={"name": HOSTILE}),
    ]
    for answer in answers:
        assert answer.status_code < 500, answer.url
        assert "<script>alert" not in answer.text, answer.url
        check(answer)


def test_no_address_makes_the_server_stumble(owner: httpx2.Client, owned: Owned) -> None:
    project = f"/projects/{owned.project}"
    huge, odd = "9" * 30, "%00%ff%2e%2e%2f%F0%9F%A6%93"
    for address in (
        f"{project}/screenshots/{huge}",
        f"{project}/drafts/blog/versions?beside={huge}",
        f"{project}/drafts/blog.{odd}",
        f"{project}/drafts/{odd}",
        f"{project}/transcript.{odd}",
        f"/projects/{odd}",
        f"/jobs/{odd}/pill",
        f"/setup/{odd}",
        f"/?before={huge}&q={odd}",
        f"/login?next={odd}",
        f"/{odd}",
        "/" + "a" * 5000,
    ):
        assert owner.get(address).status_code < 500, address
    answers = [
        owner.post(f"{project}/drafts/blog/versions/{huge}/restore"),
        owner.post(f"{project}/drafts/blog/versions/0/restore"),
        owner.post(f"/jobs/{odd}/cancel"),
        owner.post(f"{project}/jobs", data={"type": "ingest", "language": "xx", "after_last": odd}),
        owner.post(f"{project}/drafts/blog", data={"body": "x" * 3_000_000, "based_on": huge}),
        owner.post(f"{project}/drafts/blog", data={"body": "x\0\ud7ff", "based_on": huge}),
        owner.post(f"{project}/drafts/twitter", data={"post": ["x"] * 600}),
        owner.post(project, data={"title": "x", "context": "c" * 2_000_000}),
        owner.post(project, content=b"\xff\0", headers={"Content-Type": "multipart/form-data"}),
    ]
    for answer in answers:
        assert answer.status_code < 500, answer.url
        check(answer)


def test_what_a_page_loads_is_there(owner: httpx2.Client, owned: Owned) -> None:
    wanted: set[str] = set()
    for address in ("/", "/account", f"/projects/{owned.project}",
                    f"/projects/{owned.project}/drafts/blog"):  # fmt: skip
        page = Inline()
        page.feed(owner.get(address).text)
        wanted.update(page.sources)
    assert any("htmx" in address for address in wanted)
    for address in wanted:
        answer = owner.get(address)
        assert answer.status_code == 200, address
        check(answer)


def test_static_is_a_folder_of_its_own(stranger: httpx2.Client) -> None:
    # The API has tests of its own: test_api_strangers.py.
    mounted = [route.path for route in ROUTES if isinstance(route, Mount)]
    assert mounted == ["/api/v1", "/static"]
    for address in (
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static/",
    ):
        answer = stranger.get(address)
        assert answer.status_code in (303, 404), address
        assert "create_app" not in answer.text


def test_an_unexpected_error_says_nothing_of_the_inside_and_keeps_the_policy(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(data=tmp_path)
    prepare(settings.database)
    app = create_app(settings)
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
        db = connect(settings.database)
        db.execute("drop table login_attempts")
        form = {"email": "a@example.org", "password": "x"}
        answer = client.post("/login", data=form, headers={"Origin": "http://localhost"})
        db.close()
    assert answer.status_code == 500
    for name, value in ALWAYS:
        assert answer.headers[name.decode()] == value.decode()
    page = Inline()
    page.feed(answer.text)
    assert not page.found
    assert "login_attempts" not in answer.text
    found = re.search(r"error ([0-9a-f]{8})", answer.text)
    assert found
    assert found[1] in caplog.text


def test_a_database_that_is_taken_is_told_as_busy(
    house: House, owner: httpx2.Client, owned: Owned
) -> None:
    db = house.db()
    db.execute("begin immediate")
    try:
        address = f"/projects/{owned.project}"
        answer = owner.post(address, data={"title": "x"}, headers={"Accept": "application/json"})
        assert owner.get(address).status_code == 200
    finally:
        db.execute("rollback")
        db.close()
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    assert answer.json()["error"]["code"] == "busy"
    check(answer)
