"""Whisper's .tsv, Audacity's labels, and tables with a head that names times and text -> cues."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from draftmill.transcripts.formats.clocks import CLOCK, rate_of, seconds, unit_of
from draftmill.transcripts.formats.markup import shown
from draftmill.transcripts.formats.parsed import BadCaptions, Parsed
from draftmill.transcripts.formats.shown import Shown, cues_of

STARTS = ("start", "start time", "start_time", "starttime", "begin", "from", "in", "timecode in")
ENDS = ("end", "end time", "end_time", "endtime", "to", "out", "timecode out")
TEXTS = ("text", "transcript", "content", "caption", "subtitle", "sentence", "utterance")
SPEAKERS = ("speaker", "speaker name", "speaker_name", "name", "speakers")
UNIT = re.compile(r"[\s_]?[(\[]?(ms|msec|milliseconds|s|sec|secs|seconds)[)\]]?$")
NUMBER = re.compile(r"-?\d{1,12}(?:[.,]\d{1,9})?")
LABEL = re.compile(r"\d{1,12}(?:[.,]\d{1,9})?\t\d{1,12}(?:[.,]\d{1,9})?\t.+")


@dataclass(frozen=True)
class _Columns:
    start: int
    end: int | None
    text: int
    speaker: int | None
    unit: float | None
    delimiter: str
    text_last: bool
    head: bool = True


def is_table(text: str) -> bool:
    """Whether the first lines are those of a table of times and texts."""
    return _columns(text) is not None


def table(text: str) -> Parsed:
    """The cues of a table. Its unit of time is in its head, or found from its numbers.

    Raises BadCaptions.
    """
    columns = _columns(text)
    if not columns:
        raise BadCaptions
    rows = list(_rows(text, columns))
    found: list[Shown] = []
    unread: list[int] = []
    unit = columns.unit or _unit(rows, columns)
    rate = rate_of(row[columns.start] for _, row in rows if columns.start < len(row))
    for line, row in rows:
        start, end, said, speaker = _fields(row, columns)
        start_s = _seconds(start, unit, rate)
        if start_s is not None and said.strip():
            found += shown(start_s, _seconds(end, unit, rate), said, " ".join(speaker.split())[:80])
        elif said.strip() or start.strip():
            unread += [line] if said.strip() else []
    if not (cues := cues_of(found)):
        raise BadCaptions("There are no rows with times in this table that could be read.")
    return Parsed(cues, tuple(unread))


def _columns(text: str) -> _Columns | None:
    head = text.lstrip("\n").partition("\n")[0][:1000]
    if LABEL.fullmatch(head):
        return _Columns(0, 1, 2, None, None, "\t", text_last=True, head=False)
    for delimiter in ("\t", ",", ";"):
        names = [name.strip().strip('"').strip().lower() for name in head.split(delimiter)]
        bare = [UNIT.sub("", name).strip() for name in names]
        start, said = _place(bare, STARTS), _place(bare, TEXTS)
        if start is not None and said is not None:
            unit = UNIT.search(names[start])
            known = None if not unit else 0.001 if unit[1].startswith("m") else 1.0
            places = start, _place(bare, ENDS), said, _place(bare, SPEAKERS)
            return _Columns(*places, known, delimiter, said == len(names) - 1)
    return None


def _place(names: Sequence[str], wanted: Sequence[str]) -> int | None:
    return next((names.index(name) for name in wanted if name in names), None)


def _rows(text: str, columns: _Columns) -> Iterator[tuple[int, list[str]]]:
    """(number of the row's first line, its fields), without the head."""
    lines = text.split("\n")
    if columns.delimiter == "\t":
        reader = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    else:
        reader = csv.reader(lines, delimiter=columns.delimiter)
    line = 1
    try:
        for n, row in enumerate(filter(None, reader)):
            if n or not columns.head:
                yield line, row
            line = reader.line_num + 1
    except csv.Error:
        raise BadCaptions(f"This table is broken in line {line}.") from None


def _fields(row: Sequence[str], columns: _Columns) -> tuple[str, str, str, str]:
    """(start, end, text, speaker): text that holds tabs goes on to the row's end."""

    def field(place: int | None) -> str:
        return row[place] if place is not None and place < len(row) else ""

    said = " ".join(row[columns.text :]) if columns.text_last else field(columns.text)
    return field(columns.start), field(columns.end), said, field(columns.speaker)


def _unit(rows: Sequence[tuple[int, list[str]]], columns: _Columns) -> float:
    """What the numbers count: a fraction says seconds, else the pace of the speech."""
    spans, letters = [], 0
    for _, row in rows:
        start, end, said, _ = _fields(row, columns)
        if not NUMBER.fullmatch(start.strip()):
            continue
        if "." in start or "," in start:
            return 1.0
        letters += len(said)
        spans.append((float(start), _number(end) or float(start)))
    if sum(end - start for start, end in spans) <= 0 and spans:
        spans = [(spans[0][0], spans[-1][0])]
    return unit_of(spans, letters)


def _number(written: str) -> float | None:
    written = written.strip().replace(",", ".")
    return float(written) if NUMBER.fullmatch(written) else None


def _seconds(written: str, unit: float, rate: float) -> float | None:
    number = _number(written)
    if number is not None:
        return max(number * unit, 0.0)
    return seconds(written, rate) if re.fullmatch(rf"\s?{CLOCK}\s?", written) else None
