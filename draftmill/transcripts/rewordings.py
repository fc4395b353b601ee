"""What a person wrote in the place of what was heard, a few words or letters at a time."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise

from draftmill.letters import UNSPACED
from draftmill.transcripts.name_matching import MOST_WORDS
from draftmill.transcripts.retimed import pairs

# A word; of those written without spaces a letter.
_TOKEN = re.compile(rf"{UNSPACED.pattern}|(?:(?!{UNSPACED.pattern})\S)+")
MOST_LETTERS = 16  # where there are no spaces between words
NEAR = 2  # letters that stayed between two changes of one name
# Letters that a name has at least: fewer are part of any word. One in katakana is a word of its own.
LEAST = {"CJK": 2, "KATAKANA": MOST_LETTERS}
LEAST_OF_OTHERS = 4

Stretch = tuple[int, int, int, int]  # tokens from, to before; those in their place from, to before


def rewordings(was: str, became: str) -> Iterator[tuple[str, str]]:
    """The words of a text that were replaced by others, and those: at most four, or 16 letters."""
    old, new = (list(_TOKEN.finditer(text)) for text in (was, became))
    before, after = ([token[0] for token in tokens] for tokens in (old, new))
    for stretch in _joined(_changed(before, after), before):
        first, last, start, end = _widened(stretch, old, new)
        unspaced = any(map(UNSPACED.match, before[first:last]))
        if 0 < last - first <= (MOST_LETTERS if unspaced else MOST_WORDS) and start < end:
            heard = was[old[first].start() : old[last - 1].end()]
            yield heard, became[new[start].start() : new[end - 1].end()]


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[Stretch]:
    same = [(-1, -1), *pairs(old, new), (len(old), len(new))]
    for (before, first), (after, last) in pairwise(same):
        if after - before > 1 or last - first > 1:
            yield before + 1, after, first + 1, last


def _joined(stretches: Iterator[Stretch], old: Sequence[str]) -> Iterator[Stretch]:
    """Stretches of letters as one where only few letters stand between them: two that changed places."""
    one = next(stretches, None)
    for other in stretches:
        between = old[one[1] : other[0]] if one else []
        if one and len(between) <= NEAR and all(map(UNSPACED.match, between)):
            one = (one[0], other[1], one[2], other[3])
        elif one:
            yield one
            one = other
    if one:
        yield one


def _widened(
    stretch: Stretch, old: Sequence[re.Match[str]], new: Sequence[re.Match[str]]
) -> Stretch:
    """The stretch with the letters beside it that make a name of too few."""
    first, last, start, end = stretch
    changed = (token[0] for token in (*old[first:last], *new[start:end]))
    kind = next(filter(None, map(_kind, changed)), "")
    least = LEAST.get(kind, LEAST_OF_OTHERS) if kind else 0

    def belongs(n: int, m: int) -> bool:
        """Whether too few are there, and a letter beside them is the same in both texts and of their script."""
        if min(last - first, end - start) >= least or min(n, m) < 0:
            return False
        same = n < len(old) and m < len(new) and old[n][0] == new[m][0]
        return same and _kind(old[n][0]) == kind

    while _adjoin(old, first) and _adjoin(new, start) and belongs(first - 1, start - 1):
        first, start = first - 1, start - 1
    while _adjoin(old, last) and _adjoin(new, end) and belongs(last, end):
        last, end = last + 1, end + 1
    return first, last, start, end


def _adjoin(tokens: Sequence[re.Match[str]], n: int) -> bool:
    """Whether no space stands before a token."""
    return not 0 < n < len(tokens) or tokens[n - 1].end() == tokens[n].start()


def _kind(token: str) -> str:
    """The script of a letter that no spaces part from others, "" for words."""
    if not UNSPACED.match(token):
        return ""
    name = unicodedata.name(token, "CJK").replace("-", " ").partition(" ")[0]
    return "CJK" if name == "IDEOGRAPHIC" else name
