"""How fast each model of this machine reads and writes, measured; and what a draft takes by that."""

import sqlite3
from dataclasses import dataclass

from draftmill.clock import now
from draftmill.database.connection import transaction

KEPT = 0.7  # of what was measured before: a machine may be busier, or have more cores, than it was
FEWEST_READ, FEWEST_WRITTEN = 64, 8  # tokens: fewer tell nothing of the pace
TOKENS_A_MINUTE = 210  # of talk: 150 words
TOKENS_OF_A_TASK = 900  # what stands around the transcript
TOKENS_OF_A_DRAFT = 900
TOKENS_OF_NOTES = 600  # for each part of a recording that is too long for the context
ROOM = 0.6  # of the context, for the transcript
SHORT = 1500  # tokens: the more there is to read, the slower each is read


@dataclass(frozen=True)
class Pace:
    """Tokens read and written, and the seconds that it took."""

    read: float
    read_s: float
    wrote: float
    wrote_s: float

    @property
    def read_a_second(self) -> float:
        return self.read / self.read_s if self.read_s else 0.0

    @property
    def wrote_a_second(self) -> float:
        return self.wrote / self.wrote_s if self.wrote_s else 0.0

    @property
    def rough(self) -> bool:
        """Whether only short texts were read, as when a model is tried: a talk is read more slowly."""
        return self.read < SHORT

    def draft_s(self, minutes: float, context: int) -> float:
        """Seconds for one draft of a talk of so many minutes; a long one is read into notes first."""
        talk = minutes * TOKENS_A_MINUTE
        parts = max(1, round(talk / (context * ROOM)))
        read = talk + TOKENS_OF_A_TASK * parts
        wrote = TOKENS_OF_A_DRAFT + (TOKENS_OF_NOTES * parts if parts > 1 else 0)
        return read / self.read_a_second + wrote / self.wrote_a_second


def note(db: sqlite3.Connection, model: str, measured: Pace) -> None:
    """Add a measurement; what was measured lately counts most. Too short ones count for nothing."""
    reads, writes = measured.read >= FEWEST_READ, measured.wrote >= FEWEST_WRITTEN
    row = {
        "model": model,
        "read": measured.read if reads else 0.0,
        "read_s": measured.read_s if reads else 0.0,
        "wrote": measured.wrote if writes else 0.0,
        "wrote_s": measured.wrote_s if writes else 0.0,
        "kept_read": KEPT if reads else 1.0,
        "kept_wrote": KEPT if writes else 1.0,
        "now": now(),
    }
    with transaction(db):
        db.execute(
            "insert into model_paces values (:model, :read, :read_s, :wrote, :wrote_s, :now)"
            " on conflict (model) do update set"
            " read = read * :kept_read + excluded.read, read_s = read_s * :kept_read + excluded.read_s,"
            " wrote = wrote * :kept_wrote + excluded.wrote,"
            " wrote_s = wrote_s * :kept_wrote + excluded.wrote_s, measured_at = :now",
            row,
        )


def pace_of(db: sqlite3.Connection, model: str) -> Pace | None:
    """The pace of a model on this machine; None before both reading and writing were measured."""
    row = db.execute(
        "select read, read_s, wrote, wrote_s from model_paces where model = ?"
        " and read_s > 0 and wrote_s > 0",
        (model,),
    ).fetchone()
    return Pace(*row) if row else None
