"""What a model server can do to us: every draft ends well, or says what happened and what to do."""

import re
import time
from collections.abc import Iterator
from itertools import pairwise

import httpx2
import pytest

from tests.support.faults_table import Ledger
from tests.support.house import QUICK, House, opened, project_id, until
from tests.support.model_faults import (
    FAULTS,
    GOOD,
    HEALS,
    LASTS,
    LEFT_TO_FULL,
    NEVER,
    WAIT_S,
    Fault,
    drips,
    murmurs,
)
from tests.support.model_server import Answer, Exchange, ModelServer, never_answers, stalls
from tests.support.server_faults import (
    Script,
    alive,
    child_of,
    count,
    lines_of,
    newest,
    pill_of,
    well,
)

HTMX = {"HX-Request": "true"}
DELAYS_S = (1.0, 4.0, 16.0)
PATIENCE_S = 60  # so much that a busy machine starts every child in time
TYPES = ("blog", "newsletter", "twitter", "linkedin")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    full = metafunc.config.getoption("--full")
    for argument, table in (("heals", HEALS), ("lasts", LASTS), ("never", NEVER)):
        if argument in metafunc.fixturenames:
            metafunc.parametrize(argument, [n for n in table if full or n not in LEFT_TO_FULL])


def about(exchange: Exchange) -> str:
    """A question without the fence, which is another one each time."""
    text = f"{exchange.request.system}\n{exchange.request.user}"
    return re.sub(r"\b[0-9a-f]{16}\b", "", text)


@pytest.fixture(scope="module")
def script() -> Script[Exchange]:
    return Script(about, GOOD)


@pytest.fixture(scope="module")
def pace(full: bool) -> float:
    """By how much the waits before a retry are stretched."""
    return 1.0 if full else 0.25


@pytest.fixture(scope="module")
def house(
    tmp_path_factory: pytest.TempPathFactory, script: Script[Exchange], pace: float
) -> Iterator[House]:
    with ModelServer(otherwise=script.answer) as server:
        environ = {
            "DRAFTMILL_LLM_BASE_URL": server.base_url,
            "DRAFTMILL_LLM_MODEL": "writer",
            "DRAFTMILL_LLM_API_KEY": "sk-ours",
            "DRAFTMILL_LLM_CONTEXT": "4000",
            "DRAFTMILL_LLM_TIMEOUT_S": "4",
            "DRAFTMILL_PATIENCE_S": str(PATIENCE_S),
            "DRAFTMILL_RETRY_DELAY_S": str(pace),
            "DRAFTMILL_WRITING_WORKERS": "6",
        }
        with opened(tmp_path_factory.mktemp("model") / "data", **QUICK, **environ) as running:
            yield running


@pytest.fixture(autouse=True)
def checked(house: House) -> Iterator[None]:
    """After every fault the same check."""
    yield
    well(house)


def brought(house: House, client: httpx2.Client, title: str, text: str, context: str = "") -> str:
    """A project from a transcript, once it is ready for drafts."""
    form = {"title": title, "context": context, "transcript_text": f"{text} {title}.", "types": []}
    project = project_id(client.post("/projects", data=form, files={"recording": ("", b"")}))
    assert house.ended(newest(house, project, "ingest"))["status"] == "succeeded"
    return project


def begin(house: House, client: httpx2.Client, project: str, task_type: str, mark: str) -> str:
    """Start a draft whose questions carry a mark; the job's id."""
    wish = {"type": task_type, "instructions": f"fault-{mark}"}
    answer = client.post(f"/projects/{project}/jobs", data=wish, headers=HTMX)
    assert answer.status_code == 202, answer.text
    return newest(house, project, task_type)


def marked(name: str) -> str:
    return name.replace(" ", "_")


