"""The text of one cue -> who says what: tags, voices, word stamps and entities told from words."""

import html
import re
from collections.abc import Iterable, Iterator

from draftmill.transcripts.formats.clocks import CLOCK, seconds
from draftmill.transcripts.formats.shown import Shown, Token

# Every quantifier is bounded, and none begins where its neighbour may go on: see tests/limits.
STAMP = re.compile(rf"<({CLOCK})>")
VOICE = re.compile(r"(?<!\w)<v(?:\.[\w.-]{0,100})?[ \t]([^<>\n]{1,200})>|</v>")
# "a<b and c>d" holds no tag: one with a space in it has a "=", or names a language.
TAG = re.compile(
    r"</?[A-Za-z][\w.:-]{0,60}(?:\s(?=[^<>\n=]{0,100}=)[^<>\n]{0,300})?\s?/?>"
    r"|<(?:v|lang|c|rt)(?:\.[\w.-]{0,100})?[ \t][^<>\n ]{1,100}>|<>"
    r"|\{\\[^{}\n]{0,300}\}"
)
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
BREAK = re.compile(r"\\N|\[br\]|<[bB][rR]\s?/?>")
LONGEST_NAME = 80


def shown(start_s: float, end_s: float | None, raw: str, speaker: str = "") -> Iterator[Shown]:
    """What a cue shows: one for each voice in it, which share its time by their letters."""
    parts = [(name or speaker, lines) for name, text in _voices(raw) if (lines := _lines(text))]
    letters = [sum(len(word) + 1 for line in lines for _, word in line) for _, lines in parts]
    span = max((start_s if end_s is None else end_s) - start_s, 0.0)
    at = start_s
    for (name, lines), count in zip(parts, letters, strict=True):
        until = at + span * count / sum(letters)
        yield Shown(at, end_s if len(parts) == 1 else until, lines, name)
        at = until


def _voices(raw: str) -> Iterator[tuple[str, str]]:
    """The parts of a cue by who says them: (name or "", text)."""
    pieces = VOICE.split(raw)
    for name, text in zip(["", *pieces[1::2]], pieces[0::2], strict=True):
        yield " ".join(entities(name or "").split())[:LONGEST_NAME], text


def _lines(text: str) -> tuple[tuple[Token, ...], ...]:
    rows = BREAK.sub("\n", text).split("\n")
    return tuple(line for row in rows if (line := tuple(_stamped(row))))


def _stamped(line: str) -> Iterator[Token]:
    """The words of a line, each with the stamp that stands right before it."""
    pieces = STAMP.split(line)
    stamps = [None, *map(seconds, pieces[1::2])]
    for stamp, piece in zip(stamps, pieces[0::2], strict=True):
        bare = entities(TAG.sub("", piece)).replace("\\h", " ")
        for n, token in enumerate(bare.split()):
            yield (stamp if n == 0 else None), token


def entities(text: str) -> str:
    """The text with what "&amp;" and its like stand for; without a semicolon it was said."""
    return ENTITY.sub(lambda match: html.unescape(match.group()), text)


def plain_line(lines: Iterable[str]) -> str:
    """Lines as one, without markup."""
    return " ".join(word for line in lines for _, word in _stamped(line))
