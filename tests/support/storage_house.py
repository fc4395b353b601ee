"""A house with the task types `noop`, `noop2` and `noop3`, one project in it, and what the tests of storage do there."""

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2

from draftmill.maintenance import invariants
from draftmill.settings import Settings
from tests.support.house import QUICK, House, project_id, until
from tests.support.places import ROOT

NOOP = Path(__file__).parent / "noop"
HTMX = {"HX-Request": "true"}
# Wishes are instructions, and those are taken only where a model is set. This one is never asked.
MODEL = {"DRAFTMILL_LLM_BASE_URL": "http://127.0.0.1:9/v1", "DRAFTMILL_LLM_MODEL": "never asked"}
# After the kill of a consumer a folder may be left over for the janitor.
JANITOR_S = 3600.0
TEXT = "A short text that was brought along. Nothing is written from it."


@dataclass
class StorageHouse:
    """One project of one signed-in owner. Jobs of these types do what their wish says."""

    house: House
    client: httpx2.Client
    project: str

    def post(self, wish: str = "", after: str | None = None, kind: str = "noop") -> httpx2.Response:
        """Ask for a job, as the form does that has seen the job `after` (None: the newest)."""
        last = after if after is not None else self.last(kind)
        form = {"type": kind, "after_last": last, "instructions": wish}
        return self.client.post(f"/projects/{self.project}/jobs", data=form, headers=HTMX)

    def order(self, wish: str = "", kind: str = "noop") -> str:
        """Start a job; its id."""
        before = self.last(kind)
        answer = self.post(wish, kind=kind)
        assert answer.status_code == 202, answer.text
        job_id = self.last(kind)
        assert job_id != before
        return job_id

    def last(self, kind: str = "noop") -> str:
        """The id of the newest job of a type, empty for none."""
        query = "select id from jobs where type = ? and project_id = ? order by n desc"
        row = self.house.one(query, kind, self.project)
        return str(row["id"]) if row else ""

    def pill(self, job_id: str) -> str:
        answer = self.client.get(f"/jobs/{job_id}/pill", headers=HTMX)
        assert answer.status_code == 200, answer.text
        return answer.text

    def release(self, name: str = "go") -> None:
        """Let the jobs go on that wait for a file."""
        (self.house.data.parent / name).touch()

    def house_looks(self, times: int) -> None:
        """Wait until the house has heard of its workers so often: 0.1 s each."""
        began = time.monotonic()
        until(lambda: time.monotonic() - began > times * 0.1)

    def running(self, job_id: str) -> None:
        """Wait until the job's stage has begun."""
        until(lambda: self.house.job(job_id)["stage"] == "rest", why="the stage to begin")

    def succeeded(self, job_id: str, within_s: float = 15.0) -> sqlite3.Row:
        """The job, which ends well, once, with one draft."""
        job = self.house.ended(job_id, within_s)
        assert job["status"] == "succeeded", (dict(job), self.house.log())
        return job

    def sound(self) -> None:
        """Everything that must be true is, while the house is at work."""
        found = broken(self.house)
        assert not found, found

    def leave(self, orphans_after_s: float = 0) -> None:
        """Stop the house. Nothing is at work, and nothing is left over for so long."""
        assert self.house.stop() == 0
        found = broken(self.house, at_rest=True, orphans_after_s=orphans_after_s)
        assert not found, found


def broken(house: House, **how: float) -> list[str]:
    """The rules that do not hold in a house."""
    with contextlib.closing(house.db()) as db:
        return invariants.broken(db, Settings(data=house.data), **how)  # type: ignore[arg-type]


@contextlib.contextmanager
def kept(data: Path, **environ: str) -> Iterator[House]:
    """A house that is ended at the end. Its log may tell of what was done to it."""
    house = House(data, **QUICK, **environ)
    try:
        yield house.start()
    finally:
        if house.running:
            house.stop()


@contextlib.contextmanager
def storage_house(data: Path, **environ: str) -> Iterator[StorageHouse]:
    """A house of its own with one project; what that brought is at rest."""
    # Its processes run this checkout, wherever the environment has installed another.
    path = {"PYTHONPATH": f"{NOOP}{os.pathsep}{ROOT}"}
    with (
        kept(data, **path | MODEL | environ) as house,
        contextlib.closing(house.make_owner()) as client,
    ):
        answer = client.post("/projects", files={"transcript": ("talk.txt", TEXT)})
        made = StorageHouse(house, client, project_id(answer))
        ingest = house.one("select id from jobs where type = 'ingest'")
        assert ingest is not None
        client.post(f"/jobs/{ingest['id']}/cancel", headers=HTMX)
        house.ended(ingest["id"])
        yield made
