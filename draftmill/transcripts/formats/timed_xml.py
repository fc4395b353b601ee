"""TTML with its kin (IMSC, DFXP, EBU-TT, SMPTE-TT) and YouTube's XML -> cues.

The file is read as a stream of events: nothing of it is kept but what is said, entities that it
declares are refused, and where it breaks off the rest counts as unread. ttconv was looked at: it
refuses what older programs write, knows no speakers, and lays out a page for every moment.
"""

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from draftmill.transcripts.formats.decoding import NotATranscript
from draftmill.transcripts.formats.markup import LONGEST_NAME, entities
from draftmill.transcripts.formats.parsed import BadCaptions, Parsed
from draftmill.transcripts.formats.shown import Shown, Token, cues_of
from draftmill.transcripts.formats.xml_times import Times

ROOT = re.compile(r"<(?:[\w-]{1,40}:)?(?:tt|transcript|timedtext)[\s>]")
AMPERSAND = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-fA-F]{1,6});)([A-Za-z]\w{1,31};)?"
)
SPEECH = frozenset({"p", "text"})
SILENT = frozenset({"metadata", "desc", "title", "copyright", "item", "image", "head"})
END_IS_MISSING = expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS]
DEEPEST = 100  # elements within each other


@dataclass
class _Element:
    """An open element. `start_s` is None when its time could not be read."""

    name: str
    start_s: float | None = 0.0
    end_s: float | None = None
    timed: bool = False
    speaker: str = ""
    silent: bool = False
    in_turn: bool = False
    latest_s: float = 0.0


@dataclass
class _Paragraph:
    """What is said in one element: rows of pieces of text, each with the stamp before it."""

    line: int
    element: _Element
    rows: list[list[tuple[float | None, list[str]]]] = field(default_factory=lambda: [[(None, [])]])

    def shown(self) -> Shown | None:
        """None when it has text and no time."""
        lines = tuple(line for row in self.rows if (line := _words(row)))
        stamps = [at for line in lines for at, _ in line if at is not None]
        start_s = self.element.start_s if self.element.timed else min(stamps, default=None)
        if start_s is None:
            return None if lines else Shown(0.0, None, ())
        latest_s = self.element.latest_s if self.element.latest_s > start_s else None
        end_s = latest_s if self.element.end_s is None else self.element.end_s
        return Shown(start_s, end_s, lines, self.element.speaker)


