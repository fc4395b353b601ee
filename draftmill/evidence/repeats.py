"""Sentences that stand in a draft twice, each where it stands again."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from draftmill.evidence.records import Block, Claim, Flaw
from draftmill.evidence.tokens import words_of

KIND = "repeated"
FEWEST_WORDS = 4  # of a sentence that is a repetition when it comes again
# What says that it comes again.
OPENING = re.compile(
    r"(?i)\A\W*(?:as a reminder|a reminder|remember|again|once (?:more|again)|in (?:short|summary|other words)"
    r"|to (?:recap|repeat|sum up|summari[sz]e)|finally|so)[,:]\s"
)
OTHERS = 10  # one in so many words of two sentences may be of one of them alone


def with_repeats(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with what stands there again marked, and nothing that stands there once."""
    seen = _Seen()
    return [
        replace(block, claims=tuple(_judged(claim, seen) for claim in block.claims))
        for block in blocks
    ]


def has_repeats(blocks: Iterable[Block]) -> bool:
    """Whether a sentence is marked as one that stands there again."""
    return any(flaw.kind == KIND for b in blocks for claim in b.claims for flaw in claim.problems)


@dataclass
class _Seen:
    """The sentences so far. Two that are alike share one of the few words that each is filed under."""

    filed: dict[str, list[set[str]]] = field(default_factory=dict)

    def again(self, text: str) -> bool:
        words = words_of(OPENING.sub("", text))
        if len(words) < FEWEST_WORDS:
            return False
        distinct = set(words)
        longest = sorted(distinct, key=lambda word: (-len(word), word))
        under = longest[: len(distinct) // OTHERS + 1]
        others = (other for word in under for other in self.filed.get(word, ()))
        if any(OTHERS * len(distinct ^ other) <= len(distinct | other) for other in others):
            return True
        for word in under:
            self.filed.setdefault(word, []).append(distinct)
        return False


def _judged(claim: Claim, seen: _Seen) -> Claim:
    once = claim.without(KIND)
    if not seen.again(claim.text):
        return once
    flaws = (*once.problems, Flaw(KIND, claim.text))
    return replace(once, status="yours" if once.status == "yours" else "weak", problems=flaws)
