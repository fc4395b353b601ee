"""Speakers by their voices, written into a transcript: what a person set by hand stays.

Each voice is called as the one that spoke mostly at the same times before, so that names and
merges stay with it. A sentence that a person gave to somebody stays theirs.
"""

import bisect
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from draftmill.database import changes
from draftmill.transcripts import edits
from draftmill.transcripts.recut_at_turns import Part, Place, split
from draftmill.transcripts.speaker_edits import SPEAKERS
from draftmill.transcripts.speakers import Row, rows_of, write_rows

LABEL = "coalesce(voice, speaker)"


@dataclass(frozen=True)
class _Heard:
    """A stretch of time and the label of who speaks in it."""

    start_s: float
    end_s: float
    label: str


def told_elsewhere(db: sqlite3.Connection, transcript_id: int) -> bool:
    """Whether sound tracks, a transcript or a server told who speaks: then voices are not asked."""
    own = {row.label for row in rows_of(db, transcript_id) if row.source == "voice"}
    labels = db.execute(
        f"select distinct {LABEL} from segments where transcript_id = ?", (transcript_id,)
    )
    return any(label and label not in own for (label,) in labels)


def write(
    db: sqlite3.Connection,
    project: sqlite3.Row,
    transcript_id: int,
    parts: Mapping[Place, Sequence[Part]],
    *,
    alone: bool,
) -> int:
    """Say who speaks, in the caller's transaction. Returns how many sentences were cut in two.

    `parts` are those of each sentence by its place; one that is missing is nobody's. With `alone`
    the transcript was there before, so that drafts may rest on it.
    """
    rows = rows_of(db, transcript_id)
    called = {row.label: row.name for row in rows if row.source != "person"}
    before = _heard(db, _labelled(db, project["id"], transcript_id, rows))
    whose, cut = split(db, transcript_id, parts, lambda row: _given(row, called))
    present = _rows(db, transcript_id)
    labels = _labels(whose, present, before, rows)
    known = _remembered(rows, labels)
    told = alone and bool(cut or any(labels.values()))
    if rows or told or _was_changed(db, transcript_id):
        _record(db, project["id"], transcript_id, present, rows)
    else:
        db.execute("update transcripts set revision = revision + 1 where id = ?", (transcript_id,))
        changes.record(db, "project", project["id"], project["user_id"])
    names = {row.label: row.name for row in known if row.source != "person"}
    _update(
        db, transcript_id, present, called, {p: labels.get(n, "") for p, n in whose.items()}, names
    )
    write_rows(db, transcript_id, known)
    return cut


def _rows(db: sqlite3.Connection, transcript_id: int) -> list[sqlite3.Row]:
    return db.execute(
        "select window, n, start_s, end_s, speaker, voice from segments"
        " where transcript_id = ? order by window, n",
        (transcript_id,),
    ).fetchall()


def _given(row: sqlite3.Row, called: Mapping[str, str]) -> bool:
    """Whether a person said of this very sentence whose it is."""
    return row["voice"] is not None and row["speaker"] != called.get(row["voice"], row["voice"])


def _labelled(
    db: sqlite3.Connection, project_id: str, transcript_id: int, rows: Sequence[Row]
) -> int:
    """The transcript that says who spoke when: this one, or the one before it if it says nothing yet."""
    own = {row.label for row in rows if row.source == "voice"}
    present = db.execute(
        f"select distinct {LABEL} from segments where transcript_id = ?", (transcript_id,)
    )
    if not own or any(label in own for (label,) in present):
        return transcript_id
    (before,) = db.execute(
        "select max(id) from transcripts where project_id = ? and id < ? and completed_at is not null",
        (project_id, transcript_id),
    ).fetchone()
    return int(before) if before is not None else transcript_id


def _heard(db: sqlite3.Connection, transcript_id: int) -> list[_Heard]:
    rows = db.execute(
        f"select start_s, end_s, {LABEL} from segments where transcript_id = ? order by start_s",
        (transcript_id,),
    )
    return [_Heard(*row) for row in rows]


