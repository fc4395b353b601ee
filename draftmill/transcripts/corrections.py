"""A misheard name, corrected once and everywhere, also in transcriptions made afterwards.

Corrections are applied in the order in which they were made, so that a correction of a
correction has its effect. How a name is found stands in names.py.
"""

import bisect
import json
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, replace

from draftmill.clock import now
from draftmill.database import changes
from draftmill.database.connection import transaction
from draftmill.errors import Problem
from draftmill.letters import normalized
from draftmill.transcripts.name_matching import MOST_WORDS, WORD, key, spans
from draftmill.transcripts.segments import Segment, Word

LONGEST = 80  # characters
MOST_CORRECTIONS = 500  # of a project

EDGES = " \t\"'“”‘’.,;:!?()[]"


class BadCorrection(Problem):
    code = "bad_correction"
    default_message = "This correction cannot be made."
    default_hint = (
        "Write the name as the transcript has it, and as it should be: one to four words."
    )


@dataclass(frozen=True)
class Correction:
    """One row of `corrections`: what the transcript says, and what was meant."""

    heard: str
    meant: str
    id: int = 0


@dataclass(frozen=True)
class _Place:
    """A found name: the span of its characters, and what belongs there."""

    start: int
    end: int
    text: str


def add(db: sqlite3.Connection, project_id: str, heard: str, meant: str) -> int:
    """Correct a name in the project's transcripts and remember it for later ones.

    Returns the number of places changed in the present transcript. What the same words were
    corrected to before is corrected too. Raises BadCorrection.
    """
    correction = _checked(heard, meant)
    with transaction(db):
        wanted = _insert(db, project_id, correction)
        project = db.execute(
            "select user_id, transcript_id from projects where id = ?", (project_id,)
        ).fetchone()
        places = 0
        for (transcript_id,) in db.execute(
            "select id from transcripts where project_id = ? and completed_at is not null",
            (project_id,),
        ).fetchall():
            found = _apply_to_rows(db, transcript_id, wanted)
            places += found if transcript_id == project["transcript_id"] else 0
        changes.record(db, "project", project_id, project["user_id"])
    return places


def of_project(db: sqlite3.Connection, project_id: str) -> list[Correction]:
    """The corrections of a project in the order in which they are applied."""
    rows = db.execute(
        "select heard, meant, id from corrections where project_id = ? order by id", (project_id,)
    )
    return [Correction(*row) for row in rows]


def remove(db: sqlite3.Connection, project_id: str, correction_id: int) -> None:
    """Forget a correction: later transcriptions are made without it, present text stays as it is."""
    with transaction(db):
        db.execute(
            "delete from corrections where project_id = ? and id = ?", (project_id, correction_id)
        )


def apply_all(db: sqlite3.Connection, transcript_id: int) -> int:
    """Apply the project's corrections to a transcript's sentences; returns the number of places.

    Belongs into the last commit of a transcribe stage. Doing it again changes nothing.
    """
    with transaction(db):
        (project_id,) = db.execute(
            "select project_id from transcripts where id = ?", (transcript_id,)
        ).fetchone()
        return _apply_to_rows(db, transcript_id, of_project(db, project_id))


def apply(segment: Segment, corrections: Iterable[Correction]) -> Segment:
    """The sentence with the corrections in its text and in its words.

    Words that become one take the start of the first and the end of the last.
    """
    for correction in corrections:
        text = _corrected(segment.text, correction)
        if text != segment.text:
            words = tuple(_corrected_words(segment, correction))
            segment = replace(segment, text=text, words=words)
    return segment


def _checked(heard: str, meant: str) -> Correction:
    if max(len(heard), len(meant)) > 4 * LONGEST:
        raise BadCorrection("This is longer than a name.")
    heard, meant = _one_line(heard).strip(EDGES), _one_line(meant)
    if not key(heard) or not meant:
        raise BadCorrection("A correction needs what was heard and what was meant.")
    if len(WORD.findall(heard)) > MOST_WORDS or len(WORD.findall(meant)) > 2 * MOST_WORDS:
        raise BadCorrection("This is longer than a name.")
    if len(heard) > LONGEST or len(meant) > LONGEST:
        raise BadCorrection("This is longer than a name.")
    if not key(meant):
        raise BadCorrection("What was meant holds no letters.")
    return Correction(heard, meant)


def _one_line(text: str) -> str:
    kept = (" " if c.isspace() or unicodedata.category(c)[0] == "C" else c for c in text)
    return " ".join(normalized("".join(kept)).split())


def _insert(db: sqlite3.Connection, project_id: str, new: Correction) -> list[Correction]:
    """Store a correction; returns what must be applied to the present text."""
    known = of_project(db, project_id)
    earlier = [c for c in known if key(c.heard) == key(new.heard)]
    wanted = [new]
    for old in earlier:
        db.execute("delete from corrections where id = ?", (old.id,))
        if key(old.meant) != key(new.meant) and key(old.meant) != key(new.heard):
            wanted.append(Correction(old.meant, new.meant))
    if len(known) - len(earlier) + len(wanted) > MOST_CORRECTIONS:
        raise BadCorrection("This project has as many corrections as it can hold.")
    for correction in wanted:
        db.execute(
            "insert into corrections (project_id, heard, meant, created_at) values (?, ?, ?, ?)"
            " on conflict (project_id, heard) do update set meant = excluded.meant",
            (project_id, correction.heard, correction.meant, now()),
        )
    return wanted


