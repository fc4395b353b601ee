"""What a transcription server can do to us: the same promises as for a model's."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import httpx2
import pytest

from tests.support import media_files as files
from tests.support.faults_table import Ledger
from tests.support.house import QUICK, House, opened, until
from tests.support.places import SOUNDS
from tests.support.server_faults import (
    Script,
    alive,
    child_of,
    count,
    lines_of,
    newest,
    pill_of,
    resting,
    well,
)
from tests.support.speech_server import (
    Answer,
    Exchange,
    breaks_off,
    fails,
    says,
    sends,
    speech_server,
    stalls,
)

HTMX = {"HX-Request": "true"}
TALK = SOUNDS / "english.opus"
GOOD = says("We moved the whole database twice last spring.")
PAGE = b"<html><h1>Welcome</h1></html>"
WAIT_S = 2


def drips(exchange: Exchange) -> None:
    """Promises an answer, and sends one byte of it a second."""
    exchange.handler.send_response(200)
    exchange.handler.send_header("Content-Length", "100000")
    exchange.handler.end_headers()
    while not exchange.closing.wait(1):
        exchange.handler.wfile.write(b" ")
    exchange.handler.close_connection = True


@dataclass(frozen=True)
class Fault:
    """What the server does, and how the job must end: its error's code, and times it asked."""

    does: tuple[Answer, ...]
    code: str | None
    asks: int = 1


BUSY = fails(429, Retry_After=str(WAIT_S))
FAULTS = {
    "busy twice": Fault((BUSY, BUSY, GOOD), None, 3),
    "hangs once": Fault((stalls, GOOD), None, 2),
    "is cut once": Fault((breaks_off, GOOD), None, 2),
    "errors for ever": Fault((fails(500),), "transcription_server_busy", 4),
    "is a web page": Fault((sends(PAGE, "text/html"),), "transcription_server_answer", 4),
    "says nothing": Fault((sends(b""),), "transcription_server_answer", 4),
    "refuses the key": Fault((fails(401, "Bad key sk-ours"),), "transcription_server_key"),
    "has no such model": Fault((fails(404),), "transcription_server_model"),
    "takes no such sizes": Fault((fails(413),), "transcription_server_size"),
    "has no credit": Fault((fails(429, "insufficient_quota"),), "transcription_server_credit"),
    "a byte a second": Fault((drips,), "no_progress"),
}
FEW = {"busy twice", "refuses the key"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    full = metafunc.config.getoption("--full")
    if "fault" in metafunc.fixturenames:
        metafunc.parametrize("fault", [name for name in FAULTS if full or name in FEW])


@pytest.fixture(scope="module")
def script() -> Script[Exchange]:
    return Script(lambda exchange: exchange.request.fields["prompt"][0], GOOD)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, script: Script[Exchange]) -> Iterator[House]:
    with speech_server(script.answer) as server:
        environ = {
            "DRAFTMILL_TRANSCRIBE_BASE_URL": server.url,
            "DRAFTMILL_TRANSCRIBE_API_KEY": "sk-ours",
            # The title comes along with the sound, and carries the mark.
            "DRAFTMILL_TRANSCRIBE_HINTS": "yes",
            "DRAFTMILL_TRANSCRIBE_TIMEOUT_S": "4",
            "DRAFTMILL_PATIENCE_S": "60",
            "DRAFTMILL_RETRY_DELAY_S": "0.1",
            "DRAFTMILL_MEDIA_WORKERS": "4",
        }
        with opened(tmp_path_factory.mktemp("speech") / "data", **QUICK, **environ) as running:
            yield running
            resting(running)


@pytest.fixture(autouse=True)
def checked(house: House) -> Iterator[None]:
    """After every fault the same check."""
    yield
    well(house)


def brought(house: House, client: httpx2.Client, mark: str) -> str:
    """A project whose few seconds of speech are sent with a mark; its ingest's id."""
    sound = files.made(f"{mark}.wav", "-t", "6", "-i", str(TALK), "-metadata", f"title={mark}")
    return newest(house, house.upload(client, sound, title=f"fault-{mark}", types=[]), "ingest")


@pytest.fixture(scope="module")
def at_work(
    house: House, owner: httpx2.Client, script: Script[Exchange], full: bool
) -> dict[str, str]:
    """Every fault at once, each in a project of its own; the jobs' ids by the fault's name."""
    started = {}
    for name in [name for name in FAULTS if full or name in FEW]:
        mark = name.replace(" ", "_")
        script.say(mark, *FAULTS[name].does)
        started[name] = brought(house, owner, mark)
    return started


def test_a_transcription_ends_well_or_says_what_to_do(
    house: House,
    owner: httpx2.Client,
    at_work: dict[str, str],
    script: Script[Exchange],
    fault: str,
    ledger: Ledger,
) -> None:
    expected = FAULTS[fault]
    job = house.ended(at_work[fault])
    assert job["error_code"] == expected.code, job["error_message"]
    assert job["status"] == ("failed" if expected.code else "succeeded")
    asked = script.asked[fault.replace(" ", "_")]
    assert len(asked) == job["attempt"] == expected.asks
    if fault == "busy twice":
        assert min(b.at - a.at for a, b in pairwise(asked)) >= WAIT_S - 0.01
    told = house.rows("select 1 from notifications where job_id = ?", job["id"])
    assert len(told) == 1
    if expected.code:
        problem, hint = str(job["error_message"]), str(job["error_hint"])
        assert hint
        until(lambda: f"{problem} {hint}" in pill_of(owner, job["id"]), 10, "the pill to say so")
    assert "sk-ours" not in " ".join(lines_of(house, job["id"]))
    count(ledger, "Transcription server: busy, errors, hangs, nonsense, refusals")


def test_a_hanging_transcription_is_cancelled_within_two_seconds(
    house: House, owner: httpx2.Client, script: Script[Exchange], full: bool, ledger: Ledger
) -> None:
    took = []
    for mark, answer in {"stalls": stalls, "drips": drips}.items() if full else ():
        took.append(cancelled(house, owner, script, mark, answer))
    took.append(cancelled(house, owner, script, "silent", stalls))
    if full:
        assert max(took) <= 2
    name = "Cancel while a transcription server hangs"
    ledger.record(name, len(took), back_s=took, most_s=2)


def cancelled(
    house: House, client: httpx2.Client, script: Script[Exchange], mark: str, answer: Answer
) -> float:
    """Seconds until a job in a hanging question had ended; a retry then succeeds."""
    script.say(mark, answer)
    job = brought(house, client, mark)
    until(lambda: script.asked[mark], 60, "the question")
    child = child_of(house, job)
    began = time.monotonic()
    assert client.post(f"/jobs/{job}/cancel", headers=HTMX).status_code == 200
    ended = house.ended(job, 10)
    took_s = time.monotonic() - began
    assert (ended["status"], alive(child)) == ("cancelled", False)
    script.say(mark, GOOD)
    assert client.post(f"/jobs/{job}/retry", headers=HTMX).status_code == 202
    again = house.ended(newest(house, ended["project_id"], "ingest"))
    assert (again["status"], again["retry_of"]) == ("succeeded", job)
    return took_s
