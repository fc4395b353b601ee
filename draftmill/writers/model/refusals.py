"""What no reader shall see of a model: its question copied, a sentence again and again, mere inventions."""

import re
from collections.abc import Sequence

from content_actions import ContentType
from draftmill.evidence.quotation_marks import QUOTED
from draftmill.evidence.records import Block, Claim
from draftmill.evidence.tokens import words_of
from draftmill.writers.material import Material
from draftmill.writers.model.citations import CITED
from draftmill.writers.model.repeats import TAGS, said_too_often
from draftmill.writers.refused import Refused

RUN = 8  # words in a row that are copied
MOST_COPIED = 0.1  # of the question
MOST_WEAK = 0.4  # of the claims
MOST_WEAK_OF_FEW = 0.5  # of few claims, of which two at least: one may be marked by mistake
# Measured on five drafts in other words: against their own recordings up to 70 % of the claims were weak,
# most at 0.35 to 0.55, and 0 to 40 % were as below; against three others, 60 to 100 % were.
INVENTED = 0.35  # the score below which a weak claim was not merely said in other words
FACTS = ("quotation", "number", "name")  # what no other words make wrong
LEAST_OF_ARTICLE, LEAST_OF_POSTS = 40, 10  # words of a draft
MANY_SAID = 200  # words of a recording that has more to tell than that
LONGEST_ASKING = 80  # words of an answer that is only a question
ASKING = re.compile(
    r"\b(?:(?:please|(?:could|can|would) you(?: please)?|once you|if you) (?:provide|paste|upload|attach|supply|share|send)(?: me| us)?(?: with)? (?:the|your|a|any)"
    r"|I (?:do not|don['\u2019]?t|cannot|can['\u2019]?t|did not|didn['\u2019]?t) (?:see|have|find|receive|get)"
    r"(?: access to)?)\b[^.?!\n]{0,40}\b(?:transcript|recording|material)\b",
    re.IGNORECASE,
)
CLAIM_WORDS = 4
FEWEST_CLAIMS = 5  # fewer are few
QUOTED_BLOCK = re.compile(r"^ {0,3}>[^\n]*(?:\n|\Z)", re.MULTILINE)


def check(answer: str, question: str, fence: str) -> None:
    """Raise Refused for an answer that is no draft, whatever it is about."""
    check_fence(answer, fence)
    if copied(answer, question) > MOST_COPIED:
        raise Refused("The model copied what it was given instead of writing.")
    if len(words_of(answer)) <= LONGEST_ASKING and ASKING.search(answer):
        raise Refused("The model asked for the recording instead of writing.")
    check_repeats(answer)


def check_fence(answer: str, fence: str) -> None:
    """Raise Refused for an answer with the marks that stand around the material."""
    if fence and fence in answer.casefold():
        raise Refused("The model repeated marks that stand around the recording.")


def check_repeats(answer: str) -> None:
    """Raise Refused for an answer that says a sentence three times."""
    if said_too_often(answer) is not None:
        raise Refused("The model said the same sentence three times.")


def check_length(answer: str, content: ContentType, material: Material) -> None:
    """Raise Refused for a few words about a recording of many."""
    count = len(words_of(answer))
    if count >= (LEAST_OF_ARTICLE if content.shape == "article" else LEAST_OF_POSTS):
        return
    if sum(len(words_of(segment.text)) for segment in material.trusted) > MANY_SAID:
        raise Refused(f"The model wrote {count} words instead of a draft.")


def check_claims(blocks: Sequence[Block]) -> None:
    """Raise Refused when too much of a draft is not borne out by the recording."""
    invented, count = invented_of(blocks)
    most = MOST_WEAK if count >= FEWEST_CLAIMS else MOST_WEAK_OF_FEW
    if invented > 1 and invented > most * count:
        raise Refused(
            f"Of {count} statements that the model wrote, {invented} were not found in the recording."
        )


def is_mostly_weak(blocks: Sequence[Block]) -> bool:
    """Whether so much is weak that a draft may be refused."""
    claims = [claim for block in blocks for claim in block.claims if _states(claim)]
    return sum(claim.status == "weak" for claim in claims) > MOST_WEAK * len(claims)


def invented_of(blocks: Sequence[Block]) -> tuple[int, int]:
    """How many claims of a draft look invented, and how many there are."""
    claims = [claim for block in blocks for claim in block.claims if _states(claim)]
    return sum(map(_invented, claims)), len(claims)


def _states(claim: Claim) -> bool:
    """A few words claim little, and tags nothing."""
    return len(words_of(claim.text)) >= CLAIM_WORDS and not TAGS.fullmatch(claim.text)


def _invented(claim: Claim) -> bool:
    wrong = any(flaw.kind in FACTS for flaw in claim.problems)
    return claim.status == "weak" and (wrong or claim.score < INVENTED)


def copied(answer: str, question: str) -> float:
    """The share of a question's words that an answer repeats in long runs; quotations are none."""
    asked = words_of(CITED.sub(" ", question))
    own = words_of(QUOTED.sub(" ", QUOTED_BLOCK.sub("\n", CITED.sub(" ", answer))))
    runs = {tuple(own[at : at + RUN]) for at in range(len(own) - RUN + 1)}
    hit = bytearray(len(asked))
    for at in range(len(asked) - RUN + 1):
        if tuple(asked[at : at + RUN]) in runs:
            hit[at : at + RUN] = b"\1" * RUN
    return sum(hit) / max(1, len(asked))
