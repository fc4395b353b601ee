"""Advanced SubStation Alpha and SubStation Alpha (.ass, .ssa) -> cues.

pysubs2 was looked at: it takes the columns in a fixed order, whatever the file's Format line
says, and gives up the whole file at the first time or colour that it cannot read.
"""

import re
from collections.abc import Iterator, Sequence

from draftmill.transcripts.formats.clocks import seconds
from draftmill.transcripts.formats.parsed import BadCaptions, Parsed
from draftmill.transcripts.formats.shown import Shown, cues_of

HEAD = re.compile(r"\s{0,20}\[(?:script info|v4\+? styles\+?|events)\]", re.IGNORECASE)
EVENT = re.compile(r"\s?(?:dialogue|format):", re.IGNORECASE)
DRAWING = re.compile(r"\\p(\d{1,2})(?![a-z\d])")
BREAKS = re.compile(r"\\[Nn]")
CLOCK = re.compile(r"\s?-?\d{1,3}:\d{1,2}:\d{1,2}(?:[.:,]\d{1,3})?\s?")
COLUMNS = (
    "layer",
    "start",
    "end",
    "style",
    "name",
    "marginl",
    "marginr",
    "marginv",
    "effect",
    "text",
)


def substation(text: str) -> Parsed:
    """The cues of an .ass or .ssa file. Comments are not spoken. Raises BadCaptions."""
    found, unread = [], []
    columns: Sequence[str] = COLUMNS
    section = "[events]"
    for n, line in enumerate(text.split("\n"), 1):
        if line.startswith("["):
            section = line.strip().lower()
        kind, colon, rest = line.partition(":")
        kind = kind.strip().lower()
        if section != "[events]" or not colon:
            continue
        if kind == "format":
            columns = [name.strip().lower() for name in rest.split(",")]
        elif kind == "dialogue":
            shown = _shown(columns, rest)
            found += [shown] if shown and shown.lines else []
            unread += [] if shown else [n]
    if not (cues := cues_of(found)):
        raise BadCaptions("There are no lines in this .ass or .ssa file that could be read.")
    return Parsed(cues, tuple(unread))


def _shown(columns: Sequence[str], rest: str) -> Shown | None:
    """What a line shows, without lines when that is nothing; None when it cannot be read."""
    fields = dict(zip(columns, rest.split(",", len(columns) - 1), strict=False))
    start, end = fields.get("start", ""), fields.get("end", "")
    if "text" not in fields or not CLOCK.fullmatch(start):
        return None
    start_s = seconds(start)
    end_s = seconds(end) if CLOCK.fullmatch(end) else None
    lines = tuple(
        tuple((None, word) for word in row.split())
        for row in BREAKS.split(_spoken(fields["text"]).replace("\\h", " "))
        if row.strip()
    )
    speaker = " ".join((fields.get("name") or fields.get("actor") or "").split())[:80]
    return None if start_s is None else Shown(start_s, end_s, lines, speaker)


def _spoken(text: str) -> str:
    """The text without what stands in braces, and without drawings."""
    return "".join(_outside(text))


def _outside(text: str) -> Iterator[str]:
    at, drawing = 0, False
    while (opened := text.find("{", at)) >= 0 and (closed := text.find("}", opened)) >= 0:
        if not drawing:
            yield text[at:opened]
        for scale in DRAWING.findall(text, opened, closed):
            drawing = int(scale) > 0
        at = closed + 1
    if not drawing:
        yield text[at:]
