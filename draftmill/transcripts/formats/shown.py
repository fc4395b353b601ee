"""What cues show on a screen -> cues: word stamps kept, rolling captions joined."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from draftmill.transcripts.formats.cues import SECONDS_PER_LETTER, Cue, placed
from draftmill.transcripts.segments import Word

MOST_LINES = 12  # that roll on a screen at once
ROLLING_SHARE = 0.3  # of the cues begin with what the one before already showed, and go on
FLASH_S = 0.1  # what stays no longer only holds the line while it rolls
LONGEST_S = 3600.0  # a cue that stays longer only says that its end is not known

Token = tuple[float | None, str]  # a word, and the time in seconds that it was stamped with


@dataclass(frozen=True)
class Shown:
    """What one cue shows: its lines, each a row of words. `end_s` None: until the next."""

    start_s: float
    end_s: float | None
    lines: tuple[tuple[Token, ...], ...]
    speaker: str = ""

    @property
    def tokens(self) -> tuple[Token, ...]:
        return tuple(token for line in self.lines for token in line)

    @property
    def words(self) -> list[str]:
        return [text for _, text in self.tokens]


def cues_of(shown: Iterable[Shown]) -> list[Cue]:
    """The cues in the order of time, each word once."""
    ordered = sorted(map(_with_end, shown), key=lambda cue: cue.start_s)
    return _ended_in_time(list(_new_text(ordered)))


def _with_end(cue: Shown) -> Shown:
    """The cue with an end: one that is missing, or no end at all, is guessed from its letters."""
    if cue.end_s is not None and cue.start_s < cue.end_s <= cue.start_s + LONGEST_S:
        return cue
    letters = sum(len(text) + 1 for text in cue.words)
    return replace(cue, end_s=cue.start_s + letters * SECONDS_PER_LETTER)


def _new_text(shown: Sequence[Shown]) -> Iterator[Cue]:
    """The cues without the words that the one before already showed."""
    rolling = _is_rolling(shown)
    last: Shown | None = None
    for cue in shown:
        if last and last.start_s == cue.start_s and last.words == cue.words:
            continue
        old = _repeated(last.words, cue) if rolling and last else 0
        last = cue
        if fresh := cue.tokens[old:]:
            yield _cue(cue, fresh)


def _is_rolling(shown: Sequence[Shown]) -> bool:
    """Whether lines roll up or grow. One that only comes again, and stays, was said again."""
    repeats = sum(
        0 < _repeated(before.words, after) < len(after.words) + (_lasts_s(after) < FLASH_S)
        for before, after in pairwise(shown)
        if after.start_s - (before.end_s or 0.0) < 1.0
    )
    return repeats > 1 and repeats >= ROLLING_SHARE * (len(shown) - 1)


def _lasts_s(cue: Shown) -> float:
    return (cue.end_s or 0.0) - cue.start_s


def _repeated(before: Sequence[str], cue: Shown) -> int:
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


def _cue(cue: Shown, tokens: Sequence[Token]) -> Cue:
    end_s = cue.end_s or cue.start_s
    text = " ".join(text for _, text in tokens)
    timed = any(stamp is not None for stamp, _ in tokens)
    words = tuple(_timed(cue.start_s, end_s, tokens)) if timed else ()
    return Cue(cue.start_s, max(cue.start_s, end_s), text, words, cue.speaker)


def _timed(start_s: float, end_s: float, tokens: Sequence[Token]) -> Iterator[Word]:
    """Words that begin at their stamps; those without share the time until the next stamp."""
    groups: list[tuple[float, list[str]]] = []
    for stamp, text in tokens:
        if stamp is not None or not groups:
            groups.append((start_s if stamp is None else stamp, []))
        groups[-1][1].append(text)
    ends = [start for start, _ in groups[1:]] + [max(end_s, groups[-1][0])]
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