def _apply_to_rows(
    db: sqlite3.Connection, transcript_id: int, corrections: Sequence[Correction]
) -> int:
    """Correct the sentences and the chapter titles of a transcript, and count the places."""
    places = 0
    for row in db.execute(
        "select window, n, text from segments where transcript_id = ?", (transcript_id,)
    ).fetchall():
        found = count(row["text"], corrections)
        if found:
            places += found
            _correct_row(db, transcript_id, row["window"], row["n"], corrections)
    for chapter in db.execute(
        "select n, title, summary from chapters where transcript_id = ?", (transcript_id,)
    ).fetchall():
        db.execute(
            "update chapters set title = ?, summary = ? where transcript_id = ? and n = ?",
            (
                _all_corrected(chapter["title"], corrections),
                _all_corrected(chapter["summary"], corrections),
                transcript_id,
                chapter["n"],
            ),
        )
    if places:
        db.execute("update transcripts set revision = revision + 1 where id = ?", (transcript_id,))
    return places


def _correct_row(
    db: sqlite3.Connection,
    transcript_id: int,
    window: int,
    n: int,
    corrections: Sequence[Correction],
) -> None:
    where = (transcript_id, window, n)
    row = db.execute(
        "select start_s, end_s, text, words from segments"
        " where transcript_id = ? and window = ? and n = ?",
        where,
    ).fetchone()
    words = tuple(Word(*word) for word in json.loads(row["words"]))
    segment = apply(Segment(row["start_s"], row["end_s"], row["text"], words), corrections)
    db.execute(
        "update segments set text = ?, words = ? where transcript_id = ? and window = ? and n = ?",
        (segment.text, json.dumps([astuple(word) for word in segment.words]), *where),
    )


def count(text: str, corrections: Iterable[Correction]) -> int:
    """In how many places the corrections change the text."""
    places = 0
    for correction in corrections:
        places += len(list(_places(text, correction)))
        text = _corrected(text, correction)
    return places


def _all_corrected(text: str, corrections: Iterable[Correction]) -> str:
    for correction in corrections:
        text = _corrected(text, correction)
    return text


def _corrected(text: str, correction: Correction) -> str:
    return _with(text, 0, len(text), list(_places(text, correction)))


def _with(text: str, start: int, end: int, places: Iterable[_Place]) -> str:
    """A stretch of the text with the places in it corrected."""
    parts, at = [], start
    for place in places:
        parts += [text[at : place.start], place.text]
        at = place.end
    return "".join([*parts, text[at:end]])


def _places(text: str, correction: Correction) -> Iterator[_Place]:
    """Where the text changes: whole words that were heard and do not already read as meant."""
    right = list(spans(text, correction.meant))
    free = 0
    for start, end in spans(text, correction.heard):
        inside = any(a <= start and end <= b and (a, b) != (start, end) for a, b in right)
        if start >= free and not inside and text[start:end] != correction.meant:
            free = end
            yield _Place(start, end, correction.meant)


def _corrected_words(segment: Segment, correction: Correction) -> Iterator[Word]:
    """The sentence's words with the correction: the words of a place become those meant."""
    words = segment.words
    text, starts = _written(words, " " if " " in segment.text else "")
    at = 0
    for first, last, places in _by_words(list(_places(text, correction)), starts):
        end = starts[last] + len(words[last].text)
        yield from words[at:first]
        yield from _shared(words[first : last + 1], _with(text, starts[first], end, places))
        at = last + 1
    yield from words[at:]


def _by_words(
    places: Sequence[_Place], starts: Sequence[int]
) -> Iterator[tuple[int, int, list[_Place]]]:
    """The places with the first and last word of each, those together that share a word."""
    groups: list[tuple[int, int, list[_Place]]] = []
    for place in places:
        first = bisect.bisect_right(starts, place.start) - 1
        last = bisect.bisect_right(starts, place.end - 1) - 1
        if groups and first <= groups[-1][1]:
            first, _, earlier = groups.pop()
            groups.append((first, last, [*earlier, place]))
        else:
            groups.append((first, last, [place]))
    return iter(groups)


def _written(words: Sequence[Word], glue: str) -> tuple[str, list[int]]:
    """The words as one line, and where in it each begins."""
    starts, at = [], 0
    for word in words:
        starts.append(at)
        at += len(word.text) + len(glue)
    return glue.join(word.text for word in words), starts


def _shared(words: Sequence[Word], text: str) -> Iterator[Word]:
    """The text's words over the time of the old ones: one by one, or shared by their length."""
    tokens = text.split()
    if len(tokens) == len(words):
        for word, token in zip(words, tokens, strict=True):
            yield replace(word, text=token)
        return
    start, end = words[0].start_s, words[-1].end_s
    letters = sum(map(len, tokens))
    probability = min(word.probability for word in words)
    for token in tokens:
        after = end if token is tokens[-1] else start + (end - start) * len(token) / letters
        yield Word(start, round(after, 3), token, probability)
        start, letters = round(after, 3), letters - len(token)
