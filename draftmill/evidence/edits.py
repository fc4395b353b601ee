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
    texts = [text for text in blocks_of(body) if text.hash in blocks or has_words(text)]
    edited = [text for text in texts if text.hash not in blocks]
    anew = dict(zip(edited, _claims(recording, claims, edited), strict=True))
    return [
        Block(text.hash, text.kind, anew[text], frame_of(anew[text], shots))
        if text in anew
        else blocks[text.hash]
        for text in texts
    ]


def _claims(
    recording: Callable[[], Recording], known: dict[str, Claim], texts: Sequence[Text]
) -> Iterator[tuple[Claim, ...]]:
    """Those of each text; all that is new in them is asked for at once."""
    sentences = [sentences_in(text) for text in texts]
    new = [[one for one in of_text if one.text not in known] for of_text in sentences]
    checked = _persons(recording(), texts, new) if any(new) else iter(())
    for of_text in sentences:
        yield tuple(known[one.text] if one.text in known else next(checked) for one in of_text)


def _persons(
    recording: Recording, texts: Sequence[Text], new: Sequence[Sequence[Sentence]]
) -> Iterator[Claim]:
    answers = iter(recording.grounds.ask([one.text for of_text in new for one in of_text]))
    for text, of_text in zip(texts, new, strict=True):
        found = [next(answers) for _ in of_text]
        for sentence, one in zip(of_text, found, strict=True):
            claim = check(recording, text, sentence, one, found)
            yield replace(claim, status="yours") if claim.status == "weak" else claim
