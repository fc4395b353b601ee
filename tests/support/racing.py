"""Two threads that begin at the same moment, and jobs for them to race about."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing

from draftmill.database.connection import WORKER_PATIENCE_S, connect
from draftmill.errors import Problem
from draftmill.jobs import endings
from draftmill.jobs.job import Job, find_job, newest_job
from draftmill.jobs.queue import claim_next
from draftmill.jobs.start import start_job
from draftmill.jobs.wishes import Wishes
from draftmill.projects import creation
from draftmill.projects.details import Details
from draftmill.projects.project import row_of
from draftmill.settings import Settings
from draftmill.transcripts.segments import Segment

Verb = Callable[[sqlite3.Connection], object]
TYPE, QUEUE = "blog", "writing"
ENDS = "(level = 'error' or message = 'Done' or message like 'Cancelled%')"


class Racers:
    """Two threads with a connection each, that begin what they are given at the same moment."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.db = connect(settings.database, WORKER_PATIENCE_S)
        self.db.execute("pragma synchronous = off")  # the referee's: only those who race are real
        self.barrier = threading.Barrier(3)
        self.verbs: list[Verb | None] = [None, None]
        self.results: list[object] = [None, None]
        self.threads = [threading.Thread(target=self._fight, args=(n,)) for n in range(2)]
        for thread in self.threads:
            thread.start()

    def _fight(self, n: int) -> None:
        with closing(connect(self.settings.database, WORKER_PATIENCE_S)) as db:
            while True:
                self.barrier.wait()
                verb = self.verbs[n]
                if verb is None:
                    return
                try:
                    self.results[n] = verb(db)
                except Exception as error:
                    self.results[n] = error
                self.barrier.wait()

    def race(self, first: Verb, second: Verb) -> tuple[object, object]:
        """What each returned, or the exception that it raised."""
        self.verbs = [first, second]
        self.barrier.wait()
        self.barrier.wait()
        return self.results[0], self.results[1]

    def close(self) -> None:
        self.verbs = [None, None]
        self.barrier.wait()
        for thread in self.threads:
            thread.join()
        self.db.close()

    def project(self, n: int) -> sqlite3.Row:
        """A project with a transcript, at rest."""
        facts = {"file_name": "", "bytes": 1, "sha256": str(n), "language": "en"} | {
            "timed": True, "duration_s": 9.0, "warnings": [],
        }  # fmt: skip
        segment = Segment(window=0, n=0, start_s=0.0, end_s=9.0, text="A sentence.")
        made = creation.from_transcript(self.db, 1, [segment], facts, Details())
        ingest = newest_job(self.db, made.project_id, "ingest")
        assert ingest is not None
        endings.cancel(self.db, ingest)
        return row_of(self.db, made.project_id)

    def pending(self, n: int) -> Job:
        return start_job(self.db, self.project(n), Wishes(TYPE)).job

    def running(self, n: int) -> Job:
        """The only due job of the queue, claimed."""
        started = self.pending(n)
        job = claim_next(self.db, QUEUE)
        assert job is not None
        assert job.id == started.id
        return job

    def failed(self, n: int) -> Job:
        job = self.running(n)
        endings.fail(self.db, job, Problem("It broke.", "Mend it."))
        return self.now(job)

    def now(self, job: Job) -> Job:
        """The job as it is now."""
        present = find_job(self.db, job.id)
        assert present is not None
        return present

    def finish(self, job: Job) -> Job:
        """See a job that may be pending or running through to its end."""
        present = self.now(job)
        if present.status == "pending":
            self.db.execute("update jobs set run_after = null where id = ?", (job.id,))
            claimed = claim_next(self.db, QUEUE)
            assert claimed is not None
            present = claimed
        if present.status == "running":
            endings.succeed(self.db, present)
        return self.now(job)

    def ended_once(self, job: Job, *statuses: str) -> Job:
        """The job has one of the ends, told once in its log, and once to its user if at all."""
        present = self.now(job)
        assert present.status in statuses, present
        assert present.completed_at
        lines = self.db.execute(
            f"select message from job_logs where job_id = ? and {ENDS}", (job.id,)
        ).fetchall()
        assert len(lines) == 1, [line["message"] for line in lines]
        told = self.db.execute("select kind from notifications where job_id = ?", (job.id,))
        kinds = [row["kind"] for row in told.fetchall()]
        assert kinds == ([] if present.status == "cancelled" else [present.status])
        assert bool(present.error_code) == (present.status == "failed")
        return present
