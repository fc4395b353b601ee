"""A real llama.cpp that Draftmill runs itself: started for a draft, missed when it dies, stopped when idle."""

import os
import re
import resource
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from draftmill.jobs.engines import WITHOUT_MODEL
from tests.support.house import QUICK, House, opened, until
from tests.support.inside import SMALL, kill, lay_model, lives, process_of, writing_house
from tests.support.model_shop import opened_shop
from tests.support.places import ROOT
from tests.support.projects import idle, newest, start

TALK = "We moved our build to a remote cache. It saved eleven minutes for every developer. "
SLOW = ROOT / "tests" / "support" / "slow_load"
HALF = "50000000"  # bytes
FAR = r"^Loading the language model, \d+ %$"
PRESSED_S = 70  # the page waits no longer for what a press brings
PATIENCE_S = 300  # reading takes a minute on a machine that has other work

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="has no wheel everywhere")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with writing_house(tmp_path / "data", DRAFTMILL_INSIDE_IDLE_S="2") as house:
        yield house


def ready(house: House, talk: str = TALK) -> tuple[httpx2.Client, str]:
    client = house.make_owner()
    project = idle(house, client, talk)
    # Else the draft would end with the transcription that is being cancelled.
    house.ended(newest(house, project, "ingest")["id"])
    return client, project


def test_a_draft_starts_the_model_outlives_its_deaths_and_leaves_it_idle(house: House) -> None:
    client, project = ready(house)
    with closing(client):
        assert not process_of(house.data)
        start(house, client, project, "twitter")
        job = newest(house, project, "twitter")["id"]
        until(lambda: reads(house, job), PATIENCE_S)
        first = process_of(house.data)
        kill(first["pid"])
        until(lambda: reads_with_another(house, job, first["pid"]), PATIENCE_S)
        second = process_of(house.data)
        assert second["context"] == first["context"]
        starve(second["pid"])
        until(lambda: reads_with_another(house, job, second["pid"]), PATIENCE_S)
        assert process_of(house.data)["context"] < second["context"]
        ended = house.ended(job, PATIENCE_S)
        assert ended["status"] == "succeeded", ended["error_message"]
        assert ended["attempt"] > 2
        log = house.rows("select message from job_logs where job_id = ?", job)
        said = "\n".join(row["message"] for row in log)
        assert "model of this machine stopped" in said
        assert "model of this machine ran out of memory" in said
        draft = house.one("select * from draft_versions where project_id = ?", project)
        # What so small a model writes may be refused, and the outline stands in its place.
        assert draft and draft["model"] in (SMALL.removesuffix(".gguf"), WITHOUT_MODEL)
        assert house.one("select * from model_paces where read_s > 0")
        until(lambda: not process_of(house.data), why="the idle process to end")


def test_a_trial_leaves_the_model_loaded_and_does_not_wait_behind_a_draft(tmp_path: Path) -> None:
    with writing_house(tmp_path / "data") as house:
        client, project = ready(house, TALK * 20)
        with closing(client):
            chosen = {"writing_with": "inside", "inside_model": SMALL}
            tried = client.post("/settings/writing/try", data=chosen)
            assert "tokens per second" in tried.text
            pid = process_of(house.data)["pid"]
            assert house.one("select * from model_paces where read_s > 0")
            start(house, client, project, "twitter")
            job = newest(house, project, "twitter")["id"]
            until(lambda: reads(house, job), PATIENCE_S)
            refused = client.post("/settings/writing/try", data=chosen)
            assert "A draft is being written with this model." in refused.text
            assert process_of(house.data)["pid"] == pid
            client.post(f"/jobs/{job}/cancel")
            house.ended(job)


def test_a_model_that_loads_slowly_tells_how_far_it_is_and_can_be_tried_again(
    tmp_path: Path,
) -> None:
    slow = {"PYTHONPATH": f"{SLOW}{os.pathsep}{ROOT}", "MAY_LOAD": str(tmp_path / "now")}
    with writing_house(tmp_path / "data", TAKES_MEANWHILE=HALF, **slow) as house:
        client, project = ready(house)
        chosen = {"writing_with": "inside", "inside_model": SMALL}
        with closing(client):
            start(house, client, project, "twitter")
            job = newest(house, project, "twitter")["id"]
            until(lambda: re.search(FAR, house.job(job)["message"]), why="how far it is loaded")
            client.post(f"/jobs/{job}/cancel")
            house.ended(job)
            tried = client.post("/settings/writing/try", data=chosen, timeout=PRESSED_S)
            assert re.search(r"The model is still being loaded, \d+ % so far\.", tried.text)
            assert "try it again in a moment" in tried.text
            (tmp_path / "now").touch()
            until(lambda: process_of(house.data), PATIENCE_S, "the model to go on loading")
            tried = client.post("/settings/writing/try", data=chosen, timeout=PRESSED_S)
            assert "tokens per second" in tried.text


def test_what_a_draft_takes_is_known_when_a_model_has_come(tmp_path: Path) -> None:
    data = tmp_path / "data"
    content = lay_model(tmp_path / "elsewhere").read_bytes()
    with opened_shop(small__gguf=content) as shop, opened(data, **QUICK) as house:
        shop.offer(data, "small")
        with closing(house.make_owner()) as client:
            client.post("/settings/models/small/get")
            job = house.one("select id from jobs where type = 'model'")
            assert job
            ended = house.ended(job["id"], PATIENCE_S)
            assert (ended["status"], ended["warnings"]) == ("succeeded", "[]")
            assert "of a 60-minute talk takes roughly" in client.get("/settings/models").text
            until(lambda: not process_of(data, "small.gguf"), why="its process to end with the job")


def reads(house: House, job: str) -> bool:
    seen = house.job(job)
    assert not seen["completed_at"], seen
    return "Reading the transcript" in seen["message"]


def reads_with_another(house: House, job: str, pid: int) -> bool:
    return process_of(house.data).get("pid", pid) != pid and reads(house, job)


def starve(pid: int) -> None:
    """It gets no more memory than it has."""
    has = int(Path(f"/proc/{pid}/statm").read_text().split()[0]) * resource.getpagesize()
    resource.prlimit(pid, resource.RLIMIT_AS, (has, has))


def test_two_drafts_at_once_share_one_process_that_dies_with_the_house(house: House) -> None:
    client, project = ready(house, TALK * 20)
    with closing(client):
        for kind in ("twitter", "linkedin"):
            start(house, client, project, kind)
        jobs = [newest(house, project, kind)["id"] for kind in ("twitter", "linkedin")]
        until(lambda: {house.job(job)["message"][:7] for job in jobs} == {"Reading", "Waiting"})
        pid = process_of(house.data)["pid"]
        assert {p.name for p in (house.data / "running").glob("*.json")} == {f"{SMALL}.json"}
        for job in jobs:
            client.post(f"/jobs/{job}/cancel")
            assert house.ended(job)["status"] == "cancelled"
    house.kill()
    until(lambda: not lives(pid), why="the model's process to end")
    house.start()
