"""Speakers as a person wants them: named, merged, and given the sentences that they said.

Each change is kept with the sentences that it touched and can be undone while no later one stands.
What it led to goes into drafts made from then on, and into every download.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from draftmill.database.connection import transaction
from draftmill.errors import NotFound, Problem
from draftmill.transcripts.edits import (
    Changed,
    ChangedSince,
    Edit,
    Stale,
    is_last,
    newest_of,
    record,
    taking_back,
)
from draftmill.transcripts.sentences import clean
from draftmill.transcripts.speakers import (
    NOBODY,
    Row,
    Speaker,
    remember,
    source_of,
    speakers_of,
    write_rows,
)

SPEAKERS = "speakers"
LONGEST = 80  # characters of a name
MOST = 200  # speakers of a transcript
MOST_GIVEN = 1000  # sentences at once

Place = list[Any]  # window, n, speaker and voice of a sentence as they were


class BadName(Problem):
    code = "bad_speaker"
    default_message = "A speaker needs a name."
    default_hint = f"Write up to {LONGEST} characters."


class NoSentence(Problem):
    code = "no_sentence"
    default_message = "Tick a sentence first."
    default_hint = "Then say who said it."


class StaleSpeakers(Stale):
    code = "stale_speakers"
    default_message = "The speakers were changed elsewhere since you opened this."


Made = Changed[Speaker]


@dataclass(frozen=True)
class _Transcript:
    """What is changed: the project's present transcript, and its speakers before the change."""

    db: sqlite3.Connection
    project_id: str
    id: int
    rows: list[Row]
    speakers: list[Speaker]

    def speaker(self, n: int) -> Speaker:
        """One who speaks. Raises NotFound."""
        found = next((one for one in self.speakers if one.n == n), None)
        if found is None:
            raise NotFound("There is no such speaker any more.", "Reload the page.")
        return found


def name(
    db: sqlite3.Connection, project_id: str, n: int, called: str, was: str | None = None
) -> Made:
    """Call a speaker by a name, in all of their sentences; one who is called so already is the same.

    `was` is the name that the person saw, here and below; None for whatever it is. Raises
    NotFound, BadName, StaleSpeakers.
    """
    checked = _name(called)
    with transaction(db):
        found = _begin(db, project_id)
        return _rename(found, n, checked, was)


def merge(
    db: sqlite3.Connection, project_id: str, n: int, into: int, was: str | None = None
) -> Made:
    """Two are one: the first is called as the second. Raises NotFound, StaleSpeakers."""
    with transaction(db):
        found = _begin(db, project_id)
        other = found.speaker(into)
        if other.n == NOBODY:
            raise NotFound("There is no such speaker any more.", "Reload the page.")
        return _rename(found, n, other.name, was)


def give(
    db: sqlite3.Connection,
    project_id: str,
    sentences: Sequence[int],
    called: str,
    transcript_id: int | None = None,
    of: int | None = None,
) -> Made:
    """Say who said these sentences, numbered from 1: somebody who speaks elsewhere, or a new one.

    `transcript_id` is the transcript that the numbers were read in, `of` how many sentences it had
    then: some may have been cut where another voice begins. None for the present one.
    Raises NotFound, BadName, NoSentence, StaleSpeakers.
    """
    checked = _name(called)
    with transaction(db):
        found = _begin(db, project_id)
        if transcript_id not in (None, found.id):
            raise StaleSpeakers
        wanted = set(sentences[:MOST_GIVEN])
        said = _places(db, "transcript_id = ? order by window, n", found.id)
        if of not in (None, len(said)):
            raise StaleSpeakers
        if not wanted:
            raise NoSentence
        if not wanted <= set(range(1, len(said) + 1)):
            raise NotFound("There is no such sentence in the transcript.", "Reload the page.")
        places = [said[n - 1] for n in sorted(wanted) if said[n - 1][2] != checked]
        rows = found.rows
        if checked not in {row.name for row in rows}:
            rows = [*rows, Row(_following(rows), "", checked, "person")]
        return _write(found, places, checked, rows, "given")


