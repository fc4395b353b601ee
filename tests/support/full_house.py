"""A house in which much is stored: years of projects and jobs, as bare rows, in seconds."""

import random
import sqlite3
import uuid
from collections.abc import Iterator

from content_actions import CONTENT_TYPES
from draftmill.clock import now
from draftmill.database.connection import transaction
from draftmill.jobs.policies import INGEST
from draftmill.transcripts.segments import Segment, Word, add_segments

TYPES = (INGEST, *CONTENT_TYPES)
ENDS = ("succeeded",) * 16 + ("failed", "failed", "cancelled", "cancelled")
WORDS = [
    "plan",
    "build",
    "measure",
    "learn",
    "release",
    "test",
    "queue",
    "budget",
    "people",
    "risk",
    "change",
    "start",
]
TOLD = ("succeeded", "failed")
RARE = "harvest"  # in the titles of a user's first ten projects
SENTENCES = 2_500
CHAPTERS = 30
PICTURES = 200
HOURS = 3
VERSIONS = 200
LINES = 10_000
# Everything happened at once; what waits, waits no longer than a server may ask for.
AT, LATER = now(), now(3600)
PROJECT = (
    "insert into projects (id, user_id, title, source, file_name, sha256, duration_s, created_at)"
    " values (?, ?, ?, 'media', 'talk.mp4', ?, 60, ?) returning n"
)
TRANSCRIPT = (
    "insert into transcripts (project_id, params_hash, model, language, created_at, completed_at)"
    " values (?, '', 'small', 'en', ?, ?) returning id"
)
JOB = (
    "insert into jobs (id, project_id, user_id, type, queue, status, origin_id, run_after,"
    " delayed_at, ran_s, created_at, updated_at, started_at, completed_at)"
    " values (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?)"
)
CHANGE = "insert into changes (kind, object_id, user_id, version, at) values (?, ?, ?, ?, ?)"
LINE = "insert into job_logs (job_id, attempt, level, message, at) values (?, 1, 'info', ?, ?)"
NOTICE = (
    "insert into notifications (user_id, job_id, kind, shown_at, created_at) values (?, ?, ?, ?, ?)"
)
VERSION = (
    "insert into draft_versions (project_id, type, n, based_on, author, title, body, created_at,"
    " updated_at) values (?, ?, ?, ?, 'person', 'A title', ?, ?, ?) returning id"
)


def add_user(db: sqlite3.Connection, email: str) -> int:
    """A user who never signs in; the id."""
    row = db.execute(
        "insert into users (email, password_hash, role, created_at) values (?, '', 'user', ?)"
        " returning id",
        (email, now()),
    ).fetchone()
    return int(row["id"])


def fill(db: sqlite3.Connection, user_id: int, projects: int, jobs_each: int) -> list[str]:
    """Give a user many projects, each with a transcript, a draft and so many jobs; their ids.

    The newest job of every project waits for hours: no worker takes it.
    """
    project_ids = [_id("project", user_id, n) for n in range(projects)]
    with transaction(db):
        for n, project_id in enumerate(project_ids):
            _project(db, user_id, project_id, n)
            _jobs(db, user_id, project_id, jobs_each)
    return project_ids


def job_id(project_id: str, n: int) -> str:
    """The id of a project's n-th job, counted from 0."""
    return _id(project_id, n)


def _id(*names: object) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(map(str, names))))


def _project(db: sqlite3.Connection, user_id: int, project_id: str, n: int) -> None:
    title = f"{WORDS[n % len(WORDS)].title()} and {RARE if n < 10 else 'talk'} {n}"
    db.execute(PROJECT, (project_id, user_id, title, project_id, AT))
    (transcript_id,) = db.execute(TRANSCRIPT, (project_id, AT, AT)).fetchone()
    db.execute("update projects set transcript_id = ? where id = ?", (transcript_id, project_id))
    said = [Segment(float(at), at + 1.0, "Bridges carry us.") for at in range(4)]
    add_segments(db, transcript_id, 0, said)
    _draft(db, project_id, "blog", 1)
    _tell(db, user_id, [("project", project_id), ("draft", f"{project_id}/blog")])


