"""Plain text -> cues, with the times that stand in it, or with estimated ones.

Known: "[00:12:03] text", "12:03 Ada: text", "Ada (0:12)" or "Ada  0:12" or "0:12" alone on the
line before the text, and "[00:00.000 --> 00:05.000] text".
"""

import bisect
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from draftmill.transcripts.formats.cues import Cue, seconds_of
from draftmill.transcripts.formats.headed import headed
from draftmill.transcripts.formats.labels import is_remark, label_of, may_be_a_name

WORDS_A_MINUTE = 150.0  # of usual speech, where a text holds no times
PARAGRAPH_PAUSE_S = 1.5  # keeps sentences from running across paragraphs
SLOWEST_S = 0.8  # seconds a word: what follows the last word until the next stamp is silence

CLOCK = r"(?:\d{1,3}:)?\d{1,3}:[0-5]\d(?:[.,]\d{1,3})?"
START = re.compile(
    rf"\s*[\[(<]?\s*(?P<start>{CLOCK})(?:\s*(?:-->|-|–|—)\s*(?P<end>{CLOCK}))?\s*[\])>]?"
    r"(?=[\s:|–—-]|$)(?:\s*[|–—-]\s+|\s*:\s+|\s*)(?P<text>.*)"
)
SPEAKER_LINE = re.compile(
    rf"\s*(?P<speaker>[^\W_][^:\n\[\]()|]{{0,60}}?)\s*(?:[|,–—-]\s*)?[\[(]?(?P<start>{CLOCK})[\])]?\s*:?\s*"
)
LISTED = re.compile(r"\s*(?:>>|[-*•]\s)")
PARAGRAPHS = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class _Stamp:
    line: int
    start_s: float
    end_s: float | None
    speaker: str
    text: str


def plain(text: str) -> tuple[list[Cue], bool]:
    """The cues of a plain text, and whether its times were in it (else they are estimated)."""
    if under_heads := headed(text):
        return under_heads, True
    lines = text.split("\n")
    stamps = _rising([stamp for n, line in enumerate(lines) if (stamp := _stamp(n, line))])
    if _is_timed(lines, stamps):
        return list(_between(lines, stamps)), True
    return list(_estimated(text)), False


def _stamp(n: int, line: str) -> _Stamp | None:
    if match := START.fullmatch(line):
        end = match["end"]
        return _Stamp(
            n, seconds_of(match["start"]), seconds_of(end) if end else None, "", match["text"]
        )
    if (match := SPEAKER_LINE.fullmatch(line)) and not is_remark(match["speaker"]):
        return _Stamp(n, seconds_of(match["start"]), None, " ".join(match["speaker"].split()), "")
    return None


def _rising(stamps: Sequence[_Stamp]) -> list[_Stamp]:
    """The longest row of stamps whose times never fall: a clock time that was said is no stamp."""
    tops: list[float] = []
    rows: list[int] = []
    before: list[int] = []
    for n, stamp in enumerate(stamps):
        place = bisect.bisect_right(tops, stamp.start_s)
        before.append(rows[place - 1] if place else -1)
        tops[place : place + 1] = [stamp.start_s]
        rows[place : place + 1] = [n]
    kept, n = [], rows[-1] if rows else -1
    while n >= 0:
        kept.append(stamps[n])
        n = before[n]
    return kept[::-1]


def _is_timed(lines: Sequence[str], stamps: Sequence[_Stamp]) -> bool:
    """Whether the stamps time the text: one near its beginning, and not just a line or two of many."""
    if not stamps:
        return False
    filled = [n for n, line in enumerate(lines) if line.strip()]
    early = filled.index(stamps[0].line) < 5
    return early and (len(stamps) > 2 or len(stamps) * 4 >= len(filled))


def _between(lines: Sequence[str], stamps: Sequence[_Stamp]) -> Iterator[Cue]:
    if heading := _joined(lines[: stamps[0].line]):
        yield Cue(0.0, min(stamps[0].start_s, _spoken_s(heading)), heading)
    for n, stamp in enumerate(stamps):
        following = stamps[n + 1] if n + 1 < len(stamps) else None
        text = _joined([stamp.text, *lines[stamp.line + 1 : following.line if following else None]])
        if not text:
            continue
        end = stamp.start_s + SLOWEST_S * len(text.split())
        if stamp.end_s is not None and stamp.end_s > stamp.start_s:
            end = stamp.end_s
        elif following is None:
            end = stamp.start_s + _spoken_s(text)
        if following is not None:
            end = min(end, following.start_s)
        yield Cue(stamp.start_s, max(end, stamp.start_s), text, (), stamp.speaker)


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
