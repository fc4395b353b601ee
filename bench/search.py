"""Search everywhere and the list, over 1,000 projects of an hour: as fast as one types."""

import random
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from figures import report

from draftmill.accounts import users
from draftmill.database.connection import connect, prepare, transaction
from draftmill.projects.filtered import STATES, Wanted, page_of
from draftmill.search.everywhere import search
from draftmill.transcripts.segments import Segment, add_segments
from tests.support import full_house
from tests.support.house import PASSWORD

TALKS, SENTENCES, WORDS = 1_000, 700, 12  # of an hour each: 120 words a minute
VOCABULARY = 30_000
LIMIT_MS = 50.0
STORED_MS = 150.0
ROUNDS = 5
COMMON = ("the", "that", "there")
SYLLABLES = [one + two for one in "bdfghklmnprstvwz" for two in ("a", "e", "i", "o", "u", "er")]
QUERIES = (
    "zebra",
    "the",
    "th",
    "that",
    "there",
    "the that there",
    "ba",
    "bader",
    "the z",
    "nothing",
)


def main() -> int:
    with TemporaryDirectory() as folder:
        database = Path(folder) / "x.db"
        prepare(database)
        with closing(connect(database)) as db:
            report(
                "the sentences of an hour, stored with their index", _filled(db), "ms", STORED_MS
            )
            db.execute("pragma wal_checkpoint(truncate)")
            size = sum(_size(db, table) for table in ("data", "idx", "docsize"))
            report("the index of an hour of talk", size / TALKS / 1e3, "KB")
            held = [_searched(db, query) for query in QUERIES]
            held.append(_timed(db, "the list", lambda: page_of(db, 1, Wanted())))
            held += [
                _timed(db, f"the list, {one}", lambda one=one: page_of(db, 1, Wanted(state=one)))
                for one in STATES
            ]
    return 0 if all(held) else 1


def _filled(db: sqlite3.Connection) -> float:
    """Give a user the talks. Returns what storing one of them takes, in milliseconds."""
    users.add_user(db, "mara@example.org", PASSWORD, "Mara")
    ids = full_house.fill(db, 1, TALKS, 2)
    chance = random.Random(7)
    spent = 0.0
    for project_id in ids:
        (transcript_id,) = db.execute(
            "select transcript_id from projects where id = ?", (project_id,)
        ).fetchone()
        said = [Segment(5.0 * n, 5.0 * n + 5, _sentence(chance)) for n in range(SENTENCES)]
        with transaction(db):
            began = time.perf_counter()
            add_segments(db, transcript_id, 1, said)
            spent += time.perf_counter() - began
    return spent / TALKS * 1e3


def _sentence(chance: random.Random) -> str:
    # As words are spread in a language: the n-th of them is said 1/n as often as the first.
    drawn = (int(VOCABULARY ** chance.random()) for _ in range(WORDS))
    return " ".join(COMMON[n - 1] if n <= len(COMMON) else _word(n) for n in drawn) + "."


def _word(n: int) -> str:
    syllables = []
    while n:
        n, which = divmod(n, len(SYLLABLES))
        syllables.append(SYLLABLES[which])
    return "".join(syllables)


def _size(db: sqlite3.Connection, table: str) -> int:
    query = "select sum(pgsize) from dbstat where name = ?"
    try:
        return db.execute(query, (f"sentences_fts_{table}",)).fetchone()[0] or 0
    except sqlite3.OperationalError:  # an SQLite without that table
        return 0


def _searched(db: sqlite3.Connection, query: str) -> bool:
    return _timed(db, f"search for “{query}”", lambda: search(db, 1, query))


def _timed(db: sqlite3.Connection, what: str, ask: Callable[[], object]) -> bool:
    ask()
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        ask()
        took.append(time.perf_counter() - began)
    return bool(report(what, sorted(took)[ROUNDS // 2] * 1e3, "ms", LIMIT_MS))


if __name__ == "__main__":
    raise SystemExit(main())
