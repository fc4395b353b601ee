"""A data folder with real rows and files, and no server: what janitor and invariants look at."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from draftmill import storage
from draftmill.clock import now
from draftmill.database.connection import connect, prepare
from draftmill.drafts import generated
from draftmill.drafts.written import Written
from draftmill.jobs import endings, running
from draftmill.jobs.job import Job, find_job
from draftmill.jobs.policies import INGEST
from draftmill.jobs.queue import claim_next
from draftmill.jobs.start import start_job
from draftmill.jobs.wishes import Wishes
from draftmill.projects import creation
from draftmill.projects.details import Details
from draftmill.projects.project import row_of
from draftmill.projects.recording import Recording
from draftmill.settings import Settings
from draftmill.transcripts.segments import Segment, add_segments
from draftmill.workers import child

DAY_S = 24 * 3600.0
BROUGHT = {
    "file_name": "talk.txt", "bytes": 9, "language": "en", "timed": True, "duration_s": 4.0, "warnings": [],
}  # fmt: skip


class DataFolder:
    """One user's projects, made by the verbs that workers use."""

    def __init__(self, data: Path, db: sqlite3.Connection) -> None:
        self.settings = Settings(data=data)
        self.db = db
        db.execute(
            "insert or ignore into users (id, email, password_hash, role, created_at)"
            " values (1, 'mara@example.org', '', 'owner', ?)",
            (now(),),
        )

    def brought(self, name: str = "a", types: tuple[str, ...] = ("blog",)) -> str:
        """A project from a transcript, its jobs not begun."""
        said = [Segment(0.0, 2.0, "Bridges carry us."), Segment(2.0, 4.0, "Rivers carry boats.")]
        facts = BROUGHT | {"sha256": name}
        return creation.from_transcript(self.db, 1, said, facts, Details(types=types)).project_id

    def recorded(self, name: str = "r", types: tuple[str, ...] = ()) -> str:
        """A project from a recording, its jobs not begun."""
        project_id = creation.new_id()
        self.file(f"media/{project_id}/recording.mp4")
        recording = Recording(
            project_id, "recording.mp4", "talk.mp4", "video/mp4", 9, name, 60.0, 640, 360
        )
        return creation.from_recording(self.db, 1, recording, Details(types=types)).project_id

    def file(self, name: str, age_s: float = 0.0, content: bytes = b"bytes") -> Path:
        """A file below the data folder, and its folders, so many seconds old."""
        path = self.settings.data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        for made in (path, *path.parents):
            if age_s and made.is_relative_to(self.settings.data) and made != self.settings.data:
                os.utime(made, (time.time() - age_s,) * 2)
        return path

    def claim(self, queue: str) -> Job:
        job = claim_next(self.db, queue)
        assert job is not None
        return job

    def listen(self, ingest: Job) -> int:
        """What a transcribe stage commits for a recording; the transcript's id."""
        with running.fenced(self.db, ingest):
            (transcript_id,) = self.db.execute(
                "insert into transcripts (project_id, params_hash, model, created_at)"
                " values (?, 'x', 'tiny.en', ?) returning id",
                (ingest.project_id, now()),
            ).fetchone()
            self.db.execute(
                "insert into checkpoints values (?, 'transcribe', 'x',"
                " json_object('transcript_id', ?), ?)",
                (ingest.origin_id, transcript_id, now()),
            )
            self.db.execute(
                "insert into windows (transcript_id, n, start_s, end_s, completed_at)"
                " values (?, 0, 0, 4, ?)",
                (transcript_id, now()),
            )
            add_segments(self.db, transcript_id, 0, [Segment(0.0, 4.0, "Bridges carry us.")])
        return int(transcript_id)

    def pictures_of(self, ingest: Job, n: int = 1) -> Path:
        """The files that a screenshots stage writes; the picture's path."""
        folder = child.folder_of(self.settings, ingest) / "screenshots"
        folder.mkdir(parents=True, exist_ok=True)
        for name in (f"{n:03d}-thumb.jpg", f"{n:03d}.jpg"):
            (folder / name).write_bytes(b"picture")
        return folder / name

    def picture(self, ingest: Job, n: int = 1) -> Path:
        """What a screenshots stage commits: the row of a picture that lies there."""
        home = storage.folder_of(self.settings, ingest.project_id)
        picture = child.folder_of(self.settings, ingest) / "screenshots" / f"{n:03d}.jpg"
        with running.fenced(self.db, ingest):
            self.db.execute(
                "insert into screenshots values (?, ?, 0, 1, ?, 64, 36)",
                (ingest.project_id, n, picture.relative_to(home).as_posix()),
            )
        return picture

    def show(self, ingest: Job, transcript_id: int) -> None:
        """The last commit of a transcribe stage."""
        with running.fenced(self.db, ingest):
            self.db.execute(
                "update transcripts set completed_at = ? where id = ?", (now(), transcript_id)
            )
            self.db.execute(
                "update projects set transcript_id = ? where id = ?",
                (transcript_id, ingest.project_id),
            )

    def succeed(self, job: Job) -> Job:
        """The job's end as its child writes it; a content job with its version."""
        with running.fenced(self.db, job):
            if job.type == INGEST:
                return endings.succeed(self.db, job)
            written = Written("Bridges", "They carry us.", "", {}, {})
            version = generated.add_generated(self.db, job, written)
            return endings.succeed(self.db, job, str(version.n))

    def work_off(self) -> list[Job]:
        """Do all that is due."""
        done = []
        while job := next(
            filter(None, (claim_next(self.db, name) for name in ("media", "writing"))), None
        ):
            project = row_of(self.db, job.project_id)
            if job.type == INGEST and project["source"] == "media":
                self.show(job, self.listen(job))
                n = self._pictures(job) + 1
                self.pictures_of(job, n)
                self.picture(job, n)
            done.append(self.succeed(job))
        return done

    def _pictures(self, job: Job) -> int:
        query = "select count(*) from screenshots where project_id = ?"
        return int(self.db.execute(query, (job.project_id,)).fetchone()[0])

    def start(self, project_id: str, task_type: str) -> Job:
        return start_job(self.db, row_of(self.db, project_id), Wishes(task_type)).job

    def job(self, job_id: str) -> Job:
        job = find_job(self.db, job_id)
        assert job is not None
        return job

    def has_job(self, job_id: str) -> bool:
        return find_job(self.db, job_id) is not None

    def age(self, days: float) -> None:
        """Let everything in the database be so many days older."""
        for table, columns in AGING.items():
            for column in columns:
                self.db.execute(
                    f"update {table} set {column} = strftime('%Y-%m-%dT%H:%M:%fZ', {column}, ?)"
                    f" where {column} is not null",
                    (f"{-days:+} days",),
                )

    def count(self, query: str, *values: object) -> int:
        return int(self.db.execute(f"select count(*) from {query}", values).fetchone()[0])


AGING = {
    "jobs": ("created_at", "updated_at", "completed_at", "run_after", "delayed_at"),
    "transcripts": ("created_at", "completed_at"),
    "checkpoints": ("created_at",),
    "sessions": ("created_at", "last_seen_at", "expires_at"),
    "login_attempts": ("at",),
    "setup_tokens": ("expires_at",),
    "idempotency": ("created_at",),
    "uploads": ("created_at", "expires_at"),
    "changes": ("at",),
    "janitor_runs": ("at",),
}


@contextmanager
def data_folder(data: Path) -> Iterator[DataFolder]:
    """A prepared data folder, and the connection to it."""
    prepare(data / "draftmill.db")
    with closing(connect(data / "draftmill.db", 10)) as db:
        yield DataFolder(data, db)
