"""The sentences that a model cites by number: taken out of its text, and kept beside it.

Where a text can hold times, a paragraph shows the time of the first sentence it cites.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from draftmill.transcripts.segments import Segment
from draftmill.writers.markdown import time_link
from draftmill.writers.model.code import CODE, around

NUMBER = r"[sS](?:entences?)?[ \u00a0]?\d{1,6}"
BETWEEN = r"[ \t]*+(?:(?:[,;/&+\u2013\u2014-]|and)[ \t]*+)?+"
# In the brackets that models put around it, with the link or the mark of a footnote they make of it.
# What was read of it is not read again in parts: time stays in proportion to the text.
CITED = re.compile(
    rf"(?<![ \t])[ \t]*+`?(?:(?<![\[\u3010])[\[\u3010]{{1,3}}+\^?({NUMBER}(?:{BETWEEN}\^?(?:{NUMBER}|\d{{1,6}}))*+)[\]\u3011]+(?:\([^()\n]*\))?"
    rf"|\((?:(?:see|cf\.?|source:?)[ \t])?(s\d{{1,6}}(?:{BETWEEN}s?\d{{1,6}})*+)\))`?"
)
AT_START = re.compile(rf"^(?:{CITED.pattern})++[ \t]++", re.MULTILINE)
RANGE = re.compile(r"(?<!\d)(\d{1,6})[ \t]*+[\u2013\u2014-][ \t]*+[sS]?(\d{1,6})(?!\d)")
ONE = re.compile(r"(?<!\d)\d{1,6}(?!\d)")  # longer ones are no sentence's
AS_CODE = re.compile(rf"`(\[{NUMBER}\])`")
MOST_OF_A_RANGE = 20
MOST_CITED = 12  # sentences of one paragraph
WITHOUT_TIME = re.compile(
    r"[ \t>*_-]*(?:#{1,6}[ \t]|\||(?:subject|title|alternative|preview)[^\n:]{0,20}:)", re.I
)
OWN_LINE = re.compile(r"[ \t]*(?:#{1,6}[ \t]|[-*+][ \t]|\d{1,3}[.)][ \t]|\||-{3,}[ \t]*$)")
HAS_TIME = re.compile(r"\]\(time:\d")


@dataclass
class Citations:
    """What one draft cites. `cited` are paragraphs, as they are read, with their sentences."""

    segments: tuple[Segment, ...]
    timed: bool
    cited: list[tuple[str, list[Segment]]] = field(default_factory=list)

    def as_times(self, text: str) -> str:
        """An article with a time at the end of each paragraph that cites something."""
        return around(CODE, _unwrapped(text), lambda prose: self._blocks(prose, self._timed))

    def left_out(self, text: str) -> str:
        """A text for where no times exist, such as posts."""
        return around(CODE, _unwrapped(text), lambda prose: self._blocks(prose, self._plain))

    @property
    def evidence(self) -> list[dict[str, object]]:
        """What is stored beside the draft: segments are named by window and number."""
        return [
            {"text": text, "start_s": said[0].start_s, "segments": [[s.window, s.n] for s in said]}
            for text, said in self.cited
        ]

    def _blocks(self, text: str, shown: Callable[[str], str]) -> str:
        return "".join(map(shown, _blocks_of(text)))

    def _plain(self, block: str) -> str:
        plain = CITED.sub("", AT_START.sub("", block))
        said = self._said(block)
        if said:
            self.cited.append((plain.strip(), said))
        return plain

    def _timed(self, block: str) -> str:
        plain = self._plain(block)
        said = self._said(block)
        if not (said and self.timed) or WITHOUT_TIME.match(plain) or HAS_TIME.search(plain):
            return plain
        words = plain.rstrip()
        return f"{words} {time_link(said[0].start_s)}{plain[len(words) :]}"

    def _said(self, block: str) -> list[Segment]:
        """The sentences that a paragraph cites, in its order; numbers that nothing has are left out."""
        numbers = [n for match in CITED.finditer(block) for n in _numbers(match[1] or match[2])]
        known = [n for n in dict.fromkeys(numbers) if 1 <= n <= len(self.segments)]
        return [self.segments[n - 1] for n in known[:MOST_CITED]]


def _numbers(text: str) -> list[int]:
    """The numbers in "s3, s5-s7"."""
    found = [int(n) for n in ONE.findall(text)]
    for first, last in RANGE.findall(text):
        found += range(int(first) + 1, min(int(last), int(first) + MOST_OF_A_RANGE))
    return found


def _unwrapped(text: str) -> str:
    """Without the backticks that make code of a number."""
    return AS_CODE.sub(r"\1", text)


def _blocks_of(text: str) -> list[str]:
    """A text in its paragraphs, headings and points of lists, each with the line ends behind it."""
    blocks: list[list[str]] = [[]]
    has_words = False  # of the last block; looking it through at every line takes the square
    for line in text.splitlines(keepends=True):
        last = blocks[-1]
        if line.strip():
            if has_words and (OWN_LINE.match(line) or last[0].startswith("#") or _ended(last)):
                blocks.append([])
            has_words = True
        blocks[-1].append(line)
    return ["".join(lines) for lines in blocks]


def _ended(lines: list[str]) -> bool:
    """Whether an empty line stands behind these."""
    return not lines[-1].strip()
