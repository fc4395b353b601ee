"""Whatever is brought as a transcript, the answer comes soon and is named, and nobody else waits."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from draftmill.transcripts.reader import LIMIT_S
from tests.support.api_programs import bring, program, token_for
from tests.support.bystander import undisturbed
from tests.support.hard_transcripts import HARD
from tests.support.house import QUICK, House, opened, until
from tests.support.process_states import PROC, words_of
from tests.support.raw_lines import peak_memory

# A small text takes a fifth of a second, nearly all to start a child; a child may use ten.
TIMES = 100
GROWTH = 200_000_000  # bytes of the web process, over all of them together
SECOND = "second@example.org"


@pytest.fixture(scope="module")
def client(house: House, owner: httpx2.Client) -> Iterator[httpx2.Client]:
    with closing(program(house, token_for(house))) as client:
        client.timeout = httpx2.Timeout(120)
        yield client


@pytest.fixture(scope="module")
def small_s(client: httpx2.Client) -> float:
    """How long a small transcript takes, once the language's model is loaded."""
    return min(_sent(client, "a.txt", b"Good day. %d" % n)[0] for n in range(4))


@pytest.fixture(scope="module")
def bystander(house: House, second: httpx2.Client) -> str:
    """The address of another user's pill."""
    with closing(program(house, token_for(house, SECOND))) as their:
        (job,) = bring(their)["jobs"]
    house.ended(job["id"])
    return f"/jobs/{job['id']}/pill"


def _sent(client: httpx2.Client, name: str, content: bytes) -> tuple[float, httpx2.Response]:
    began = time.monotonic()
    answer = client.post("/projects", files={"transcript": (name, content)})
    return time.monotonic() - began, answer


def _cookies(house: House, second: httpx2.Client) -> httpx2.Client:
    """Another client of the second user, for a bystander to close."""
    client = house.client()
    client.cookies.update(second.cookies)
    return client


@pytest.mark.parametrize("name", HARD)
def test_a_hard_transcript_is_answered_soon_and_by_name(
    house: House,
    client: httpx2.Client,
    second: httpx2.Client,
    small_s: float,
    bystander: str,
    name: str,
) -> None:
    hard = HARD[name]
    content = hard.content()
    before = peak_memory(house)
    with undisturbed(_cookies(house, second), bystander):
        seconds, answer = _sent(client, hard.name, content)
    code = "" if answer.status_code in (200, 201) else answer.json()["code"]
    assert code in hard.right, answer.text
    assert seconds < max(TIMES * small_s, LIMIT_S)
    assert peak_memory(house) - before < GROWTH
    until(lambda: not readers(house), 5, "the child to be gone")


def readers(house: House) -> list[int]:
    """The processes that read transcripts for a house."""
    pids = [int(f.name) for f in PROC.iterdir() if f.name.isdigit()]
    where = str(house.data / "uploads")
    return [pid for pid in pids if "read" in (words := words_of(pid)) and where in " ".join(words)]


def test_who_sends_many_is_told_to_wait_and_others_are_served(
    house: House, client: httpx2.Client, second: httpx2.Client, small_s: float, bystander: str
) -> None:
    cues = HARD["twenty-five thousand sentences"].content()
    with (
        closing(program(house, token_for(house, SECOND))) as other,
        ThreadPoolExecutor(5) as pool,
        undisturbed(_cookies(house, second), bystander),
    ):
        sent = [pool.submit(_sent, client, "a.vtt", cues + b"\n%d" % n) for n in range(5)]
        until(lambda: readers(house), 30, "a child to read")
        seconds, answer = _sent(other, "b.txt", b"Good day to you all.")
        answers = [one.result()[1] for one in sent]
    assert answer.status_code == 201, answer.text
    assert seconds < 30 * small_s
    refused = [one for one in answers if one.status_code == 429]
    assert 1 <= len(refused) <= len(sent) - 3  # one is read, and two wait
    assert {one.json()["code"] for one in refused} == {"transcripts_waiting"}
    assert all(int(one.headers["retry-after"]) > 0 for one in refused)


def test_what_is_pasted_is_read_in_the_child_too(house: House, client: httpx2.Client) -> None:
    before = peak_memory(house)
    answer = client.post("/projects", json={"transcript_text": "你。" * 800_000})
    assert answer.status_code in (413, 422), answer.text
    assert peak_memory(house) - before < GROWTH


def test_a_stop_does_not_wait_for_a_reader(tmp_path: Path) -> None:
    cues = HARD["sixty thousand cues"].content()
    with opened(tmp_path / "data", **QUICK) as own:
        own.make_owner().close()
        with closing(program(own, token_for(own))) as client, ThreadPoolExecutor(1) as pool:
            sent = pool.submit(_sent, client, "a.vtt", cues)
            until(lambda: readers(own), 30, "a child to read")
            assert own.stop() == 0
            until(lambda: not readers(own), 5, "the child to be gone")
            assert sent.exception(60) is None or isinstance(sent.exception(), httpx2.HTTPError)
