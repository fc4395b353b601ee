"""Markdown -> safe HTML. What a draft says is hostile text: it may come from a model or a paste.

Raw HTML is shown as text, everything is sanitised after rendering, and no page made here asks
another machine for anything: pictures from elsewhere become links.
"""

import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from draftmill.projects.screenshots import Screenshot

# So much of a text is shown as it reads, wherever it is shown.
RENDERED = 200_000  # characters
LINES = 10_000
CUT = (
    f"<p>The text goes on. Of its characters the first {RENDERED:,} are shown here, of its lines"
    f" {LINES:,}; as Markdown it is whole.</p>\n"
)
SHOT = re.compile(r"shot:(\d{1,6})")
TIME = re.compile(r"time:(\d{1,6}(?:\.\d{1,3})?)")
LINK_SCHEMES = {"http", "https", "mailto"}
ALIGNED = re.compile(r"text-align:(left|center|right)")
OWN_PICTURE = re.compile(r"/projects/[\w-]{1,64}/screenshots/\d{1,6}|images/\d{3,6}\.jpg")

TAGS = (
    "a blockquote br code del em h1 h2 h3 h4 h5 h6 hr img li ol p pre s strong"
    " table tbody td th thead tr ul"
)
# The bounds keep hostile text of a million brackets from being searched for ever.
IMAGE = re.compile(r"!\[[^\[\]\n]{0,500}\]\([^()\n]{0,2000}\)")
LINK_TARGET = re.compile(r"\]\([^()\n]{0,2000}\)")
WORD = re.compile(r"\w[\w'’.-]*")

# Letters that are written from right to left: Hebrew, Arabic and their neighbours.
RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
DIRECTED = ["blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ol", "p", "td", "th", "ul"]

# One text at a time: many at once would share the interpreter with everybody else's requests.
_TURN = threading.Lock()
CLEANER = nh3.Cleaner(
    tags=set(TAGS.split()),
    attributes={
        "a": {"href", "title"},
        "img": {"src", "alt", "title", "width", "height", "loading"},
        **{tag: {"dir", "data-block"} for tag in DIRECTED},
        "ol": {"dir", "start"},
    },
    allowed_classes={"a": {"time"}, **{cell: {"left", "center", "right"} for cell in ("td", "th")}},
    attribute_filter=lambda tag, name, value: (
        None if (tag, name) == ("img", "src") and not OWN_PICTURE.fullmatch(value) else value
    ),
    url_schemes=LINK_SCHEMES,
    link_rel="noopener noreferrer",
)


@dataclass(frozen=True)
class Picture:
    """A picture of our own, as a page shows it. `width` and `height` are pixels, 0 if not said."""

    src: str
    width: int = 0
    height: int = 0


@dataclass(frozen=True)
class ShownAbove:
    """A picture that the page has already: a link leads there instead."""

    href: str
    label: str


class References(dict[str, dict[str, str]]):
    """The targets of a text's references, of which no more is handed out than a text may hold.

    One long target, named in three letters again and again, would make a page of gigabytes.
    """

    left = RENDERED

    def get(self, label: str, default: Any = None) -> Any:
        """The target of a label, None when it is not known or too much was used."""
        found = super().get(label)
        if found is not None:
            self.left -= len(found["href"]) + len(found["title"])
        return found if self.left >= 0 else default


# What a number in `shot:12` and a time in `time:374` become; None leaves the picture, or the link, out.
FindPicture = Callable[[int], Picture | ShownAbove | None]
FindTime = Callable[[float], str | None]


def render(
    body: str, project_id: str, shots: Mapping[int, Screenshot], *, numbered: bool = False
) -> str:
    """The HTML of a draft's body for a page of its project: pictures shown, times linked to the player.

    `numbered` lets each block say which one it is, by `data-block`, counted as in evidence/blocks.py.
    """

    def picture(n: int) -> Picture | None:
        shot = shots.get(n)
        url = f"/projects/{project_id}/screenshots/{n}"
        return Picture(url, shot.width, shot.height) if shot else None

    return render_with(body, picture, lambda s: f"/projects/{project_id}?t={s:g}#player", numbered)


def render_with(body: str, picture: FindPicture, time: FindTime, numbered: bool = False) -> str:
    """The safe HTML of a draft's body, its pictures and times resolved by the caller.

    It ends after RENDERED characters or LINES lines of the body, and says so.
    """
    parser = _parser()
    shown = shown_of(body)
    with _TURN:
        tokens = _parsed(shown)
        directed = RIGHT_TO_LEFT.search(shown) is not None
        if numbered:
            _number(tokens)
        for token in tokens:
            _align(token)
            if directed and token.nesting == 1 and token.tag in DIRECTED:
                token.attrSet("dir", "auto")
            if token.children is not None:
                token.children = list(_resolved(token.children, picture, time))
        html = CLEANER.clean(parser.renderer.render(_without_empty(tokens), parser.options, {}))
    return html + CUT * (len(shown) < len(body))


