"""An answer that a server gave and we committed is never asked for again, whatever dies."""

import re
from collections import Counter
from collections.abc import Iterator

import httpx2
import pytest

from tests.support.faults_table import Ledger
from tests.support.house import QUICK, SAMPLE, House, opened, project_id, until
from tests.support.model_server import Exchange, ModelServer, answers, fails, never_answers
from tests.support.server_faults import Script, count, kill_child, newest, resting
from tests.support.speech_server import Exchange as Sound
from tests.support.speech_server import fails as refuses
from tests.support.speech_server import says, speech_server
from tests.support.speech_server import stalls as listens

HTMX = {"HX-Request": "true"}
NOTE = answers("- The queue lost no job.")
DRAFT = answers("# A title\n\nWe built the queue in one weekend.")
SAID = says("We built the whole queue in one weekend.")
SUBJECTS = ("storage engines", "hiring people", "the garden wall", "a train to Lisbon")


def note_or_draft(exchange: Exchange) -> None:
    (NOTE if "You take notes" in exchange.request.system else DRAFT)(exchange)


def note_or_refusal(exchange: Exchange) -> None:
    (NOTE if "You take notes" in exchange.request.system else fails(401))(exchange)


def question(exchange: Exchange) -> str:
    """Without the fence, which is another one each time."""
    text = f"{exchange.request.system}\n{exchange.request.user}"
    return re.sub(r"\b[0-9a-f]{16}\b", "", text)


def window(exchange: Sound) -> str:
    """The sound that was sent, and the title that carries the mark."""
    return f"{hash(exchange.request.sound)} {exchange.request.fields['prompt'][0]}"


@pytest.fixture(scope="module")
def script() -> Script[Exchange]:
    return Script(question, note_or_draft)


@pytest.fixture(scope="module")
def speech() -> Script[Sound]:
    return Script(window, SAID)


@pytest.fixture(scope="module")
def house(
    tmp_path_factory: pytest.TempPathFactory, script: Script[Exchange], speech: Script[Sound]
) -> Iterator[House]:
    with ModelServer(otherwise=script.answer) as model, speech_server(speech.answer) as listener:
        environ = {
            "DRAFTMILL_LLM_BASE_URL": model.base_url,
            "DRAFTMILL_LLM_MODEL": "writer",
            "DRAFTMILL_LLM_CONTEXT": "4000",
            "DRAFTMILL_TRANSCRIBE_BASE_URL": listener.url,
            "DRAFTMILL_TRANSCRIBE_HINTS": "yes",
        }
        with opened(tmp_path_factory.mktemp("paid") / "data", **QUICK, **environ) as running:
            yield running


@pytest.fixture(autouse=True)
def checked(house: House) -> Iterator[None]:
    """After every fault the same check."""
    yield
    resting(house)


@pytest.fixture(scope="module")
def long_talk(house: House, owner: httpx2.Client) -> str:
    """A project whose transcript is longer than the model's context, so that notes come first."""
    spoken = [
        f"Speaking of {subject}, we measured {subject} {n} times before we changed a thing about it."
        for subject in SUBJECTS
        for n in range(2, 62)
    ]
    cues = "\n\n".join(
        f"{n}\n00:{n * 8 // 60:02}:{n * 8 % 60:02},000 --> 00:{n * 8 // 60:02}:{n * 8 % 60 + 3:02},500\n{line}"
        for n, line in enumerate(spoken)
    )
    answer = owner.post(
        "/projects",
        data={"title": "A long talk", "context": "fault-notes", "types": []},
        files={"transcript": ("talk.srt", cues)},
    )
    project = project_id(answer)
    assert house.ended(newest(house, project, "ingest"))["status"] == "succeeded"
    return project


def begin(house: House, client: httpx2.Client, project: str, task_type: str = "blog") -> str:
    answer = client.post(f"/projects/{project}/jobs", data={"type": task_type}, headers=HTMX)
    assert answer.status_code == 202, answer.text
    return newest(house, project, task_type)


def bought(script: Script[Exchange] | Script[Sound], mark: str) -> Counter[str]:
    """How often each question was asked."""
    return Counter(asked.about for asked in script.asked[mark])


def test_a_kept_reply_is_not_bought_again_after_kill_9(
    house: House,
    owner: httpx2.Client,
    script: Script[Exchange],
    long_talk: str,
    full: bool,
    ledger: Ledger,
) -> None:
    nth, questions = 2, 0
    while nth == 2 or (full and nth <= questions):
        script.asked["notes"].clear()
        script.say("notes", *[note_or_draft] * (nth - 1), never_answers, note_or_draft)
        job = begin(house, owner, long_talk)
        until(lambda n=nth: len(script.asked["notes"]) == n, 60, "the question in hand")
        kill_child(house, job)
        ended = house.ended(job)
        assert (ended["status"], ended["crashes"]) == ("succeeded", 1), ended["error_message"]
        counts = sorted(bought(script, "notes").values())
        questions = len(counts)
        assert questions > 2
        assert counts == [1] * (questions - 1) + [2]  # only the one in hand
        count(ledger, "kill -9 between the replies of a model: none bought twice")
        nth += 1


def test_a_kept_reply_is_not_bought_again_by_retry(
    house: House,
    owner: httpx2.Client,
    script: Script[Exchange],
    long_talk: str,
    full: bool,
    ledger: Ledger,
) -> None:
    script.asked["notes"].clear()
    script.say("notes", note_or_refusal)
    first = house.ended(begin(house, owner, long_talk))
    assert (first["status"], first["error_code"]) == ("failed", "model_key_refused")
    questions = len(script.asked["notes"])
    script.say("notes", note_or_draft)
    assert owner.post(f"/jobs/{first['id']}/retry", headers=HTMX).status_code == 202
    second = house.ended(newest(house, long_talk, "blog"))
    assert (second["status"], second["retry_of"]) == ("succeeded", first["id"])
    assert len(script.asked["notes"]) == questions + 1
    if full:
        # Whoever wants a new draft pays for a new one.
        house.ended(begin(house, owner, long_talk))
        assert len(script.asked["notes"]) == 2 * questions + 1
    count(ledger, "Retry after a failure between replies: none bought twice")


def test_a_transcribed_window_is_not_sent_again_after_kill_9_or_by_retry(
    house: House, owner: httpx2.Client, speech: Script[Sound], ledger: Ledger
) -> None:
    speech.say("windows", SAID, listens, listens, refuses(401), SAID)
    project = house.upload(owner, SAMPLE, title="fault-windows", types=[])
    first = newest(house, project, "ingest")
    until(lambda: len(speech.asked["windows"]) == 3, 60, "two windows in hand")
    done = "select count(*) from windows where completed_at is not null"
    until(lambda: house.one(done)[0] == 1, 10, "the first to be kept")  # type: ignore[index]
    kill_child(house, first)
    failed = house.ended(first)
    assert (failed["status"], failed["error_code"]) == ("failed", "transcription_server_key")
    kept = speech.asked["windows"][0].about
    assert owner.post(f"/jobs/{first}/retry", headers=HTMX).status_code == 202
    ended = house.ended(newest(house, project, "ingest"))
    assert ended["status"] == "succeeded", ended["error_message"]
    counts = bought(speech, "windows")
    assert counts[kept] == 1
    # In hand at the kill: two. At the refusal, after a crash: one at a time.
    assert sum(counts.values()) - len(counts) <= 3
    rows = house.rows("select 1 from transcripts where project_id = ?", project)
    assert len(rows) == 1
    count(ledger, "kill -9 between the windows of a transcription server: none sent twice")
