"""Lines -> blocks: a line of two times, and the text that stands under it, whatever its shape.

SubRip, WebVTT, SBV, SubViewer and Premiere's text differ in how they write their times and in
what stands around them; what stands under two times is said at those times in all of them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from draftmill.transcripts.formats.clocks import CLOCK, rate_of, seconds
from draftmill.transcripts.formats.numbering import Numbering

ARROW = r"(?:(?:[-–—=−]\s?){1,3}(?:>|&gt;)|→|⟶)"
WITH_ARROW = re.compile(
    rf"\s?(?:\d{{1,7}}\s)?(?P<start>{CLOCK})\s?{ARROW}\s?(?:(?P<end>{CLOCK})(?![\d:])(?P<rest>.*)|$)"
)
BETWEEN = re.compile(
    rf"\s?(?P<start>{CLOCK})(?:\s?(?:,|-{{1,3}}|–|—|\t)\s?|\s)(?P<end>{CLOCK})(?P<rest>)\s?"
)
# YouTube's and SubViewer's pairs, whose comma would be taken for a fraction's.
COMMA = re.compile(
    r"\s?(?P<start>(?:\d{1,3}:)?\d{1,2}:\d{1,2}[.:;]\d{1,3})\s?,\s?"
    r"(?P<end>(?:\d{1,3}:)?\d{1,2}:\d{1,2}[.:;]\d{1,3})(?P<rest>(?:\s?,.*)?)"
)
SURE = re.compile(r"-?\d{1,3}[:;]\d{1,2}[:;]\d{1,2}|-?\d{1,3}:\d{1,2}[.,]\d{1,3}")
WHOLE = re.compile(r"\d\s?[:;]\s?\d")
ANY_ARROW = re.compile(ARROW)
HALF_A_CLOCK = re.compile(r"\d\s?[:;]\s?\w")
FRACTION = re.compile(r":\s?\d{1,2}\s?[.,]\s?\d{1,3}$")
WORD = re.compile(r"[^\W\d_]{2}")
LONE = re.compile(r"\s?-?\d{1,3}:\d{1,2}:\d{1,2}[.,]\d{3}\s?")
SETTING = re.compile(
    r"\s?(?:(?i:align|position|line|size|vertical|region|[XY][12]):|[ADLST]:(?=[\w-]{1,9}%?(?:\s|$)))"
    r"[^\s]{1,100}(?=\s|$)"
)
HEAD = re.compile(
    r"\s?(?:\[|@|<(?:begin|end) subtitles>|(?:Kind|Language|Region|Style|X-TIMESTAMP-MAP)[:=])",
    re.I,
)
COMMENT = re.compile(r"(?:NOTE(?:\s|$)|(?:STYLE|REGION)\s?$|WEBVTT)")
REACH = 60  # letters of a line in which the arrow stands


@dataclass(frozen=True)
class Block:
    """Text with its span in seconds. `line` counts from 1; `end_s` is None when it is missing."""

    line: int
    start_s: float
    end_s: float | None
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Times:
    """A line of times as it is written; without a `start` it could not be read."""

    at: int
    start: str = ""
    end: str = ""
    rest: str = ""


def blocks(lines: Sequence[str], webvtt: bool = False) -> tuple[list[Block], list[int]]:
    """The blocks of a file, and the numbers of the lines where text has no times to be read."""
    times = list(times_in(lines))
    if not times:
        return [], []
    rate = rate_of(clock for one in times for clock in (one.start, one.end))
    spoken = [not line.isspace() and line != "" for line in lines]
    for n in _comments(lines, [one.at for one in times]) if webvtt else ():
        spoken[n] = False
    for n in Numbering(lines, [one.at for one in times], spoken, webvtt).lines():
        spoken[n] = False
    unread = _strays(lines, spoken, times[0].at)
    found = []
    for one, end in zip(times, [*(one.at for one in times[1:]), len(lines)], strict=True):
        start_s = seconds(one.start, rate)
        under = [lines[n] for n in range(one.at + 1, end) if spoken[n] and not _closes(lines[n])]
        under = [one.rest, *under] if one.rest else under
        if start_s is None:
            unread.append(one.at + 1)
        elif under:
            end_s = seconds(one.end, rate)
            found.append(Block(one.at + 1, start_s, end_s, tuple(under)))
    return found, unread


def times_in(lines: Sequence[str]) -> Iterator[Times]:
    """The lines of two times, and those that only look like it."""
    arrows = has_arrows(lines)
    for n, line in enumerate(lines):
        if match := _arrow(line) or _pair(line, sure=arrows):
            yield Times(n, match["start"], match["end"] or "", _text_of(match["rest"] or ""))
        elif arrows and (LONE.fullmatch(line) or _is_broken(line)):
            yield Times(n)


def are_captions(lines: Sequence[str]) -> bool:
    """Whether a text is full of lines of two times; one that is nothing else says enough."""
    filled = sum(bool(line.strip()) for line in lines)
    arrows = [match["start"] for line in lines if (match := _arrow(line))]
    pairs = 0 if arrows else sum(_pair(line, sure=True) is not None for line in lines)
    if any(map(FRACTION.search, arrows)):
        return True
    return (len(arrows) > 1 and len(arrows) * 8 >= filled) or 0 < filled <= pairs * 8


def has_arrows(lines: Sequence[str]) -> bool:
    """Whether a line begins with two times and an arrow between them."""
    return any(map(_arrow, lines))


def _arrow(line: str) -> re.Match[str] | None:
    return WITH_ARROW.match(line) if any(sign in line for sign in (">", "&gt;", "→", "⟶")) else None


def _pair(line: str, sure: bool) -> re.Match[str] | None:
    """Two times without an arrow, alone on a line. Where `sure`, no "10:30 - 11:15" is one."""
    match = COMMA.fullmatch(line) or BETWEEN.fullmatch(line)
    both = (match["start"], match["end"]) if match else ()
    return (
        match
        if both and all(SURE.match(one) if sure else WHOLE.search(one) for one in both)
        else None
    )


def _is_broken(line: str) -> bool:
    """Whether a line has an arrow between what should be times."""
    arrow = ANY_ARROW.search(line[:REACH])
    if not arrow:
        return False
    left, right = line[: arrow.start()], line[arrow.end() : arrow.end() + REACH]
    return not WORD.search(left) and bool(
        HALF_A_CLOCK.search(left) or HALF_A_CLOCK.search(right[:12])
    )


def _text_of(rest: str) -> str:
    """What stands behind the times, without settings and positions."""
    rest, at = rest.lstrip(" ,"), 0
    while setting := SETTING.match(rest, at):
        at = setting.end()
    return rest[at:].strip()


def _comments(lines: Sequence[str], times: Sequence[int]) -> Iterator[int]:
    """The lines of notes, styles and heads, which last until a blank line or a line of times."""
    marks, inside, blank = set(times), False, True
    for n, line in enumerate(lines):
        begins = blank and bool(COMMENT.match(line))
        blank = not line.strip()
        inside = (inside or begins) and not blank and n not in marks
        if inside:
            yield n


def _strays(lines: Sequence[str], spoken: Sequence[bool], end: int) -> list[int]:
    """Where text stands before the first line of times: the number of each paragraph's first line."""
    stray = [spoken[n] and not HEAD.match(lines[n]) for n in range(end)]
    return [n + 1 for n in range(end) if stray[n] and (n == 0 or not stray[n - 1])]


def _closes(line: str) -> bool:
    return line.strip().lower() == "<end subtitles>"
