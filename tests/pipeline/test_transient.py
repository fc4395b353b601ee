"""What may heal by itself is tried again, in every stage; what is known has a name, the rest an id."""

import errno
import importlib
import os
import pkgutil
import re
import resource
import signal
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

import draftmill
from draftmill import errors
from draftmill.clock import moment
from draftmill.database.connection import connect, prepare
from draftmill.errors import Problem
from draftmill.jobs import endings
from draftmill.jobs.attempt import Attempt
from draftmill.jobs.job import Job, find_job
from draftmill.jobs.policies import INGEST
from draftmill.jobs.stages import STAGES, Stage
from draftmill.jobs.start import retry_job
from draftmill.projects.project import row_of
from draftmill.settings import Settings
from draftmill.workers import child
from tests.support.house import QUICK, House, opened, until
from tests.support.job_rows import brought, claim, make_project, newest
from tests.support.model_server import Exchange, ModelServer, answers
from tests.support.worker_processes import processes

TALK = "Every pull request should be small enough to read in ten minutes. We tried it for a year."
REPLY = "# Small changes\n\nSmall changes are read, and large ones are waved through."


# Which errors are known.


def sqlite_error(tmp_path: Path, spoil: Callable[[sqlite3.Connection], object]) -> sqlite3.Error:
    """The real error that SQLite raises after `spoil`."""
    with (
        closing(connect(tmp_path / "spoilt.db", 0)) as db,
        pytest.raises(sqlite3.Error) as raised,
    ):
        spoil(db)
        db.execute("create table more (x)")
        db.execute("insert into more values (randomblob(100000))")
    return raised.value


def fill(db: sqlite3.Connection) -> None:
    db.execute("pragma max_page_count = 1")


def test_a_full_database_is_a_full_disk(tmp_path: Path) -> None:
    prepare(tmp_path / "spoilt.db")
    problem = errors.named(sqlite_error(tmp_path, fill))
    assert isinstance(problem, errors.DiskFull)
    assert problem.transient


def test_a_locked_database_is_busy_and_a_wrong_statement_is_nobodys_trouble(
    tmp_path: Path,
) -> None:
    prepare(tmp_path / "spoilt.db")
    with closing(connect(tmp_path / "spoilt.db")) as other:
        other.execute("begin immediate")
        busy = sqlite_error(tmp_path, lambda db: db.execute("begin immediate"))
    assert isinstance(errors.named(busy), errors.DatabaseBusy)
    wrong = sqlite_error(tmp_path, lambda db: db.execute("select * from nowhere"))
    assert isinstance(wrong, sqlite3.OperationalError)
    assert errors.named(wrong) is None


def test_a_damaged_database_is_not_tried_again(tmp_path: Path) -> None:
    (tmp_path / "spoilt.db").write_bytes(b"not a database" * 1000)
    with pytest.raises(sqlite3.DatabaseError) as raised:
        connect(tmp_path / "spoilt.db")
    problem = errors.named(raised.value)
    assert isinstance(problem, errors.DatabaseDamaged)
    assert not problem.transient


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "disk_full"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "disk_full"),
        (OSError(errno.EFBIG, "File too large"), "disk_full"),
        (OSError(errno.EIO, "Input/output error"), "disk_error"),
        (OSError(errno.EMFILE, "Too many open files"), "system_busy"),
        (RuntimeError("can't start new thread"), "system_busy"),
        (ConnectionResetError(), "network"),
        (TimeoutError(), "network"),
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"), "network"),
        (OSError(errno.EHOSTUNREACH, "No route to host"), "network"),
    ],
)
def test_what_the_system_says_has_a_name_and_is_tried_again(error: Exception, code: str) -> None:
    problem = errors.named(error)
    assert problem is not None
    assert (problem.code, problem.transient) == (code, True)


@pytest.mark.parametrize(
    "error", [FileNotFoundError(), PermissionError(), ValueError(), KeyError()]
)
def test_what_nobody_foresaw_has_no_name(error: Exception) -> None:
    assert errors.named(error) is None


