"""What one side denies and the other asserts, word by word: "nobody had told them", "they were told"."""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from draftmill.evidence.negation import ANYBODY, ANYTHING, GRAMMAR, PLACING, alike, plainly
from draftmill.evidence.tokens import words_of
from draftmill.language.lists import NEGATORS, listed

SCOPE = 3  # telling words behind a denial that it may deny
HEADS = 1  # of them that it denies for certain
AROUND = 6  # telling words on either side that tell what is denied of
BOUND = re.compile(
    r"[,;:.!?\u2026\u2014()]|\s-\s|\b(?:and|but|because|while|which|when|if|so|as|before|after|though"
    r"|although|where|who|that|since|than)\b"
)
# What limits or denies without a "not": such a sentence may say the same with other words.
LIMITING = listed(
    """
    only until till unless without before except instead rather hardly barely rarely seldom scarcely
    few fewer little less too stop stops stopped stopping fail fails failed refuse refuses refused lack
    lacks lacked avoid avoids avoided miss missed impossible unable forbid forbids forbidden ban banned
    prevent prevents prevented reject rejects rejected free wrong against lost missing even else
    """
)
ENDING_SCOPE = listed("i we he she they everybody everyone")
NEVER_HEADS = listed(
    "one two lot thing things way time much many really even ever just get got let"
)


@dataclass(frozen=True)
class _Word:
    """A telling word: its root, whether it is denied, and whether it is the first that is."""

    root: str
    denied: bool
    head: bool


def is_denied(claim: str, said: Sequence[str]) -> bool:
    """Whether the claim asserts what was denied in what was said, or denies what was asserted."""
    own = _words(claim)
    told = {word.root for word in own}
    asserted = {word.root for word in own if not word.denied}
    denied = {word.root for word in own if word.denied}
    heard = [(text, _words(text)) for text in said if not text.rstrip().endswith("?")]
    found = {
        word.root
        for _, words in heard
        for at, word in enumerate(words)
        if word.head and word.root in asserted - denied and _shares(told, words, at)
    }
    if found and LIMITING.isdisjoint(words_of(claim)):
        for _, words in heard:
            found -= {
                word.root
                for at, word in enumerate(words)
                if word.root in found and not word.denied and _shares(told, words, at)
            }
        if found:
            return True
    heads = {word.root for word in own if word.head} - asserted
    heads -= {word.root for _, words in heard for word in words if word.denied}
    return any(
        word.root in heads and _shares(told, words, at)
        for text, words in heard
        if heads and not any(word.denied for word in words)
        for at, word in enumerate(words)
        if LIMITING.isdisjoint(words_of(text))
    )


def _shares(told: Set[str], words: Sequence[_Word], at: int) -> bool:
    """Whether what stands around a word that was said stands in the claim, too."""
    around = words[max(0, at - AROUND) : at + AROUND + 1]
    return any(word.root in told and word.root != words[at].root for word in around)


@lru_cache(4096)  # what was said bears out several claims, and again after the next edit
def _words(text: str) -> tuple[_Word, ...]:
    return tuple(word for part in BOUND.split(plainly(text)) for word in _of_clause(part))


def _of_clause(part: str) -> Iterator[_Word]:
    left = 0  # words that may still be denied
    words = words_of(part)
    for word, after in zip(words, [*words[1:], ""], strict=False):
        if word in NEGATORS:
            left = 0 if left or (word == "nothing" and after in PLACING) else SCOPE
        elif word in ENDING_SCOPE:
            left = 0
        elif word in GRAMMAR or word in ANYBODY or word in ANYTHING:
            continue
        else:
            telling = alike(word)
            yield _Word(telling, left > 0, left > SCOPE - HEADS and telling not in NEVER_HEADS)
            left = max(0, left - 1)
