"""Names that a transcript may have misheard: near in spelling to what its user calls them.

They come from the user's vocabulary and from the names in a project's context. Nothing is
changed: a suggestion is a correction that somebody may make.
"""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from draftmill.transcripts.correction_plans import of_project
from draftmill.transcripts.corrections import EDGES
from draftmill.transcripts.name_matching import MOST_WORDS, WORD, key
from draftmill.transcripts.segments import NO_WORDS, segments_of
from draftmill.transcripts.sentences import OPENERS
from draftmill.transcripts.vocabulary import terms_of

NEAR = 0.84  # of the letters, in one order, as difflib counts them
SHORTEST = 4  # letters: shorter names are near to too much
MOST = 12  # suggestions
MOST_NAMES = 200
MOST_CONTEXT = 4000  # characters of what a user wrote about a recording
_STOPS = re.compile(r"[.!?:;,()\n]")


@dataclass(frozen=True)
class Suggestion:
    """What the transcript says in `count` places, and the name that it may be."""

    heard: str
    meant: str
    count: int


def suggestions(db: sqlite3.Connection, project_id: str) -> list[Suggestion]:
    """What may be misheard in a project's present transcript, the most frequent first."""
    user_id, transcript_id, context = db.execute(
        "select user_id, transcript_id, context from projects where id = ?", (project_id,)
    ).fetchone()
    names = _names(terms_of(db, user_id), context)
    if not names or transcript_id is None:
        return []
    texts = tuple(segment.text for segment in segments_of(db, transcript_id, NO_WORDS))
    settled = {key(one.heard) for one in of_project(db, project_id)}
    found = [one for one in _found(names, texts) if key(one.heard) not in settled]
    return sorted(found, key=lambda one: -one.count)[:MOST]


def wanted(db: sqlite3.Connection, project: sqlite3.Row) -> bool:
    """Whether there is any name to look for: a look-up, where looking takes a second an hour."""
    return bool(project["context"].strip() or terms_of(db, project["user_id"]))


@lru_cache(maxsize=8)
def _found(names: tuple[str, ...], texts: tuple[str, ...]) -> tuple[Suggestion, ...]:
    return tuple(_near(names, _heard(texts)))


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


def _heard(texts: Iterable[str]) -> Counter[str]:
    """Every run of one to four words that a transcript holds, and how often."""
    found: Counter[str] = Counter()
    for text in texts:
        words = [match.group() for match in WORD.finditer(text)]
        for length in range(1, MOST_WORDS + 1):
            for first in range(len(words) - length + 1):
                run = words[first : first + length]
                if key(run[0]) not in OPENERS and key(run[-1]) not in OPENERS:
                    found[" ".join(run)] += 1
    return found


def _near(names: Sequence[str], heard: Counter[str]) -> Iterator[Suggestion]:
    """The spellings that are near to a name and are no other name, each with the nearest."""
    keys: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for text, count in heard.items():
        folded = key(text)
        keys.setdefault(folded, text)
        counts[folded] += count
    exact = {key(name) for name in names}
    shared = _by_pieces(keys)
    best: dict[str, tuple[float, str]] = {}
    for name in names:
        folded = key(name)
        for other in _candidates(folded, shared):
            near = _ratio(folded, other, NEAR) if other not in exact else 0.0
            if near >= max(NEAR, best.get(other, (0.0, ""))[0]):
                best[other] = near, name
    for other, (_, name) in best.items():
        yield Suggestion(keys[other], name, counts[other])


def _by_pieces(keys: Iterable[str]) -> dict[str, list[str]]:
    """Spellings by each pair of letters in them."""
    found: dict[str, list[str]] = {}
    for folded in keys:
        for piece in {folded[at : at + 2] for at in range(len(folded) - 1)}:
            found.setdefault(piece, []).append(folded)
    return found


def _candidates(folded: str, shared: dict[str, list[str]]) -> Iterator[str]:
    """Spellings that have nearly the same length and half of the pairs of letters."""
    pieces = {folded[at : at + 2] for at in range(len(folded) - 1)}
    counts = Counter(other for piece in pieces for other in shared.get(piece, ()))
    low, high = len(folded) * NEAR / (2 - NEAR), len(folded) * (2 - NEAR) / NEAR
    for other, count in counts.items():
        if low <= len(other) <= high and 2 * count >= len(pieces):
            yield other


def _ratio(one: str, other: str, least: float) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= least else 0.0
