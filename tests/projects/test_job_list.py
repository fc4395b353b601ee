"""A search in the list of jobs looks into so many projects for a page, and leads on from there."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app import create_app
from draftmill.accounts import users
from draftmill.clock import now
from draftmill.database.connection import connect, prepare
from draftmill.projects import job_list
from draftmill.settings import Settings
from tests.support import full_house
from tests.support.house import PASSWORD
from tests.support.recorded_queries import recorded
from tests.web.pages.job_list.rows import ids_on

EMAIL = "mara@example.org"
LOOKED_INTO, EMPTY, FAILED = 5, 12, 6
PROJECT = (
    "insert into projects (id, user_id, title, source, sha256, created_at)"
    " values (?, ?, ?, 'media', ?, ?)"
)


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """Of many projects the oldest is called Zebra, as are the newest, which have no jobs."""
    monkeypatch.setattr(job_list, "LOOKED_INTO", LOOKED_INTO)
    settings = Settings(data=tmp_path)
    prepare(settings.database)
    with closing(connect(settings.database)) as db:
        user_id = users.add_user(db, EMAIL, PASSWORD).id
        oldest = full_house.fill(db, user_id, 20, 60)[0]
        db.execute("update projects set title = 'Zebra' where id = ?", (oldest,))
        for n in range(EMPTY):
            db.execute(PROJECT, (f"zebra-{n}", user_id, f"Zebra {n}", str(n), now()))
        full_house.fill(db, full_house.add_user(db, "other@example.org"), 20, 60)
    with closing(TestClient(create_app(settings), "http://localhost")) as client:
        client.post("/login", data={"email": EMAIL, "password": PASSWORD})
        yield client


def test_a_search_that_finds_nothing_so_far_says_so_and_leads_on(page: TestClient) -> None:
    address, found, pages = "/jobs?q=zebra&status=failed", [], []
    while address:
        pages.append(page.get(address).text)
        found.append(ids_on(pages[-1]))
        older = re.search(r'rel="next" href="([^"]+)"', pages[-1])
        address = older[1].replace("&amp;", "&") if older else ""
    assert [len(ids) for ids in found] == [0, 0, FAILED]
    assert "None so far" in pages[0]
    assert "No job matches" not in pages[0]


def test_what_is_to_be_cancelled_is_searched_for_before_others_have_to_wait(
    page: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_list, "FEW", LOOKED_INTO)  # so that it goes from title to title
    page.headers["Origin"] = "http://localhost"
    with recorded() as recorder:
        told = page.post("/jobs/cancel", data={"q": "zebra"}, follow_redirects=False)
    assert "count=1" in told.headers["location"]
    inside = written = 0
    for statement in recorder.statements:
        inside = (inside or statement == "begin immediate") and statement != "commit"
        written += inside and "cancel_requested_at = coalesce" in statement
        assert not (inside and "jobs_listed" in statement), statement
    assert written == 1


def test_what_many_projects_have_fills_a_page(page: TestClient) -> None:
    assert len(ids_on(page.get("/jobs?q=talk&status=failed").text)) == job_list.PAGE
