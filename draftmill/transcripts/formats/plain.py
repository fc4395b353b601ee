"""Plain text -> cues, with the times that stand in it, or with estimated ones.

Known: "[00:12:03] text", "12:03 Ada: text", "Ada: [0:12] text", "Ada (0:12)" or "Ada  0:12" or
"0:12" alone on the line before the text, "[0:12] - Ada" there, and "[00:00.000 --> 00:05.000] text".
"""

import re
from collections.abc import Iterator, Sequence

from draftmill.transcripts.formats.cues import Cue
from draftmill.transcripts.formats.headed import BESIDES, headed
from draftmill.transcripts.formats.labels import label_of, may_be_a_name
from draftmill.transcripts.formats.names import names_above
from draftmill.transcripts.formats.parsed import Parsed
from draftmill.transcripts.formats.stamps import Stamp, pieces_of, stamps_in

WORDS_A_MINUTE = 150.0  # of usual speech, where a text holds no times
PARAGRAPH_PAUSE_S = 1.5  # keeps sentences from running across paragraphs
SLOWEST_S = 0.8  # seconds a word: what follows the last word until the next stamp is silence
EARLY = 5  # lines: times that begin later must be many

LISTED = re.compile(r"\s*(?:>>|[-*•]\s)")
PARAGRAPHS = re.compile(r"\n\s*\n")


def plain(text: str) -> Parsed:
    """The cues of a plain text. They are `timed` if their times were in it, else estimated."""
    if under_heads := headed(text):
        return Parsed(under_heads)
    pieces = pieces_of(text)
    stamps = stamps_in(pieces)
    if _is_timed(pieces, stamps):
        return Parsed(sorted(_between(pieces, stamps), key=lambda cue: cue.start_s))
    return Parsed(list(_estimated(text)), timed=False)


def _is_timed(pieces: Sequence[str], stamps: Sequence[Stamp]) -> bool:
    """Whether the stamps time the text: near its beginning or close together, and not just a few."""
    if not stamps:
        return False
    filled = [n for n, piece in enumerate(pieces) if piece.strip()]
    early = sum(n < stamps[0].at for n in filled) < EARLY
    behind = sum(n >= stamps[0].at for n in filled)
    if early:
        return len(stamps) > 2 or len(stamps) * 4 >= len(filled)
    return len(stamps) > 2 and len(stamps) * 4 >= behind


def _between(pieces: Sequence[str], stamps: Sequence[Stamp]) -> Iterator[Cue]:
    above = (line for line in pieces[: stamps[0].at] if not BESIDES.fullmatch(line.strip()))
    if heading := _joined(list(above)):
        yield Cue(0.0, min(stamps[0].start_s, _spoken_s(heading)), heading)
    ends = [*(stamp.at for stamp in stamps[1:]), len(pieces)]
    blocks = [
        [line for line in (stamp.text, *pieces[stamp.at + 1 : end]) if line.strip()]
        for stamp, end in zip(stamps, ends, strict=True)
    ]
    following = [*(stamp.start_s for stamp in stamps[1:]), None]
    for stamp, (name, lines), later in zip(stamps, names_above(blocks), following, strict=True):
        if text := _joined(lines):
            turns = list(_turns("\n".join(lines)))
            end_s = _end_s(stamp, text, later)
            yield from _one_after_another(turns, stamp.start_s, end_s, stamp.speaker or name)


def _one_after_another(
    turns: Sequence[str], start_s: float, end_s: float, speaker: str
) -> Iterator[Cue]:
    """What several say under one time shares it by its length."""
    scale = (end_s - start_s) / sum(map(len, turns))
    for turn in turns:
        end_s = start_s + scale * len(turn)
        yield Cue(start_s, end_s, turn, (), speaker)
        start_s = end_s


def _end_s(stamp: Stamp, text: str, later: float | None) -> float:
    """Where a text ends: where it is written, else after slow speech, and before the next."""
    if stamp.end_s is not None and stamp.end_s > stamp.start_s:
        end_s = stamp.end_s
    elif later is None or later <= stamp.start_s:
        return stamp.start_s + _spoken_s(text)
    else:
        end_s = stamp.start_s + SLOWEST_S * len(text.split())
    return min(end_s, later) if later is not None and later > stamp.start_s else end_s


def _estimated(text: str) -> Iterator[Cue]:
    """A cue for each paragraph, or for each line where lines name their speakers."""
    at = 0.0
    for paragraph in PARAGRAPHS.split(text):
        for part in _turns(paragraph):
            end = at + _spoken_s(part)
            yield Cue(at, end, part)
            at = end
        at += PARAGRAPH_PAUSE_S


def _turns(paragraph: str) -> Iterator[str]:
    """The lines of a paragraph, those joined that only wrap one text."""
    part: list[str] = []
    for line in paragraph.split("\n"):
        begins = LISTED.match(line) or may_be_a_name(label_of(line))
        if begins and part:
            yield _joined(part)
            part = []
        part.append(line)
    if joined := _joined(part):
        yield joined


def _joined(lines: Sequence[str]) -> str:
    return " ".join(" ".join(lines).split())


def _spoken_s(text: str) -> float:
    return len(text.split()) * 60.0 / WORDS_A_MINUTE
