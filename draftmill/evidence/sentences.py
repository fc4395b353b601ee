"""A block in its sentences, each with the quotations and times in it. None is cut in a quotation."""

import hashlib
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from draftmill.clock import seconds_of
from draftmill.evidence.blocks import Text, TimeMark
from draftmill.evidence.quotations import CREDIT, Quotation, quotations_in
from draftmill.transcripts.sentences import ends_sentence

WORD = re.compile(
    r"[^\s\u3002\uff01\uff1f]+[\u3002\uff01\uff1f\u300d\u300f]*|[\u3002\uff01\uff1f]+"
)
BLANKS = re.compile(r"[ \t\r\n]+")  # no narrow space, which stands between thousands
DENSE_ENDS = ("\u3002", "\uff01", "\uff1f", "\u3002\u300d", "\uff01\u300d", "\uff1f\u300d")
CLOCK = re.compile(r"(?<![\d:.,])(\d{1,3}(?::[0-5]\d){1,2})(?![\d:])")
# What follows a time of the day, and what stands before one if it is a full or a quarter hour.
OF_DAY = re.compile(
    r"\s?(?:[ap]\.?m\b|o.clock|Uhr\b|h\b|hours\b|in the (?:morning|afternoon|evening)|at night|on \w+day)",
    re.IGNORECASE,
)
HOUR = re.compile(r"\d{1,2}:(?:00|15|30|45)")
BEFORE_HOUR = re.compile(
    r"\b(?:at|from|between|until|till|to|after|before|since|by|and|um|ab|gegen|bis|von|vor|nach|seit)\s\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Sentence:
    """A sentence of a block; places count characters of the block's text.

    Where it quotes, `lead` and `credit` are what stands before and behind it and may name the
    speaker; where it tells a time and does not quote, `near` is what is quoted beside it, or the
    section of a heading.
    """

    text: str
    start: int
    end: int
    quotations: tuple[Quotation, ...] = ()
    times: tuple[TimeMark, ...] = ()
    lead: str = ""
    credit: str = ""
    near: tuple[str, ...] = ()

    @cached_property
    def prose(self) -> str:
        """What the writer says himself: the sentence without what it quotes."""
        parts, at = [], self.start
        for quotation in self.quotations:
            parts.append(self.text[at - self.start : max(at, quotation.start) - self.start])
            at = max(at, quotation.end)
        parts.append(self.text[at - self.start :])
        return BLANKS.sub(" ", " … ".join(parts)).strip()

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """What stands before each of its times, where there are several."""
        if len(self.times) < 2:
            return ()
        cuts = [self.start, *(mark.at for mark in self.times)]
        pieces = (self.text[max(0, a - self.start) : b - self.start] for a, b in pairwise(cuts))
        return tuple(piece for piece in pieces if piece.strip())


def sentences_in(block: Text) -> list[Sentence]:
    """The sentences of a block in their order; those without a letter or digit are left out."""
    quotations = quotations_in(block)
    starts = [quotation.start for quotation in quotations]
    found: list[Sentence] = []
    for start, end in _spans(block, quotations):
        text = block.text[start:end]
        if not any(character.isalnum() for character in text):
            continue
        inside = quotations[bisect_left(starts, start) : bisect_left(starts, end)]
        found.append(Sentence(text, start, end, tuple(inside)))
    marks = sorted(block.times, key=lambda mark: mark.at)
    return [_timed(block, marks, found, at) for at in range(len(found))]


def form_of(block: Text, sentence: Sentence) -> str:
    """What the check of a sentence depends on beside its words, "" for plain prose in a paragraph.

    A time at the end of a block may be that of any of its sentences.
    """
    found: list[object] = [block.kind] if block.kind == "heading" else []
    found += ["quoted"] * block.quoted
    found += [(one.words, one.start - sentence.start) for one in sentence.quotations]
    found += [mark.seconds for mark in sentence.times]
    found += [part for part in (sentence.lead, sentence.credit, *sentence.near) if part]
    if sentence.times and ends_with_time(block, sentence):
        found.append(block.text)
    return hashlib.sha256(repr(found).encode("utf-8", "replace")).hexdigest()[:8] if found else ""


def ends_with_time(block: Text, sentence: Sentence) -> bool:
    """Whether all times of a sentence stand at the end of its block."""
    return all(mark.at >= len(block.text.rstrip()) - 1 for mark in sentence.times)


def _spans(block: Text, quotations: list[Quotation]) -> Iterator[tuple[int, int]]:
    if block.quoted:
        credit = CREDIT.search(block.text.rstrip())
        yield from [(0, len(block.text.rstrip()))] if credit or block.text.strip() else []
        return
    words = list(WORD.finditer(block.text))
    start: int | None = None
    quoted_to, opened = 0, 0  # where the quotations end that opened so far, and how many did
    for at, word in enumerate(words):
        start = word.start() if start is None else start
        while opened < len(quotations) and quotations[opened].start < word.end():
            quoted_to, opened = max(quoted_to, quotations[opened].end), opened + 1
        following = words[at + 1] if at + 1 < len(words) else None
        if following is None or (following.start() >= quoted_to and _ends(block, word, following)):
            yield start, word.end()
            start = None


def _ends(block: Text, word: re.Match[str], following: re.Match[str]) -> bool:
    between = block.text[word.end() : following.start()]
    if "\n" not in between and word.group()[-1].isalnum():
        return False
    if between.count("\n") > (block.kind != "post"):
        return True
    if block.kind == "post" and "\n" in between:
        return True
    return word.group().endswith(DENSE_ENDS) or ends_sentence(word.group(), following.group())


def _timed(block: Text, marks: list[TimeMark], found: list[Sentence], at: int) -> Sentence:
    """The sentence with its links to times, also those right behind it, and its bare clocks."""
    sentence = found[at]
    after = found[at + 1].start if at + 1 < len(found) else len(block.text) + 1
    first = sentence.start if at else 0
    begin, end = (bisect_left(marks, place, key=lambda mark: mark.at) for place in (first, after))
    links = marks[begin:end]
    clocks = [
        TimeMark(sentence.start + match.start(), seconds_of(match[1]))
        for match in CLOCK.finditer(sentence.text)
        if not _is_of_day(sentence.text, match)
    ]
    times = tuple(sorted([*links, *clocks], key=lambda mark: mark.at))
    return Sentence(sentence.text, sentence.start, sentence.end, sentence.quotations, times)


def _is_of_day(text: str, clock: re.Match[str]) -> bool:
    """Whether a clock tells a time of the day, no time of the recording."""
    if OF_DAY.match(text, clock.end()):
        return True
    before = text[max(0, clock.start() - 10) : clock.start()]
    return bool(HOUR.fullmatch(clock[1]) and BEFORE_HOUR.search(before))
