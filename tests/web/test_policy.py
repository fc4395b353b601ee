"""Every answer carries the policy and keeps it: pages, refusals and errors."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import httpx2
import pytest
from starlette.routing import Mount
from starlette.testclient import TestClient

from app import ROUTES, create_app
from draftmill.database.connection import connect, prepare
from draftmill.settings import Settings
from draftmill.web.middleware.headers import ALWAYS
from tests.support.house import House
from tests.support.owned_project import HOSTILE, Owned


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
    yield from (
        "/",
        "/?q=x",
        "/jobs",
        "/results/x",
        "/account",
        "/login",
        "/nothing/here",
        "/healthz",
        "/readyz",
    )
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
    assert any("/page." in address for address in wanted)
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
