"""A misheard word that an edit put right: what it was, and where else it was heard."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from draftmill.transcripts.corrected_text import Correction, corrected
from draftmill.transcripts.corrections import EDGES, BadCorrection, checked
from draftmill.transcripts.edits import Edit
from draftmill.transcripts.name_matching import MOST_WORDS, key, spans
from draftmill.transcripts.retimed import pairs
from draftmill.transcripts.sentences import OPENERS

SHOWN = 50  # places
MOST_OFFERS = 2  # of an edit
MOST_SOUGHT = 8  # of what an edit put right: each is looked for in the whole transcript
SHORTEST = 2  # letters
AROUND = 60  # characters on either side of a place


@dataclass(frozen=True)
class Place:
    """A place in the transcript: `n` is its sentence, `heard` stands between `before` and `after`."""

    n: int
    start_s: float
    before: str
    heard: str
    after: str


@dataclass(frozen=True)
class Everywhere:
    """What one edit changed and what is still so elsewhere: in `count` places, the first shown."""

    heard: str
    meant: str
    count: int
    places: tuple[Place, ...]


def offers(db: sqlite3.Connection, edit: Edit) -> list[Everywhere]:
    """The words that an edit of a sentence put right and that are elsewhere as they were."""
    if edit.undone_at is not None or "text" not in edit.became:
        return []
    sought = islice(misheard(edit.was["text"], edit.became["text"]), MOST_SOUGHT)
    found = (places_of(db, edit.transcript_id, heard, meant) for heard, meant in sought)
    return list(islice((offer for offer in found if offer.count), MOST_OFFERS))


def places_of(db: sqlite3.Connection, transcript_id: int, heard: str, meant: str) -> Everywhere:
    """Where a transcript would change, if this were corrected."""
    count, places = 0, list[Place]()
    rows = db.execute(
        "select start_s, text from segments where transcript_id = ? order by window, n",
        (transcript_id,),
    )
    for n, (start_s, text) in enumerate(rows, 1):
        _, changed = corrected(text, [Correction(heard, meant)])
        count += changed
        if changed and len(places) < SHOWN:
            places += _shown(n, start_s, text, heard)
    return Everywhere(heard, meant, count, tuple(places[:SHOWN]))


def misheard(was: str, became: str) -> Iterator[tuple[str, str]]:
    """What was heard and what a person wrote in its place: names or terms, not whole phrases."""
    old, new = was.split(), became.split()
    for (before, first), (after, last) in pairwise(
        [(-1, -1), *pairs(old, new), (len(old), len(new))]
    ):
        heard, meant = (
            " ".join(words).strip(EDGES)
            for words in (old[before + 1 : after], new[first + 1 : last])
        )
        if 0 < after - before - 1 <= MOST_WORDS and heard != meant and _is_a_name(heard):
            try:
                name = checked(heard, meant)
            except BadCorrection:
                continue
            yield name.heard, name.meant


def _is_a_name(heard: str) -> bool:
    """Whether it is worth looking for elsewhere: "the" is everywhere, and right there."""
    words = [key(word) for word in heard.split()]
    return len("".join(words)) >= SHORTEST and any(word not in OPENERS for word in words)


def _shown(n: int, start_s: float, text: str, heard: str) -> Iterator[Place]:
    for start, end in spans(text, heard):
        before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
        yield Place(
            n,
            start_s,
            ("…" if start > AROUND else "") + before,
            text[start:end],
            after + ("…" if len(text) > end + AROUND else ""),
        )
