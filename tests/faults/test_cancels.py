"""Cancel is visible within two seconds in every stage, and what was finished stays."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import httpx2
import pytest

from tests.support.after_a_fault import sound
from tests.support.fault_recordings import bring_text, sentences
from tests.support.faults_table import Ledger
from tests.support.house import QUICK, House, opened, until
from tests.support.jobs_at_work import LongWork, caught, tries
from tests.support.model_server import ModelServer, stalls
from tests.support.process_states import Child, words_of

SEED = 4400
CANCELLED_S = 2.0
SLOW_S = 20.0  # of a short run, on a loaded machine


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cancels")


@pytest.fixture(scope="module")
def own(folder: Path, full: bool) -> Iterator[House]:
    """A house that writes without a model, with its usual times in a full run."""
    with opened(folder / "data", **({} if full else QUICK)) as house:
        yield house


def cancel(house: House, client: httpx2.Client, child: Child) -> float:
    """Press Cancel: seconds until the row says so and the process is gone."""
    begun_s = time.monotonic()
    answer = client.post(f"/jobs/{child.job_id}/cancel", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    job = house.ended(child.job_id, SLOW_S)
    until(lambda: not words_of(child.pid), SLOW_S, "the process to end")
    took_s = time.monotonic() - begun_s
    assert job["status"] in ("cancelled", "succeeded")
    return took_s


@pytest.mark.parametrize("stage", ["transcribe", "screenshots", "chapters", "write"])
def test_cancel_ends_a_job_in_every_stage_and_keeps_what_is_finished(
    own: House,
    client: httpx2.Client,
    work: LongWork,
    full: bool,
    rounds: Callable[[int, int], int],
    ledger: Ledger,
    stage: str,
) -> None:
    took_s = [_cancel_in(own, client, work, stage) for _ in range(rounds(1, 10))]
    sound(own, at_rest=True)
    fault = ledger.record(
        f"Cancel while at {stage}", len(took_s), back_s=took_s, most_s=CANCELLED_S
    )
    assert not full or fault.p95_s <= CANCELLED_S


def _cancel_in(house: House, client: httpx2.Client, work: LongWork, stage: str) -> float:
    for _ in tries():
        brought = work.bring(house, client, stage)
        job_id = brought.jobs[-1]
        child = caught(house, job_id, stage)
        if child is None:
            continue
        took_s = cancel(house, client, child)
        if house.job(job_id)["status"] == "succeeded":
            continue  # it ended before the wish was recorded
        project = house.one("select * from projects where id = ?", brought.project_id)
        assert project is not None
        assert (project["transcript_id"] is None) == (stage == "transcribe")
        assert not house.rows("select 1 from drafts where project_id = ?", brought.project_id)
        return took_s
    raise AssertionError


def test_cancel_ends_a_draft_while_the_model_speaks(
    folder: Path, full: bool, rounds: Callable[[int, int], int], ledger: Ledger
) -> None:
    took_s: list[float] = []
    with ModelServer(otherwise=stalls("# A title")) as server:
        model = {"DRAFTMILL_LLM_BASE_URL": server.base_url, "DRAFTMILL_LLM_MODEL": "m"}
        with (
            opened(folder / "model", **model, **({} if full else QUICK)) as house,
            closing(house.make_owner()) as client,
        ):
            random = Random(SEED)
            for n in range(rounds(1, 10)):
                brought = bring_text(house, client, sentences(random, 40), ["blog"])
                until(lambda n=n: len(server.requests) > n, 60, "the model to be asked")
                child = caught(house, brought.jobs[1], "write")
                assert child is not None
                took_s.append(cancel(house, client, child))
                assert house.job(child.job_id)["status"] == "cancelled"
            assert not house.rows("select 1 from drafts")
            sound(house, at_rest=True)
    fault = ledger.record(
        "Cancel while a model speaks", len(took_s), back_s=took_s, most_s=CANCELLED_S
    )
    assert not full or fault.p95_s <= CANCELLED_S
