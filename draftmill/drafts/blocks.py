"""A draft's body as a row of blocks, for forms that are no HTML: plain text, and Word."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

LINKED = ("http://", "https://", "mailto:")


@dataclass(frozen=True)
class Span:
    """Words of one look; `href` leads out of the draft. `picture` is the source of a picture instead."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    struck: bool = False
    href: str = ""
    picture: str = ""


@dataclass(frozen=True)
class Block:
    """`kind` is text, heading, item, code, rule or row. `level` is that of a heading or an item.

    `begins` is false for a further paragraph of an item. `list_n` numbers the ordered lists, 0 for
    others; `number` is the item's in it. A row has its spans by `cells`.
    """

    kind: str
    spans: tuple[Span, ...] = ()
    level: int = 0
    quoted: bool = False
    begins: bool = True
    list_n: int = 0
    number: int = 0
    cells: tuple[tuple[Span, ...], ...] = ()
    heads: bool = False

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)


@dataclass
class _Around:
    """What the walk stands in."""

    lists: list[list[int]] = field(default_factory=list)  # [which ordered list or 0, number]
    ordered: int = 0
    quotes: int = 0
    fresh: bool = False
    heading: int = 0
    cells: list[tuple[Span, ...]] | None = None
    heads: bool = False


def blocks_of(tokens: Sequence[Token]) -> Iterator[Block]:
    """The blocks of a parsed body, in its order."""
    around = _Around()
    for token in tokens:
        if token.type == "inline":
            yield from _words(token, around)
        elif token.type in ("fence", "code_block"):
            yield _placed("code", (Span(token.content.rstrip("\n"), code=True),), around)
        elif token.type == "hr":
            yield Block("rule")
        elif token.type == "tr_close":
            yield Block("row", cells=tuple(around.cells or ()), heads=around.heads)
            around.cells = None
        else:
            _step(token, around)


def _step(token: Token, around: _Around) -> None:
    opens = token.nesting == 1
    if token.type in ("blockquote_open", "blockquote_close"):
        around.quotes += token.nesting
    elif token.type in ("heading_open", "heading_close"):
        around.heading = int(token.tag[1]) if opens else 0
    elif token.type in ("bullet_list_open", "ordered_list_open"):
        ordered = token.type == "ordered_list_open"
        around.ordered += ordered
        around.lists.append([around.ordered * ordered, int(token.attrGet("start") or 1) - 1])
    elif token.type in ("bullet_list_close", "ordered_list_close"):
        around.lists.pop()
    elif token.type == "list_item_open":
        around.lists[-1][1] += 1
        around.fresh = True
    elif token.type == "tr_open":
        around.cells = []
    elif token.tag == "thead":
        around.heads = opens


def _words(token: Token, around: _Around) -> Iterator[Block]:
    spans = tuple(spans_of(token.children or ()))
    if around.cells is not None:
        around.cells.append(spans)
    elif around.heading:
        yield Block("heading", spans, around.heading)
    else:
        yield _placed("item" if around.lists else "text", spans, around)


def _placed(kind: str, spans: tuple[Span, ...], around: _Around) -> Block:
    list_n, number = around.lists[-1] if around.lists else (0, 0)
    begins, around.fresh = around.fresh or not around.lists, False
    depth = len(around.lists)
    return Block(kind, spans, depth, around.quotes > 0, begins, list_n, number)


LOOKS = {"strong": "bold", "em": "italic", "s": "struck"}


def spans_of(children: Sequence[Token]) -> Iterator[Span]:
    """The words of a line, each with how it looks. What is no link out of the draft is its words."""
    look = dict.fromkeys(LOOKS.values(), 0)
    href = ""
    for child in children:
        if name := LOOKS.get(child.tag):
            look[name] += child.nesting
        elif child.type == "link_open":
            target = str(child.attrGet("href") or "")
            href = target if target.lower().startswith(LINKED) else ""
        elif child.type == "link_close":
            href = ""
        elif child.type == "image":
            yield Span(child.content, picture=str(child.attrGet("src") or ""))
        else:
            text = {"softbreak": " ", "hardbreak": "\n"}.get(child.type, child.content)
            shown = {name: count > 0 for name, count in look.items()}
            yield Span(text, code=child.type == "code_inline", href=href, **shown)  # type: ignore[arg-type]
