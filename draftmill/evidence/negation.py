"""Whether a sentence says the opposite of what was said: the same words, one side denied."""

import re

from draftmill.evidence.support import root
from draftmill.evidence.tokens import words_of
from draftmill.language.lists import STOP, listed

NEGATORS = listed(
    """
    not no never nobody nothing none neither nor without cannot cant wont dont doesnt didnt isnt
    arent wasnt werent hasnt havent hadnt wouldnt couldnt shouldnt aint hardly noone
    fail fails failed impossible unable refuse refuses refused lack lacks lacked miss missing
    stop stops stopped avoid avoids avoided rather instead unless
    """
)
CLAUSE = re.compile(
    r"[,;:.!?\u2026\u2014()]|\b(?:and|but|because|while|which|that|when|if|so|as)\b"
)
IDIOM = re.compile(r"\b(?:not only|not just|no more than|no matter|not until|no doubt)\b")
FEWEST_SHARED = 2  # words of a clause that both sides hold
MOSTLY = 0.6  # of the clause's words


def is_flipped(claim: str, said: str) -> bool:
    """Whether a clause of the claim denies what a clause of the source asserts, or the reverse."""
    for clause, denied in _clauses(claim):
        for other, source_denied in _clauses(said):
            shared = len(clause & other)
            alike = shared >= MOSTLY * len(clause) or shared == len(other)
            if shared >= FEWEST_SHARED and alike and denied != source_denied:
                return True
    return False


def _clauses(text: str) -> list[tuple[set[str], bool]]:
    """Each clause as the roots of its words, and whether it denies."""
    found = []
    for clause in CLAUSE.split(IDIOM.sub(" ", text.casefold())):
        words = words_of(clause)
        telling = {root(word) for word in words if word not in STOP and word not in NEGATORS}
        if telling:
            found.append((telling, any(word in NEGATORS for word in words)))
    return found
