"""What a text presents as somebody's words: between marks, in a `>` block, or in italics."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from draftmill.evidence.blocks import Text
from draftmill.evidence.quotation_marks import NUMBERED, QUOTED
from draftmill.evidence.tokens import weight

MOST_WORDS_AROUND = 8
ITALIC_WORDS = 4  # fewer are a stress, or a title

CREDIT = re.compile(
    r"(?:\n|(?<=[.!?…”“»«›‹’‘」』\"*_]))[ \t]*(?:\u2014|\u2013|--?)[^\n.!?]{0,80}\Z"
)
# A credit alone: "— Ada, at the meeting".
NOTHING_SAID = re.compile(r"[\s*_]*(?:\u2014|\u2013|--?)\s*[^\W\d_a-z][^\n.!?]{0,70}\Z")
AROUND = '*_ \n"“”„«»‹›‘’‚「」『』'


@dataclass(frozen=True)
class Quotation:
    """Words that a text gives as said. `start` and `end` are its characters, with its marks."""

    words: str
    start: int
    end: int


def quotations_in(block: Text) -> list[Quotation]:
    """The quotations of a block in their order, none inside another."""
    if block.quoted:
        return _of_quoted_block(block)
    marked = [*_carried(block), *_between_marks(block)]
    return sorted([*marked, *_italics(block, marked)], key=lambda quotation: quotation.start)


def _of_quoted_block(block: Text) -> list[Quotation]:
    """All of a `>` block but its credit; of one such as "We did it," she said. what it quotes."""
    marked = list(_between_marks(block))
    around = "".join(_outside(block.text, marked))
    if marked and weight(around) <= MOST_WORDS_AROUND:
        return marked
    if NOTHING_SAID.match(block.text):
        return []
    credit = CREDIT.search(block.text.rstrip())
    end = credit.start() if credit and block.text[: credit.start()].strip() else len(block.text)
    said = " ".join(block.text[:end].strip(AROUND).split())
    return [Quotation(said, 0, end)] if said else []


def _carried(block: Text) -> Iterator[Quotation]:
    """What belongs to a quotation of the block before, or goes on in the next."""
    end = len(block.text)
    begun = NUMBERED.match(block.text)
    first = min(begun.end() if begun else 0, block.carried.head)
    for start, stop in ((first, block.carried.head), (_tail(block), end)):
        if said := " ".join(block.text[start:stop].strip(AROUND).split()):
            yield Quotation(said, start, stop)


def _tail(block: Text) -> int:
    tail = block.carried.tail
    return len(block.text) if tail is None else tail


def _between_marks(block: Text) -> Iterator[Quotation]:
    code = sorted(block.code)
    for match in QUOTED.finditer(block.text, block.carried.head, _tail(block)):
        before = bisect_right(code, match.start(), key=lambda span: span[0])
        inside = before > 0 and match.start() < code[before - 1][1]
        said = " ".join(match.group()[1:-1].split())
        if not inside and weight(said) >= 1:
            yield Quotation(said, *match.span())


def _italics(block: Text, marked: list[Quotation]) -> Iterator[Quotation]:
    for start, end in block.italics:
        said = block.text[start:end].strip(AROUND)
        before = bisect_left(marked, end, key=lambda one: one.start)
        taken = before > 0 and start < marked[before - 1].end
        is_credit = NOTHING_SAID.match(block.text[start:end])
        if not taken and not is_credit and weight(said) >= ITALIC_WORDS:
            yield Quotation(" ".join(said.split()), start, end)


def _outside(text: str, quotations: list[Quotation]) -> Iterator[str]:
    end = 0
    for quotation in quotations:
        yield text[end : quotation.start]
        end = quotation.end
    yield text[end:]
