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


def test_what_many_projects_have_fills_a_page(page: TestClient) -> None:
    assert len(ids_on(page.get("/jobs?q=talk&status=failed").text)) == job_list.PAGE
