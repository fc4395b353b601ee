"""Links that open one file for a day, without a session, and nothing else."""

import re
import time
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import httpx2
import pytest

from draftmill.accounts import links, throttle, users
from draftmill.accounts.links import Link
from draftmill.clock import now
from draftmill.database.connection import transaction
from draftmill.settings import Settings
from tests.support.api_programs import program, token_for
from tests.support.house import PASSWORD, House
from tests.support.owned_project import Owned


@pytest.fixture(scope="module")
def api(house: House, owner: httpx2.Client) -> Iterator[httpx2.Client]:
    with program(house, token_for(house)) as client:
        yield client


def path_of(answer: httpx2.Response) -> str:
    assert answer.status_code == 200, answer.text
    return urlsplit(answer.json()["url"]).path


def test_a_link_opens_its_file_for_anybody_and_is_kept_nowhere(
    house: House, api: httpx2.Client, owned: Owned, stranger: httpx2.Client
) -> None:
    project = f"/projects/{owned.project}"
    jobs = [row["id"] for row in house.rows("select id from jobs")]
    for answer, kind in (
        (api.post(f"{project}/drafts/blog/link"), "text/markdown"),
        (api.post(f"{project}/drafts/blog/link?format=zip"), "application/zip"),
        (api.post(f"{project}/transcript/link"), "text/plain"),
        (api.post("/jobs/results", json={"jobs": jobs}), "application/zip"),
    ):
        assert answer.json()["url"].startswith(f"{house.url}/results/")
        file = stranger.get(path_of(answer))
        assert file.status_code == 200
        assert file.headers["content-type"].startswith(kind)
        assert file.headers["content-disposition"].startswith("attachment")
        assert file.headers["cache-control"] == "no-store"
        assert file.headers["referrer-policy"] == "no-referrer"


def picture_of(house: House, project: str, n: int = 99) -> int:
    with closing(house.db()) as db:
        db.execute(
            "insert or ignore into screenshots (project_id, n, time_s, end_s, file, width, height)"
            " values (?, ?, 1, 2, 'own.jpg', 3, 2)",
            (project, n),
        )
    (house.data / "media" / project / "own.jpg").write_bytes(b"a picture")
    return n


def test_pictures_of_markdown_alone_open_without_a_session(
    house: House,
    api: httpx2.Client,
    owner: httpx2.Client,
    owned: Owned,
    stranger: httpx2.Client,
) -> None:
    draft, project = f"/projects/{owned.project}/drafts/blog", owned.project
    n = picture_of(house, project)
    body = f"![One](shot:{n}) ![none](shot:98)"
    assert api.put(draft, json={"body": body}, headers={"If-Match": "*"}).status_code == 200
    markdown = owner.get(f"{draft}.md").text
    (address,) = re.findall(r"\]\(([^)]+)\)", markdown)
    picture = stranger.get(address)
    assert (picture.content, picture.headers["content-type"]) == (b"a picture", "image/jpeg")
    assert picture.headers["cache-control"] == "no-store"
    assert picture.headers["cross-origin-resource-policy"] == "cross-origin"
    with closing(house.db()) as db:
        settings, ends = Settings(data=house.data), int(time.time()) + 60
        soon = links.make(db, settings, 1, f"{draft}.md", ends).token
        (inside,) = re.findall(r"/results/([^)]+)\)", stranger.get(f"/results/{soon}").text)
        assert links.read(db, settings, inside).ends == ends


def test_a_link_that_was_changed_opens_nothing(
    api: httpx2.Client, owned: Owned, stranger: httpx2.Client
) -> None:
    path = path_of(api.post(f"/projects/{owned.project}/drafts/blog/link"))
    for odd in (path[:-1], path[:-2] + "xx", path.replace(".", "", 1), "/results/x", path + "/.."):
        assert stranger.get(odd).status_code in (303, 404)
    assert stranger.get(f"/projects/{owned.project}/drafts/blog.md").status_code == 303


def test_links_are_made_of_ones_own_alone(
    house: House, owner: httpx2.Client, second: httpx2.Client, owned: Owned
) -> None:
    project = f"/projects/{owned.project}"
    job = owned.values["job_id"]
    with program(house, token_for(house, "second@example.org")) as theirs:
        assert theirs.post(f"{project}/drafts/blog/link").status_code == 404
        assert theirs.post(f"{project}/transcript/link").status_code == 404
        assert theirs.post("/jobs/results", json={"jobs": [job]}).status_code == 404


def made(house: House, user_id: int, path: str) -> Link:
    with closing(house.db()) as db:
        return links.make(db, Settings(data=house.data), user_id, path)


