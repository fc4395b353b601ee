"""Words said twice: a stumble loses one of them, what grammar doubles keeps both.

"We gave it to her, her brother sold it", "those who can, can learn": one clause ends and the
next begins with the same word. Who leaves it out there misquotes.
"""

from collections.abc import Sequence
from itertools import pairwise

from draftmill.language.lists import LEADING, LEADING_BEFORE_COMMA, MAY_DOUBLE, NUMBER_WORDS, listed
from draftmill.language.words import END_MARKS, bare

LONGEST_RUN = 5
SPEAKING = frozenset(("i", "we", "you", "they", "he", "she", "it"))
ENDS_NO_CLAUSE = listed("i we they he she a an the and but or because if my our your their")
OBJECTS = listed("it you her")  # which may end a clause, too
PARTICLES = listed("in out up off over down on by through around along")  # "moved in in April"
VERBS = listed(
    "can could will would shall should may might must do does did have has was were are am be"
)
PREPOSITIONS = PARTICLES | listed("to of for with at from into about")
OPENERS = LEADING | LEADING_BEFORE_COMMA | listed("but or")
OPENS_A_CLAUSE = listed("so because if when while though although unless until")
ASKING = listed("what who whom which how where when if as than that whatever whoever wherever")


def stumbled(words: Sequence[str], at: int) -> int:
    """The length of the run at `at` that is said twice by a stumble, 0 for none."""
    opening = bare(words[at])
    for run in range(min(LONGEST_RUN, (len(words) - at) // 2), 0, -1):
        again = bare(words[at + run])
        begun = run == 1 and opening in SPEAKING and again.startswith(opening + "'")  # "we we're"
        if not begun and (again != opening or not _are_same(words, at + 1, run - 1, run)):
            continue
        if any(word[-1] in END_MARKS for word in words[at : at + run]):
            continue
        if _is_stumble(words, at) if run == 1 else not _are_two_clauses(words, at, run):
            return run
    return 0


def is_unsure(text: str) -> bool:
    """Whether a word stands twice that may be a stumble, and may be right: "moved in in"."""
    return any(
        bare(first) == bare(second)
        and (
            bare(first) in PREPOSITIONS
            or (bare(first) in VERBS | OBJECTS and not first.endswith(","))
        )
        for first, second in pairwise(text.split())
        if first[-1] not in END_MARKS
    )


def _are_same(words: Sequence[str], at: int, many: int, apart: int) -> bool:
    """Whether so many words from `at` on are those that stand `apart` words behind."""
    return all(bare(words[n]) == bare(words[n + apart]) for n in range(at, at + many))


def _is_stumble(words: Sequence[str], at: int) -> bool:
    word = bare(words[at])
    if not word or word in MAY_DOUBLE or word in NUMBER_WORDS or any(map(str.isdigit, word)):
        return False
    if word in OBJECTS:
        return _is_first(words, at) or (at > 0 and bare(words[at - 1]) in OPENS_A_CLAUSE)
    if words[at].endswith(","):
        return word in ENDS_NO_CLAUSE
    return word not in PARTICLES | VERBS


def _are_two_clauses(words: Sequence[str], at: int, run: int) -> bool:
    """Whether a doubled "you can" ends a clause and begins one: "do what you can, you can"."""
    last = words[at + run - 1]
    if bare(words[at]) not in SPEAKING or bare(last) in ENDS_NO_CLAUSE | PREPOSITIONS:
        return False
    if last.endswith(","):
        return not _is_first(words, at)
    return at > 0 and bare(words[at - 1]) in ASKING


def _is_first(words: Sequence[str], at: int) -> bool:
    """Whether nothing but openings comes before a word."""
    return all(bare(word) in OPENERS for word in words[:at])
