"""kill -9 of real children at random moments: every job succeeds, once, and goes on where it was."""

import hashlib
import os
import signal
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random

from tests.support.after_a_fault import faultless, sound
from tests.support.fault_recordings import DRAFTS, Brought, Corpus
from tests.support.faults_table import Ledger
from tests.support.house import QUICK, SAMPLE, House, opened, until
from tests.support.killing import START, Executioner
from tests.support.process_states import Witness, child_at
from tests.support.speech_server import Exchange, says, speech_server

SEED = 4100
BACK_S = 1.0
SHORT_S = 10.0
KINDS = ("video", "transcript", "audio", "video")
INGEST_STAGES = {
    "video": (START, "transcribe", "screenshots", "chapters"),
    "audio": (START, "transcribe", "chapters"),
    "transcript": (START, "chapters"),
}
DRAFT_STAGES = (START, "write")


def test_every_job_survives_a_kill_of_its_child_at_any_moment(
    tmp_path: Path, full: bool, rounds: Callable[[int, int], int], ledger: Ledger
) -> None:
    random = Random(SEED)
    corpus = Corpus(tmp_path, random, 30 if full else SHORT_S)
    environ = {} if full else QUICK
    with (
        opened(tmp_path / "data", **environ) as house,
        closing(house.make_owner()) as client,
        Witness() as witness,
    ):
        executioner = Executioner(house, witness, random)
        brought: list[Brought] = []
        while not _enough(executioner, brought, rounds):
            kind = KINDS[len(brought) % len(KINDS)]
            types = DRAFTS if full else DRAFTS[:1]
            brought.append(corpus.bring(house, client, kind, types))
            _take_aim(executioner, brought[-1], sparing=full)
            if full and len(brought) % 2:
                continue  # two at a time
            executioner.see_through([job for b in brought[-2:] for job in b.jobs])
        _judge(house, executioner, witness, brought, ledger, full)


def _enough(
    executioner: Executioner, brought: list[Brought], rounds: Callable[[int, int], int]
) -> bool:
    """Enough kills and jobs, and no stage was spared."""
    kills = executioner.kills
    assert len(brought) < rounds(10, 60), "too many moments were missed"
    jobs = sum(len(b.jobs) for b in brought)
    spared = {*INGEST_STAGES["video"], *DRAFT_STAGES} - {kill.aim.stage for kill in kills}
    return len(kills) >= rounds(5, 100) and jobs >= rounds(2, 100) and not spared


def _take_aim(executioner: Executioner, brought: Brought, *, sparing: bool) -> None:
    """All stages of the ingest, and one of each draft."""
    ingest, *drafts = brought.jobs
    stages = [
        stage
        for stage in INGEST_STAGES[brought.kind]
        if not sparing or executioner.random.random() < 0.8
    ]
    executioner.aim_at(ingest, stages)
    for draft in drafts:
        stage = executioner.random.choice(DRAFT_STAGES) if sparing else "write"
        executioner.aim_at(draft, [stage])


def _judge(
    house: House,
    executioner: Executioner,
    witness: Witness,
    brought: list[Brought],
    ledger: Ledger,
    full: bool,
) -> None:
    kills = executioner.kills
    told = f"seed {SEED}\n" + "\n".join(map(str, kills))
    job_ids = [job for b in brought for job in b.jobs]
    lost = faultless(house, job_ids)
    doubled = witness.twice(house)
    back_s = [kill.back_s for kill in kills if kill.first and kill.back_s is not None]
    fault = ledger.record(
        "kill -9 of a child at a random moment",
        len(kills),
        lost=len(lost),
        doubled=len(doubled),
        back_s=back_s,
        most_s=BACK_S,
    )
    assert not lost, (lost, told, house.log())
    assert not doubled, (doubled, told)
    assert not executioner.redone(), (executioner.redone(), told)
    for job_id in job_ids:
        job = house.job(job_id)
        counted = [
            k for k in kills if k.child.job_id == job_id and k.child.attempt < job["attempt"]
        ]
        assert job["attempt"] == job["crashes"] + 1 == len(counted) + 1, (tuple(job), told)
    sound(house, at_rest=True)
    if full:
        assert fault.p95_s <= BACK_S, (sorted(back_s)[-10:], told)


class Listener:
    """Answers a set number of requests for words, then keeps silent until it may go on."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._left = 0
        self._may = threading.Condition()

    def answer(self, requests: int) -> None:
        """Answer as many requests from now on, no more."""
        with self._may:
            self._left = requests
            self._may.notify_all()

    def __call__(self, exchange: Exchange) -> None:
        self.heard.append(hashlib.sha256(exchange.request.sound).hexdigest())
        with self._may:
            while self._left <= 0 and not exchange.closing.is_set():
                self._may.wait(0.05)
            self._left -= 1
        says("We count every window that was heard.")(exchange)


def test_a_window_that_was_finished_is_never_heard_again(
    tmp_path: Path, rounds: Callable[[int, int], int], ledger: Ledger
) -> None:
    listener = Listener()
    random = Random(SEED)
    many = rounds(1, 10)
    with (
        speech_server(listener) as server,
        opened(tmp_path / "data", **QUICK, DRAFTMILL_TRANSCRIBE_BASE_URL=server.url) as house,
        closing(house.make_owner()) as client,
    ):
        project_id = house.upload(client, SAMPLE)
        for n in range(many):
            if n:
                client.post(f"/projects/{project_id}/jobs", data={"type": "ingest"})
            _kill_between_windows(house, listener, random.randint(1, 3))
    ledger.record("kill -9 of a child with windows in hand: windows done again", many)


def _kill_between_windows(house: House, listener: Listener, windows: int) -> None:
    """Kill the child once some windows are finished; those are asked for once, all others twice at most."""
    job = house.one("select * from jobs where type = 'ingest' order by n desc")
    assert job is not None
    child = child_at(job["id"])
    begun = len(listener.heard)
    listener.answer(windows)
    finished = (
        "select count(*) from windows w join transcripts t on t.id = w.transcript_id"
        " where t.id = (select max(id) from transcripts) and w.completed_at is not null"
    )
    until(lambda: (row := house.one(finished)) and row[0] >= windows, why="windows to be finished")
    os.kill(child.pid, signal.SIGKILL)
    until(lambda: house.job(job["id"])["attempt"] == 2, 10, "the second attempt")
    listener.answer(1000)
    assert house.ended(job["id"])["status"] == "succeeded", house.log()
    listener.answer(0)
    heard = listener.heard[begun:]
    again = {sound for sound in heard if heard.count(sound) > 1}
    cut = house.one(
        "select count(*) from windows where transcript_id = (select max(id) from transcripts)"
    )
    assert cut is not None
    assert len(again) <= 2, "no more than the windows in hand"
    assert len(heard) <= cut[0] + 2
    assert max(map(heard.count, again), default=1) <= 2
    assert not again & set(heard[:windows]), "a finished window"
    sound(house, at_rest=True)
