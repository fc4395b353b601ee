"""A transcription and the model of this machine, where there is memory for one of them only."""

import html
import os
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from tests.support import media_files
from tests.support.house import House, until
from tests.support.inside import process_of, writing_house
from tests.support.places import ROOT, SOUNDS
from tests.support.projects import idle, newest, start

TALK = "We moved our build to a remote cache. It saved eleven minutes for every developer. "
MEMORY = f"{ROOT / 'tests' / 'support' / 'memory'}{os.pathsep}{ROOT}"
LITTLE, ENOUGH = "100000", "8000000"  # kilobytes
FIRST = "The transcription of “{}” goes first."
PATIENCE_S = 300

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="has no wheel everywhere")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    environ = {"PYTHONPATH": MEMORY, "FREE_MEMORY": str(tmp_path / "free")}
    with writing_house(tmp_path / "data", **environ) as house:
        yield house


def free(house: House, kilobytes: str) -> None:
    new = house.data.parent / "new"
    new.write_text(kilobytes)
    new.rename(house.data.parent / "free")


def long_talk() -> Path:
    """An hour, so that it is at work until somebody cancels it."""
    loop = ("-stream_loop", "400")
    return media_files.copied("hour.opus", SOUNDS / "english.opus", "-t", "3600", before=loop)


def ready(house: House, client: httpx2.Client, talk: str = TALK) -> str:
    project = idle(house, client, talk)
    # Else the draft would end with the transcription that is being cancelled.
    house.ended(newest(house, project)["id"])
    return project


def at_work(house: House, project: str) -> str:
    job = str(newest(house, project)["id"])
    until(lambda: house.job(job)["stage"] == "transcribe", why="the transcription to be at work")
    return job


def test_a_draft_without_memory_waits_for_the_transcription_and_uses_no_try(house: House) -> None:
    with closing(house.make_owner()) as owner, closing(house.add_user("b@example.org")) as other:
        mine, theirs = ready(house, owner), ready(house, other)
        talk = at_work(house, house.upload(owner, long_talk(), title="A <long> talk"))
        free(house, LITTLE)
        drafts = []
        for client, project, named in ((owner, mine, "A <long> talk"), (other, theirs, "")):
            start(house, client, project, "twitter")
            drafts.append(str(newest(house, project, "twitter")["id"]))
            why = FIRST.format(named) if named else "The transcription of another recording goes"
            shown = f"/jobs/{drafts[-1]}/pill"
            until(lambda c=client, s=shown, w=why: w in html.unescape(c.get(s).text), why=why)
            pill = client.get(shown).text
            assert "Waiting for memory" in pill
            assert "Nothing is lost." in pill
            assert "<long>" not in pill
        held = house.job(drafts[0])
        until(lambda: house.job(drafts[0])["run_after"] > held["run_after"], why="a second look")
        # Whoever waits is told so once, and has not begun.
        log = house.rows("select message from job_logs where job_id = ?", drafts[0])
        assert sum("goes first" in row["message"] for row in log) == 1
        assert (held["status"], held["attempt"], held["retries"]) == ("pending", 0, 0)
        owner.post(f"/jobs/{talk}/cancel")
        house.ended(talk)
        free(house, ENOUGH)
        ended = house.ended(drafts[0], PATIENCE_S)
        assert ended["status"] == "succeeded", ended["error_message"]
        assert (ended["attempt"], ended["retries"]) == (1, 0)
        other.post(f"/jobs/{drafts[1]}/cancel")
        house.ended(drafts[1])


def test_a_model_that_finds_no_room_while_it_is_loaded_waits_too(house: House) -> None:
    with closing(house.make_owner()) as owner:
        project = ready(house, owner)
        talk = at_work(house, house.upload(owner, long_talk()))
        start(house, owner, project, "twitter")
        job = str(newest(house, project, "twitter")["id"])
        until(lambda: house.job(job)["status"] == "running")
        free(house, LITTLE)
        until(lambda: house.job(job)["held_at"], why="the draft to wait")
        assert house.job(job)["retries"] == 0
        owner.post(f"/jobs/{talk}/cancel")
        house.ended(talk)
        free(house, ENOUGH)
        assert house.ended(job, PATIENCE_S)["status"] == "succeeded"


def test_without_a_transcription_that_could_end_it_is_tried_and_refused(house: House) -> None:
    with closing(house.make_owner()) as owner:
        project = ready(house, owner)
        free(house, LITTLE)
        start(house, owner, project, "twitter")
        ended = house.ended(newest(house, project, "twitter")["id"])
        assert ended["error_code"] == "model_lacks_memory"
        assert "0.1 GB are free" in ended["error_message"]


def test_a_transcription_sends_an_idle_model_away_and_waits_for_a_busy_one(house: House) -> None:
    with closing(house.make_owner()) as owner:
        project = ready(house, owner, TALK * 20)
        start(house, owner, project, "twitter")
        draft = str(newest(house, project, "twitter")["id"])
        until(lambda: "Reading" in house.job(draft)["message"], PATIENCE_S)
        free(house, LITTLE)
        new = house.upload(owner, long_talk())
        talk = str(newest(house, new)["id"])
        waits = "A draft is being written"
        until(lambda: waits in owner.get(f"/jobs/{talk}/pill").text, why=waits)
        assert process_of(house.data)
        assert house.job(talk)["attempt"] == 0
        owner.post(f"/jobs/{draft}/cancel")
        house.ended(draft)
        # What is idle now leaves at once, not after ten minutes.
        until(lambda: not process_of(house.data), why="the model to leave")
        at_work(house, new)
        owner.post(f"/jobs/{talk}/cancel")
        house.ended(talk)
