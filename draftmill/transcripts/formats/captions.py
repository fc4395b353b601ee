"""SubRip, WebVTT, SBV, SubViewer and Premiere's text -> cues."""

import re
from collections.abc import Iterator, Sequence

from draftmill.transcripts.formats.blocks import Block, blocks, has_arrows
from draftmill.transcripts.formats.markup import shown
from draftmill.transcripts.formats.names import names_above
from draftmill.transcripts.formats.parsed import BadCaptions, Parsed
from draftmill.transcripts.formats.shown import Shown, cues_of

WEBVTT = re.compile(r"\s{0,20}WEBVTT\b")


def captions(text: str, webvtt: bool = False) -> Parsed:
    """The cues of a file of captions, and the lines that could not be read. Raises BadCaptions."""
    lines = _without_doubled_ends(text.split("\n"))
    found, unread = blocks(lines, webvtt or bool(WEBVTT.match(text)))
    if not has_arrows(lines):
        return _parsed(_named(found), unread)
    return _parsed(((block, "") for block in found), unread)


def _parsed(found: Iterator[tuple[Block, str]], unread: Sequence[int]) -> Parsed:
    cues = cues_of(one for block, speaker in found for one in _shown(block, speaker))
    if not cues:
        raise BadCaptions
    return Parsed(cues, tuple(unread))


def _shown(block: Block, speaker: str) -> Iterator[Shown]:
    return shown(block.start_s, block.end_s, "\n".join(block.lines), speaker)


def _named(found: Sequence[Block]) -> Iterator[tuple[Block, str]]:
    """The blocks with their speakers, where these stand on the line under the times."""
    named = names_above([block.lines for block in found])
    for block, (speaker, lines) in zip(found, named, strict=True):
        yield Block(block.line, block.start_s, block.end_s, tuple(lines)), speaker


def _without_doubled_ends(lines: list[str]) -> list[str]:
    """The lines of a file whose line ends were doubled on their way, each followed by a blank one."""
    if len(lines) > 4 and not any(line.strip() for line in lines[1::2]):
        return lines[0::2]
    return lines
