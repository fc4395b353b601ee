"""A misheard word that an edit put right: what it was, and where else it was heard."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from draftmill.transcripts.corrected_text import Correction, Place, places_in
from draftmill.transcripts.corrections import EDGES, BadCorrection, checked
from draftmill.transcripts.edits import Edit
from draftmill.transcripts.name_matching import key
from draftmill.transcripts.rewordings import rewordings
from draftmill.transcripts.sentences import OPENERS

SHOWN = 50  # places
MOST_OFFERS = 2  # of an edit
MOST_SOUGHT = 8  # of what an edit put right: each is looked for in the whole transcript
SHORTEST = 2  # letters
AROUND = 60  # characters on either side of a place


@dataclass(frozen=True)
class Shown:
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
    places: tuple[Shown, ...]


def offers(db: sqlite3.Connection, edit: Edit) -> list[Everywhere]:
    """The words that an edit of a sentence put right and that are elsewhere as they were."""
    if edit.undone_at is not None or "text" not in edit.became:
        return []
    sought = islice(misheard(edit.was["text"], edit.became["text"]), MOST_SOUGHT)
    found = (places_of(db, edit.transcript_id, heard, meant) for heard, meant in sought)
    return list(islice((offer for offer in found if offer.count), MOST_OFFERS))


def places_of(db: sqlite3.Connection, transcript_id: int, heard: str, meant: str) -> Everywhere:
    """Where a transcript would change, if this were corrected."""
    correction, count, shown = Correction(heard, meant), 0, list[Shown]()
    rows = db.execute(
        "select start_s, text from segments where transcript_id = ? order by window, n",
        (transcript_id,),
    )
    for n, (start_s, text) in enumerate(rows, 1):
        found = list(places_in(text, correction))
        count += len(found)
        shown += (_shown(n, start_s, text, place) for place in found[: SHOWN - len(shown)])
    return Everywhere(heard, meant, count, tuple(shown))


def misheard(was: str, became: str) -> Iterator[tuple[str, str]]:
    """What was heard and what a person wrote in its place: names or terms, not whole phrases."""
    for heard, meant in rewordings(was, became):
        heard, meant = heard.strip(EDGES), meant.strip(EDGES)
        if heard != meant and _is_a_name(heard):
            try:
                name = checked(heard, meant)
            except BadCorrection:
                continue
            yield name.heard, name.meant


def _is_a_name(heard: str) -> bool:
    """Whether it is worth looking for elsewhere: "the" is everywhere, and right there."""
    words = [key(word) for word in heard.split()]
    return len("".join(words)) >= SHORTEST and any(word not in OPENERS for word in words)


def _shown(n: int, start_s: float, text: str, place: Place) -> Shown:
    before, after = text[max(0, place.start - AROUND) : place.start], text[place.end :]
    return Shown(
        n,
        start_s,
        ("…" if place.start > AROUND else "") + before,
        text[place.start : place.end],
        after[:AROUND] + ("…" if len(after) > AROUND else ""),
    )