def _labels(
    whose: Mapping[Place, int],
    present: Iterable[sqlite3.Row],
    before: Sequence[_Heard],
    rows: Sequence[Row],
) -> dict[int, str]:
    """The label of each voice: of who spoke at the same times before, or a new one.

    One voice alone has none, unless a person named it.
    """
    known = {row.label: row for row in rows if row.source != "person"}
    starts = [one.start_s for one in before]
    shared: dict[tuple[int, str], float] = defaultdict(float)
    for row in present:
        n = whose.get((row["window"], row["n"]))
        first = max(0, bisect.bisect_left(starts, row["start_s"]) - 1)
        last = bisect.bisect_left(starts, row["end_s"])
        for one in before[first:last] if n is not None else ():
            over = min(one.end_s, row["end_s"]) - max(one.start_s, row["start_s"])
            if n is not None and over > 0 and one.label in known:
                shared[n, one.label] += over
    labels: dict[int, str] = {}
    for n, label in sorted(shared, key=lambda pair: -shared[pair]):
        if n not in labels and label not in labels.values():
            labels[n] = label
    alone = len(set(whose.values())) < 2
    taken = {name for row in rows for name in (row.label, row.name)}
    for n in sorted(set(whose.values())):
        if alone and (n not in labels or known[labels[n]].name == labels[n]):
            labels[n] = ""
        elif n not in labels:
            labels[n] = _new(taken)
    return labels


def _new(taken: set[str]) -> str:
    number = next(n for n in range(1, len(taken) + 2) if f"Speaker {n}" not in taken)
    taken.add(f"Speaker {number}")
    return f"Speaker {number}"


def _remembered(rows: Sequence[Row], labels: Mapping[int, str]) -> list[Row]:
    """The rows from now on: what a person changed stays, also of a voice that is not found any more."""
    kept = [
        row
        for row in rows
        if row.source != "voice" or row.label in labels.values() or row.name != row.label
    ]
    following = max((row.n for row in rows), default=0) + 1
    labelled = {row.label for row in kept if row.source != "person"}
    new = [label for _, label in sorted(labels.items()) if label and label not in labelled]
    return kept + [Row(n, label, label, "voice") for n, label in enumerate(new, following)]


def _was_changed(db: sqlite3.Connection, transcript_id: int) -> bool:
    query = "select 1 from transcript_changes where transcript_id = ? and kind = ? limit 1"
    return db.execute(query, (transcript_id, SPEAKERS)).fetchone() is not None


def _record(
    db: sqlite3.Connection,
    project_id: str,
    transcript_id: int,
    present: Iterable[sqlite3.Row],
    rows: Iterable[Row],
) -> None:
    """A change as those by hand: it can be undone, and those before it only after it."""
    places = [[row["window"], row["n"], row["speaker"], row["voice"]] for row in present]
    was = {"name": "", "places": places, "rows": [asdict(row) for row in rows]}
    edits.record(db, project_id, transcript_id, SPEAKERS, was, {"by": "voice"})


def _update(
    db: sqlite3.Connection,
    transcript_id: int,
    present: Iterable[sqlite3.Row],
    called: Mapping[str, str],
    labels: Mapping[Place, str],
    names: Mapping[str, str],
) -> None:
    changed = []
    for row in present:
        label = labels.get((row["window"], row["n"]), "")
        given, heard = _given(row, called), names.get(label, label)
        speaker = row["speaker"] if given else heard
        if given and heard == speaker:
            label = ""  # it agrees with the person, whose word stays a person's
        voice = None if speaker == label else label
        if (speaker, voice) != (row["speaker"], row["voice"]):
            changed.append((speaker, voice, transcript_id, row["window"], row["n"]))
    db.executemany(
        "update segments set speaker = ?, voice = ? where transcript_id = ? and window = ? and n = ?",
        changed,
    )


def parts_as_one(db: sqlite3.Connection, transcript_id: int) -> dict[Place, list[Part]]:
    """Every sentence by one and the same voice."""
    return {(row["window"], row["n"]): [Part(0, 0)] for row in _rows(db, transcript_id)}
