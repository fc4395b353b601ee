"""SAMI (.smi) -> cues: each text stays until the next."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from draftmill.transcripts.formats.markup import shown
from draftmill.transcripts.formats.parsed import BadCaptions, Parsed
from draftmill.transcripts.formats.shown import Shown, cues_of

HEAD = re.compile(r"\s{0,20}<SAMI\b", re.IGNORECASE)
SYNC = re.compile(
    r"<SYNC\b[^<>]{0,200}?\bStart\s?=\s?[\"']?(-?\d{1,9})[^<>]{0,200}>", re.IGNORECASE
)
ANY_SYNC = re.compile(r"<SYNC\b", re.IGNORECASE)
PARAGRAPH = re.compile(r"<P\b[^<>]{0,200}?\bClass\s?=\s?[\"']?([\w-]{1,60})[^<>]{0,200}>", re.I)
NOT_SHOWN = re.compile(r"<!--|-->|</?(?:P|BODY|SAMI|SYNC|DIV|TABLE|CENTER)\b[^<>]{0,200}>", re.I)


def sami(text: str) -> Parsed:
    """The cues of a .smi file, in the language that most of them have. Raises BadCaptions."""
    pieces = SYNC.split(text)
    languages = Counter(PARAGRAPH.findall(text))
    language = languages.most_common(1)[0][0] if languages else ""
    found, unread, line = [], [], 1 + pieces[0].count("\n")
    for start, said in zip(pieces[1::2], pieces[2::2], strict=True):
        own, others = _in_language(said, language)
        found.append((max(int(start), 0) / 1000, own))
        unread += [line] if others.strip() or ANY_SYNC.search(said) else []
        line += said.count("\n")
    if not (cues := cues_of(_shown(found))):
        raise BadCaptions("There is no text in this .smi file that could be read.")
    return Parsed(cues, tuple(unread))


def _in_language(said: str, language: str) -> tuple[str, str]:
    """(the text of one language, that of the others), without the marks of paragraphs."""
    pieces = PARAGRAPH.split(said)
    own: list[str] = [pieces[0]]
    others: list[str] = []
    for name, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        (own if name == language else others).append(piece)
    bare = (NOT_SHOWN.sub(" ", "\n".join(part)).replace("&nbsp;", " ") for part in (own, others))
    return next(bare), next(bare)


def _shown(found: Sequence[tuple[float, str]]) -> Iterator[Shown]:
    ordered = sorted(found, key=lambda one: one[0])
    ends = [start for start, _ in ordered[1:]]
    for (start, said), end in zip_longest(ordered, ends):
        yield from shown(start, end, said)
