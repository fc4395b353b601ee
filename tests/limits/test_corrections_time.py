"""A correction keeps nobody from writing, and takes time in proportion to the transcript."""

import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from draftmill.clock import now
from draftmill.database.connection import connect, transaction
from draftmill.transcripts import corrections
from draftmill.transcripts.corrected_text import Correction, apply
from draftmill.transcripts.segments import Segment, Word, add_segments
from tests.support.job_rows import make_project
from tests.support.time_bounds import LINEAR, growth

SENTENCE = "and then draft mill was the thing that we had to talk about"
SEGMENTS = 20_000
HELD_S = 0.5  # at most, or on a busy machine
SHARE = 1 / 2  # of all that a correction takes
LONG = [
    ("ab", "a b", "ab "), ("a a", "b", "a "), ("你", "好", "你"), ("a", "b", "a-"), ("c++", "C", "c++ "),
]  # fmt: skip


def said(text: str) -> Segment:
    words = tuple(Word(n / 10, n / 10 + 0.1, word) for n, word in enumerate(text.split()))
    return Segment(0.0, words[-1].end_s, text, words)


class Writer(threading.Thread):
    """Takes the lock for writing again and again, and keeps the longest wait for it."""

    def __init__(self, database: Path) -> None:
        super().__init__()
        self.database = database
        self.over = threading.Event()
        self.longest_s = 0.0

    def run(self) -> None:
        with closing(connect(self.database, 60)) as db:
            while not self.over.wait(0.005):
                began = time.monotonic()
                db.execute("begin immediate")
                db.execute("rollback")
                self.longest_s = max(self.longest_s, time.monotonic() - began)


def test_others_write_while_a_name_is_corrected(db: sqlite3.Connection, tmp_path: Path) -> None:
    project = make_project(db)
    with transaction(db):
        db.execute(
            "insert into transcripts (id, project_id, params_hash, model, created_at, completed_at)"
            " values (1, ?, '', '', ?, ?)",
            (project, now(), now()),
        )
        db.execute("update projects set transcript_id = 1 where id = ?", (project,))
        add_segments(db, 1, 0, [said(SENTENCE)] * SEGMENTS)
    writer = Writer(tmp_path / "draftmill.db")
    began = time.monotonic()
    writer.start()
    try:
        assert corrections.add(db, project, "draft mill", "Draftmill").places == SEGMENTS
    finally:
        writer.over.set()
        writer.join()
    assert 0 < writer.longest_s < max(HELD_S, SHARE * (time.monotonic() - began))


@pytest.mark.parametrize(("heard", "meant", "text"), LONG)
def test_a_sentence_takes_time_in_proportion(heard: str, meant: str, text: str) -> None:
    name = Correction(heard, meant)
    assert growth(lambda times: apply(said(text * times), [name]), 5_000) < LINEAR
