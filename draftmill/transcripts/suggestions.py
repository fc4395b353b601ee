"""Names that a transcript may have misheard: near in spelling to what its user calls them.

They come from the user's vocabulary and from the names in a project's context. Nothing is
changed: a suggestion is a correction that somebody may make, or dismiss. How they are found stands
in near_spellings.py.
"""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from draftmill.clock import now
from draftmill.database.connection import transaction
from draftmill.transcripts.correction_plans import of_project
from draftmill.transcripts.corrections import EDGES, checked
from draftmill.transcripts.name_matching import MOST_WORDS, key
from draftmill.transcripts.near_spellings import Near, look_on, state_of
from draftmill.transcripts.sentences import OPENERS
from draftmill.transcripts.vocabulary import terms_of

SHORTEST = 4  # letters: shorter names are near to too much
MOST = 12  # suggestions
MOST_NAMES = 200
MOST_CONTEXT = 4000  # characters of what a user wrote about a recording
MOST_DISMISSED = 1000  # of a project: then the oldest may be suggested again
_STOPS = re.compile(r"[.!?:;,()\n]")


@dataclass(frozen=True)
class Suggestion:
    """What the transcript says in `count` places, and the name that it may be."""

    heard: str
    meant: str
    count: int


@dataclass(frozen=True)
class Looked:
    """The suggestions, the most frequent first; `done` once the whole transcript was looked through."""

    suggestions: tuple[Suggestion, ...]
    done: bool


def suggestions(db: sqlite3.Connection, project_id: str) -> tuple[Suggestion, ...]:
    """What may be misheard in a project's present transcript, however long that takes to find."""
    return look(db, project_id, whole=True).suggestions


def look(db: sqlite3.Connection, project_id: str, whole: bool = False) -> Looked:
    """What may be misheard, looked for in the next piece of the transcript or in the `whole` of it."""
    user_id, transcript_id, context = db.execute(
        "select user_id, transcript_id, context from projects where id = ?", (project_id,)
    ).fetchone()
    names = _names(terms_of(db, user_id), context)
    if not names or transcript_id is None:
        return Looked((), True)
    state = look_on(db, transcript_id, names, state_of(db, transcript_id))
    while whole and not state.done:
        state = look_on(db, transcript_id, names, state)
    exact = {key(name) for name in names}
    settled = exact | {key(one.heard) for one in of_project(db, project_id)}
    dismissed = _dismissed(db, project_id)
    found = _best(
        one
        for one in sorted(state.found)  # as they are said
        if key(one[1]) not in settled and (key(one[1]), key(one[2])) not in dismissed
    )
    return Looked(tuple(sorted(found, key=lambda one: -one.count)[:MOST]), state.done)


def _best(found: Iterable[Near]) -> list[Suggestion]:
    """One suggestion for each spelling: the name that is nearest to it."""
    best: dict[str, tuple[float, str, str]] = {}
    counts: Counter[tuple[str, str]] = Counter()
    for _, heard, meant, near in found:
        letters = key(heard)
        counts[letters, meant] += 1
        first = best.get(letters, (0.0, heard, ""))
        if near > first[0]:
            best[letters] = near, first[1], meant
    return [
        Suggestion(heard, meant, counts[letters, meant])
        for letters, (_, heard, meant) in best.items()
    ]


def dismiss(db: sqlite3.Connection, project_id: str, heard: str, meant: str) -> None:
    """Suggest this no more in a project. Raises BadCorrection."""
    one = checked(heard, meant)
    with transaction(db):
        db.execute(
            "insert into dismissed_suggestions (project_id, heard, meant, at) values (?, ?, ?, ?)"
            " on conflict do nothing",
            (project_id, key(one.heard), key(one.meant), now()),
        )
        db.execute(
            "delete from dismissed_suggestions where project_id = ?1 and at < (select at from"
            " dismissed_suggestions where project_id = ?1 order by at desc limit 1 offset ?2)",
            (project_id, MOST_DISMISSED - 1),
        )


def restore(db: sqlite3.Connection, project_id: str, heard: str, meant: str) -> None:
    """Suggest it again. Raises BadCorrection."""
    one = checked(heard, meant)
    db.execute(
        "delete from dismissed_suggestions where project_id = ? and heard = ? and meant = ?",
        (project_id, key(one.heard), key(one.meant)),
    )


def _dismissed(db: sqlite3.Connection, project_id: str) -> set[tuple[str, str]]:
    rows = db.execute(
        "select heard, meant from dismissed_suggestions where project_id = ?", (project_id,)
    )
    return {(row["heard"], row["meant"]) for row in rows}


def wanted(db: sqlite3.Connection, project: sqlite3.Row) -> bool:
    """Whether there is any name to look for: a look-up, where looking takes longer."""
    return bool(project["context"].strip() or terms_of(db, project["user_id"]))


def names_in(context: str) -> list[str]:
    """The names in what a user wrote about a recording: words with a capital, those together as one."""
    found: list[str] = []
    for stretch in _STOPS.split(context):
        run: list[str] = []
        for word in stretch.split():
            bare = word.strip(EDGES)
            capital = bare[:1].isupper() or any(c.isupper() for c in bare[1:])
            if capital and key(bare) not in OPENERS:
                run.append(bare)
                continue
            found += _of_run(run)
            run = []
        found += _of_run(run)
    return found


def _of_run(run: Sequence[str]) -> list[str]:
    """A name of several words, and each of them, for people are called by one."""
    if not run:
        return []
    whole = [" ".join(run)] if len(run) <= MOST_WORDS else []
    return [*whole, *(run if len(run) > 1 else [])]


def _names(terms: Sequence[str], context: str) -> tuple[str, ...]:
    chosen = {key(name): name for name in (*names_in(context[:MOST_CONTEXT]), *terms)}
    long = [name for folded, name in chosen.items() if len(folded) >= SHORTEST]
    return tuple(long[:MOST_NAMES])
