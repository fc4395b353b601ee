"""Who gets which sentence: the drafts of one recording do not say the same things.

The article takes its passages first. The sentences that stand alone are then dealt in turns to
the newsletter, the thread and the single post, the best first; where there are too few a draft takes
some of the article's, and repeats another only where it would have next to none.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

from draftmill.language.passages import SAME_SENTENCE, Passage, apart

Hand = Literal["digest", "thread", "post"]
TURNS: tuple[Hand, ...] = ("digest", "thread", "thread", "digest", "thread", "post")
MOST: dict[Hand, int] = {"digest": 5, "thread": 12, "post": 6}
# The same for what the article quotes, too, where a draft would be short without it.
TURNS_AGAIN: tuple[Hand, ...] = ("digest", "thread", "thread")
MOST_AGAIN: dict[Hand, int] = {"digest": 5, "thread": 7}
FEWEST = 3  # sentences of a draft below which it repeats another draft
LONGEST_POST = 250  # characters, with the name of who says it


def dealt(
    ranked: Sequence[Sequence[Passage]], shown: Sequence[Passage]
) -> dict[Hand, list[Passage]]:
    """The sentences of each draft, best first, from those of each chapter.

    `shown` is what the article quotes.
    """
    order = _in_order(ranked)
    fresh = [p for p in order if not any(_overlap(p, other) for other in shown)]
    hands: dict[Hand, list[Passage]] = {"digest": [], "thread": [], "post": []}
    _deal(fresh, hands, TURNS, MOST)
    _deal([p for p in order if p not in fresh], hands, TURNS_AGAIN, MOST_AGAIN)
    taken = [p for held in hands.values() for p in held]
    for hand, held in hands.items():
        _fill(held, hand, [*(p for p in order if p not in taken), *order])
    return hands


def _in_order(ranked: Sequence[Sequence[Passage]]) -> list[Passage]:
    """The best of each chapter, best first, then the second best of each, and so on."""
    found: list[Passage] = []
    for place in range(max(map(len, ranked), default=0)):
        found += sorted((c[place] for c in ranked if place < len(c)), key=lambda p: -p.score)
    return found


def _deal(
    passages: Iterable[Passage],
    hands: dict[Hand, list[Passage]],
    turns: Sequence[Hand],
    most: dict[Hand, int],
) -> None:
    """Give each passage to the draft whose turn it is, or to the next that can take it."""
    turn = 0
    for passage in passages:
        order = [turns[(turn + n) % len(turns)] for n in range(len(turns))]
        takers = (h for h in order if len(hands[h]) < most[h] and _takes(hands[h], h, passage))
        if hand := next(takers, None):
            hands[hand].append(passage)
            turn += 1


def _takes(held: Sequence[Passage], hand: Hand, passage: Passage) -> bool:
    return (hand != "thread" or fits_a_post(passage)) and apart(passage, held, SAME_SENTENCE)


def fits_a_post(passage: Passage) -> bool:
    return len(passage.text) + len(passage.speaker) <= LONGEST_POST


def _fill(held: list[Passage], hand: Hand, others: Iterable[Passage]) -> None:
    for passage in others:
        if len(held) >= FEWEST:
            return
        if _takes(held, hand, passage):
            held.append(passage)


def _overlap(one: Passage, other: Passage) -> bool:
    return one.first < other.last and other.first < one.last
