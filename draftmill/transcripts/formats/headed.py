"""Texts in which a line with a name and a time stands over what was said -> cues.

Otter, Teams, Zoom, Word, Riverside, Descript and many more: "Ada  0:03", "[Ada] 10:01:02",
"Ada (0:03)", "00:00:01 Speaker 1". What such a program writes above the first is no speech.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from draftmill.transcripts.formats.cues import Cue, seconds_of
from draftmill.transcripts.formats.labels import is_remark, looks_like_a_name

SLOWEST_S = 0.8  # seconds a word: what follows the last word until the next head is silence
USUAL_S = 0.4
OF_DAY_S = 6 * 3600.0  # where the first time is later, it is the time of day
DAY_S = 24 * 3600.0
CLOCK = r"(?P<clock>\d{1,2}:[0-5]\d(?::[0-5]\d(?:\.\d{1,3})?)?)(?:\s?(?P<half>[AaPp])\.?[Mm]\.?)?"
HEADS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\[(?P<name>[^\[\]\n]{{1,80}})\]\s?{CLOCK}",
        rf"(?P<name>[^\n\[\]|]{{1,80}}?)\s?[|,–—-]?\s[\[(]?{CLOCK}[\])]?\s?:?",
        rf"[\[(]?{CLOCK}[\])]?\s(?:[|–—-]\s)?(?P<name>[^\n\[\]|]{{1,80}})",
    )
)
BARE = re.compile(rf"[\[(]?{CLOCK}[\])]?")
MOST_NAME_WORDS = 8
BESIDES = re.compile(
    r".{1,80} (?:started|stopped) transcription|Transcribed by https?://\S{1,80}|Transcript|Audio file",
    re.IGNORECASE,
)
NUMBERED = re.compile(r"(?:Speaker|Sprecher|Participant|SPEAKER)[ _]?\w{1,3}")
SENTENCE = re.compile(r".*[.!?…。！？][\"'”’)]?")


@dataclass(frozen=True)
class _Head:
    line: int
    at_s: float
    name: str
    of_day: bool


def headed(text: str) -> list[Cue] | None:
    """The cues under the heads of a text, or None where it has none."""
    lines = _paired([line.strip() for line in text.split("\n")])
    filled = [n for n, line in enumerate(lines) if line and not BESIDES.fullmatch(line)]
    for pattern in HEADS:
        heads = [head for n in filled if (head := _head(n, lines[n], pattern))]
        heads = _from_zero(_meant(heads, sure=pattern is not HEADS[2]))
        if _carries(heads, filled, lines):
            return list(_cues(heads, lines, filled))
    return None


def _paired(lines: list[str]) -> list[str]:
    """The lines, a time that stands alone under the first line of a paragraph moved behind it."""
    alone = [n for n, line in enumerate(lines) if n and BARE.fullmatch(line)]
    if not all(lines[n - 1] and (n == 1 or not lines[n - 2]) for n in alone):
        return lines
    paired = list(lines)
    for n in alone:
        paired[n - 1], paired[n] = f"{lines[n - 1]} {lines[n]}", ""
    return paired


def _head(n: int, line: str, pattern: re.Pattern[str]) -> _Head | None:
    match = pattern.fullmatch(line) if len(line) <= 120 else None
    if not match:
        return None
    name = " ".join(match["name"].split())
    if is_remark(name) or len(name.split()) > MOST_NAME_WORDS or not _is_named(name):
        return None
    half = match["half"]
    at_s = seconds_of(match["clock"])
    if half:
        at_s = at_s % (DAY_S / 2) + (DAY_S / 2 if half in "pP" else 0)
    if match["clock"].count(":") == 1 and half:
        at_s = (at_s * 60) % DAY_S
    return _Head(n, at_s, name, bool(half))


def _is_named(name: str) -> bool:
    """Whether it may be whom somebody is called, or a telephone's number."""
    ended = name[-1] in "?!…,;" or (name[-1] == "." and len(name.split()[-1]) > 4)
    return not ended and sum(map(str.isalnum, name)) > 0 and ": " not in name


def _meant(heads: Sequence[_Head], sure: bool) -> list[_Head]:
    """The heads of a text in which names return, are numbered or look like names; else none."""
    of_day = [head for head in heads if head.of_day]
    if len(of_day) * 2 < len(heads):  # a date and time above all of them
        heads = [head for head in heads if not head.of_day]
    counts = Counter(head.name for head in heads)
    returning = any(count > 1 for count in counts.values())
    numbered = all(NUMBERED.fullmatch(name) for name in counts)
    named = sure and all(map(looks_like_a_name, counts))
    return list(heads) if returning or numbered or named else []


def _carries(heads: Sequence[_Head], filled: Sequence[int], lines: Sequence[str]) -> bool:
    """Whether the heads make the text: one is near its beginning, and most have text under them."""
    if not heads:
        return False
    places = {head.line for head in heads}
    over_text = sum(a in places and b not in places for a, b in pairwise(filled))
    before = filled.index(heads[0].line)
    rising = sum(b.at_s >= a.at_s for a, b in pairwise(heads))
    ordered = rising * 10 >= (len(heads) - 1) * 9
    spoken_before = sum(bool(SENTENCE.fullmatch(lines[n])) for n in filled[:before])
    return over_text * 2 > len(heads) and ordered and spoken_before < 3


def _from_zero(heads: Sequence[_Head]) -> list[_Head]:
    """The heads with the time of the recording, where they tell the time of day."""
    if not heads or not (heads[0].of_day or heads[0].at_s >= OF_DAY_S):
        return list(heads)
    first_s, days, found = heads[0].at_s, 0.0, []
    for before, head in zip([heads[0], *heads], heads, strict=False):
        if before.at_s - head.at_s > DAY_S / 2:
            days += DAY_S
        found.append(replace(head, at_s=head.at_s + days - first_s))
    return found


def _cues(heads: Sequence[_Head], lines: Sequence[str], filled: Sequence[int]) -> Iterator[Cue]:
    above = [lines[n] for n in filled if n < heads[0].line and SENTENCE.fullmatch(lines[n])]
    if above:
        yield Cue(0.0, min(heads[0].at_s, len(above) * 4.0), " ".join(above))
    wanted = set(filled)
    for n, head in enumerate(heads):
        following = heads[n + 1] if n + 1 < len(heads) else None
        until = following.line if following else len(lines)
        said = " ".join(lines[at] for at in range(head.line + 1, until) if at in wanted)
        if not said:
            continue
        each = SLOWEST_S if following else USUAL_S
        end_s = head.at_s + each * max(len(said.split()), len(said) / 8)
        if following:
            end_s = min(end_s, following.at_s)
        yield Cue(max(head.at_s, 0.0), max(head.at_s, end_s, 0.0), said, (), head.name, turn=True)