def take_back(db: sqlite3.Connection, edit: Edit) -> None:
    """Undo a change of speakers: each sentence is again whose it was. Raises ChangedSince."""
    with taking_back(db, edit):
        if not is_last(db, edit):
            raise ChangedSince
        db.executemany(
            "update segments set speaker = ?, voice = ?"
            " where transcript_id = ? and window = ? and n = ?",
            [
                (speaker, voice, edit.transcript_id, window, n)
                for window, n, speaker, voice in edit.was["places"]
            ],
        )
        write_rows(db, edit.transcript_id, [Row(**row) for row in edit.was["rows"]])


def _begin(db: sqlite3.Connection, project_id: str) -> _Transcript:
    transcript_id = _present(db, project_id)
    if transcript_id is None:
        raise NotFound("There is no transcript yet.", "Wait until it is transcribed.")
    rows = remember(db, transcript_id)
    return _Transcript(db, project_id, transcript_id, rows, speakers_of(db, transcript_id))


def _rename(found: _Transcript, n: int, called: str, was: str | None) -> Made:
    done = _done_before(found, n, called, was)
    if done:
        return done
    speaker = found.speaker(n)
    if was not in (None, speaker.name, called):
        raise StaleSpeakers
    places = _places(
        found.db, "transcript_id = ? and speaker = ? order by window, n", found.id, speaker.name
    )
    rows = [replace(row, name=called) if row.name == speaker.name else row for row in found.rows]
    if n == NOBODY:  # those who came without a name have one from now on
        source = source_of(found.db, found.id)
        rows = [*rows, Row(_following(rows), "", called, source)]
    act = "merged" if called in {one.name for one in found.speakers} else "named"
    return _write(found, [] if speaker.name == called else places, called, rows, act)


def _done_before(found: _Transcript, n: int, called: str, was: str | None) -> Made | None:
    """What a second press of the same button finds."""
    newest = newest_of(found.db, found.id, SPEAKERS)
    if newest is None or newest.undone_at is not None:
        return None
    same = newest.became == {"n": n, "name": called} and newest.was["name"] == was
    return Changed(tuple(found.speakers), newest.id) if same else None


def _write(found: _Transcript, places: list[Place], called: str, rows: list[Row], act: str) -> Made:
    if not places:
        return Changed(tuple(found.speakers), None)
    db = found.db
    db.executemany(
        "update segments set voice = coalesce(voice, speaker), speaker = ?"
        " where transcript_id = ? and window = ? and n = ?",
        [(called, found.id, window, n) for window, n, *_ in places],
    )
    write_rows(db, found.id, rows)
    before = {one.name: one.n for one in found.speakers}
    was = {
        "act": act,
        "name": places[0][2],
        "sentences": len(places),
        "places": places,
        "rows": [asdict(row) for row in found.rows],
    }
    became = {"n": before[places[0][2]], "name": called}
    edit_id = record(db, found.project_id, found.id, SPEAKERS, was, became)
    return Changed(tuple(speakers_of(db, found.id)), edit_id)


def _places(db: sqlite3.Connection, where: str, *values: object) -> list[Place]:
    rows = db.execute(f"select window, n, speaker, voice from segments where {where}", values)
    return [list(row) for row in rows]


def _following(rows: Iterable[Row]) -> int:
    following = max((row.n for row in rows), default=0) + 1
    if following > MOST:
        raise BadName("This transcript has as many speakers as it can hold.", "Merge some first.")
    return following


def _name(text: str) -> str:
    called = clean(text[: 4 * LONGEST])
    if not any(character.isalnum() for character in called):
        raise BadName
    if len(called) > LONGEST:
        raise BadName("This name is too long.")
    return called


def _present(db: sqlite3.Connection, project_id: str) -> int | None:
    row = db.execute("select transcript_id from projects where id = ?", (project_id,)).fetchone()
    return row["transcript_id"] if row else None
