"""LRC -> cues: several stamps for a line, stamps for words, an offset."""

import re
from collections.abc import Iterator
from itertools import zip_longest

from draftmill.transcripts.formats.clocks import seconds
from draftmill.transcripts.formats.decoding import MAX_TEXT_BYTES, TranscriptTooLarge
from draftmill.transcripts.formats.markup import shown
from draftmill.transcripts.formats.parsed import BadCaptions, Parsed
from draftmill.transcripts.formats.shown import Shown, cues_of

STAMP = r"\[\s?-?\d{1,3}:\d{1,2}(?:[.:]\d{1,3})?\s?\]"
STAMPS = re.compile(rf"\s?({STAMP}(?:\s?{STAMP})*+)(.*)")
ONE = re.compile(r"-?\d{1,3}:\d{1,2}(?:[.:]\d{1,3})?")
FACT = re.compile(r"\s?\[(#|[A-Za-z_]{1,20}:)([^\n\]]{0,1000})\]?\s?")
LIKELY = re.compile(
    rf"^\s?\[(?:ti|ar|al|au|lr|by|offset|re|ve|tool|length):|^\s?{STAMP}\s?{STAMP}"
    rf"|^\s?{STAMP}.{{0,200}}<\d{{1,3}}:\d\d\.\d{{1,3}}>",
    re.IGNORECASE | re.MULTILINE,
)
OFFSET = re.compile(r"\s?[+-]?\d{1,7}\s?")
LAST = re.compile(r"<(\d{1,3}:\d{1,2}[.:]\d{1,3})>\s?$")


def lyrics(text: str) -> Parsed:
    """The cues of an .lrc file, none beyond the next stamp.

    Raises BadCaptions, and TranscriptTooLarge for lines that come again without end.
    """
    found: list[tuple[float, list[str]]] = []
    unread: list[int] = []
    offset_s, count, letters = 0.0, 0, 0
    for n, line in enumerate(text.split("\n"), 1):
        if match := STAMPS.fullmatch(line):
            said = [match[2]]
            starts = [_seconds(stamp) for stamp in ONE.findall(match[1])]
            found += [(start, said) for start in starts]
            count = len(starts)
        elif fact := FACT.fullmatch(line):
            offset_s = _offset(fact[2]) if fact[1].lower() == "offset:" else offset_s
        elif line.strip() and found:
            found[-1][1].append(line)
        elif line.strip():
            unread.append(n)
        letters += len(line) * count
    if letters > MAX_TEXT_BYTES:
        raise TranscriptTooLarge
    if not (cues := cues_of(_shown(found, offset_s))):
        raise BadCaptions("There are no lines in this .lrc file that could be read.")
    return Parsed(cues, tuple(unread))


def _shown(found: list[tuple[float, list[str]]], offset_s: float) -> Iterator[Shown]:
    found.sort(key=lambda one: one[0])
    # A stamp without text ends the line before; else how long a line lasts is not known.
    ends = [start if not any(map(str.strip, lines)) else None for start, lines in found[1:]]
    for (start, lines), end in zip_longest(found, ends):
        said = "\n".join(lines)
        last = LAST.search(said[-40:])
        for one in shown(start, _seconds(last[1]) if last else end, said):
            yield _earlier(one, offset_s)


def _earlier(cue: Shown, offset_s: float) -> Shown:
    """A positive offset says that everything is said earlier than its stamp."""
    lines = tuple(
        tuple((None if at is None else max(at - offset_s, 0.0), word) for at, word in line)
        for line in cue.lines
    )
    end_s = None if cue.end_s is None else max(cue.end_s - offset_s, 0.0)
    return Shown(max(cue.start_s - offset_s, 0.0), end_s, lines, cue.speaker)


def _seconds(clock: str) -> float:
    """LRC has minutes, seconds and a fraction; also when a colon stands before that."""
    minutes, _, rest = clock.partition(":")
    return seconds(f"{minutes}:{rest.replace(':', '.')}") or 0.0


def _offset(written: str) -> float:
    return int(written) / 1000 if OFFSET.fullmatch(written) else 0.0
