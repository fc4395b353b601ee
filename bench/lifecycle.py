"""What the life of a job costs: its commits against bare ones, its process, its progress.

A job of a type that does nothing goes through every verb, with its log, its changes and its
notification: in a thread, against the same number of the smallest durable commits that SQLite can
make on the same disk, in interleaved rounds; and with the process that a real job has.
"""

import os
import resource
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from figures import ratios, report, report_rounds

from draftmill.clock import now
from draftmill.database.connection import WORKER_PATIENCE_S, connect, prepare, transaction
from draftmill.jobs import running
from draftmill.jobs.attempt import Attempt
from draftmill.jobs.job import Job
from draftmill.jobs.queue import claim_next
from draftmill.jobs.stages import STAGES, Stage
from draftmill.jobs.start import start_job
from draftmill.jobs.wishes import Wishes
from draftmill.settings import Settings
from draftmill.workers import child, supervisor
from tests.support.house import House, opened

JOBS = int(os.environ.get("BENCH_JOBS", "60"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "15"))
PROCESSES = int(os.environ.get("BENCH_PROCESSES", "20"))
RUNNING = 50
PROGRESS_S = float(os.environ.get("BENCH_PROGRESS_S", "20"))
TYPE = "nothing"
OF_BARE = 0.5
MOST_PERCENT = 5.0

# A child reads this before our program: the one way to give it a stage that does nothing.
SITE = "import sys; sys.path[:0] = {paths!r}; import lifecycle; lifecycle.add_type()"


def add_type() -> None:
    """Add the task type that does nothing but say so."""
    STAGES[TYPE, "transcript"] = (Stage(TYPE, "Nothing", 1, "lifecycle:nothing"),)


def nothing(work: Attempt) -> None:
    """The stage: one progress report, written at once as the reporting thread would."""
    work.progress(1, 1, "units")
    work.report(work.db, None)


def house(data: Path, projects: int) -> Settings:
    """A database with a user and projects that wait for no transcript."""
    settings = Settings(data=data)
    prepare(settings.database)
    with closing(connect(settings.database)) as db:
        db.execute(
            "insert into users (id, email, password_hash, role, created_at)"
            " values (1, 'bench@example.org', '', 'owner', ?)",
            (now(),),
        )
        add_projects(db, projects)
    return settings


def add_projects(db: sqlite3.Connection, count: int) -> list[str]:
    """So many projects of the first user, each with a transcript; their ids."""
    project_ids = [str(uuid.uuid4()) for _ in range(count)]
    with transaction(db):
        for project_id in project_ids:
            db.execute(
                "insert into projects (id, user_id, title, source, sha256, created_at)"
                " values (?, 1, 'A talk', 'transcript', ?, ?)",
                (project_id, project_id, now()),
            )
            made = db.execute(
                "insert into transcripts (project_id, params_hash, model, created_at, completed_at)"
                " values (?, 'brought', '', ?, ?)",
                (project_id, now(), now()),
            )
            db.execute(
                "update projects set transcript_id = ? where id = ?", (made.lastrowid, project_id)
            )
    return project_ids


def start_all(db: sqlite3.Connection, count: int) -> None:
    for project in db.execute("select * from projects limit ?", (count,)).fetchall():
        assert start_job(db, project, Wishes(TYPE)).created


def one_life(settings: Settings, db: sqlite3.Connection) -> None:
    """Claim a job, carry it out here, and count its time, as supervisor and child do together."""
    job = claim_next(db, "writing")
    assert job
    child.carry_out(child.open_attempt(settings, db, job))
    running.count_time(db, job, 0.001)


def lives(settings: Settings, db: sqlite3.Connection, count: int) -> None:
    """`count` jobs, each from start to success."""
    start_all(db, count)
    for _ in range(count):
        one_life(settings, db)
    left = db.execute("select count(*) from jobs where status != 'succeeded'").fetchone()[0]
    assert left == 0


def commits_of(settings: Settings, db: sqlite3.Connection) -> int:
    """How many commits one job takes."""
    seen: list[str] = []
    db.set_trace_callback(lambda statement: seen.append(statement.lower()))
    lives(settings, db, 1)
    db.set_trace_callback(None)
    return seen.count("commit")


def bare(db: sqlite3.Connection, count: int) -> None:
    """The smallest durable commits: one short row each."""
    for n in range(count):
        db.execute("begin immediate")
        db.execute("insert into rows (at) values (?)", (n,))
        db.execute("commit")


def bare_database(path: Path) -> sqlite3.Connection:
    db = connect(path)
    db.execute("pragma journal_mode = wal")
    db.execute("create table rows (n integer primary key, at integer)")
    return db


def took(act: Callable[[], object]) -> float:
    began = time.monotonic()
    act()
    return time.monotonic() - began


