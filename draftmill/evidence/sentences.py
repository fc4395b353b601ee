"""A block in its sentences, each with the quotations and times in it. None is cut in a quotation."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from draftmill.clock import seconds_of
from draftmill.evidence.blocks import Text, TimeMark
from draftmill.evidence.quotations import CREDIT, Quotation, quotations_in
from draftmill.transcripts.sentences import ends_sentence

WORD = re.compile(
    r"[^\s\u3002\uff01\uff1f]+[\u3002\uff01\uff1f\u300d\u300f]*|[\u3002\uff01\uff1f]+"
)
DENSE_ENDS = ("\u3002", "\uff01", "\uff1f", "\u3002\u300d", "\uff01\u300d", "\uff1f\u300d")
CLOCK = re.compile(r"(?<![\d:.,])(\d{1,3}(?::[0-5]\d){1,2})(?![\d:]|\s?(?:[ap]\.?m\b|o.clock))")


@dataclass(frozen=True)
class Sentence:
    """A sentence of a block; places count characters of the block's text."""

    text: str
    start: int
    end: int
    quotations: tuple[Quotation, ...] = ()
    times: tuple[TimeMark, ...] = ()

    @property
    def prose(self) -> str:
        """What the writer says himself: the sentence without what it quotes."""
        parts, at = [], self.start
        for quotation in self.quotations:
            parts.append(self.text[at - self.start : max(at, quotation.start) - self.start])
            at = max(at, quotation.end)
        parts.append(self.text[at - self.start :])
        return " ".join(" … ".join(parts).split())


def sentences_in(block: Text) -> list[Sentence]:
    """The sentences of a block in their order; those without a letter or digit are left out."""
    quotations = quotations_in(block)
    found: list[Sentence] = []
    for start, end in _spans(block, quotations):
        text = block.text[start:end]
        if not any(character.isalnum() for character in text):
            continue
        inside = tuple(q for q in quotations if start <= q.start < end)
        found.append(Sentence(text, start, end, inside))
    return [_timed(block, found, at) for at in range(len(found))]


def _spans(block: Text, quotations: list[Quotation]) -> Iterator[tuple[int, int]]:
    if block.quoted:
        credit = CREDIT.search(block.text.rstrip())
        yield from [(0, len(block.text.rstrip()))] if credit or block.text.strip() else []
        return
    words = list(WORD.finditer(block.text))
    start: int | None = None
    for at, word in enumerate(words):
        start = word.start() if start is None else start
        following = words[at + 1] if at + 1 < len(words) else None
        if following is None or (
            _ends(block, word, following) and not _inside(quotations, word.end(), following.start())
        ):
            yield start, word.end()
            start = None


def _ends(block: Text, word: re.Match[str], following: re.Match[str]) -> bool:
    between = block.text[word.end() : following.start()]
    if between.count("\n") > (block.kind != "post"):
        return True
    if block.kind == "post" and "\n" in between:
        return True
    return word.group().endswith(DENSE_ENDS) or ends_sentence(word.group(), following.group())


def _inside(quotations: list[Quotation], end: int, following: int) -> bool:
    return any(one.start < end and following < one.end for one in quotations)


def _timed(block: Text, found: list[Sentence], at: int) -> Sentence:
    """The sentence with its links to times, also those right behind it, and its bare clocks."""
    sentence = found[at]
    after = found[at + 1].start if at + 1 < len(found) else len(block.text) + 1
    first = sentence.start if at else 0
    links = [
        mark
        for mark in block.times
        if first <= mark.at < after and not (mark.at == after and at + 1 < len(found))
    ]
    clocks = [
        TimeMark(sentence.start + match.start(), seconds_of(match[1]))
        for match in CLOCK.finditer(sentence.text)
    ]
    times = tuple(sorted([*links, *clocks], key=lambda mark: mark.at))
    return Sentence(sentence.text, sentence.start, sentence.end, sentence.quotations, times)
