"""A project with a recording, and attempts at its transcribe stage over a real database."""

import json
import sqlite3
import wave
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from draftmill.clock import now
from draftmill.database.connection import connect
from draftmill.jobs.attempt import Attempt
from draftmill.jobs.job import find_job
from draftmill.media.timeline import RATE
from draftmill.pipeline.transcribe import transcribe
from draftmill.settings import Settings
from draftmill.transcripts.segments import Segment, segments_of
from tests.support import fresh_database
from tests.support.speech_server import SpeechServer

KEY = "sk-test-a-secret-key"


class Stage:
    """One project with a recording, and attempts at transcribing it."""

    def __init__(self, data: Path, sound: Path | NDArray[np.float32], **project: Any) -> None:
        self.settings = Settings(data=data)
        fresh_database.make(self.settings.database)
        self.db = connect(self.settings.database, 10)
        self.told: list[tuple[float, float | None, str, str]] = []
        if isinstance(sound, np.ndarray):
            sound = written(data / "recording.wav", sound)
        row = {
            "id": "p", "user_id": 1, "title": "talk", "source": "media", "file": str(sound.absolute()),
            "sha256": "x", "created_at": now(),
        } | project  # fmt: skip
        self.db.execute(
            "insert into users (id, email, password_hash, role, created_at) values (1, 'a', '', 'owner', '')"
        )
        self.db.execute(
            f"insert into projects ({', '.join(row)}) values ({', '.join('?' * len(row))})",
            list(row.values()),
        )
        self.new_job("j")

    def new_job(self, job_id: str, origin: str = "", **parameters: object) -> None:
        self.db.execute("update jobs set status = 'cancelled'")
        self.db.execute(
            "insert into jobs (id, project_id, user_id, type, queue, status, attempt, origin_id,"
            " parameters, created_at, updated_at)"
            " values (?, 'p', 1, 'ingest', 'media', 'running', 1, ?, ?, '', '')",
            (job_id, origin or job_id, json.dumps(parameters)),
        )
        self.job_id = job_id

    def work(self, **settings: Any) -> Attempt:
        """A new attempt at the newest job."""
        job = find_job(self.db, self.job_id)
        assert job is not None
        project = self.one("select * from projects")
        chosen = replace(self.settings, **settings)
        work = Attempt(chosen, self.db, job, project, self.settings.data)
        report = work.progress

        def progress(
            done: float, total: float | None = None, unit: str = "", message: str = ""
        ) -> None:
            self.told.append((done, total, unit, message))
            report(done, total, unit, message)

        work.progress = progress  # type: ignore[method-assign]
        return work

    def run(self, **settings: Any) -> list[Segment]:
        """One attempt; the sentences of the project's transcript."""
        transcribe(self.work(**settings))
        return segments_of(self.db, self.one("select transcript_id from projects")[0])

    def asks(self, server: SpeechServer, **settings: Any) -> list[Segment]:
        return self.run(transcribe_base_url=server.url, transcribe_api_key=KEY, **settings)

    def one(self, query: str) -> sqlite3.Row:
        row: sqlite3.Row = self.db.execute(query).fetchone()
        return row

    def all(self, query: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.db.execute(query)]

    def logs(self) -> str:
        return "\n".join(row[0] for row in self.db.execute("select message from job_logs"))


Made = Callable[..., Stage]


def written(path: Path, samples: NDArray[np.float32]) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return path


def silence(seconds: float) -> NDArray[np.float32]:
    return np.zeros(round(seconds * RATE), np.float32)