def problems() -> list[type[Problem]]:
    """Every class of problem of the whole program."""
    for module in pkgutil.walk_packages(draftmill.__path__, "draftmill."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found, new = [], [Problem]
    while new:
        found += new
        new = [sub for kind in new for sub in kind.__subclasses__()]
    return [kind for kind in found if kind.__module__.startswith("draftmill.")]


def test_every_problem_has_a_code_and_says_in_sentences_what_happened_and_what_to_do() -> None:
    for kind in problems():
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", kind.code), kind
        for sentence in (kind.default_message, kind.default_hint):
            assert re.fullmatch(r"[A-Z0-9].*[.A-Z]", sentence, re.DOTALL), (kind, sentence)
    unknown = {kind.__name__ for kind in problems() if kind.code == Problem.code}
    assert unknown == {"Problem", "Unexpected", "Surprise"}


# What becomes of the job.


@pytest.fixture
def work(db: sqlite3.Connection, tmp_path: Path) -> Iterator[Attempt]:
    """A claimed ingest, on a connection that does not wait for others."""
    make_project(db)
    job = claim(db)
    with closing(connect(tmp_path / "draftmill.db", 0.05)) as own:
        yield Attempt(
            Settings(data=tmp_path),
            own,
            job,
            row_of(own, job.project_id),
            tmp_path / "attempt",
        )


def full_disk(work: Attempt) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


ran: list[str] = []


def works(work: Attempt) -> None:
    ran.append(work.job.id)
    with work.fenced() as db:
        db.execute("update projects set title = title || '.'")


def surprise(work: Attempt) -> None:
    raise KeyError("a bug of ours")


def table(monkeypatch: pytest.MonkeyPatch, name: str, function: str) -> None:
    """Have a stage of the ingest do something else."""
    stage = Stage(name, "Taking screenshots", 1, f"{__name__}:{function}")
    monkeypatch.setitem(STAGES, (INGEST, "media"), (stage,))


def present(work: Attempt) -> Job:
    job = find_job(work.db, work.job.id)
    assert job is not None
    return job


def lines(work: Attempt) -> str:
    return "\n".join(row[0] for row in work.db.execute("select message from job_logs"))


def test_a_full_disk_in_a_stage_is_tried_three_times_and_says_so(
    work: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    table(monkeypatch, "transcribe", "full_disk")
    for tried in (1, 2, 3):
        assert child.carry_out(work) == 0
        job = present(work)
        assert (job.status, job.retries, job.crashes) == ("pending", tried, 0)
        assert job.message == "The disk is full."
        assert job.run_after
        assert f"The disk is full. Retry {tried} of 3 in" in lines(work)
        work.db.execute("update jobs set run_after = null")
        work.job = claim(work.db)
    child.carry_out(work)
    job = present(work)
    assert (job.status, job.error_code) == ("failed", "disk_full")
    assert job.error_message == "The disk is full."
    assert job.error_hint
    assert "Given up after 3 retries" in lines(work)


def test_an_optional_stage_is_left_out_only_when_its_retries_are_used_up(
    work: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    table(monkeypatch, "screenshots", "full_disk")
    child.carry_out(work)
    assert (present(work).status, present(work).retries) == ("pending", 1)
    work.db.execute("update jobs set run_after = null, retries = 3")
    work.job = claim(work.db)
    child.carry_out(work)
    job = present(work)
    assert (job.status, job.skipped) == ("succeeded", ("screenshots",))
    assert job.warnings[0].startswith("Taking screenshots was left out: The disk is full.")


def test_a_stage_that_is_done_is_not_done_again_by_the_next_attempt(
    work: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else its commit would forgive, attempt after attempt, what the stage after it meets."""
    first, second = (Stage(name, name, 1, f"{__name__}:{name}") for name in ("works", "full_disk"))
    monkeypatch.setitem(STAGES, (INGEST, "media"), (first, second))
    for tried in (1, 2, 3):
        child.carry_out(work)
        assert present(work).retries == tried
        work.db.execute("update jobs set run_after = null")
        work.job = claim(work.db)
    child.carry_out(work)
    assert present(work).status == "failed"
    assert ran.count(work.job.id) == 1


@pytest.mark.parametrize("stage", ["transcribe", "screenshots"])
def test_an_unexpected_error_has_an_id_for_its_user_and_its_traceback_in_the_server_log(
    work: Attempt, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, stage: str
) -> None:
    table(monkeypatch, stage, "surprise")
    child.carry_out(work)
    job = present(work)
    told = job.error_message if stage == "transcribe" else job.warnings[0]
    assert job.status == ("failed" if stage == "transcribe" else "succeeded")
    found = re.search(r"\b[0-9a-f]{8}\b", str(told))
    assert found
    assert job.error_id == (found.group() if stage == "transcribe" else None)
    assert f"error {found.group()}" in caplog.text
    assert "a bug of ours" in caplog.text
    assert "Traceback" in caplog.text
    assert "a bug of ours" not in f"{told} {job.error_hint} {lines(work)}"


def test_the_end_of_an_attempt_is_tried_until_it_can_be_written(
    work: Attempt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The database is locked, and then set free."""
    database, job = tmp_path / "draftmill.db", work.job

    def attempt_on_its_own() -> None:
        with closing(connect(database, 0.05)) as db:
            own = Attempt(work.settings, db, job, row_of(db, job.project_id), work.folder)
            own.enter("transcribe", 0, 3)
            began.set()
            assert locked.wait(60)
            child.end_by(own, OSError(errno.ENOSPC, "No space left on device"))

    began, locked = threading.Event(), threading.Event()
    thread = threading.Thread(target=attempt_on_its_own)
    thread.start()
    assert began.wait(60)
    work.db.execute("begin immediate")
    locked.set()
    until(lambda: "cannot be written yet: The database" in caplog.text)
    assert present(work).status == "running"
    work.db.execute("commit")
    thread.join()
    assert (present(work).status, present(work).retries) == ("pending", 1)


# A real worker that can write no more.


class Gate:
    """A model that answers when it is told to."""

    def __init__(self) -> None:
        self.open = threading.Event()

    def answer(self, exchange: Exchange) -> None:
        while not self.open.wait(0.05):
            if exchange.closing.is_set():
                return
        answers(REPLY)(exchange)


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    with ModelServer(otherwise=answers(REPLY)) as server:
        yield server


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, model: ModelServer) -> Iterator[House]:
    environ = {
        "DRAFTMILL_LLM_BASE_URL": model.base_url,
        "DRAFTMILL_LLM_MODEL": "test",
        "DRAFTMILL_RETRY_DELAY_S": "0.1",
    }
    with opened(tmp_path_factory.mktemp("full") / "data", **QUICK, **environ) as running:
        yield running


def writing(house: House, owner: httpx2.Client, text: str) -> tuple[str, int]:
    """A draft whose worker waits for the model: the job and the worker's pid."""
    project = brought(owner, text)
    answer = owner.post(f"/projects/{project}/jobs", data={"type": "blog"})
    assert answer.status_code == 303
    row = house.one("select id from jobs where project_id = ? and type = 'blog'", project)
    assert row is not None
    until(lambda: house.job(row["id"])["stage"] == "write", why="the writing")
    return row["id"], until(lambda: processes(house, "work"), why="a child")[0]


def test_a_worker_that_can_write_no_more_ends_its_job_when_it_can(
    house: House, owner: httpx2.Client, model: ModelServer
) -> None:
    gate = Gate()
    model.then(gate.answer)
    job_id, child = writing(house, owner, TALK)
    no_more = 16_384  # bytes of a file: enough for the log, too little for the database
    resource.prlimit(child, resource.RLIMIT_FSIZE, (no_more, resource.RLIM_INFINITY))
    gate.open.set()
    until(lambda: f"the end of job {job_id} cannot be written yet" in house.log())
    assert house.job(job_id)["status"] == "running"
    resource.prlimit(child, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    job = house.ended(job_id)
    assert (job["status"], job["crashes"]) == ("succeeded", 0)
    logged = house.rows("select message from job_logs where job_id = ?", job_id)
    assert any("Retry 1 of 3" in row["message"] for row in logged)


def test_a_child_killed_while_the_database_is_held_is_taken_in_when_it_is_free(
    house: House, owner: httpx2.Client, model: ModelServer
) -> None:
    gate = Gate()
    model.then(gate.answer)
    job_id, child = writing(house, owner, f"{TALK} And for another one.")
    with closing(house.db()) as db:
        db.execute("begin immediate")
        os.kill(child, signal.SIGKILL)
        until(lambda: not processes(house, "work"), why="the child to be gone")
        assert db.execute("select status from jobs where id = ?", (job_id,)).fetchone()[0] == (
            "running"
        )
        db.execute("rollback")
    gate.open.set()
    job = house.ended(job_id)
    assert (job["status"], job["crashes"], job["attempt"]) == ("succeeded", 1, 2)


def test_the_wait_before_each_retry_grows_with_jitter(db: sqlite3.Connection) -> None:
    make_project(db)
    waits = []
    for _ in range(3):
        db.execute("update jobs set run_after = null")
        job = claim(db)
        later = endings.retry_later(db, job, job.attempt, errors.NetworkFailed())
        assert later is not None
        assert later.run_after
        assert later.delayed_at
        waited = moment(later.run_after) - moment(later.delayed_at)
        waits.append(waited.total_seconds())
    for waited_s, usual_s in zip(waits, (1, 4, 16), strict=True):
        assert 0.89 * usual_s <= waited_s <= 1.11 * usual_s


def test_a_job_retried_by_its_user_begins_to_count_anew(db: sqlite3.Connection) -> None:
    project_id = make_project(db)
    db.execute("update jobs set retries = 3")
    job = claim(db)
    failed = endings.retry_later(db, job, job.attempt, errors.DiskFull())
    assert failed is not None
    assert failed.status == "failed"
    again = retry_job(db, failed).job
    assert (again.retries, again.origin_id) == (0, job.origin_id)
    assert newest(db, project_id, INGEST).id == again.id