def tokens_of(body: str, picture: FindPicture) -> list[Token]:
    """What a body consists of, as far as it is rendered: links to times are their words alone."""
    with _TURN:
        tokens = _parsed(shown_of(body))
        for token in tokens:
            if token.children is not None:
                token.children = list(_resolved(token.children, picture, lambda _: None))
    return _without_empty(tokens)


def shown_of(body: str) -> str:
    """As much of a text as is rendered."""
    return "\n".join(body[:RENDERED].split("\n", LINES)[:LINES])


def numbers_of_pictures(body: str) -> list[int]:
    """The numbers of the screenshots that a rendered body shows, in the order of their first place."""
    found: dict[int, None] = {}
    with _TURN:
        tokens = _parsed(shown_of(body))
    for token in tokens:
        for child in token.children or ():
            match = SHOT.fullmatch(str(child.attrGet("src") or "")) if _is_image(child) else None
            if match:
                found[int(match[1])] = None
    return list(found)


def count_words(body: str) -> int:
    """How many words a reader sees: without pictures and the addresses of links."""
    return len(WORD.findall(LINK_TARGET.sub("]", IMAGE.sub("", body))))


def _parsed(body: str) -> list[Token]:
    return _parser().parse(body, {"references": References()})


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def _is_image(token: Token) -> bool:
    return token.type == "image"


def _resolved(children: Sequence[Token], picture: FindPicture, time: FindTime) -> Iterator[Token]:
    """The parts of a line with its pictures and times in place."""
    open_links: list[bool] = []  # whether each open link is kept
    for token in children:
        if token.type == "link_open":
            kept = _resolve_link(token, time)
            open_links.append(kept)
            if kept:
                yield token
        elif token.type == "link_close":
            if open_links.pop():
                yield token
        elif _is_image(token):
            yield from _resolve_image(token, picture, inside_link=any(open_links))
        else:
            yield token


def _resolve_link(token: Token, time: FindTime) -> bool:
    """Whether the link stays; one to a time gets its address."""
    href = str(token.attrGet("href") or "")
    if not href.startswith(("time:", "shot:")):
        return True
    match = TIME.fullmatch(href)
    address = time(float(match[1])) if match else None
    if address is None:
        return False
    token.attrs = {"href": address, "class": "time"}
    return True


def _resolve_image(token: Token, picture: FindPicture, inside_link: bool) -> Iterator[Token]:
    source = str(token.attrGet("src") or "")
    match = SHOT.fullmatch(source)
    if not match:
        linked = source.startswith(("http://", "https://")) and not inside_link
        yield from _link(source if linked else "", token.content or source * linked)
        return
    found = picture(int(match[1]))
    if isinstance(found, Picture):
        token.attrs = {
            "src": found.src,
            "alt": "",
            **({"width": found.width, "height": found.height} if found.width else {}),
            "loading": "lazy",
        }
        yield token
    elif found:
        yield from _link("" if inside_link else found.href, found.label)


def _link(href: str, text: str) -> Iterator[Token]:
    """A link with a text; the text alone without an address, and nothing without either."""
    if href:
        yield Token("link_open", "a", 1, attrs={"href": href})
    if text:
        yield Token("text", "", 0, content=text)
    if href:
        yield Token("link_close", "a", -1)


def _number(tokens: Sequence[Token]) -> None:
    """Each block says its number; in a tight list it is the list's item that is shown."""
    inlines = (at for at, token in enumerate(tokens) if token.type == "inline")
    for n, at in enumerate(inlines):
        opening = tokens[at - 2] if tokens[at - 1].hidden else tokens[at - 1]
        if opening.nesting == 1:
            opening.attrSet("data-block", str(n))


def _align(token: Token) -> None:
    """A table cell says by its class how it is aligned: our pages allow no inline style."""
    match = ALIGNED.search(str(token.attrs.pop("style", "")))
    if match:
        token.attrSet("class", match[1])


def _without_empty(tokens: Sequence[Token]) -> list[Token]:
    """The tokens without the paragraphs that held nothing but a picture that is gone."""
    kept: list[Token] = []
    for token in tokens:
        if token.type == "paragraph_close" and kept[-1].type == "inline" and not kept[-1].children:
            del kept[-2:]
        else:
            kept.append(token)
    return kept
