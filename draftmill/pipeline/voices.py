"""The stage that tells voices apart: who says which sentence, by how they sound.

It runs once the transcript is there, where a person said that several speak. How the voices sound
is kept minute by minute, so that another number of speakers takes no listening.
"""

import sqlite3

import numpy as np

from draftmill.jobs.attempt import Attempt
from draftmill.media.audio import RATE, AudioDecoder, Samples
from draftmill.media.packets import decoding
from draftmill.pipeline.listening import path_of
from draftmill.speech.telling_apart import Told, labels_of
from draftmill.speech.turns import Votes
from draftmill.speech.voices import SHA256, WINDOW, Windows, windows_of
from draftmill.speech.windows import listened
from draftmill.transcripts import by_voice, how_many
from draftmill.transcripts.recut_at_turns import Part, Place
from draftmill.transcripts.segments import segments_of

BLOCK_S = 60.0  # of sound that is held at once
ELSEWHERE = "Voices were not told apart: this transcript already says who speaks."


def tell_voices_apart(attempt: Attempt) -> None:
    """The stage: write into the project's present transcript who speaks. Raises NotFound, NoEncoder."""
    asked = str(attempt.job.parameters.get("speakers", attempt.project["voices"]))
    alone = attempt.job.parameters.get("stage") == "voices"
    transcript_id = _present(attempt.db, attempt.project["id"])
    if by_voice.told_elsewhere(attempt.db, transcript_id):
        attempt.warn(ELSEWHERE)
        return
    labels, windows = np.zeros(0, np.int64), np.zeros(0, WINDOW)
    if asked != how_many.ONE:
        windows = _heard(attempt, _track(attempt.db, transcript_id))
        labels = labels_of(windows, _told(asked))
    votes = Votes(windows, labels)
    written = False
    while not written:  # at once, unless somebody changes the transcript just now
        transcript_id, revision = _version(attempt.db, attempt.project["id"])
        parts = _parts(attempt.db, transcript_id, votes, asked)
        with attempt.fenced() as db:
            if written := _version(db, attempt.project["id"]) == (transcript_id, revision):
                by_voice.write(db, attempt.project, transcript_id, parts, alone=alone)
    if asked == how_many.FIND:
        count = int(labels.max(initial=-1)) + 1
        attempt.log(f"Voices found: {count}. This is a guess." if count else "No voice was heard.")


def _told(asked: str) -> Told:
    if asked == how_many.MORE:
        return Told(least=how_many.LEAST_OF_MORE)
    return Told() if asked == how_many.FIND else Told(exactly=int(asked))


def _present(db: sqlite3.Connection, project_id: str) -> int:
    return _version(db, project_id)[0]


def _version(db: sqlite3.Connection, project_id: str) -> tuple[int, int]:
    """The project's present transcript and its revision."""
    row = db.execute(
        "select t.id, t.revision from projects p join transcripts t on t.id = p.transcript_id"
        " where p.id = ?",
        (project_id,),
    ).fetchone()
    return int(row["id"]), int(row["revision"])


def _parts(
    db: sqlite3.Connection, transcript_id: int, votes: Votes, asked: str
) -> dict[Place, list[Part]]:
    if asked == how_many.ONE:
        return by_voice.parts_as_one(db, transcript_id)
    said = segments_of(db, transcript_id)
    return {(one.window, one.n): votes.parts(one) for one in said}


def _track(db: sqlite3.Connection, transcript_id: int) -> int | None:
    """The sound track that was transcribed; None for the recording's first."""
    row = db.execute(
        "select min(track) as track from windows where transcript_id = ?", (transcript_id,)
    ).fetchone()
    return None if row["track"] is None else int(row["track"])


def _heard(attempt: Attempt, track: int | None) -> Windows:
    """How the voices of the recording sound: what is kept of it, and what is not yet."""
    made_by = f"{SHA256[:16]}/{track or 0}"
    rows = _kept(attempt, made_by)
    blocks = [np.frombuffer(row["windows"], WINDOW) for row in rows]
    if not rows or not rows[-1]["is_last"]:
        with decoding("The sound of this recording"):
            _listen(attempt, track, made_by, blocks, rows[-1]["end_s"] if rows else 0.0)
    return np.concatenate(blocks) if blocks else np.zeros(0, WINDOW)


def _kept(attempt: Attempt, made_by: str) -> list[sqlite3.Row]:
    """The blocks from the first on; all are forgotten where some are missing or of another track."""
    project_id = attempt.project["id"]
    rows = attempt.db.execute(
        "select * from voice_windows where project_id = ? order by n", (project_id,)
    ).fetchall()
    if all((row["n"], row["made_by"]) == (n, made_by) for n, row in enumerate(rows)):
        return rows
    with attempt.fenced() as db:
        db.execute("delete from voice_windows where project_id = ?", (project_id,))
    return []


def _listen(
    attempt: Attempt, track: int | None, made_by: str, blocks: list[Windows], begin_s: float
) -> None:
    """Hear the recording from `begin_s` on, a block at a time; each is kept and added to `blocks`."""
    total_s = attempt.project["duration_s"] or None
    held: list[Samples] = []
    start_s, count = begin_s, 0
    attempt.progress(begin_s, total_s, "s")

    def keep(is_last: bool) -> None:
        samples = np.concatenate(held) if held else np.zeros(0, np.float32)
        stretch = max((int(block["stretch"].max(initial=0)) for block in blocks), default=0) + 1
        block = windows_of(samples, listened(start_s, samples).speech, start_s, stretch)
        row = (attempt.project["id"], len(blocks), made_by, start_s + count / RATE, is_last)
        with attempt.fenced() as db:
            db.execute(
                "insert or replace into voice_windows values (?, ?, ?, ?, ?, ?)",
                (*row, block.tobytes()),
            )
        blocks.append(block)
        attempt.progress(start_s + count / RATE, total_s, "s")

    for sound in AudioDecoder(path_of(attempt), begin_s, track=track):
        held.append(sound.samples)
        count += len(sound.samples)
        if count >= BLOCK_S * RATE:
            keep(is_last=False)
            start_s, count = start_s + count / RATE, 0
            held.clear()
    keep(is_last=True)
