"""What shows only in a draft as a whole: sentences twice, copies of the transcript or of the task."""

import re
from collections.abc import Sequence
from dataclasses import replace

from draftmill.evidence.checks import marked
from draftmill.evidence.recording import Recording
from draftmill.evidence.records import Block, Claim, Flaw
from draftmill.evidence.repeats import with_repeats
from draftmill.evidence.tokens import weight, words_of
from draftmill.language.lists import FILLERS

COPIED = "copied"
COPIED_SENTENCES = 3  # of the transcript, one after the other, without quotation marks
COPIED_WORDS = 30
COPIED_AT_ONCE = 45  # words of one sentence
NEXT = 2  # sentences on: one that is too short to count may lie between
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
    spread = _copied_over_blocks(recording, blocks)
    done = []
    for block in blocks:
        copied = _copied(recording, block) | spread
        claims = []
        for claim in block.claims:
            if _is_task(claim.text, task):
                claim = marked(claim, Flaw("task", claim.text))
            elif claim.text in copied:
                claim = marked(claim, Flaw(COPIED, claim.text))
            claims.append(claim)
        done.append(replace(block, claims=tuple(claims)))
    return with_repeats(done)


def has_copied(block: Block) -> bool:
    """Whether sentences of a block are marked as copied."""
    return any(flaw.kind == COPIED for claim in block.claims for flaw in claim.problems)


def copied_as_it_stands(recording: Recording, block: Block) -> Block:
    """A changed block, in which what was copied may be less than a stretch by now."""
    once = replace(block, claims=tuple(claim.without(COPIED) for claim in block.claims))
    copied = _copied(recording, once)
    pairs = zip(block.claims, once.claims, strict=True)
    return replace(block, claims=tuple(a if a.text in copied else b for a, b in pairs))


def without_end(blocks: Sequence[Block]) -> list[Block]:
    """The blocks of a draft that was cut off: its last sentence is to be looked at."""
    if not blocks:
        return []
    *others, last = blocks
    *claims, end = last.claims
    cut = marked(end, Flaw("unfinished", end.text))
    return [*others, replace(last, claims=(*claims, cut))]


def _is_task(text: str, task: set[tuple[str, ...]]) -> bool:
    if TASK.search(text):
        return True
    if not task:
        return False
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


def _copied_over_blocks(recording: Recording, blocks: Sequence[Block]) -> set[str]:
    """The same of a stretch that is spread over blocks: one sentence after the other, as it was said.

    What stands in quotation marks, in a `>` block or with a time is quoted.
    """
    runs: list[list[Claim]] = []
    last = -1
    for claim in (one for b in blocks if b.kind != "heading" for one in b.claims if not one.form):
        place = recording.spoken.find(claim.text) if _is_verbatim(recording, claim) else None
        if place is None:
            continue
        first = recording.spoken.owners[place.first]
        if not last < first <= last + NEXT or not runs:
            runs.append([])
        runs[-1].append(claim)
        last = recording.spoken.owners[place.last]
    long = [run for run in runs if len(run) > 1 and _is_stretch(recording, run)]
    return {claim.text for run in long for claim in run}


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
    endless = any(weight(claim.text) >= COPIED_AT_ONCE for claim in run)
    return bool(run) and (rough or len(run) >= COPIED_SENTENCES or long or endless)