def timed_xml(text: str) -> Parsed:
    """The cues of a .ttml, .dfxp or YouTube's .xml. Raises BadCaptions, NotATranscript."""
    reader = _Reader(text)
    unread = reader.read()
    cues = cues_of(shown for shown in reader.found if shown.lines)
    if not cues:
        where = f" It is broken in line {reader.broken}." if reader.broken else ""
        raise BadCaptions(f"There is no text with times in this file of timed text.{where}")
    return Parsed(cues, tuple(unread))


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = AMPERSAND.sub(_escaped, text.lstrip())
        self.skipped = text[: len(text) - len(text.lstrip())].count("\n")
        self.found: list[Shown] = []
        self.broken = 0
        self._unread: list[int] = []
        self._open: list[_Element] = []
        self._names: dict[str, str] = {}
        self._agent = ""
        self._times = Times()
        self._paragraph: _Paragraph | None = None
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._starts
        self._parser.EndElementHandler = self._ends
        self._parser.CharacterDataHandler = self._says
        self._parser.StartDoctypeDeclHandler = _refuse_declarations

    def read(self) -> list[int]:
        """The lines that could not be read; what could is in `found`."""
        try:
            self._parser.Parse(self.text, True)
        except expat.ExpatError as error:
            self.broken = error.lineno + self.skipped
            if self._paragraph:
                self._unread.append(self._paragraph.line)
            elif error.code != END_IS_MISSING:
                self._unread.append(self.broken)
        return sorted(set(self._unread))

    def _starts(self, tag: str, attributes: dict[str, str]) -> None:
        name, facts = _local(tag), {_local(key): value for key, value in attributes.items()}
        if len(self._open) >= DEEPEST:
            raise BadCaptions("The elements of this file lie too deep in each other.")
        if not self._open:
            self._times = Times.of(name, facts, self.text)
        element = self._element(name, facts)
        self._open.append(element)
        if name == "agent":
            self._agent = facts.get("id", "")
        elif self._paragraph and not element.silent:
            self._goes_on(element, facts)
        elif name in SPEECH and not element.silent:
            line = self._parser.CurrentLineNumber + self.skipped
            self._paragraph = _Paragraph(line, element)

    def _goes_on(self, element: _Element, facts: dict[str, str]) -> None:
        assert self._paragraph
        if element.name == "br":
            self._paragraph.rows.append([(None, [])])
        elif "begin" in facts or "t" in facts:
            self._paragraph.rows[-1].append((element.start_s, []))

    def _ends(self, tag: str) -> None:
        element = self._open.pop()
        if self._open:
            self._open[-1].latest_s = element.end_s or element.start_s or 0.0
        if self._paragraph and self._paragraph.element is element:
            shown = self._paragraph.shown()
            self.found += [shown] if shown else []
            self._unread += [] if shown else [self._paragraph.line]
            self._paragraph = None

    def _says(self, text: str) -> None:
        element = self._open[-1]
        if self._paragraph and not element.silent:
            self._paragraph.rows[-1][-1][1].append(text)
        elif element.name == "name" and self._agent:
            self._names[self._agent] = (self._names.get(self._agent, "") + text)[:LONGEST_NAME]

    def _element(self, name: str, facts: dict[str, str]) -> _Element:
        """An element with its span: times count from where the one around it begins."""
        around = self._open[-1] if self._open else _Element("")
        agent = facts.get("agent", "").split()
        element = _Element(
            name,
            around.start_s,
            around.end_s,
            around.timed,
            " ".join(self._names.get(agent[0], "").split()) if agent else around.speaker,
            around.silent or name in SILENT or facts.get("ruby", "").startswith("text"),
            facts.get("timeContainer") == "seq",
        )
        written = [facts.get(key, "") for key in self._keys(name)]
        if any(written):
            self._set_span(element, around, *written)
        element.latest_s = element.start_s or 0.0
        return element

    def _keys(self, name: str) -> tuple[str, str, str]:
        """The attributes with an element's begin, end and length."""
        root = self._open[0].name if self._open else name
        return {"transcript": ("start", "", "dur"), "timedtext": ("t", "", "d")}.get(
            root, ("begin", "end", "dur")
        )

    def _set_span(
        self, element: _Element, around: _Element, begin: str, end: str, length: str
    ) -> None:
        base = around.latest_s if around.in_turn else around.start_s
        start_s, end_s, length_s = (
            self._times.seconds(one or "0s") for one in (begin, end, length)
        )
        if base is None or start_s is None:
            element.start_s, element.timed = None, True
            return
        if around.end_s is not None and base + start_s > around.end_s >= start_s >= base:
            base = 0.0  # some programs count everything from the beginning
        element.start_s, element.timed = base + start_s, around.timed or bool(begin)
        ends = [base + end_s] if end and end_s is not None else []
        ends += [base + start_s + length_s] if length and length_s is not None else []
        element.end_s = min(ends, default=around.end_s)


def _words(row: list[tuple[float | None, list[str]]]) -> tuple[Token, ...]:
    """The words of a row. A stamp within a word is left out: the word began before."""
    tokens: list[Token] = []
    joins = False
    for stamp, pieces in row:
        text = entities("".join(pieces))
        words: list[Token] = [
            (stamp if n == 0 else None, word) for n, word in enumerate(text.split())
        ]
        if joins and words and not text[0].isspace():
            at, word = tokens.pop()
            words[0] = (at, word + words[0][1])
        tokens += words
        joins = bool(words) and not text[-1].isspace() if text else joins
    return tuple(tokens)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _escaped(match: re.Match[str]) -> str:
    """A lone ampersand, or an entity that XML does not know, as XML wants it."""
    named = entities(match.group())
    return named if named != match.group() else f"&amp;{match[1] or ''}"


def _refuse_declarations(name: str, system: str | None, public: str | None, inside: int) -> None:
    if inside:
        raise NotATranscript("This file declares words of its own, which a transcript need not.")