def _draft(db: sqlite3.Connection, project_id: str, task_type: str, versions: int) -> None:
    version_id = None
    for n in range(1, versions + 1):
        body = f"Version {n}.\n\n" + _text(random.Random(n), 400)
        values = (project_id, task_type, n, version_id, body, AT, AT)
        (version_id,) = db.execute(VERSION, values).fetchone()
    db.execute("insert into drafts values (?, ?, ?)", (project_id, task_type, version_id))


def _jobs(db: sqlite3.Connection, user_id: int, project_id: str, count: int) -> None:
    some = (
        (job_id(project_id, n), TYPES[n % len(TYPES)], ENDS[n % len(ENDS)])
        for n in range(count - 1)
    )
    made = [*some, (job_id(project_id, count - 1), TYPES[-1], "pending")]
    db.executemany(JOB, (_job(user_id, project_id, *one) for one in made))
    db.executemany(LINE, ((job_id, "Work begins", AT) for job_id, _, _ in made))
    ended = ((user_id, one, end, AT, AT) for one, _, end in made if end in TOLD)
    db.executemany(NOTICE, ended)
    _tell(db, user_id, [("job", job_id) for job_id, _, _ in made])


def _job(
    user_id: int, project_id: str, job_id: str, task_type: str, status: str
) -> tuple[object, ...]:
    queue = "media" if task_type == INGEST else "writing"
    waits = status == "pending"
    delay = (LATER, AT) if waits else (None, None)
    times = (AT, AT, None if waits else AT, None if waits else AT)
    return (job_id, project_id, user_id, task_type, queue, status, job_id, *delay, *times)


def _tell(db: sqlite3.Connection, user_id: int, objects: list[tuple[str, str]]) -> None:
    (newest,) = db.execute(
        "update counters set n = n + ? where name = 'changes' returning n", (len(objects),)
    ).fetchone()
    numbered = enumerate(objects, newest - len(objects) + 1)
    db.executemany(CHANGE, ((*what, user_id, version, AT) for version, what in numbered))


def add_long_project(db: sqlite3.Connection, user_id: int) -> str:
    """A recording of three hours with all that comes of it; its id.

    Its newsletter was changed often, and its first job has a long log.
    """
    project_id = _id("long", user_id)
    with transaction(db):
        _project(db, user_id, project_id, 0)
        (transcript_id,) = db.execute(
            "select transcript_id from projects where id = ?", (project_id,)
        ).fetchone()
        db.execute("delete from segments where transcript_id = ?", (transcript_id,))
        for window, said in enumerate(_windows()):
            add_segments(db, transcript_id, window, said)
        db.executemany(
            "insert into chapters values (?, ?, ?, ?, 'How we plan', 'What was planned.', null)",
            [(transcript_id, n + 1, *_span(n, CHAPTERS)) for n in range(CHAPTERS)],
        )
        db.executemany(
            "insert into screenshots values (?, ?, ?, ?, 'none.jpg', 1280, 720)",
            [(project_id, n + 1, *_span(n, PICTURES)) for n in range(PICTURES)],
        )
        _draft(db, project_id, "newsletter", VERSIONS)
        _jobs(db, user_id, project_id, 2)
        lines = ((job_id(project_id, 0), f"Line {n}", AT) for n in range(LINES))
        db.executemany(LINE, lines)
    return project_id


def _span(n: int, of: int) -> tuple[float, float]:
    length_s = HOURS * 3600 / of
    return n * length_s, (n + 1) * length_s


def _windows() -> Iterator[list[Segment]]:
    chance = random.Random(3)
    said = [_sentence(chance, *_span(n, SENTENCES)) for n in range(SENTENCES)]
    return (said[at : at + 5] for at in range(0, SENTENCES, 5))


def _sentence(chance: random.Random, start_s: float, end_s: float) -> Segment:
    text = _text(chance, chance.randint(3, 22))
    spoken = text.split()
    step_s = (end_s - start_s) / len(spoken)
    words = tuple(
        Word(round(start_s + n * step_s, 2), round(start_s + (n + 1) * step_s, 2), word, 0.987)
        for n, word in enumerate(spoken)
    )
    return Segment(round(start_s, 2), round(end_s, 2), text, words)


def _text(chance: random.Random, words: int) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(words)).capitalize() + "."
