"""The same words again and again: what a recogniser writes where it has lost its way.

Whisper's programs tell it by how well the text of a chunk compresses. Where a server tells no
figures, the repetition itself is the evidence.
"""

import zlib
from collections.abc import Sequence
from dataclasses import replace

from draftmill.speech.recogniser import Heard

LONGEST = 30  # words that are repeated as a whole
FEWEST = 4  # times
WORDS = 12  # of a loop at least, for people do say “no, no, no”


def with_loops_marked(heard: Sequence[Heard]) -> list[Heard]:
    """The same; what lies in a loop and has no figure of its own gets how well that loop compresses."""
    owners = [n for n, one in enumerate(heard) for _ in one.text.split()]
    words = [_bare(word) for one in heard for word in one.text.split()]
    result = list(heard)
    for start, end in _loops(words):
        figure = _compression(" ".join(words[start:end]))
        for n in set(owners[start:end]):
            inside = owners[start:end].count(n)
            if result[n].compression is None and 2 * inside >= owners.count(n):
                result[n] = replace(result[n], compression=figure, chunk=result[n].chunk or n)
    return result


def _loops(words: Sequence[str]) -> list[tuple[int, int]]:
    """The stretches of words in which a few stand again and again."""
    found: list[tuple[int, int]] = []
    for period in range(1, min(LONGEST, len(words) // 2) + 1):
        run = 0
        for at in range(period, len(words) + 1):
            if at < len(words) and words[at] == words[at - period]:
                run += 1
                continue
            if run >= max(WORDS, FEWEST * period) - period:
                found.append((at - run - period, at))
            run = 0
    return found


def _compression(text: str) -> float:
    data = text.encode()
    return len(data) / len(zlib.compress(data))


def _bare(word: str) -> str:
    return "".join(filter(str.isalnum, word)).casefold() or word
