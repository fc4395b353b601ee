"""Chapters: how many, where they start, what they are called, and their rows."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from draftmill.database.connection import connect, prepare, transaction
from draftmill.language.division import starts
from draftmill.pipeline.chapters import KEPT, chapters, find_chapters
from draftmill.transcripts.chapter_edits import delete, rename
from draftmill.transcripts.chapters import chapters_of
from draftmill.transcripts.segments import DOUBTFUL, Segment, add_segments
from tests.support import talks


def joined_talks(*names: str) -> tuple[list[Segment], list[int]]:
    """Talks one after the other, and the places of their first sentences."""
    said: list[Segment] = []
    joints: list[int] = []
    for name in names:
        shift = said[-1].end_s + 0.5 if said else 0.0
        joints.append(len(said))
        said += [
            replace(s, start_s=s.start_s + shift, end_s=s.end_s + shift, speaker="")
            for s in talks.segments(name)
        ]
    return said, joints


@pytest.mark.parametrize("name", talks.NAMES)
def test_chapters_cover_the_recording_and_start_at_sentences(name: str) -> None:
    said = talks.segments(name)
    found = chapters(said, said[-1].end_s + 5)
    assert [chapter.n for chapter in found] == list(range(1, len(found) + 1))
    assert {chapter.start_s for chapter in found} <= {segment.start_s for segment in said}
    assert found[0].start_s == said[0].start_s
    assert [c.end_s for c in found[:-1]] == [c.start_s for c in found[1:]]
    assert found[-1].end_s == said[-1].end_s + 5


def spread(count: int, length_s: float, gap_at: int = -1, gap_s: float = 0.0) -> list[Segment]:
    """Sentences evenly over a time, with a gap before one of them."""
    step = length_s / count
    shifts = [gap_s if 0 <= gap_at <= n else 0.0 for n in range(count)]
    return [
        Segment(n * step + shift, n * step + shift + min(4.0, step), f"Loaf {n} is baked.", n=n)
        for n, shift in enumerate(shifts)
    ]


@pytest.mark.parametrize(
    ("said", "duration_s"),
    [
        (spread(360, 1800.0), 72 * 60.0),
        (spread(360, 1800.0, gap_at=170, gap_s=2700.0), 4500.0),
        (spread(12, 3 * 3600.0), 3 * 3600.0),
        (spread(5, 1800.0), 3 * 3600.0),
    ],
    ids=["tail", "gap", "few", "few and a tail"],
)
def test_no_chapter_is_longer_than_twenty_minutes_where_the_words_are_few(
    said: list[Segment], duration_s: float
) -> None:
    found = chapters(said, duration_s, "en")
    assert max(chapter.end_s - chapter.start_s for chapter in found) <= 1200
    assert {chapter.start_s for chapter in found} <= {segment.start_s for segment in said}
    for segment in said:
        assert any(c.start_s <= segment.start_s < c.end_s for c in found)


@pytest.mark.parametrize("name", talks.NAMES)
def test_titles_are_short_labels_and_no_two_are_alike(name: str) -> None:
    titles = [chapter.title for chapter in chapters(talks.segments(name), 0)]
    assert len({title.casefold() for title in titles}) == len(titles)
    assert all(title and len(title) <= 70 and title[0].isupper() for title in titles)


def test_announced_parts_are_chapters_with_their_names() -> None:
    titles = [chapter.title for chapter in chapters(talks.segments("meeting"), 0)]
    assert titles == [
        "Budget for the new library building",
        "Opening hours during construction",
        "Volunteers",
    ]


def test_pauses_divide_a_talk_in_another_language_and_its_words_are_the_titles() -> None:
    found = chapters(talks.segments("german"), 0, "de")
    assert [chapter.title for chapter in found][1:] == [
        "Fangen wir mit den Bäumen an",
        "Der zweite Punkt ist das Wasser",
    ]


def test_where_one_talk_ends_and_another_begins_is_found_within_half_a_minute() -> None:
    said, joints = joined_talks("tech_talk", "interview", "meeting")
    found = starts(said, 3, english=True)
    assert all(any(abs(joint - start) <= 8 for start in found) for joint in joints)


@pytest.mark.parametrize(
    ("minutes", "expected"), [(0.3, 1), (1, 2), (1.5, 3), (7, 3), (30, 6), (60, 8), (240, 30)]
)
def test_how_many_chapters(minutes: float, expected: int) -> None:
    said, _ = joined_talks("tech_talk", "meeting", "interview")
    step = minutes * 60 / len(said)
    spread = [replace(s, start_s=n * step, end_s=(n + 1) * step) for n, s in enumerate(said)]
    assert len(chapters(spread, minutes * 60)) == expected


@pytest.mark.parametrize("hours", [1.5, 4.0])
def test_a_long_recording_has_a_chapter_every_eight_minutes_and_none_above_twenty(
    hours: float,
) -> None:
    said, _ = joined_talks(*(["tech_talk"] * 3 + ["meeting"] + ["interview"] * 3))
    step = hours * 3600 / len(said)
    spread = [replace(s, start_s=n * step, end_s=(n + 0.8) * step) for n, s in enumerate(said)]
    lengths = [c.end_s - c.start_s for c in chapters(spread, hours * 3600)]
    assert 360 <= sum(lengths) / len(lengths) <= 600
    assert max(lengths) <= 1200


def test_a_tiny_recording_is_one_chapter_and_silence_none() -> None:
    assert chapters([], 10) == []
    assert [c.title for c in chapters([Segment(0, 2, "Hello there.")], 3)] == ["Hello there"]


def test_words_that_mean_nothing_still_divide() -> None:
    said = [Segment(n * 3.0, n * 3.0 + 2, "Yeah, you know.") for n in range(60)]
    found = chapters(said, 180)
    assert len(found) == 3
    assert min(c.end_s - c.start_s for c in found) > 20
    assert len({c.title for c in found}) == 3


def test_many_sentences_are_divided_over_fewer_places() -> None:
    said, _ = joined_talks(*(["tech_talk", "interview", "meeting"] * 12))
    assert len(said) > 1900
    found = starts(said, 12, english=True)
    assert len(found) == 12
    assert found == sorted(set(found))


def test_doubtful_words_are_no_title() -> None:
    said = [Segment(n, n + 1, "Subscribe to the zebra channel.") for n in range(3)]
    said = [replace(s, flags=frozenset({DOUBTFUL})) for s in said]
    said += [Segment(3.0, 5, "The rain barrel is empty."), Segment(5, 7, "A rain barrel fills.")]
    assert [chapter.title for chapter in chapters(said, 7)] == ["Rain barrel"]


def test_a_song_is_no_title() -> None:
    song = ["The willow bends to the river.", "The river runs to the tide."] * 2
    texts = [*song, "A choir needs a caretaker.", "The caretaker sings with the choir."]
    said = [Segment(3.0 * n, 3.0 * n + 2, text) for n, text in enumerate(texts)]
    (only,) = chapters(said, 18)
    assert only.title in ("Choir", "Caretaker")


def test_hostile_text_makes_plain_titles() -> None:
    said = [Segment(0, 2, "\u202e<b>Ünlü\x07 [x](y) `rm`\n ok.")]
    assert chapters(said, 3, "tr")[0].title == "<b>Ünlü [x](y) `rm` ok"


class Stage:
    """The part of Work that this stage touches, over a real database."""

    def __init__(self, db: sqlite3.Connection, project_id: str) -> None:
        self.db = db
        self.project = db.execute("select * from projects where id = ?", (project_id,)).fetchone()
        self.job = SimpleNamespace(project_id=project_id)
        self.warned: list[str] = []

    def warn(self, message: str) -> None:
        self.warned.append(message)

    def progress(self, *args: object, **named: object) -> None: ...

    @contextmanager
    def fenced(self) -> Iterator[sqlite3.Connection]:
        with transaction(self.db):
            yield self.db


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    prepare(tmp_path / "d.db")
    db = connect(tmp_path / "d.db")
    db.execute("insert into users values (1, 'a@b.c', '', 'x', 'owner', '{}', 'now')")
    db.execute(
        "insert into projects (id, user_id, title, source, sha256, duration_s, created_at)"
        " values ('p', 1, 'Talk', 'media', 's', 404, 'now')"
    )
    yield db
    db.close()


def add_transcript(db: sqlite3.Connection, name: str) -> Any:
    row = db.execute(
        "insert into transcripts (project_id, params_hash, model, language, created_at)"
        " values ('p', 'h', 'tiny', 'en', 'now') returning id"
    ).fetchone()
    add_segments(db, row["id"], 0, talks.segments(name))
    db.execute("update projects set transcript_id = ?", (row["id"],))
    return row["id"]


def test_the_stage_writes_the_chapters_of_the_present_transcript(db: sqlite3.Connection) -> None:
    stage: Any = Stage(db, "p")
    transcript_id = add_transcript(db, "tech_talk")  # after the stage's copy of the project
    find_chapters(stage)
    found = chapters_of(db, transcript_id)
    assert found == chapters(talks.segments("tech_talk"), 404, "en")
    marked = db.execute("select chapters_at from transcripts").fetchone()
    assert marked["chapters_at"]


def test_the_stage_may_run_twice(db: sqlite3.Connection) -> None:
    transcript_id = add_transcript(db, "meeting")
    stage: Any = Stage(db, "p")
    find_chapters(stage)
    find_chapters(stage)
    assert len(chapters_of(db, transcript_id)) == 3


def test_who_removed_all_chapters_has_none_until_they_are_asked_for(db: sqlite3.Connection) -> None:
    transcript_id = add_transcript(db, "meeting")
    stage: Any = Stage(db, "p")
    find_chapters(stage)
    for _ in chapters_of(db, transcript_id):
        delete(db, "p", 1)
    stage.job.parameters = {}
    find_chapters(stage)
    assert chapters_of(db, transcript_id) == []
    stage.job.parameters = {"stage": "chapters"}
    find_chapters(stage)
    assert len(chapters_of(db, transcript_id)) == 3
    assert stage.warned == []


def test_chapters_that_a_person_changed_stay(db: sqlite3.Connection) -> None:
    transcript_id = add_transcript(db, "meeting")
    stage: Any = Stage(db, "p")
    find_chapters(stage)
    rename(db, "p", 2, "Mine")
    stage.job.parameters = {"stage": "chapters"}
    find_chapters(stage)
    assert chapters_of(db, transcript_id)[1].title == "Mine"
    assert stage.warned == [KEPT]
