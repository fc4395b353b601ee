"""Quotations: a draft that quotes the speaker is held to what was said.

A quotation counts as said when its words stand in the transcript in this order, without
regard to case, punctuation and accents. Only what cleaning may delete may be missing: um and
uh, a doubled run of words, "you know" between commas, an opening "so". A quotation that was
not said loses its marks and becomes the writer's own words.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from draftmill.language.lists import FILLERS, LEADING, LEADING_BEFORE_COMMA, PARENTHESES
from draftmill.letters import normalized
from draftmill.transcripts.segments import Segment

LEAST_WORDS = 4
MOST_WORDS_AROUND = 8

# Scripts without spaces count every character as a word, two of them as one for LEAST_WORDS.
DENSE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
UNIT = re.compile(rf"[{DENSE}]|[^\W_{DENSE}]+|,")
ONE_DENSE = re.compile(f"[{DENSE}]")
APOSTROPHES = re.compile(r"['\u2019\u02bc`]")

LONGEST_DOUBLE = 5

# What opens a quotation, what may not stand inside, what closes it: one kind a line.
MARKS = (
    ("[\u201c\u201e]", "\u201c\u201d\u201e", "[\u201c\u201d]"),
    (r"(?<!\S)\u201d(?=\w)", "\u201c\u201d\u201e", "\u201d"),
    (r'(?<![\w"])"', '"', r'"(?!\w)'),
    ("\u00ab", "\u00ab\u00bb", "\u00bb"),
    ("\u300c", "\u300c\u300d", "\u300d"),
)
INSIDE = r"(?:[^%s\n]|\n(?![ \t]*\n)){1,2000}?"
SINGLE = r"(?<!\w)\u2018(?:[^\u2018\u2019\n]|(?<=\w)\u2019(?=\w)){1,2000}?\u2019(?!\w)"
QUOTED = re.compile("|".join([o + INSIDE % not_in + c for o, not_in, c in MARKS] + [SINGLE]))
CODE = re.compile(r"^ {0,3}(`{3,}+|~{3,}+).*?(?:^ {0,3}\1[`~]*[ \t]*$|\Z)|`[^`\n]+`", re.M | re.S)
# A line that follows a `>` line without a mark of its own still belongs to the block.
BLOCK = re.compile(
    r"(?:^ {0,3}>[^\n]*+(?:\n|\Z)(?:^(?!\s|[>#`~*+-]|\d+[.)])[^\n]++(?:\n|\Z))*+)++", re.M
)
BLOCK_MARK = re.compile(r"^ {0,3}(?:> ?)+", re.M)
CREDIT = re.compile(r"(?:\n|(?<=[.!?\u201d\u00bb\"*_]))[ \t]*(?:\u2014|\u2013|--?)[^\n.!?]{0,80}\Z")
LINK = re.compile(r"!?\[([^\[\]]*+)\]\((?:[^()]|\([^()]*+\))*+\)")
TIME_LINK = re.compile(r"\(?\[[^\[\]]*+\]\(time:[^()]*+\)\)?")
GAP = re.compile(r"\[?(?:\u2026|\.\.\.)\]?")


@dataclass(frozen=True)
class Quotation:
    """A quotation and the second of the recording at which it was said."""

    text: str
    start_s: float


@dataclass(frozen=True)
class Checked:
    """A text whose remaining quotations were said. `unverified` lost their quotation marks."""

    body: str
    quotations: tuple[Quotation, ...] = ()
    unverified: tuple[str, ...] = ()


@dataclass
class Spoken:
    """Everything that was said, as words that can be searched."""

    words: list[str] = field(default_factory=list)
    may_skip: list[int] = field(default_factory=list)  # words to leave out from here; 0 is none
    starts: list[float] = field(default_factory=list)
    places: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def find(self, quotation: str) -> float | None:
        """The second at which these words were said, or None."""
        pieces = [words for piece in GAP.split(quotation) if (words := words_of(piece))]
        first: int | None = None
        after = 0
        for words in pieces:
            place, after = self._find(words, after)
            if not after:
                return None
            first = place if first is None else first
        return None if first is None else self.starts[first]

    def _find(self, words: list[str], after: int) -> tuple[int, int]:
        """The place of the first match from `after` on, and the place behind it, 0 for none."""
        if not all(word in self.places for word in words):
            return 0, 0
        for place in self.places[words[0]]:
            if place >= after and (end := self._match(words, place)):
                return place, end
        return 0, 0

    def _match(self, words: list[str], place: int) -> int:
        """The place behind the match, 0 for none. Words that may be skipped are, only if they must."""
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
        return place


def listen(segments: Sequence[Segment]) -> Spoken:
    """Index what was said: about a second for twelve thousand sentences."""
    spoken = Spoken()
    for segment in segments:
        _add(spoken, segment)
    for place, word in enumerate(spoken.words):
        spoken.places[word].append(place)
    _mark_doubles(spoken)
    return spoken


def words_of(text: str) -> list[str]:
    """The words of a text, as they are compared."""
    return [unit for unit in _units(text) if unit != ","]


def check(body: str, segments: Sequence[Segment] | Spoken) -> Checked:
    """Hold the quotations of a Markdown text to what was said.

    Quotations are `>` blocks, and text of at least four words between quotation marks, outside
    code. Those that were not said become plain text and are named in `unverified`.
    """
    spoken = segments if isinstance(segments, Spoken) else listen(segments)
    check = _Check(spoken)
    checked = around(CODE, body, check.prose)
    return Checked(checked, tuple(check.quotations), tuple(check.unverified))


def around(
    pattern: re.Pattern[str],
    text: str,
    outside: Callable[[str], str],
    inside: Callable[[str], str] = str,
) -> str:
    """A text with what a pattern finds changed by `inside`, and what stands around it by `outside`."""
    pieces: list[str] = []
    end = 0
    for found in pattern.finditer(text):
        pieces += [outside(text[end : found.start()]), inside(found.group())]
        end = found.end()
    return "".join([*pieces, outside(text[end:])])


class _Check:
    def __init__(self, spoken: Spoken) -> None:
        self.spoken = spoken
        self.quotations: list[Quotation] = []
        self.unverified: list[str] = []

    def prose(self, text: str) -> str:
        """Blocks first; what stands inside a block that was said is not looked at again."""
        return around(BLOCK, text, self._inline, self._block)

    def _block(self, block: str) -> str:
        plain = BLOCK_MARK.sub("", block)
        said = _said_in_block(plain)
        if not said or self._verified(said) or self._framed(plain):
            return block
        self.unverified.append(said)
        return self._inline(plain, listed=said)

    def _framed(self, plain: str) -> bool:
        """A block such as: "We did it," she said. Its own quotations carry it."""
        inner = [_inner(match) for match in QUOTED.finditer(plain)]
        around = words_of(TIME_LINK.sub("", QUOTED.sub("", plain)))
        if not inner or len(around) > MOST_WORDS_AROUND:
            return False
        found = [self._verified(said) for said in inner]
        return all(found)

    def _inline(self, text: str, listed: str = "") -> str:
        def judge(match: re.Match[str]) -> str:
            said = _inner(match)
            if _weight(said) < LEAST_WORDS or self._verified(said):
                return match.group()
            if said not in listed:
                self.unverified.append(said)
            return match.group()[1:-1]

        return QUOTED.sub(judge, text)

    def _verified(self, said: str) -> bool:
        start_s = self.spoken.find(said)
        if start_s is not None:
            self.quotations.append(Quotation(said, start_s))
        return start_s is not None


def _inner(match: re.Match[str]) -> str:
    inner = TIME_LINK.sub("", match.group()[1:-1])
    return " ".join(LINK.sub(r"\1", inner).split())


def _said_in_block(plain: str) -> str:
    """The words that a `>` block claims were said: without its credit, links and marks."""
    without_times = TIME_LINK.sub("", plain).strip()
    without_credit = CREDIT.sub("", without_times).strip()
    text = LINK.sub(r"\1", without_credit or without_times)
    return " ".join(text.strip('*_ \n"\u201c\u201d\u201e\u00ab\u00bb').split())


def _weight(text: str) -> float:
    return sum(0.5 if ONE_DENSE.match(word) else 1 for word in words_of(text))


def _units(text: str) -> list[str]:
    text = APOSTROPHES.sub("", text).casefold()
    if not text.isascii():
        decomposed = normalized(text, "NFKD")
        text = "".join(c for c in decomposed if not unicodedata.combining(c))
    return UNIT.findall(text)


def _add(spoken: Spoken, segment: Segment) -> None:
    units = _units(segment.text)
    first = True
    for place, unit in enumerate(units):
        if unit == ",":
            continue
        spoken.words.append(unit)
        spoken.may_skip.append(_skippable(units, place, first))
        spoken.starts.append(segment.start_s)
        first = first and bool(spoken.may_skip[-1])
    _set_word_starts(spoken, segment)


def _set_word_starts(spoken: Spoken, segment: Segment) -> None:
    """Times of words, when the segment's own words are the same ones."""
    timed = [(word, timed.start_s) for timed in segment.words for word in words_of(timed.text)]
    count = len(timed)
    if count and [word for word, _ in timed] == spoken.words[-count:]:
        spoken.starts[-count:] = [start_s for _, start_s in timed]


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
