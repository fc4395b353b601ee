"""What is known of a text already, and what nobody has checked yet."""

from collections.abc import Sequence

from draftmill.evidence.blocks import Text, blocks_of
from draftmill.evidence.records import Block, Claim
from draftmill.evidence.repeats import has_repeats, with_repeats


def unchecked(before: Sequence[Block], body: str | Sequence[str]) -> list[Text]:
    """The blocks of a body of which nothing is known yet."""
    known = {block.hash for block in before}
    return [text for text in blocks_of(body) if text.hash not in known and has_words(text)]


def as_they_stand(before: Sequence[Block], body: str | Sequence[str]) -> list[Block]:
    """What is known of a body, in its order; what nothing is known of is the person's."""
    texts = blocks_of(body)
    known = standing(before, texts)
    return [
        known.get(text.hash) or Block(text.hash, text.kind, (Claim(text.text, "yours", 0.0),))
        for text in texts
        if text.hash in known or has_words(text)
    ]


def standing(before: Sequence[Block], texts: Sequence[Text]) -> dict[str, Block]:
    """What is known of some texts, by hash. What stood there twice may stand there once now."""
    known = {block.hash: block for block in before}
    found = [known[text.hash] for text in texts if text.hash in known]
    return {one.hash: one for one in (with_repeats(found) if has_repeats(found) else found)}


def has_words(text: Text) -> bool:
    """Whether there is anything in a block that could rest on something."""
    return any(character.isalnum() for character in text.text)
