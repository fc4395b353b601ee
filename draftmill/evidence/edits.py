"""The evidence of a text that a person changed: what stands as it was keeps what was found of it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from draftmill.evidence.blocks import Text, blocks_of
from draftmill.evidence.checks import check
from draftmill.evidence.recording import Recording
from draftmill.evidence.records import Block, Claim, frame_of
from draftmill.evidence.sentences import Sentence, sentences_in
from draftmill.projects.screenshots import Screenshot


def unchecked(before: Sequence[Block], body: str | Sequence[str]) -> list[Text]:
    """The blocks of a body of which nothing is known yet."""
    known = {block.hash for block in before}
    return [text for text in blocks_of(body) if text.hash not in known and _has_words(text)]


def as_they_stand(before: Sequence[Block], body: str | Sequence[str]) -> list[Block]:
    """What is known of a body, in its order; what nothing is known of is the person's."""
    known = {block.hash: block for block in before}
    return [
        known.get(text.hash) or Block(text.hash, text.kind, (Claim(text.text, "yours", 0.0),))
        for text in blocks_of(body)
        if text.hash in known or _has_words(text)
    ]


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
        elif _has_words(text):
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


def _has_words(text: Text) -> bool:
    return any(character.isalnum() for character in text.text)