def in_a_thread(folder: Path) -> tuple[bool, float]:
    """Whether the bound held, and the milliseconds of a life in a thread."""
    settings = house(folder / "threads", JOBS)
    ours: list[float] = []
    theirs: list[float] = []
    with (
        closing(connect(settings.database)) as counting,
        closing(bare_database(folder / "bare.db")) as rows,
    ):
        commits = commits_of(settings, counting)

        def live() -> None:
            with closing(connect(settings.database)) as db:
                lives(settings, db, JOBS)

        for _ in range(ROUNDS):
            theirs.append(took(lambda: bare(rows, JOBS * commits)))
            with ThreadPoolExecutor(1) as thread:
                ours.append(took(lambda: thread.submit(live).result()))
    rates, bare_rates = [JOBS / s for s in ours], [JOBS / s for s in theirs]
    report_rounds("jobs per second, whole life in a thread", rates, note=f"{commits} commits each")
    report_rounds(f"times {commits} bare durable commits per second", bare_rates)
    against = ratios(rates, bare_rates)
    held = report_rounds("life cycle against as many bare commits", against, "×", least=OF_BARE)
    return held, 1000 / statistics.median(rates)


def cpu_s(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def with_processes(folder: Path, thread_ms: float) -> None:
    """The same jobs, each in a child of its own: one after the other, then four at once."""
    settings = house(folder / "processes", PROCESSES)
    site = folder / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(SITE.format(paths=sys.path[:2]))
    os.environ["PYTHONPATH"] = str(site)
    for workers in (1, 4):
        with closing(connect(settings.database)) as db:
            start_all(db, PROCESSES)
        before = cpu_s(resource.RUSAGE_CHILDREN)
        with ThreadPoolExecutor(workers) as threads:
            each = took(lambda: list(threads.map(supervise, [settings] * PROCESSES))) / PROCESSES
        spent = (cpu_s(resource.RUSAGE_CHILDREN) - before) / PROCESSES
        name = "one at a time" if workers == 1 else f"{workers} at once"
        report(f"jobs per second, a process each, {name}", 1 / each)
        if workers == 1:
            report("what a process costs a job", each * 1000 - thread_ms, "ms")
            report("processor time of a process", spent * 1000, "ms")
    with closing(connect(settings.database)) as db:
        rows = db.execute("select distinct status from jobs").fetchall()
    assert [row["status"] for row in rows] == ["succeeded"], [dict(row) for row in rows]


def supervise(settings: Settings) -> None:
    with closing(connect(settings.database, WORKER_PATIENCE_S)) as db:
        job = claim_next(db, "writing")
        assert job
        supervisor.see_through(settings, db, job, threading.Event())


def progress(folder: Path) -> bool:
    """Fifty running jobs, each with a line of its own to the database, once a second."""
    with opened(folder / "data") as served, closing(served.make_owner()):
        assert served.process
        claimed = claim_some(served)
        idle = web_share(served.process.pid, lambda: time.sleep(PROGRESS_S / 4))
        used = cpu_s(resource.RUSAGE_SELF)
        web = web_share(
            served.process.pid,
            lambda: write_progress(served.data, claimed, PROGRESS_S),
        )
        writing = (cpu_s(resource.RUSAGE_SELF) - used) / PROGRESS_S
    report("web process while they report: reading and rendering", (web - idle) * 100, "%")
    return report(
        f"progress of {RUNNING} running jobs, share of a core", writing * 100, "%", MOST_PERCENT
    )


def claim_some(served: House) -> list[Job]:
    """Fifty jobs that run, as far as rows say. One transaction, so that no worker finds them pending."""
    served.wait_for_workers()
    with closing(served.db()) as db, transaction(db):
        add_projects(db, RUNNING)
        start_all(db, RUNNING)
        return [job for _ in range(RUNNING) if (job := claim_next(db, "writing"))]


def write_progress(data: Path, at_work: list[Job], seconds: float) -> None:
    """Each job's report in its turn, spread over each second."""
    lines = [connect(data / "draftmill.db", WORKER_PATIENCE_S, synced=False) for _ in at_work]
    began = time.monotonic()
    for n in range(int(seconds * len(at_work))):
        job, db = at_work[n % len(at_work)], lines[n % len(at_work)]
        running.progress(db, job, n, 1e6, "words", "Writing", 0)
        time.sleep(max(0.0, began + (n + 1) / len(at_work) - time.monotonic()))
    for db in lines:
        db.close()


def web_share(pid: int, act: Callable[[], object]) -> float:
    """The share of a core that a process used meanwhile."""
    before = cpu_s_of(pid)
    seconds = took(act)
    return (cpu_s_of(pid) - before) / seconds


def cpu_s_of(pid: int) -> float:
    """The processor time that a process has used, in seconds."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def main() -> int:
    add_type()
    # Beside the data of a real house: /tmp may be memory, where a durable commit costs nothing.
    cache = ROOT / ".cache"
    cache.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as name:
        folder = Path(name)
        held, thread_ms = in_a_thread(folder)
        with_processes(folder, thread_ms)
        del os.environ["PYTHONPATH"]
        held = progress(folder) and held
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
