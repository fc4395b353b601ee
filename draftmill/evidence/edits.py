"""The evidence of a text that a person changed: what stands as it was keeps what was found of it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from draftmill.evidence.blocks import Text, blocks_of
from draftmill.evidence.checks import check
from draftmill.evidence.known import has_words
from draftmill.evidence.recording import Recording
from draftmill.evidence.records import Block, Claim, frame_of
from draftmill.evidence.sentences import Sentence, sentences_in
from draftmill.projects.screenshots import Screenshot


def after_edit(
    recording: Callable[[], Recording],
    before: Sequence[Block],
    body: str | Sequence[str],
    shots: Sequence[Screenshot] = (),
) -> list[Block]:
    """The evidence of an edited body. `recording` is asked for only if a sentence is new.

    Blocks and sentences that stand as they did keep what was found. What a person wrote anew is
    said or supported where the recording bears it out, else theirs: never weak, for they know
    what they wrote; what is wrong with it is told all the same.
    """
    blocks = {block.hash: block for block in before}
    claims = {claim.text: claim for block in before for claim in block.claims}
    found: list[Block] = []
    for text in blocks_of(body):
        if text.hash in blocks:
            found.append(blocks[text.hash])
        elif has_words(text):
            own = tuple(_claims(recording, claims, text))
            found.append(Block(text.hash, text.kind, own, frame_of(own, shots)))
    return found


def _claims(
    recording: Callable[[], Recording], known: dict[str, Claim], text: Text
) -> Iterator[Claim]:
    sentences = sentences_in(text)
    new = [one for one in sentences if one.text not in known]
    checked = iter(_persons(recording(), text, new) if new else ())
    for sentence in sentences:
        yield known[sentence.text] if sentence.text in known else next(checked)


def _persons(recording: Recording, text: Text, sentences: Sequence[Sentence]) -> Iterator[Claim]:
    found = recording.grounds.ask([sentence.text for sentence in sentences])
    for sentence, one in zip(sentences, found, strict=True):
        claim = check(recording, text, sentence, one, found)
        yield replace(claim, status="yours") if claim.status == "weak" else claim
