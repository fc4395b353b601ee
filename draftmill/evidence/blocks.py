"""A draft's body in blocks as a page shows them, in the words that a reader sees."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from draftmill.evidence.quotation_marks import NOTHING, Carried, carried_over
from draftmill.evidence.records import Kind

TIME = re.compile(r"time:(\d{1,6}(?:\.\d{1,3})?)")


@dataclass(frozen=True)
class TimeMark:
    """A link to a time: where in the text it stands, and the seconds it leads to."""

    at: int
    seconds: float


@dataclass(frozen=True)
class Text:
    """A block as it reads. Places count characters of `text`; `lines` are those of the body.

    `quoted` is what stands in a `>` block, `spans` are what stands in italics, `code` in code,
    `carried` in a quotation that began in the block before, or that goes on in the next. `alts`
    are the texts of its pictures, which are no part of `text`.
    """

    kind: Kind
    text: str
    hash: str
    quoted: bool = False
    times: tuple[TimeMark, ...] = ()
    italics: tuple[tuple[int, int], ...] = ()
    code: tuple[tuple[int, int], ...] = ()
    lines: tuple[int, int] = (0, 0)
    carried: Carried = NOTHING
    alts: tuple[str, ...] = ()


@dataclass
class _Reading:
    text: str = ""
    times: list[TimeMark] = field(default_factory=list)
    italics: list[tuple[int, int]] = field(default_factory=list)
    code: list[tuple[int, int]] = field(default_factory=list)
    alts: list[str] = field(default_factory=list)


def hash_of(source: str) -> str:
    """What a block is known by: its Markdown, without regard to where its lines end."""
    return hashlib.sha256(" ".join(source.split()).encode("utf-8", "replace")).hexdigest()[:16]


def blocks_of(body: str | Sequence[str]) -> list[Text]:
    """The blocks of Markdown, or of a list of posts, in their order; each has a hash of its own."""
    if isinstance(body, str):
        found = list(_of_markdown(body))
    else:
        found = [Text("post", post, hash_of(post)) for post in body]
    return list(_apart(_carried(found)))


def _carried(blocks: Sequence[Text]) -> Iterator[Text]:
    """The blocks with what goes on from one to the next: judged anew as soon as that changes."""
    spans = carried_over(
        ["" if one.quoted or one.kind == "heading" else one.text for one in blocks]
    )
    for block, span in zip(blocks, spans, strict=True):
        if span == NOTHING:
            yield block
        else:
            yield replace(block, hash=hash_of(f"{block.hash}\0{span}"), carried=span)


def _apart(blocks: Iterable[Text]) -> Iterator[Text]:
    """A block that stands there again is another one: it is judged, and looked at, for itself."""
    known = Counter[str]()
    for block in blocks:
        before = known[block.hash]
        known[block.hash] += 1
        yield replace(block, hash=hash_of(f"{block.hash}\0{before}")) if before else block


def _of_markdown(body: str) -> Iterator[Text]:
    depth = 0  # of `>` blocks
    kind: Kind = "paragraph"
    for token in _parser().parse(body):
        depth += token.nesting * (token.type in ("blockquote_open", "blockquote_close"))
        if token.type == "heading_open":
            kind = "heading"
        elif token.type == "heading_close":
            kind = "paragraph"
        elif token.type == "inline":
            yield _block(token, kind, quoted=depth > 0)


def _block(token: Token, kind: Kind, *, quoted: bool) -> Text:
    read = _read(token.children or [])
    first, last = token.map or (0, 0)
    return Text(
        kind,
        read.text,
        hash_of(("> " if quoted else "# " if kind == "heading" else "") + token.content),
        quoted,
        tuple(read.times),
        tuple(read.italics),
        tuple(read.code),
        (first, last),
        alts=tuple(read.alts),
    )


def _read(tokens: Sequence[Token]) -> _Reading:
    """The words that a reader sees; a link to a time is a place, not words."""
    read = _Reading()
    opened: list[int] = []
    in_time = False
    for token in tokens:
        if token.type == "link_open":
            match = TIME.fullmatch(str(token.attrGet("href") or ""))
            in_time = match is not None
            if match:
                read.times.append(TimeMark(len(read.text), float(match[1])))
        elif token.type == "link_close":
            in_time = False
        elif token.type == "em_open":
            opened.append(len(read.text))
        elif token.type == "em_close":
            read.italics.append((opened.pop(), len(read.text)))
        elif token.type == "code_inline":
            read.code.append((len(read.text), len(read.text) + len(token.content)))
            read.text += token.content
        elif token.type == "image":
            if alt := "".join(part.content for part in token.children or ()):
                read.alts.append(alt)
        elif token.type in ("softbreak", "hardbreak"):
            read.text += "\n"
        elif token.type == "text" and not (in_time and _is_clock(token.content)):
            read.text += token.content
    return read


def _is_clock(label: str) -> bool:
    return re.fullmatch(r"[\s(\[]*\d{1,3}(?::[0-5]\d){1,2}[\s)\]]*", label) is not None


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
