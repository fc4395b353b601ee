"""MicroDVD's frames and MPL2's tenths of a second -> cues."""

import re

from draftmill.transcripts.formats.markup import shown
from draftmill.transcripts.formats.parsed import BadCaptions, Parsed
from draftmill.transcripts.formats.shown import Shown, cues_of

FRAMES = re.compile(r"\s?\{\s?(\d{1,9})\s?\}\s?\{\s?(\d{0,9})\s?\}(.*)")
TENTHS = re.compile(r"\s?\[\s?(-?\d{1,9})\s?\]\s?\[\s?(-?\d{0,9})\s?\](.*)")
RATE = re.compile(r"\d{1,3}(?:[.,]\d{1,4})?")
CODE = re.compile(r"\{[a-zA-Z]:[^{}\n]{0,100}\}")


class UnknownRate(BadCaptions):
    code = "frame_rate_unknown"
    default_message = "The times in this .sub file are counted in frames of unknown length."
    default_hint = (
        "Write the frames a second into its first line, as in {1}{1}25, or bring an .srt."
    )


def frames(text: str) -> Parsed:
    """The cues of a MicroDVD file, whose first line says the frames a second.

    Raises UnknownRate when it does not, and BadCaptions.
    """
    lines = text.split("\n")
    first = next(filter(None, map(FRAMES.fullmatch, lines)), None)
    if not first or first[1] not in "01" or not RATE.fullmatch(first[3].strip()):
        raise UnknownRate
    rate = float(first[3].strip().replace(",", "."))
    if not rate:
        raise UnknownRate
    return _counted(lines, FRAMES, 1 / rate, skip=first.string)


def tenths(text: str) -> Parsed:
    """The cues of an MPL2 file. Raises BadCaptions."""
    return _counted(text.split("\n"), TENTHS, 0.1)


def _counted(lines: list[str], pattern: re.Pattern[str], unit: float, skip: str = "") -> Parsed:
    found: list[Shown] = []
    unread: list[int] = []
    for n, line in enumerate(lines, 1):
        match = pattern.fullmatch(line)
        if match and line != skip:
            end = int(match[2]) * unit if match[2] else None
            start = max(int(match[1]) * unit, 0.0)
            found += shown(start, end, CODE.sub("", _rows(match[3])))
        elif not match and line.strip():
            unread.append(n)
    if not (cues := cues_of(found)):
        raise BadCaptions
    return Parsed(cues, tuple(unread))


def _rows(text: str) -> str:
    """The rows of a text, without the slash that makes one slanted."""
    return "\n".join(row.strip().removeprefix("/") for row in text.split("|"))
