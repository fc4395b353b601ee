"""SubRip and WebVTT captions -> cues: word stamps and voices kept, rolling captions joined."""

import html
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import webvtt
from webvtt.errors import MalformedCaptionError, MalformedFileError

from draftmill.errors import Problem
from draftmill.transcripts.formats.cues import SECONDS_PER_LETTER, Cue, placed, seconds_of
from draftmill.transcripts.segments import Word

MOST_LINES = 12  # that roll on a screen at once
ROLLING_SHARE = 0.3  # of the cues begin with a line that the one before already showed
STAMP = re.compile(r"<((?:\d+:)?\d{1,2}:\d{1,2}[.,]\d{1,3})>")
TAG = re.compile(r"<[^<>\n]{0,200}>|\{\\[^{}\n]{0,100}\}")
VOICE = re.compile(r"<v(?:\.[\w.-]+)*\s+([^>\n]{1,100})>")
INDEX_LINE = re.compile(r"\d+\s*\n\s*[\d:.,]+\s*-->")
COMMA_TIME = re.compile(r"(\d{1,2}:\d{1,2}),(\d{1,3})")


class BadCaptions(Problem):
    code = "captions_unreadable"
    default_message = "There are no captions in this file that could be read."
    default_hint = "Check that its times look like 00:01:02,000 --> 00:01:04,000."


@dataclass(frozen=True)
class _Shown:
    """What one cue shows: its lines, each a row of words with the time each word was stamped at."""

    start_s: float
    end_s: float
    lines: tuple[tuple[tuple[float | None, str], ...], ...]
    speaker: str

    @property
    def tokens(self) -> tuple[tuple[float | None, str], ...]:
        return tuple(token for line in self.lines for token in line)

    @property
    def words(self) -> list[str]:
        return [text for _, text in self.tokens]


def captions(text: str) -> list[Cue]:
    """The cues of an .srt or .vtt file, in the order of time. Raises BadCaptions."""
    shown = sorted(_parsed(text.strip()), key=lambda cue: cue.start_s)
    if not shown:
        raise BadCaptions
    return _ended_in_time(list(_new_text(shown)))


def _parsed(text: str) -> Iterator[_Shown]:
    try:
        if INDEX_LINE.match(text):
            parsed = webvtt.from_buffer(io.StringIO(text), "srt")
        else:
            marked = text if text.startswith("WEBVTT") else "WEBVTT\n\n" + _with_points(text)
            parsed = webvtt.from_string(marked)
    except (MalformedFileError, MalformedCaptionError):
        raise BadCaptions from None
    for caption in parsed.captions:
        speaker = ""
        for voice, raw in _voices(caption.raw_text):
            speaker = voice or speaker
            lines = tuple(line for part in raw.split("\n") if (line := tuple(_stamped(part))))
            if lines:
                yield _Shown(seconds_of(caption.start), seconds_of(caption.end), lines, speaker)


def _with_points(text: str) -> str:
    """SubRip without numbers, written as WebVTT."""
    return "\n".join(
        COMMA_TIME.sub(r"\1.\2", line) if "-->" in line else line for line in text.split("\n")
    )


def _voices(raw: str) -> Iterator[tuple[str, str]]:
    """The parts of a cue by who says them: (name or "", text)."""
    pieces = VOICE.split(raw)
    if pieces[0].strip():
        yield "", pieces[0]
    for name, text in zip(pieces[1::2], pieces[2::2], strict=True):
        yield " ".join(html.unescape(name).split()), text


def _stamped(line: str) -> Iterator[tuple[float | None, str]]:
    """The words of a line, each with the stamp that stands right before it."""
    pieces = STAMP.split(line)
    stamps = [None, *map(seconds_of, pieces[1::2])]
    for stamp, piece in zip(stamps, pieces[0::2], strict=True):
        for n, token in enumerate(html.unescape(TAG.sub("", piece)).split()):
            yield (stamp if n == 0 else None), token


def _new_text(shown: Sequence[_Shown]) -> Iterator[Cue]:
    """The cues without the words that the one before already showed."""
    rolling = _is_rolling(shown)
    last: _Shown | None = None
    for cue in shown:
        if last and last.start_s == cue.start_s and last.words == cue.words:
            continue
        old = _repeated(last.words, cue) if rolling and last else 0
        last = cue
        if fresh := cue.tokens[old:]:
            yield _cue(cue, fresh)


def _is_rolling(shown: Sequence[_Shown]) -> bool:
    repeats = sum(
        _repeated(before.words, after) > 0
        for before, after in pairwise(shown)
        if after.start_s - before.end_s < 1.0
    )
    return repeats > 1 and repeats >= ROLLING_SHARE * (len(shown) - 1)


def _repeated(before: Sequence[str], cue: _Shown) -> int:
    """How many words at the beginning of a cue were on the screen at the end of the one before.

    Whole lines roll up; or the cue grows, and begins with all of the one before.
    """
    ends, total = [], 0
    for line in cue.lines[:MOST_LINES]:
        total += len(line)
        ends.append(total)
    words = cue.words
    for count in sorted({*ends, len(before)}, reverse=True):
        if 0 < count <= min(len(words), len(before)) and words[:count] == before[-count:]:
            return count
    return 0


def _cue(cue: _Shown, tokens: Sequence[tuple[float | None, str]]) -> Cue:
    text = " ".join(text for _, text in tokens)
    timed = any(stamp is not None for stamp, _ in tokens)
    words = tuple(_timed(cue, tokens)) if timed else ()
    return Cue(cue.start_s, max(cue.start_s, cue.end_s), text, words, cue.speaker)


def _timed(cue: _Shown, tokens: Sequence[tuple[float | None, str]]) -> Iterator[Word]:
    """Words that begin at their stamps; those without share the time until the next stamp."""
    groups: list[tuple[float, list[str]]] = []
    for stamp, text in tokens:
        if stamp is not None or not groups:
            groups.append((cue.start_s if stamp is None else stamp, []))
        groups[-1][1].append(text)
    ends = [start for start, _ in groups[1:]] + [max(cue.end_s, groups[-1][0])]
    for (start, texts), end in zip(groups, ends, strict=True):
        letters = sum(len(text) + 1 for text in texts)
        scale = min(max(end - start, 0.0) / letters, SECONDS_PER_LETTER)
        yield from placed(texts, start, scale)


def _ended_in_time(cues: list[Cue]) -> list[Cue]:
    """The cues, each ending before the next begins: captions stay on the screen for reading."""
    ended = []
    for n, cue in enumerate(cues):
        later = next((c.start_s for c in cues[n + 1 : n + 4] if c.start_s > cue.start_s), cue.end_s)
        ended.append(replace(cue, end_s=min(cue.end_s, later)))
    return ended
