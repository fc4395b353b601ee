"""The sentences of a draft with what stands beside a quotation: who is named, and which time."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from draftmill.evidence.blocks import Text, TimeMark
from draftmill.evidence.sentences import Sentence, sentences_in

# A line of its own that says whose words stand before it: "— Carla", "Carla, at the meeting".
CREDIT_LINE = re.compile(r"\A\W*(?:\u2014|\u2013|--?)\s*\S[^\n.!?]{0,80}\Z|\A[^\n.!?:]{1,60}\Z")
MOST_CREDITED = 8  # words of a credit
POINTS_BACK = re.compile(r"(?i)\A\W*(?:that|this|these|those|so|such|with (?:this|these|that))\b")
REACTS = re.compile(r"(?i)\b(?:agree|object|confirm|repl|answer|respond|contradict)\w*")
LONGEST_NAME = 4  # words: a line no longer is a name, as a heading is, or "Ruth asks."


def sentences_of(blocks: Sequence[Text]) -> list[list[Sentence]]:
    """The sentences of each block. Those that quote, or tell a time, know what stands around them."""
    found = [sentences_in(block) for block in blocks]
    return [
        [_placed(blocks, found, at, n) for n in range(len(of_block))]
        for at, of_block in enumerate(found)
    ]


def meant_with(blocks: Sequence[Text], at: int) -> Sequence[int]:
    """The blocks whose sentences a time in a block may be that of: its own, or a heading's section."""
    if blocks[at].kind != "heading":
        return [at]
    return list(takewhile(lambda n: blocks[n].kind != "heading", range(at + 1, len(blocks))))


def _placed(
    blocks: Sequence[Text], found: Sequence[Sequence[Sentence]], at: int, n: int
) -> Sentence:
    sentence = found[at][n]
    if blocks[at].kind == "heading":
        section = tuple(blocks[n].text for n in meant_with(blocks, at)) if sentence.times else ()
        return replace(sentence, near=section)
    if not sentence.quotations:
        return (
            replace(sentence, near=_quoted_near(blocks, found, at, n))
            if sentence.times
            else (sentence)
        )
    return replace(
        sentence,
        lead=_lead(blocks, found, at, n),
        credit=_credit(blocks, found, at, n),
        times=(*sentence.times, *_times_alone(blocks, found, at, n)),
    )


def _lead(blocks: Sequence[Text], found: Sequence[Sequence[Sentence]], at: int, n: int) -> str:
    """What leads to a quotation: the sentence before it, a heading, a line such as "Carla:"."""
    if n:
        before = found[at][n - 1]
        return before.prose if not before.quotations else before.lead
    if not at or not found[at - 1]:
        return ""
    before, block = found[at - 1][-1], blocks[at - 1]
    is_short = _is_short(block.text)
    leads = block.kind == "heading" or before.text.endswith(":") or is_short
    if before.quotations or not (leads or blocks[at].quoted):
        return ""
    return f"# {before.prose}" if block.kind == "heading" or is_short else before.prose


def _credit(blocks: Sequence[Text], found: Sequence[Sequence[Sentence]], at: int, n: int) -> str:
    """What names its speaker behind a quotation: a credit, or "That is what Ben told Anna"."""
    of_block, end = found[at], n + 1
    if end < len(of_block):
        behind, is_line = of_block[end], _is_credit(of_block[end].text)
        is_short = _is_short(behind.text) and not REACTS.search(behind.text)
        points = POINTS_BACK.match(behind.text) or is_short or (is_line and "." not in behind.text)
        return behind.text.rstrip(".") if points and not behind.quotations else ""
    if at + 1 == len(blocks) or len(found[at + 1]) != 1:
        return ""
    block = blocks[at + 1]
    if block.kind == "heading" or block.text.rstrip().endswith(":"):
        return ""
    return block.text if _is_credit(block.text) else ""


def _is_short(text: str) -> bool:
    return len(text.split()) <= LONGEST_NAME


def _is_credit(text: str) -> bool:
    plain = text.strip()
    return bool(CREDIT_LINE.match(plain)) and len(plain.split()) <= MOST_CREDITED


def _times_alone(
    blocks: Sequence[Text], found: Sequence[Sequence[Sentence]], at: int, n: int
) -> tuple[TimeMark, ...]:
    """The times that stand alone in the next block, or in the one before."""
    behind = n + 1 == len(found[at]) and at + 1 < len(blocks) and not found[at + 1]
    if behind and blocks[at + 1].times:
        return blocks[at + 1].times
    is_first = n == 0 and at > 0 and not found[at - 1]
    others = at > 1 and any(one.quotations for one in found[at - 2])
    return blocks[at - 1].times if is_first and not others else ()


def _quoted_near(
    blocks: Sequence[Text], found: Sequence[Sequence[Sentence]], at: int, n: int
) -> tuple[str, ...]:
    """What is quoted last before a sentence with a time, or next behind it."""
    around = [*reversed(found[at][:n]), *found[at][n + 1 :]]
    if len(found[at]) == 1 and _is_credit(blocks[at].text):
        around = [
            *(found[at - 1][-1:] if at else ()),
            *(found[at + 1][:1] if at + 1 < len(found) else ()),
        ]
    return next((tuple(q.words for q in one.quotations) for one in around if one.quotations), ())
