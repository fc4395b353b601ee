"""Everything that was said, as words in which a quotation is found.

A quotation counts as said when its words stand in the transcript in this order, without regard
to case, punctuation, accents and the spelling of numbers, and one speaker said them. Only what
cleaning may delete may be missing: um and uh, a doubled run of words, "you know" between commas,
an opening "so". Pieces joined by "…" lie at most 30 seconds apart; an editor's [words] in
brackets stand for a few that were said, or for none. Neither may drop or bring a denial, and
brackets no number that was not said there.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import islice

from draftmill.evidence.tokens import Token, tokens, words_of
from draftmill.language.lists import FILLERS, LEADING, LEADING_BEFORE_COMMA, NEGATORS, PARENTHESES
from draftmill.transcripts.segments import Segment

LONGEST_DOUBLE = 5
APART_S = 30.0  # seconds between pieces that "…" joins
BRACKETED = 6  # words that an editor's brackets may stand for
MOST_PLACES = 50
NEAR = 60  # words around a bracket in which its numbers were said
BESIDE = 3  # words of another sentence before a piece, in which a denial is its own

GAP = re.compile(r"\[?(?:\u2026|\.\.\.)\]?")
BRACKET = re.compile(r"\[(?!\w\](?=\w))[^\[\]]{0,80}\]")
BRACKETED_LETTER = re.compile(r"\[(\w)\](?=\w)")


@dataclass(frozen=True)
class Place:
    """Where a quotation was said: its first and last token, and when it began, in seconds."""

    first: int
    last: int
    start_s: float


@dataclass
class Spoken:
    """The words, each with the place of its segment. `may_skip`: words to leave out from here."""

    segments: Sequence[Segment] = ()
    english: bool = True
    words: list[str] = field(default_factory=list)
    may_skip: list[int] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)
    places: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    @cached_property
    def find(self) -> Callable[[str], Place | None]:
        """Where words were first said, or None. Each sentence is looked for more than once."""
        return lru_cache(4096)(lambda words: next(self.all_places(words), None))

    def all_places(self, quotation: str) -> Iterator[Place]:
        """Every place where these words were said, at most MOST_PLACES."""
        pieces = list(_pieces(quotation, english=self.english))
        return islice(self._places(pieces), MOST_PLACES) if pieces else iter(())

    def said_in(self, place: Place) -> list[Segment]:
        """The sentences that hold a quotation."""
        first, last = self.owners[place.first], self.owners[place.last]
        return list(self.segments[first : last + 1])

    def _places(self, pieces: "list[_Piece]") -> Iterator[Place]:
        if not all(word in self.places for piece in pieces for word in piece.words):
            return
        opening, *others = pieces
        for first in self._openings(opening.words):
            end = self._match(opening.words, first)
            for piece in others:
                end = self._next(piece, end) if end else 0
            if end:
                yield Place(first, end - 1, self.starts[first])

    def _openings(self, words: list[str]) -> list[int]:
        """Where the first word stands, and before the second or before what may be missing."""
        places = self.places[words[0]]
        if len(words) < 2:
            return places
        first, second = words[:2]
        seconds = self.places[second]
        if len(seconds) < len(places):
            found = [at - 1 for at in seconds if at and self.words[at - 1] == first]
        else:
            found = [at for at in places if self.words[at + 1 : at + 2] == [second]]
        return sorted({*found, *self._before_skipped.get(first, ())})

    @cached_property
    def _before_skipped(self) -> dict[str, list[int]]:
        """Of each word: where it stands before what may be left out."""
        found: dict[str, list[int]] = {}
        for at, skipped in enumerate(self.may_skip):
            if at and skipped:
                found.setdefault(self.words[at - 1], []).append(at - 1)
        return found

    def _next(self, piece: "_Piece", after: int) -> int:
        """The place behind the next piece, 0 for none: within a few words, or in time."""
        speaker = self._speaker(after - 1)
        most = self.starts[after - 1] + APART_S
        in_time = piece.instead is None
        last = len(self.words) - 1 if in_time else min(after + BRACKETED, len(self.words) - 1)
        for place in self._from(piece.words[0], after):
            if place > last or (in_time and self._begins(place) > most):
                return 0
            if (
                self._speaker(place) == speaker
                and self._may_stand_for(piece, after, place)
                and (end := self._match(piece.words, place))
            ):
                return end
        return 0

    def _may_stand_for(self, piece: "_Piece", after: int, place: int) -> bool:
        """Whether what was said from `after` to `place` may be left out, or told in brackets."""
        left_out = self.words[after:place]
        if piece.instead is None:
            if self.owners[after - 1] != self.owners[place]:
                left_out = self.words[max(after, place - BESIDE) : place]
            return NEGATORS.isdisjoint(left_out)
        around = {*self.words[max(0, after - NEAR) : place + NEAR]}
        numbers = {word for word in piece.instead if word.startswith("#")}
        denied = [not NEGATORS.isdisjoint(words) for words in (left_out, piece.instead)]
        return denied[0] == denied[1] and numbers <= around

    def _from(self, word: str, after: int) -> Iterator[int]:
        places = self.places[word]
        return iter(places[bisect_right(places, after - 1) :])

    def _begins(self, place: int) -> float:
        return self.starts[place]

    def _speaker(self, place: int) -> str:
        return self.segments[self.owners[place]].speaker

    def _match(self, words: list[str], place: int) -> int:
        """The place behind the match, 0 for none. Words that may be skipped are, only if they must."""
        first = place
        at = 0
        while at < len(words):
            if place >= len(self.words):
                return 0
            if self.words[place] == words[at]:
                place, at = place + 1, at + 1
            elif self.may_skip[place]:
                place += self.may_skip[place]
            else:
                return 0
        return place if self._speaker(first) == self._speaker(place - 1) else 0


def listen(segments: Sequence[Segment], *, english: bool = True) -> Spoken:
    """Index what was said: about a second for twelve thousand sentences."""
    spoken = Spoken(segments, english)
    for at, segment in enumerate(segments):
        _add(spoken, at, segment)
    for place, word in enumerate(spoken.words):
        spoken.places[word].append(place)
    _mark_doubles(spoken)
    return spoken


@dataclass(frozen=True)
class _Piece:
    """Words that were said in this order. `instead`: those in brackets before it, None behind a "…"."""

    words: list[str]
    instead: list[str] | None


def _pieces(quotation: str, *, english: bool) -> Iterator[_Piece]:
    text = BRACKETED_LETTER.sub(r"\1", quotation)
    for part in GAP.split(text):
        instead: list[str] | None = None
        end = 0
        for bracket in [*BRACKET.finditer(part), None]:
            said = part[end : bracket.start() if bracket else None]
            if words := words_of(said, english=english):
                yield _Piece(words, instead)
                instead = []
            if bracket:
                told = words_of(bracket.group(), english=english)
                instead = None if instead is None else instead + told
                end = bracket.end()


def _add(spoken: Spoken, at: int, segment: Segment) -> None:
    found = tokens(segment.text, english=spoken.english)
    units = [token.text for token in found]
    begins = _times_of(found, segment)
    first = True
    for place, unit in enumerate(units):
        if unit == ",":
            continue
        spoken.words.append(unit)
        spoken.may_skip.append(_skippable(units, place, first))
        spoken.owners.append(at)
        spoken.starts.append(begins[place] if begins else segment.start_s)
        first = first and bool(spoken.may_skip[-1])


def _times_of(found: Sequence[Token], segment: Segment) -> list[float]:
    """When each token was said, if the segment's words with times are the same ones."""
    if not segment.words:
        return []
    text = " ".join(word.text for word in segment.words)
    if text.split() != segment.text.split():
        return []
    lengths = [len(word.text) + 1 for word in segment.words]
    offsets = [0]
    for length in lengths[:-1]:
        offsets.append(offsets[-1] + length)
    shift = len(segment.text) - len(text)
    if shift:
        return []
    return [segment.words[bisect_right(offsets, token.start) - 1].start_s for token in found]


def _skippable(units: list[str], place: int, first: bool) -> int:
    """How many words from `place` on cleaning may leave out. `first`: nothing but such came before."""
    unit, comma_follows = units[place], units[place + 1 : place + 2] == [","]
    if unit in FILLERS:
        return 1
    if first and (unit in LEADING or (unit in LEADING_BEFORE_COMMA and comma_follows)):
        return 1
    if place and units[place - 1] != ",":
        return 0
    for phrase in PARENTHESES:
        end = place + len(phrase)
        if tuple(units[place:end]) == phrase and units[end : end + 1] in ([","], []):
            return len(phrase)
    return 0


def _mark_doubles(spoken: Spoken) -> None:
    """The second of two equal runs of words may be left out ("we are we are late")."""
    words = spoken.words
    for place, word in enumerate(words):
        for size in range(1, LONGEST_DOUBLE + 1):
            other = place + size
            if (
                other < len(words)
                and words[other] == word
                and words[place:other] == words[other : other + size]
            ):
                spoken.may_skip[other] = spoken.may_skip[other] or size
                break