@pytest.fixture(scope="module")
def at_work(
    house: House, owner: httpx2.Client, script: Script[Exchange], full: bool
) -> dict[str, str]:
    """Every fault at once, each in a draft of its own; the jobs' ids by the fault's name."""
    # Those that wait longest begin first.
    names = [n for n in (LASTS | HEALS | NEVER) if full or n not in LEFT_TO_FULL]
    projects = [
        brought(house, owner, f"Talk {n}", "We built the queue in one weekend. It lost no job.")
        for n in range(-(-len(names) // len(TYPES)))
    ]
    started = {}
    for n, name in enumerate(names):
        script.say(marked(name), *FAULTS[name].does)
        project, task_type = projects[n // len(TYPES)], TYPES[n % len(TYPES)]
        started[name] = begin(house, owner, project, task_type, marked(name))
    return started


def test_the_pill_counts_the_retries_and_says_when_and_why(
    house: House, owner: httpx2.Client, at_work: dict[str, str], pace: float
) -> None:
    job = at_work["errors for ever"]
    retry = 2 if pace == 1 else 3
    pill = until(
        lambda: (text := pill_of(owner, job)) and f"Retry {retry} of 3" in text and text,
        60,
        "the pill to count",
    )
    found = re.search(rf"Retry {retry} of 3 in (\d+) s", pill)
    assert found, pill
    assert 3 <= int(found[1]) <= 5
    assert "The model server met an error of its own (HTTP 500)." in pill
    assert "Cancel" in pill


def ends_once(house: House, job: str, words: str) -> None:
    ends = [line for line in lines_of(house, job) if words in line]
    told = house.rows("select kind from notifications where job_id = ?", job)
    assert (len(ends), len(told)) == (1, 1), lines_of(house, job)


def test_what_heals_is_asked_again_and_ends_in_one_draft(
    house: House, at_work: dict[str, str], script: Script[Exchange], heals: str, ledger: Ledger
) -> None:
    job = house.ended(at_work[heals])
    assert (job["status"], job["error_code"]) == ("succeeded", None), job["error_message"]
    asked = script.asked[marked(heals)]
    assert len(asked) == job["attempt"] == FAULTS[heals].asks
    drafts = house.rows("select 1 from draft_versions where job_id = ?", job["id"])
    assert len(drafts) == 1
    ends_once(house, job["id"], "Done")
    warned = [line for line in lines_of(house, job["id"]) if line.startswith("The model server")]
    assert len(warned) == FAULTS[heals].asks - 1
    if heals.startswith("busy"):
        assert min(b.at - a.at for a, b in pairwise(asked)) >= WAIT_S - 0.01
    count(ledger, "Model server: a failure that heals (busy, errors, hangs, cut streams)")


def test_what_lasts_is_tried_three_more_times_and_says_what_to_do(
    house: House,
    owner: httpx2.Client,
    at_work: dict[str, str],
    script: Script[Exchange],
    pace: float,
    lasts: str,
    ledger: Ledger,
) -> None:
    job = house.ended(at_work[lasts])
    asked = script.asked[marked(lasts)]
    assert (job["attempt"], len(asked)) == (4, FAULTS[lasts].asks)
    gaps = [b.at - a.at for a, b in pairwise(asked)]
    for gap, delay_s in zip(gaps, DELAYS_S, strict=True):
        assert gap >= 0.9 * pace * delay_s
    failed_well(house, owner, job["id"], FAULTS[lasts])
    count(ledger, "Model server: a failure that lasts, tried four times")


def test_what_cannot_heal_is_never_tried_again(
    house: House,
    owner: httpx2.Client,
    at_work: dict[str, str],
    script: Script[Exchange],
    never: str,
    ledger: Ledger,
) -> None:
    job = house.ended(at_work[never])
    assert (job["attempt"], job["retries"]) == (1, 0)
    assert len(script.asked[marked(never)]) == FAULTS[never].asks
    failed_well(house, owner, job["id"], FAULTS[never])
    count(ledger, "Model server: a failure that cannot heal, tried once")


def failed_well(house: House, client: httpx2.Client, job_id: str, fault: Fault) -> None:
    """It failed with its code, said so once, and the pill says what happened and what to do."""
    job = house.job(job_id)
    assert (job["status"], job["error_code"]) == ("failed", fault.code), job["error_message"]
    assert not house.rows("select 1 from draft_versions where job_id = ?", job_id)
    ends_once(house, job_id, f"{job['error_message']} {job['error_hint']}")
    pill = until(
        lambda: (text := pill_of(client, job_id)) and job["error_message"] in text and text,
        10,
        "the pill to say what happened",
    )
    assert job["error_hint"]
    assert job["error_hint"] in pill
    assert "Retry" in pill
    assert "sk-ours" not in pill + "".join(lines_of(house, job_id))


# The first one says a word: until then drafts of the same recording wait for it.
HANGS: dict[str, Answer] = {
    "stalls": stalls("# A title\n\nWe"),
    "silent": never_answers,
    "drips": drips,
    "murmurs": murmurs,
}


def test_a_hanging_answer_is_cancelled_within_two_seconds(
    house: House, owner: httpx2.Client, script: Script[Exchange], full: bool, ledger: Ledger
) -> None:
    names = list(HANGS) if full else ["stalls", "drips"]
    project = brought(house, owner, "Cancelled", "We built the queue in one weekend.")
    hanging = {}
    for name, task_type in zip(names, TYPES, strict=False):
        script.say(name, HANGS[name])
        hanging[name] = begin(house, owner, project, task_type, name)
        until(lambda n=name: script.asked[n], 30, "the question")
    took = [cancelled(house, owner, job) for job in hanging.values()]
    if full:
        assert max(took) <= 2
    for name, job in hanging.items():
        script.say(name, GOOD)
        assert owner.post(f"/jobs/{job}/retry", headers=HTMX).status_code == 202
        again = house.ended(newest(house, project, house.job(job)["type"]))
        assert (again["status"], again["retry_of"]) == ("succeeded", job)
    ledger.record("Cancel inside a hanging model stream", len(took), back_s=took, most_s=2)


def cancelled(house: House, client: httpx2.Client, job: str) -> float:
    """Cancel a job whose question hangs; the seconds until it had ended."""
    child = child_of(house, job)
    began = time.monotonic()
    assert client.post(f"/jobs/{job}/cancel", headers=HTMX).status_code == 200
    ended = house.ended(job, 10)
    took_s = time.monotonic() - began
    assert (ended["status"], ended["error_code"]) == ("cancelled", None)
    assert not alive(child)
    until(lambda: "Cancelled" in pill_of(client, job), 10, "the pill to say so")
    return took_s
