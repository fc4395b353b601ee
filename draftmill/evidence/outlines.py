"""The evidence of an outline: its writer knows which sentences it quotes, so nothing is searched for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from draftmill.evidence.blocks import Text, blocks_of
from draftmill.evidence.records import Block, Claim, Source, frame_of
from draftmill.language.words import plain
from draftmill.projects.screenshots import Screenshot
from draftmill.transcripts.chapters import Chapter
from draftmill.transcripts.segments import Segment


@dataclass(frozen=True)
class Quoted:
    """What an outline quotes, and the sentences that it is made of."""

    text: str
    segments: tuple[Segment, ...]


def evidence_of_outline(
    body: str | Sequence[str],
    quoted: Sequence[Quoted],
    chapters: Sequence[Chapter],
    segments: Sequence[Segment],
    shots: Sequence[Screenshot],
) -> list[Block]:
    """The blocks of an outline: what it quotes was said, and labels rest on their chapters."""
    opened = {chapter.title: _opening(chapter, segments) for chapter in chapters if chapter.title}
    blocks = []
    for text in blocks_of(body):
        claims = tuple(_claims(text, quoted, opened))
        if claims:  # a picture or a time alone claims nothing
            blocks.append(Block(text.hash, text.kind, claims, frame_of(claims, shots)))
    return blocks


def _claims(
    block: Text, quoted: Sequence[Quoted], opened: dict[str, tuple[Source, ...]]
) -> Iterator[Claim]:
    """What was said in the order of the text, and the lines that stand around it."""
    places = sorted(
        ((at, one) for one in quoted if (at := block.text.find(plain(one.text))) >= 0),
        key=lambda place: place[0],
    )
    end = 0
    for at, one in places:
        if at >= end:
            yield from _labels(block.text[end:at], opened)
            yield Claim.said(plain(one.text), one.segments)
            end = at + len(plain(one.text))
    yield from _labels(block.text[end:], opened)


def _labels(text: str, opened: dict[str, tuple[Source, ...]]) -> Iterator[Claim]:
    """Facts of the recording and the titles of its chapters."""
    for line in filter(str.strip, text.splitlines()):
        words = line.strip()
        if any(character.isalnum() for character in words):
            title = next((title for title in opened if words.endswith(plain(title))), "")
            yield Claim(words, "supported", 1.0, opened.get(title, ()))


def _opening(chapter: Chapter, segments: Sequence[Segment]) -> tuple[Source, ...]:
    inside = (s for s in segments if chapter.start_s <= s.start_s < chapter.end_s)
    return tuple(Source.of(segment) for segment in [next(inside, None)] if segment)
