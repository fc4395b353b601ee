"""The model asked about single statements of its draft: said, not said, or partly. Off by default.

Only what the other checks doubt, and what denies something, is asked about, with no more of the
recording than the sentences around the best ones.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from draftmill.errors import Problem
from draftmill.evidence.checks import marked
from draftmill.evidence.negation import DENYING
from draftmill.evidence.recording import Recording
from draftmill.evidence.records import Block, Claim, Flaw
from draftmill.evidence.tokens import words_of
from draftmill.language.lists import NEGATORS
from draftmill.writers.model import prompts
from draftmill.writers.model.prompts import Prompt

MOST_QUESTIONS = 12  # for one draft
DOUBTS = {"support", "negation"}  # what a yes answers; a wrong number stays wrong
ANSWER = re.compile(r"\W*(yes|no|partly|partially)\b", re.IGNORECASE)

Ask = Callable[[Prompt], str]


def asked(recording: Recording, blocks: Sequence[Block], ask: Ask) -> list[Block]:
    """The blocks with the answers of a model: doubts that it clears, and doubts that it has.

    A question that the server cannot answer is the last one; what is left stays as it is.
    """
    questions = [claim for block in blocks for claim in block.claims if _is_asked(claim)]
    answers: dict[str, Claim] = {}
    for claim in questions[:MOST_QUESTIONS]:
        try:
            answers[claim.text] = _judged(claim, ask(_question(recording, claim)))
        except Problem:
            break
    return [
        replace(block, claims=tuple(answers.get(claim.text, claim) for claim in block.claims))
        for block in blocks
    ]


def _is_asked(claim: Claim) -> bool:
    if not claim.sources:
        return False
    if claim.status == "weak":
        return all(flaw.kind in DOUBTS for flaw in claim.problems)
    return claim.status == "supported" and not (NEGATORS | DENYING).isdisjoint(words_of(claim.text))


def _question(recording: Recording, claim: Claim) -> Prompt:
    places = {(s.window, s.n): at for at, s in enumerate(recording.segments)}
    known = [places[source.segment] for source in claim.sources if source.segment in places]
    said = [recording.texts[at] for at in recording.around(known)]
    return prompts.entailment(said, claim.text)


def _judged(claim: Claim, answer: str) -> Claim:
    found = ANSWER.match(answer)
    if found is None:
        return claim
    if found[1].casefold() == "yes":
        kept = tuple(flaw for flaw in claim.problems if flaw.kind not in DOUBTS)
        return (
            claim if claim.status != "weak" else replace(claim, status="supported", problems=kept)
        )
    return claim if claim.status == "weak" else marked(claim, Flaw("support", claim.text))
