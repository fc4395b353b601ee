"""What a writer says himself in the sentence of a quotation: clauses that no quotation bears out."""

import re
from collections.abc import Iterator, Mapping, Sequence

from draftmill.evidence.checks import SUPPORTED
from draftmill.evidence.recording import Recording
from draftmill.evidence.roles import VERB
from draftmill.evidence.sentences import Sentence
from draftmill.evidence.support import Found

LEAST = 0.55  # score: of few words more are borne out by chance
FEWEST_TERMS = 2  # telling words of a clause that claims something
CLAUSE = re.compile(
    r"[,;]\s+(?:and|but|so|while|because|although|which|who|where|when)\b|[;(]|\s[—–]\s"
    r"|(?<=[,:”’\"»])\s+(?:and|but|so|while|because|although)\b"
)
FRAMES = re.compile(rf"\b{VERB}\b|:\s*\Z|\?\s*\Z|\A\s*[—–-]+\s*[A-Z]")
EDGES = " \n,.;:!?…—–-()\"'“”‘’«»"


def asides_of(recording: Recording, sentence: Sentence) -> list[str]:
    """The clauses around the quotations of a sentence that claim something, none that only frames."""
    if not sentence.quotations or sentence.text.rstrip().endswith("?"):
        return []
    return [
        clause
        for piece in _around(sentence)
        for clause in _clauses(piece)
        if len(recording.grounds.asked(clause)) >= FEWEST_TERMS
    ]


def untold(recording: Recording, asides: Sequence[str], found: Mapping[str, Found]) -> str:
    """The first clause that nothing bears out, "" for none."""
    least = LEAST if recording.english else SUPPORTED  # where meaning is known less well
    return next((clause for clause in asides if found[clause].score < least), "")


def _around(sentence: Sentence) -> Iterator[str]:
    at = sentence.start
    for quotation in sentence.quotations:
        yield sentence.text[at - sentence.start : max(at, quotation.start) - sentence.start]
        at = max(at, quotation.end)
    yield sentence.text[at - sentence.start :]


def _clauses(piece: str) -> Iterator[str]:
    at = 0
    ends = [match.span() for match in CLAUSE.finditer(piece)] + [(len(piece), len(piece))]
    for end, behind in ends:
        clause = piece[at:end]
        if not FRAMES.search(clause):
            yield clause.strip(EDGES)
        at = behind
