"""What a page, a poll or a list costs does not grow with what is stored."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app import create_app
from draftmill.accounts import tokens, users
from draftmill.database.connection import connect, prepare
from draftmill.jobs import queue
from draftmill.settings import Settings
from draftmill.web.middleware.bearer import API
from tests.support import full_house
from tests.support.house import PASSWORD
from tests.support.recorded_queries import Recorder, recorded, scans

FEW, MANY = 20, 80  # projects: a page holds 20
JOBS = 12  # of each
GROWTH, NOISE = 1.2, 100  # steps
EMAIL = "mara@example.org"
# What is read from end to end all the same, and why that does not grow.
SHORT = {
    "newest": "the newest jobs of one project, one of each type",
    "CONSTANT": "no table at all",
    "counters": "one row",
    "written": "one row: when the version was written that a draft stems from",
    "users": "its first row, to see that there is one",
    "main.projects_fts_config": "settings of the full-text search",
}
LISTS = [
    "", "project={project}", "status=running", "status=failed", "type=blog", "type=none", "cursor=150",
    "status=failed&type=linkedin", "status=running&type=blog", "status=succeeded&cursor=150",
    "project={project}&status=failed", "project={project}&type=blog", "project={project}&type=blog&status=running",
]  # fmt: skip
PAGES = [
    "/", "/?before=150", "/?q=harvest", "/projects/{project}", "/projects/{project}/drafts/blog",
    "/projects/{project}/drafts/blog/versions", "/projects/{project}/transcript.txt", "/jobs/{job}",
    "/jobs/{job}/page/pill?log=1", "/jobs/{waits}/pill", "/jobs/pills?ids={waits}", "/readyz", "/indicator?open=60",
    "/jobs", "/jobs?q=talk+19", "/jobs?q=talk&status=running", "/jobs?type=linkedin&status=failed",
    "/jobs?cursor=2.0.150", "/jobs?q=talk&cursor=2.15.999999", "/jobs/pills?rows=jobs&first=1&since=0&ids={waits}",
    "/notifications",
]  # fmt: skip
PROGRAMS = [
    *(f"/jobs?{filters}" for filters in LISTS), "/projects", "/projects?cursor=150&limit=10",
    "/projects?q=harvest", "/projects/{project}", "/projects/{project}/drafts",
    "/projects/{project}/drafts/blog", "/jobs/{job}", "/jobs/{job}/logs", "/notifications",
    "/notifications?cursor=150", "/notifications?unread=true&cursor=150",
]  # fmt: skip


class Full:
    """A house in which so many projects are stored, another's as well, and who asks there."""

    def __init__(self, data: Path, projects: int) -> None:
        self.settings = Settings(data=data)
        prepare(self.settings.database)
        with closing(connect(self.settings.database)) as db:
            user_id = users.add_user(db, EMAIL, PASSWORD).id
            token = tokens.add(db, user_id, "test")
            self.project = full_house.fill(db, user_id, projects, JOBS)[3]
            full_house.fill(db, full_house.add_user(db, "x@example.org"), projects, JOBS)
        app = create_app(self.settings)
        self.page = TestClient(app, "http://localhost")
        self.page.post("/login", data={"email": EMAIL, "password": PASSWORD})
        program = {"Authorization": f"Bearer {token}"}
        self.program = TestClient(app, f"http://localhost{API}", headers=program)

    def asked(self, client: TestClient, address: str) -> Recorder:
        """What a request asks the database, when the same one has been there before."""
        url = address.format(
            project=self.project,
            job=full_house.job_id(self.project, 0),
            waits=full_house.job_id(self.project, JOBS - 1),
        )
        for _ in range(2):
            with recorded() as recorder:
                answer = client.get(url)
            assert answer.status_code == 200, (url, answer.text)
        return recorder


@pytest.fixture(scope="module")
def houses(tmp_path_factory: pytest.TempPathFactory) -> tuple[Full, Full]:
    """One with few projects, one with many."""
    data = tmp_path_factory.mktemp("full")
    return Full(data / "few", FEW), Full(data / "many", MANY)


@contextmanager
def asked_by_workers(full: Full) -> Iterator[Recorder]:
    with recorded() as recorder, closing(connect(full.settings.database)) as db:
        for name in ("media", "writing"):
            queue.due(db, name, 3)
            queue.claim_next(db, name)
            queue.orphans(db, name)
        yield recorder


@pytest.mark.parametrize("address", PAGES)
def test_a_page_costs_as_much_among_many_projects(houses: tuple[Full, Full], address: str) -> None:
    grows_not(*(full.asked(full.page, address) for full in houses))


@pytest.mark.parametrize("address", PROGRAMS)
def test_an_answer_to_a_program_costs_as_much_among_many_projects(
    houses: tuple[Full, Full], address: str
) -> None:
    grows_not(*(full.asked(full.program, address) for full in houses))


def grows_not(few: Recorder, many: Recorder) -> None:
    assert many.steps <= GROWTH * few.steps + NOISE, many.statements


def test_no_table_that_grows_is_read_from_end_to_end(houses: tuple[Full, Full]) -> None:
    _, full = houses
    asked = [full.asked(full.page, address) for address in PAGES]
    asked += [full.asked(full.program, address) for address in PROGRAMS]
    with asked_by_workers(full) as by_workers, closing(connect(full.settings.database)) as db:
        statements = [one for recorder in (*asked, by_workers) for one in recorder.statements]
        found = scans(db, statements)
    assert found.keys() >= {"newest"}, "plans are looked at"
    assert {name: asked for name, asked in found.items() if name not in SHORT} == {}


def test_the_next_job_is_found_as_soon_among_many(houses: tuple[Full, Full]) -> None:
    steps = []
    for full in houses:
        with asked_by_workers(full) as recorder:
            steps.append(recorder)
    grows_not(*steps)
