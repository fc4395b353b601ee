"""The rows of a transcript in the making. Every change is fenced by the attempt."""

import json
import sqlite3
from dataclasses import asdict, dataclass
from typing import Any

from draftmill.clock import now
from draftmill.database import changes
from draftmill.jobs.attempt import Attempt
from draftmill.speech.confidence import Facts
from draftmill.speech.recognition import Listened
from draftmill.speech.windows import Window
from draftmill.transcripts import correction_plans, vocabulary
from draftmill.transcripts.carried_over import carry_over
from draftmill.transcripts.corrected_text import apply
from draftmill.transcripts.kept_edits import keep_edits
from draftmill.transcripts.segments import DOUBTFUL, NO_WORDS, Segment, add_segments, segments_of

STAGE = "transcribe"


@dataclass(frozen=True)
class Open:
    """A window that was cut and is not finished. Times are true, in seconds."""

    n: int
    start_s: float
    end_s: float
    track: int


class Rows:
    """One transcript and its windows."""

    def __init__(self, attempt: Attempt, transcript_id: int) -> None:
        self._attempt = attempt
        self._db = attempt.db
        self.id = transcript_id

    @classmethod
    def begin(cls, attempt: Attempt, params_hash: str, model: str, language: str) -> "Rows":
        """A new transcript; or that of the job which this one retries, if it asked the same."""
        kept = attempt.checkpoint(STAGE, params_hash)
        if kept and _exists(attempt.db, kept["transcript_id"]):
            return cls(attempt, kept["transcript_id"])
        with attempt.fenced() as db:
            (transcript_id,) = db.execute(
                "insert into transcripts (project_id, params_hash, model, language, created_at)"
                " values (?, ?, ?, ?, ?) returning id",
                (attempt.project["id"], params_hash, model, language, now()),
            ).fetchone()
            attempt.keep(STAGE, params_hash, {"transcript_id": transcript_id})
        return cls(attempt, transcript_id)

    @property
    def row(self) -> sqlite3.Row:
        row: sqlite3.Row = self._db.execute(
            "select * from transcripts where id = ?", (self.id,)
        ).fetchone()
        return row

    def open(self) -> list[Open]:
        """The windows that an earlier attempt had in hand."""
        rows = self._db.execute(
            "select n, start_s, end_s, track from windows"
            " where transcript_id = ? and completed_at is null order by n",
            (self.id,),
        )
        return [Open(*row) for row in rows]

    def cut_until(self, track: int | None = None) -> tuple[int, float]:
        """How many windows are cut, and where the last one ends (of one track, or of all)."""
        count, end_s = self._db.execute(
            "select count(*), coalesce(max(end_s) filter (where ?2 is null or track = ?2), 0)"
            " from windows where transcript_id = ?1",
            (self.id, track),
        ).fetchone()
        return int(count), float(end_s)

    def finished_s(self) -> float:
        """The seconds of all finished windows."""
        (seconds,) = self._db.execute(
            "select coalesce(sum(end_s - start_s), 0) from windows"
            " where transcript_id = ? and completed_at is not null",
            (self.id,),
        ).fetchone()
        return float(seconds)

    def facts(self, track: int | None = None) -> Facts:
        """What all finished windows add up to, those of one track or of all."""
        rows = self._db.execute(
            "select facts from windows where transcript_id = ?1 and completed_at is not null"
            " and (?2 is null or track = ?2)",
            (self.id, track),
        )
        return sum((Facts.of(json.loads(row[0])) for row in rows), Facts())

    def believable(self) -> int:
        """How many sentences may be used in drafts."""
        (count,) = self._db.execute(
            "select count(*) from segments where transcript_id = ?"
            " and ' ' || flags || ' ' not like ?",
            (self.id, f"% {DOUBTFUL} %"),
        ).fetchone()
        return int(count)

    def sentences(self) -> int:
        (count,) = self._db.execute(
            "select count(*) from segments where transcript_id = ?", (self.id,)
        ).fetchone()
        return int(count)

    def cut(self, n: int, window: Window, language: str, track: int = 0) -> None:
        """Note where a window lies, before anyone listens to it. It never changes again.

        One in which nobody speaks is finished with that.
        """
        silent = not window.islands
        with self._attempt.fenced() as db:
            db.execute(
                "insert into windows (transcript_id, n, start_s, end_s, completed_at, track)"
                " values (?, ?, ?, ?, ?, ?)",
                (self.id, n, window.start_s, window.end_s, now() if silent else None, track),
            )
            if language:
                db.execute("update transcripts set language = ? where id = ?", (language, self.id))

    def finish(self, n: int, listened: Listened) -> None:
        """Commit a window's sentences, whatever other windows are still in hand."""
        with self._attempt.fenced() as db:
            finished = db.execute(
                "update windows set completed_at = ?, facts = ?"
                " where transcript_id = ? and n = ? and completed_at is null",
                (now(), json.dumps(asdict(listened.facts)), self.id, n),
            )
            if finished.rowcount:
                add_segments(db, self.id, n, listened.segments)

    def all_cut(self, warnings: list[str], duration_s: float | None) -> None:
        """Every window is cut. `warnings` are those of the decoding.

        `duration_s` is the recording's true length where its file says another one.
        """
        with self._attempt.fenced() as db:
            db.execute(
                "update transcripts set windows_cut_at = ?, warnings = ? where id = ?",
                (now(), json.dumps(warnings), self.id),
            )
            db.execute(
                "update projects set duration_s = coalesce(?, duration_s) where id = ?",
                (duration_s, self._attempt.project["id"]),
            )

    def of_tracks(self) -> dict[int, list[Segment]]:
        """The sentences of each track."""
        tracks = dict(
            self._db.execute("select n, track from windows where transcript_id = ?", (self.id,))
        )
        found: dict[int, list[Segment]] = {}
        for segment in segments_of(self._db, self.id):
            found.setdefault(tracks[segment.window], []).append(segment)
        return found

    def complete(self, language: str, instead: list[Segment] | None = None) -> None:
        """The transcript is whole: from this commit on it is the project's.

        `instead` are all its sentences in the order of time, where its windows are not. Names
        that a person corrected before, or has in the vocabulary, are corrected.
        """
        said = segments_of(self._db, self.id, NO_WORDS) if instead is None else instead
        with self._attempt.fenced() as db:
            vocabulary.spell(db, self._attempt.project["id"], [one.text for one in said])
        complete = False
        while not complete:  # but at once, unless somebody corrects a name just now
            plan = correction_plans.plan(self._db, self._attempt.project["id"], self.id)
            merged = None if instead is None else [(s, apply(s, plan.known)) for s in instead]
            with self._attempt.fenced() as db:
                if complete := plan.holds(db):
                    self._replace(db, merged) if merged is not None else plan.write(db)
                    self._complete(db, language)

    def _replace(self, db: sqlite3.Connection, segments: list[tuple[Segment, Segment]]) -> None:
        """Store sentences, each as it was heard and as it is corrected."""
        db.execute("delete from segments where transcript_id = ?", (self.id,))
        add_segments(db, self.id, 0, [heard for heard, _ in segments])
        db.executemany(
            correction_plans.UPDATE_SEGMENT,
            [
                correction_plans.written(corrected, (self.id, 0, n))
                for n, (heard, corrected) in enumerate(segments)
                if corrected.text != heard.text
            ],
        )

    def _complete(self, db: sqlite3.Connection, language: str) -> None:
        project: Any = self._attempt.project
        for warning in json.loads(self.row["warnings"]):
            self._attempt.warn(warning)
        db.execute(
            "update transcripts set completed_at = ?,"
            " language = case when language = '' then ? else language end where id = ?",
            (now(), language, self.id),
        )
        if project["transcript_id"] not in (None, self.id):
            edits = keep_edits(db, project["id"], project["transcript_id"], self.id)
            if edits.kept:
                self._attempt.log(f"Sentences that you edited, kept: {edits.kept}")
            if edits.left:
                self._attempt.log(f"Your edits that could not be carried over: {edits.left}")
        # A form made from the transcript before knows by the revision that it is another one.
        db.execute(
            "update transcripts set first_revision = before.revision + 1,"
            " revision = before.revision + 1 + transcripts.revision from"
            " (select t.revision from projects p join transcripts t on t.id = p.transcript_id"
            " where p.id = ? and t.id != ?) as before where id = ?",
            (project["id"], self.id, self.id),
        )
        (before,) = db.execute(
            "select transcript_id from projects where id = ?", (project["id"],)
        ).fetchone()
        carry_over(db, before, self.id)
        db.execute(
            "update projects set transcript_id = ? where id = ?",
            (self.id, project["id"]),
        )
        changes.record(db, "project", project["id"], project["user_id"])


def _exists(db: sqlite3.Connection, transcript_id: int) -> bool:
    row = db.execute("select 1 from transcripts where id = ?", (transcript_id,)).fetchone()
    return row is not None
