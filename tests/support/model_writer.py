"""A draft job at work on a talk, with a model that a test answers for."""

import sqlite3
from dataclasses import replace
from typing import Any

import pytest

from content_actions import CONTENT_TYPES, ContentType
from draftmill.clock import now
from draftmill.drafts.written import Written
from draftmill.errors import Problem
from draftmill.jobs.attempt import Attempt
from draftmill.jobs.job import find_job
from draftmill.projects.screenshots import Screenshot
from draftmill.transcripts.chapters import Chapter
from draftmill.transcripts.segments import Segment
from draftmill.writers import choice
from draftmill.writers.material import Material

KEY = "sk-our-secret-key"
BLOG, NEWSLETTER = CONTENT_TYPES["blog"], CONTENT_TYPES["newsletter"]
TWITTER, LINKEDIN = CONTENT_TYPES["twitter"], CONTENT_TYPES["linkedin"]
SENTENCES = (
    "Today I want to talk about queues in SQLite.",
    "We built the whole thing in one weekend.",
    "It never lost a single job in two years.",
    "You can see the numbers on this slide.",
    "The lesson is to keep the truth in one table.",
)
MATERIAL = Material(
    title="",
    context="A talk by Ada Okafor, https://queues.example/talk",
    language="en",
    source="media",
    file_name="secret-folder-name.mp4",
    duration_s=50.0,
    segments=tuple(Segment(n * 10.0, n * 10.0 + 8, text, n=n) for n, text in enumerate(SENTENCES)),
    chapters=(Chapter(1, 0.0, 20.0, "Queues in SQLite"), Chapter(2, 20.0, 50.0, "What we learned")),
    screenshots=(
        Screenshot(1, 2.0, 18.0, "1.jpg", 1280, 720),
        Screenshot(2, 31.0, 40.0, "2.jpg", 1280, 720),
    ),
)


class Watched(Attempt):
    """The work of a real job, which remembers its progress."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.reports: list[tuple[float, float | None, str, str]] = []

    def progress(
        self, done: float, total: float | None = None, unit: str = "", message: str = ""
    ) -> None:
        super().progress(done, total, unit, message)
        self.reports.append((done, total, unit, message))

    @property
    def warnings(self) -> tuple[str, ...]:
        job = find_job(self.db, self.job.id)
        assert job is not None
        return job.warnings


def add_running_job(db: sqlite3.Connection) -> None:
    moment = now()
    db.execute(
        "insert into users (id, email, password_hash, role, created_at)"
        " values (1, 'owner@private.example', '', 'owner', ?)",
        (moment,),
    )
    db.execute(
        "insert into projects (id, user_id, title, source, sha256, created_at)"
        " values ('p1', 1, 'A talk', 'media', 'x', ?)",
        (moment,),
    )
    db.execute(
        "insert into jobs (id, project_id, user_id, type, queue, status, attempt, origin_id,"
        " created_at, updated_at) values ('j1', 'p1', 1, 'blog', 'writing', 'running', 1, 'j1', ?, ?)",
        (moment, moment),
    )


def with_settings(work: Watched, **values: Any) -> Watched:
    work.settings = replace(work.settings, **values)
    return work


def beside(work: Watched, task_type: str) -> Watched:
    """Another job of the same project, at work."""
    moment = now()
    work.db.execute(
        "insert into jobs (id, project_id, user_id, type, queue, status, attempt, origin_id,"
        " created_at, updated_at) values ('j2', 'p1', 1, ?, 'writing', 'running', 1, 'j2', ?, ?)",
        (task_type, moment, moment),
    )
    job = find_job(work.db, "j2")
    assert job is not None
    return Watched(work.settings, work.db, job, work.project, work.folder)


def wrote(
    work: Watched,
    content: ContentType = BLOG,
    instructions: str = "",
    material: Material = MATERIAL,
) -> Written:
    return choice.write(work, material, content, instructions)


def problem(work: Watched, content: ContentType = BLOG) -> Problem:
    with pytest.raises(Problem) as caught:
        wrote(work, content)
    return caught.value


def long_material(chapters: int, sentences: int) -> Material:
    """Chapters of numbered sentences, ten seconds each."""
    segments = tuple(
        Segment(
            start_s=(c * sentences + s) * 10.0,
            end_s=(c * sentences + s) * 10.0 + 9,
            text=f"In chapter {c} the speaker made point number {s} about storage engines.",
            n=c * sentences + s,
        )
        for c in range(chapters)
        for s in range(sentences)
    )
    span = sentences * 10.0
    return replace(
        MATERIAL,
        duration_s=chapters * span,
        segments=segments,
        chapters=tuple(
            Chapter(c + 1, c * span, (c + 1) * span, f"Chapter title {c}") for c in range(chapters)
        ),
        screenshots=(),
    )
