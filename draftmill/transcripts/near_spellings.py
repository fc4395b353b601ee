"""Where a transcript says what is near in spelling to a name: worked out piece by piece, and kept.

After an edit only the sentences that changed are looked at, for another name only that one is
looked for. What is kept belongs to a revision of the transcript.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from difflib import SequenceMatcher
from itertools import pairwise

from draftmill.transcripts.correction_plans import revision_of
from draftmill.transcripts.name_matching import MOST_WORDS, WORD, key
from draftmill.transcripts.sentences import OPENERS

NEAR = 0.84  # of the letters, in one order, as difflib counts them
PIECE = 500  # sentences that are looked through at once
MOST_FOUND = 5_000  # places in a transcript; beyond them counts are lower than they are
BEGIN = (-1, -1)

Place = tuple[int, int]  # a sentence: window, n
# A place, what it says there, the name that is near to it, and how near.
Near = tuple[Place, str, str, float]


@dataclass
class State:
    """How far a transcript was looked through.

    `names` were looked for in all of it, `seeking` in the sentences up to `at`.
    """

    revision: int = 0
    names: list[str] = field(default_factory=list)
    seeking: list[str] = field(default_factory=list)
    at: Place = BEGIN
    found: list[Near] = field(default_factory=list)

    @property
    def done(self) -> bool:
        return not self.seeking


def state_of(db: sqlite3.Connection, transcript_id: int) -> State:
    """What is kept of a transcript; nothing of one that was never looked through."""
    row = db.execute(
        "select state from near_spellings where transcript_id = ?", (transcript_id,)
    ).fetchone()
    if row is None:
        return State(revision_of(db, transcript_id))
    kept = json.loads(row["state"])
    found = [(tuple(place), heard, meant, near) for place, heard, meant, near in kept["found"]]
    return State(**{**kept, "at": tuple(kept["at"]), "found": found})


def look_on(
    db: sqlite3.Connection, transcript_id: int, names: Sequence[str], state: State
) -> State:
    """Look through the next piece for these names, and through what changed; it is kept."""
    before = asdict(state)
    _forget(state, names)
    _look_at_changes(db, transcript_id, state)
    missing = [name for name in names if name not in state.names]
    if missing != state.seeking:
        state.found = [one for one in state.found if one[2] in state.names]
        state.seeking, state.at = missing, BEGIN
    if missing:
        rows = db.execute(
            "select window, n, text from segments where transcript_id = ?1"
            " and (window, n) > (?2, ?3) order by window, n limit ?4",
            (transcript_id, *state.at, PIECE),
        ).fetchall()
        state.found += near_in(rows, missing, MOST_FOUND - len(state.found))
        if len(rows) == PIECE:
            state.at = rows[-1]["window"], rows[-1]["n"]
        else:
            state.names, state.seeking, state.at = [*state.names, *missing], [], BEGIN
    if asdict(state) != before:
        _keep(db, transcript_id, state)
    return state


def _forget(state: State, names: Sequence[str]) -> None:
    """What is sought no more."""
    wanted = set(names)
    state.names = [name for name in state.names if name in wanted]
    state.found = [one for one in state.found if one[2] in wanted]


def _look_at_changes(db: sqlite3.Connection, transcript_id: int, state: State) -> None:
    revision = revision_of(db, transcript_id)  # what changes from now on is of a later one
    if revision == state.revision:
        return
    rows = db.execute(
        "select window, n, text from segments where transcript_id = ? and changed_in > ? limit ?",
        (transcript_id, state.revision, PIECE + 1),
    ).fetchall()
    if len(rows) > PIECE:
        state.names, state.seeking, state.at, state.found = [], [], BEGIN, []
    else:
        changed = {(row["window"], row["n"]) for row in rows}
        state.found = [one for one in state.found if one[0] not in changed]
        reached = [row for row in rows if (row["window"], row["n"]) <= state.at]
        for some, names in ((rows, state.names), (reached, state.seeking)):
            state.found += near_in(some, names, MOST_FOUND - len(state.found))
    state.revision = revision


def _keep(db: sqlite3.Connection, transcript_id: int, state: State) -> None:
    db.execute(
        "insert into near_spellings (transcript_id, state)"
        " select ?1, ?2 where exists (select 1 from transcripts where id = ?1)"
        " on conflict (transcript_id) do update set state = excluded.state",
        (transcript_id, json.dumps(asdict(state))),
    )


def near_in(
    rows: Iterable[sqlite3.Row], names: Sequence[str], most: int = MOST_FOUND
) -> list[Near]:
    """The runs of one to four words in some sentences that are near to a name, and are not it."""
    if not names or most <= 0:
        return []
    folded = {name: key(name) for name in names}
    runs = _Runs(folded.values())
    for row in rows:
        runs.add((row["window"], row["n"]), row["text"])
    shared = runs.by_pieces()
    found: list[Near] = []
    for name, letters in folded.items():
        for other in _candidates(letters, shared):
            near = _ratio(letters, other) if other != letters else 0.0
            if near >= NEAR:
                places = runs.places[other][: most - len(found)]
                found += [(place, heard, name, near) for place, heard in places]
    return found


class _Runs:
    """Runs of words that may be near to a name, by their letters: each with its places."""

    def __init__(self, names: Iterable[str]) -> None:
        lengths = [len(name) for name in names]
        self._pieces = {piece for name in names for piece in pieces_of(name)}
        self._least, self._most = min(lengths) * NEAR / (2 - NEAR), max(lengths) * (2 - NEAR) / NEAR
        self._needed = min((len(pieces_of(name)) + 1) // 2 for name in names)
        self._words: dict[str, tuple[str, int, bool]] = {}
        self.places: dict[str, list[tuple[Place, str]]] = {}

    def add(self, place: Place, text: str) -> None:
        """The runs of a sentence."""
        words = WORD.findall(text)
        facts = [self._words.get(word) or self._word(word) for word in words]
        for first, (letters, shares, opens) in enumerate(facts):
            if opens:
                continue
            for last in range(first, min(first + MOST_WORDS, len(facts))):
                if last > first:
                    further, more, _ = facts[last]
                    letters, shares = letters + further, shares + more + 1
                if len(letters) > self._most:
                    break
                if shares >= self._needed and len(letters) >= self._least and not facts[last][2]:
                    heard = " ".join(words[first : last + 1])
                    self.places.setdefault(letters, []).append((place, heard))

    def _word(self, word: str) -> tuple[str, int, bool]:
        """Its letters, how many of their pairs some name has, and whether no name begins with it."""
        letters = key(word)
        shares = sum(piece in self._pieces for piece in pieces_of(letters))
        self._words[word] = letters, shares, letters in OPENERS
        return self._words[word]

    def by_pieces(self) -> dict[str, list[str]]:
        """The runs by each pair of letters that a name has too."""
        found: dict[str, list[str]] = {piece: [] for piece in self._pieces}
        for letters in self.places:
            for piece in pieces_of(letters) & self._pieces:
                found[piece].append(letters)
        return found


def pieces_of(letters: str) -> set[str]:
    """The pairs of letters in a word."""
    return {one + after for one, after in pairwise(letters)}


def _candidates(letters: str, shared: dict[str, list[str]]) -> Iterator[str]:
    """Runs that have nearly the same length and half of the pairs of letters."""
    pieces = pieces_of(letters)
    counts: dict[str, int] = {}
    for piece in pieces:
        for other in shared[piece]:
            counts[other] = counts.get(other, 0) + 1
    low, high = len(letters) * NEAR / (2 - NEAR), len(letters) * (2 - NEAR) / NEAR
    for other, count in counts.items():
        if low <= len(other) <= high and 2 * count >= len(pieces):
            yield other


def _ratio(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= NEAR else 0.0