def test_an_expired_link_says_so_and_its_owner_makes_a_new_one(
    house: House, owner: httpx2.Client, second: httpx2.Client, owned: Owned,
    stranger: httpx2.Client, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    yesterday = time.time() - links.LIFE_S - 1
    with monkeypatch.context() as patch:
        patch.setattr(time, "time", lambda: yesterday)
        old = made(house, 1, f"/projects/{owned.project}/drafts/blog.md").token
    for client, says in ((stranger, "Sign in"), (second, "Ask whoever"), (owner, "Make a new")):
        answer = client.get(f"/results/{old}")
        assert answer.status_code == 410
        assert says in answer.text
        assert answer.headers["referrer-policy"] == "no-referrer"
    assert stranger.post("/results", data={"token": old}).status_code == 401
    assert second.post("/results", data={"token": old}).status_code == 404
    page = owner.post("/results", data={"token": old})
    new = page.text.partition('href="/results/')[2].partition('"')[0]
    assert stranger.get(f"/results/{new}").headers["content-type"].startswith("text/markdown")


def test_the_link_to_a_picture_opens_for_its_owner_for_good(
    house: House, owner: httpx2.Client, second: httpx2.Client, owned: Owned,
    stranger: httpx2.Client, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    project = owned.project
    picture = f"/projects/{project}/screenshots/{picture_of(house, project)}"
    with monkeypatch.context() as patch:
        patch.setattr(time, "time", lambda: 0.0)
        old = f"/results/{made(house, 1, picture).token}"
    shown = owner.get(old)
    assert (shown.status_code, shown.content) == (200, b"a picture")
    assert shown.headers["cache-control"] == "no-store"
    for client, says in ((stranger, "Sign in to see it"), (second, "Ask whoever")):
        refused = client.get(old)
        assert refused.status_code == 410
        assert says in refused.text
    (way,) = re.findall(r'href="(/login\?next=[^"]+)"', stranger.get(old).text)
    (target,) = re.findall(r'name="next" value="([^"]+)"', stranger.get(way).text)
    known = {"email": "mara@example.org", "password": PASSWORD, "next": target}
    answer = stranger.post("/login", data=known, follow_redirects=True)
    assert (answer.url.path, answer.content) == (old, b"a picture")


def test_a_link_that_is_opened_too_often_has_to_rest_and_says_how_long(
    house: House, owned: Owned, stranger: httpx2.Client
) -> None:
    path = f"/projects/{owned.project}/drafts/blog"
    link, another = (made(house, 1, f"{path}.{ending}").token for ending in ("html", "zip"))
    with closing(house.db()) as db, transaction(db):
        for n in range(59):
            throttle.count_opening(db, link, f"192.0.2.{n}")
    assert stranger.get(f"/results/{link}").status_code == 200
    refused = stranger.get(f"/results/{link}")
    assert refused.status_code == 429
    assert "opened too often" in refused.text
    assert "Try again in 10 minutes" in refused.text
    assert 500 < int(refused.headers["retry-after"]) <= 600
    assert refused.headers["referrer-policy"] == "no-referrer"
    told = stranger.get(f"/results/{link}", headers={"Accept": "application/json"})
    assert told.json()["error"]["code"] == "too_many_openings"
    assert stranger.get(f"/results/{another}").status_code == 200
    with closing(house.db()) as db:
        db.execute("update login_attempts set at = ?", (now(-601),))
    assert stranger.get(f"/results/{link}").status_code == 200


def test_a_link_leads_to_results_only(house: House, owned: Owned, stranger: httpx2.Client) -> None:
    for path in ("/account", f"/projects/{owned.project}", f"/projects/{owned.project}/recording",
                 f"/projects/{owned.project}/drafts/../transcript.txt/x"):  # fmt: skip
        assert stranger.get(f"/results/{made(house, 1, path).token}").status_code == 404


def test_a_new_password_ends_all_links_and_so_does_the_end_of_the_account(
    house: House, second: httpx2.Client, stranger: httpx2.Client
) -> None:
    user = house.one("select id from users where email = 'second@example.org'")
    assert user
    path = "/projects/none/drafts/blog.md"
    first = made(house, user["id"], path).token
    assert (
        stranger.get(f"/results/{first}").status_code == 404
    )  # it is valid, the draft is not there
    with closing(house.db()) as db:
        users.set_password(db, user["id"], PASSWORD + " anew")
        assert stranger.get(f"/results/{first}").status_code == 410
        after = made(house, user["id"], path).token
        users.remove(db, users.by_email(db, "second@example.org"))
    assert stranger.get(f"/results/{after}").status_code == 410
