"""The XML of a Word document, piece by piece: runs, paragraphs, tables, lists.

Written as text and parsed once: an element at a time takes ten times as long, and a text may have a
hundred thousand.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from html import escape

from draftmill.drafts.blocks import Span

# Letters that no XML document may hold.
FORBIDDEN = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
CODE_FONT = "Courier New"
BREAKS = {"\n": "br", "\t": "tab"}
WIDTH = 8640  # of a page's text, in twentieths of a point
GRID = "<w:tbl><w:tblPr><w:tblStyle w:val={style!r}/>{backwards}<w:tblW w:type='auto' w:w='0'/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"


def clean(text: str) -> str:
    """A text as XML may hold it."""
    return FORBIDDEN.sub("", text)


def run(span: Span, backwards: bool, link: str = "") -> str:
    """Words of one look; `link` names where they lead."""
    looks = "".join(
        element
        for element, on in (
            (
                f"<w:rFonts w:ascii='{CODE_FONT}' w:hAnsi='{CODE_FONT}' w:cs='{CODE_FONT}'/>",
                span.code,
            ),
            # Each twice: letters from right to left have looks of their own.
            ("<w:b/><w:bCs/>", span.bold),
            ("<w:i/><w:iCs/>", span.italic),
            ("<w:strike/>", span.struck),
            ("<w:u w:val='single'/>", link),
            ("<w:rtl/>", backwards),
        )
        if on
    )
    looks = f"<w:rPr>{looks}</w:rPr>" if looks else ""
    written = f"<w:r>{looks}{_words(clean(span.text))}</w:r>"
    return f"<w:hyperlink r:id='{link}'>{written}</w:hyperlink>" if link else written


def _words(text: str) -> str:
    parts = re.split("([\n\t])", escape(text, quote=False))
    return "".join(
        f"<w:{BREAKS[part]}/>" if part in BREAKS else f"<w:t xml:space='preserve'>{part}</w:t>"
        for part in parts
        if part
    )


def paragraph(style: str, runs: Iterable[str], backwards: bool, numbering: int = 0) -> str:
    """A paragraph of a style, by its id; `numbering` is the list that it is an item of."""
    numbered = (
        f"<w:numPr><w:ilvl w:val='0'/><w:numId w:val='{numbering}'/></w:numPr>" if numbering else ""
    )
    look = f"<w:pStyle w:val='{style}'/>{numbered}{'<w:bidi/>' if backwards else ''}"
    return f"<w:p><w:pPr>{look}</w:pPr>{''.join(runs)}</w:p>"


def table(style: str, rows: Sequence[Sequence[str]], backwards: bool) -> str:
    """Rows of cells, each a paragraph, and an empty paragraph: two tables would else become one."""
    columns = len(rows[0])
    grid = f"<w:gridCol w:w='{WIDTH // columns}'/>" * columns
    written = "".join(
        f"<w:tr>{''.join(f'<w:tc>{cell}</w:tc>' for cell in cells)}</w:tr>" for cells in rows
    )
    turned = "<w:bidiVisual/>" if backwards else ""
    return GRID.format(style=style, backwards=turned, columns=grid, rows=written) + "<w:p/>"


def counting(number: int, counts: int, begin: int) -> str:
    """A numbering of its own, which begins to count there."""
    return (
        f"<w:num w:numId='{number}'><w:abstractNumId w:val='{counts}'/><w:lvlOverride w:ilvl='0'>"
        f"<w:startOverride w:val='{begin}'/></w:lvlOverride></w:num>"
    )


def right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction is written from right to left."""
    for letter in text[:1000]:
        direction = unicodedata.bidirectional(letter)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False
