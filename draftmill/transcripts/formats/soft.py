"""Captions without end marks, cut where a sentence most likely ends.

Dynamic programming over the words: a cut is cheap at a pause and before a word that opens
sentences, dear after a word that leaves one hanging, and lengths near 14 words are liked.
"""

from collections.abc import Sequence
from operator import add

from draftmill.transcripts.segments import SOFT, Segment, Word

USUAL = 14  # words of a spoken sentence
LONGEST = 45
WORDS_A_MARK = 45  # with fewer end marks than one in so many words a text counts as unmarked
PAUSE_S = 0.6  # a pause of this length speaks as clearly for an end as a pause can
END_MARKS = tuple(".!?…。！？")
_OPENING = (
    "so and but now well okay ok because i i'm i've we we're we've you it's that's this these"
    " there there's they they're he she what why how if when let's then also first next finally"
)
_HANGING = (
    "a an the of to in on at for from with by as and or but so if that which who because is are was"
    " were be been has have had do does did will would can could should may might must my your our"
    " their his her its this these those very really more most some any every no not i we you he"
    " she they it's i'm we're you're they're than into about like"
)
OPENING = frozenset(_OPENING.split())
HANGING = frozenset(_HANGING.split())


def has_end_marks(words: Sequence[Word]) -> bool:
    """Whether the text is punctuated, so that its own marks say where sentences end."""
    marks = sum(word.text.rstrip("\"'”’)]").endswith(END_MARKS) for word in words)
    return marks * WORDS_A_MARK >= len(words) or (marks > 0 and len(words) < WORDS_A_MARK)


def cut_softly(words: Sequence[Word]) -> list[Segment]:
    """Sentences of at most 45 words, all of them SOFT: their ends are guesses."""
    return [
        Segment(
            start_s=words[first].start_s,
            end_s=words[last - 1].end_s,
            text=" ".join(word.text for word in words[first:last]),
            words=tuple(words[first:last]),
            flags=frozenset({SOFT}),
        )
        for first, last in _best_cuts(words)
    ]


def _best_cuts(words: Sequence[Word]) -> list[tuple[int, int]]:
    longest_first = [((n - USUAL) / 8) ** 2 for n in range(LONGEST, 0, -1)]
    cost, before = [0.0], [0]
    for end in range(1, len(words) + 1):
        window = cost[max(0, end - LONGEST) :]
        sums = list(map(add, window, longest_first[-len(window) :]))
        lowest = min(sums)
        cost.append(lowest + _price(words, end))
        before.append(end - len(window) + sums.index(lowest))
    cuts, end = [], len(words)
    while end:
        cuts.append((before[end], end))
        end = before[end]
    return cuts[::-1]


def _price(words: Sequence[Word], n: int) -> float:
    """What it costs to end a sentence before word `n`."""
    if n in (0, len(words)):
        return 0.0
    last, following = words[n - 1], words[n]
    if last.text.endswith(END_MARKS):
        return -8.0
    pause = min(max(following.start_s - last.end_s, 0.0) / PAUSE_S, 1.0)
    opens = following.text.lower().replace("’", "'").rstrip(",") in OPENING
    hangs = last.text.lower().replace("’", "'").rstrip(",") in HANGING
    return 2.0 - 4.0 * pause - 1.5 * opens + 4.0 * hangs
