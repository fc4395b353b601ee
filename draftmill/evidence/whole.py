"""What shows only in a draft as a whole: sentences twice, copies of the transcript or of the task."""

import re
from collections.abc import Sequence

from draftmill.evidence.checks import marked
from draftmill.evidence.recording import Recording
from draftmill.evidence.records import Block, Claim, Flaw
from draftmill.evidence.tokens import weight, words_of
from draftmill.language.lists import FILLERS

FEWEST_REPEATED = 5  # words of a sentence that is a repetition when it comes again
COPIED_SENTENCES = 3  # of the transcript, one after the other, without quotation marks
COPIED_WORDS = 30
FEWEST_COPIED = 4  # words of a sentence that counts
LIKE_THE_TASK = 0.5  # share of a sentence's word triples that stand in the prompts

# What a task tells its writer to do, and a draft never says to its reader.
TASK = re.compile(
    r"""(?ix)\A\W*(?:please\s+)?(?:write|use|do\s+not|don't|return|answer|keep|base|quote|begin|avoid
    |make\s+sure|follow|respond|output|include|summari[sz]e|here\s+is|the\s+following|each\s+line|you\s+are)\b
    .*\b(?:transcript|markdown|articles?|blog|newsletter|posts?|characters|headings?|material|prompt
    |instructions?|language\s+model|word\s+for\s+word|assistant|json)\b"""
)


def with_whole(
    recording: Recording, blocks: Sequence[Block], prompts: Sequence[str] = ()
) -> list[Block]:
    """The blocks with the claims marked that only the whole draft shows to be wrong."""
    task = {triple for text in prompts for triple in _triples(text)}
    seen: list[set[str]] = []
    done = []
    for block in blocks:
        copied = _copied(recording, block)
        claims = []
        for claim in block.claims:
            if _is_repeated(claim.text, seen):
                claim = marked(claim, Flaw("repeated", claim.text))
            elif _is_task(claim.text, task):
                claim = marked(claim, Flaw("task", claim.text))
            elif claim.text in copied:
                claim = marked(claim, Flaw("copied", claim.text))
            claims.append(claim)
        done.append(Block(block.hash, block.kind, tuple(claims), block.frame))
    return done


def _is_repeated(text: str, seen: list[set[str]]) -> bool:
    words = words_of(text)
    if len(words) < FEWEST_REPEATED:
        return False
    distinct = set(words)
    again = any(len(distinct & other) >= 0.9 * len(distinct | other) for other in seen)
    seen.append(distinct)
    return again


def _is_task(text: str, task: set[tuple[str, ...]]) -> bool:
    if TASK.search(text):
        return True
    own = _triples(text)
    return len(own) >= 4 and sum(triple in task for triple in own) >= LIKE_THE_TASK * len(own)


def _triples(text: str) -> list[tuple[str, ...]]:
    words = words_of(text)
    return list(zip(words, words[1:], words[2:], strict=False))


def _copied(recording: Recording, block: Block) -> set[str]:
    """The sentences of a block that are a stretch of the transcript, as it stands there."""
    runs: list[list[Claim]] = [[]]
    for claim in block.claims:
        if _is_verbatim(recording, claim):
            runs[-1].append(claim)
        else:
            runs.append([])
    return {claim.text for run in runs if _is_stretch(recording, run) for claim in run}


def _is_verbatim(recording: Recording, claim: Claim) -> bool:
    if weight(claim.text) < FEWEST_COPIED or claim.text[:1] in '"“‘«„':
        return False
    if recording.english and any(word in FILLERS for word in words_of(claim.text)):
        return True
    return claim.status == "said" and recording.spoken.find(claim.text) is not None


def _is_stretch(recording: Recording, run: Sequence[Claim]) -> bool:
    words = (word for claim in run for word in words_of(claim.text))
    rough = recording.english and any(word in FILLERS for word in words)
    long = len(run) > 1 and sum(weight(claim.text) for claim in run) >= COPIED_WORDS
    return bool(run) and (rough or len(run) >= COPIED_SENTENCES or long)
