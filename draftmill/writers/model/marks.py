"""The marks of a model's Markdown, held to what exists: times, pictures, links, no HTML."""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

from draftmill.clock import clock
from draftmill.writers.material import Material
from draftmill.writers.model.citations import Citations
from draftmill.writers.model.code import CODE, around

# Bounded, and without two ways to read the same text: a reply of brackets must not cost minutes.
LABEL = r"\[((?:[^\[\]]|\[[^\[\]]{0,200}\]){0,500}+)\]"
TARGET = r"\(<?((?:[^()<>\s]|\([^()\s]*\))*+)>?(?:\s[^()]*)?\)"
IMAGE = re.compile(rf"!{LABEL}(?:{TARGET}|\[[^\[\]]*\])")
LINK = re.compile(rf"(?<!!){LABEL}{TARGET}")
REFERENCE = re.compile(r"(?<!!)\[([^\[\]]+)\]\[[^\[\]]*\]")
DEFINITION = re.compile(r"^ {0,3}\[[^\]\n]+\]:[^\n]*\n?", re.MULTILINE)
AUTOLINK = re.compile(r"<(https?://[^<>\s]+|[^<>\s@]+@[^<>\s]+)>")
HTML = re.compile(r"<!--(?:(?!<!--|-->).)*-->|</?[a-zA-Z][^<>]*>|<[!?][^<>]*>", re.DOTALL)
BARE_TIME = re.compile(r"(?<![\]\[\w])\[(\d{1,2}(?::[0-5]\d){1,2})\](?![(\[:])")
CLOCK = re.compile(r"\d{1,3}(?::[0-5]\d){1,2}")
SHOT = re.compile(r"shot:(\d{1,6})")
BOLD = re.compile(
    r"\*\*(?=\S)((?:[^*\n]|\*(?!\*))+)(?<=\S)\*\*|__(?=\S)((?:[^_\n]|_(?!_))+)(?<=\S)__"
)
EMPTY_LINES = re.compile(r"(?<![ \t])[ \t]*\n(?:[ \t]*\n)+")

MOST_NESTED = 10  # tags in tags
MOST_BRACKETS = 100  # in a line: parsing them takes the square of their number

PARSER = MarkdownIt("commonmark")


@dataclass
class Marks:
    """What a draft of this material may point at."""

    end_s: float
    shots: set[int]
    known: str
    citations: Citations
    used: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, material: Material, instructions: str) -> "Marks":
        ends = [material.duration_s, *(segment.end_s for segment in material.segments)]
        said = " ".join(segment.text for segment in material.segments)
        return cls(
            end_s=max(ends) if material.timed else 0.0,
            shots={shot.n for shot in material.screenshots},
            known=f"{material.title} {material.context} {instructions} {said}".casefold(),
            citations=Citations(material.segments, material.timed),
        )

    def clean(self, body: str) -> str:
        """The text with only the marks that lead somewhere; code is left alone."""
        body = "\n".join(
            line if line.count("[") <= MOST_BRACKETS else _escaped(line)
            for line in body.splitlines()
        )
        if body.count("[") > 10 * MOST_BRACKETS:
            body = _escaped(body)
        return self.proven(around(CODE, body, self._prose).strip())

    def proven(self, body: str) -> str:
        """The text as it is when the page's parser finds only what we allow, else without marks."""
        return body if self._holds(body) else _escaped(body)

    def plain(self, text: str) -> str:
        """The text for where no marks exist: a post, a subject line, a preview."""
        if text.count("[") > MOST_BRACKETS:
            text = text.replace("[", "(").replace("]", ")")
        text = _without_html(AUTOLINK.sub(r"\1", IMAGE.sub("", text)))
        text = LINK.sub(r"\1", REFERENCE.sub(r"\1", text))
        text = re.sub(r"^ {0,3}(?:#{1,6}|>)[ \t]+", "", text, flags=re.MULTILINE)
        text = BOLD.sub(lambda match: match[1] or match[2], text)
        text = re.sub(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])", r"\1", text)
        return EMPTY_LINES.sub("\n\n", BARE_TIME.sub(r"\1", text)).strip()

    def _prose(self, text: str) -> str:
        text = DEFINITION.sub("", text)
        text = AUTOLINK.sub(self._autolink, text)
        text = IMAGE.sub(self._image, _without_html(text))
        text = REFERENCE.sub(r"\1", text)
        text = LINK.sub(self._link, text)
        text = BARE_TIME.sub(lambda match: self._time(match[1], match[1]), text)
        return EMPTY_LINES.sub("\n\n", text)

    def _image(self, match: re.Match[str]) -> str:
        shot = SHOT.fullmatch(match[2] or "")
        n = int(shot[1]) if shot else 0
        if n not in self.shots or n in self.used:
            return ""
        self.used.add(n)
        alt = re.sub(r"[\[\]]", "", match[1]).strip()
        return f"![{alt}](shot:{n})"

    def _link(self, match: re.Match[str]) -> str:
        label, target = match[1], match[2]
        if target.startswith("time:"):
            return self._time(label, target.removeprefix("time:"))
        return match.group() if self._known(target) else label

    def _autolink(self, match: re.Match[str]) -> str:
        return match[1] if self._known(match[1]) or "@" in match[1] else ""

    def _known(self, target: str) -> bool:
        address = target.casefold().removeprefix("https://").removeprefix("http://")
        is_web = address != target.casefold()
        return (
            is_web and len(address) > 3 and address.removeprefix("www.").rstrip("/") in self.known
        )

    def _time(self, label: str, time: str) -> str:
        seconds = _seconds(time)
        a_time = CLOCK.fullmatch(label.strip()) is not None
        if seconds is None or not 0 <= seconds <= self.end_s or self.end_s <= 0:
            return "" if a_time else label
        return f"[{clock(seconds) if a_time or not label.strip() else label}](time:{int(seconds)})"

    def _holds(self, body: str) -> bool:
        """Whether the parser that pages are made with finds nothing that we did not allow."""
        return all(map(self._allowed, _flat(PARSER.parse(body))))

    def _allowed(self, token: Token) -> bool:
        if token.type in ("html_block", "html_inline"):
            return False
        if token.type == "image":
            shot = SHOT.fullmatch(str(token.attrGet("src") or ""))
            return shot is not None and int(shot[1]) in self.shots
        if token.type == "link_open":
            target = str(token.attrGet("href") or "")
            return target.startswith("time:") or self._known(target)
        return True


def _without_html(text: str) -> str:
    """Taking one tag out can put another together: what is nested without end is no HTML at all."""
    for _ in range(MOST_NESTED):
        if (shorter := HTML.sub("", text)) == text:
            return text
        text = shorter
    return text.replace("<", "&lt;")


def _escaped(text: str) -> str:
    """Markdown in which nothing can be a link, a picture or HTML."""
    return text.replace("<", "&lt;").replace("[", "&#91;")


def _flat(tokens: Iterable[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _flat(token.children or ())


def _seconds(text: str) -> float | None:
    """Seconds of "374", "374.5", "6:14" or "1:06:14"."""
    try:
        seconds = 0.0
        for part in text.removesuffix("s").split(":"):
            seconds = seconds * 60 + float(part)
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) else None
