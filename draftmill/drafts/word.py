"""A draft as a Word document (.docx): headings, lists, quotations, links, tables and its pictures.

Built from elements rather than by python-docx's own verbs where those look through the whole
document for each paragraph: a text may have ten thousand of them.
"""

import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as Docx
from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError
from docx.image.exceptions import UnrecognizedImageError as NoImage
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.numbering import CT_Num
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Emu, Inches
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from draftmill.drafts.blocks import Block, Span, blocks_of
from draftmill.drafts.markdown import Picture, tokens_of

WIDEST = Inches(6)
COLUMNS = 60  # Word takes 63
LIST_LEVELS = 3  # that the styles have
# Letters that no XML document may hold.
FORBIDDEN = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
BROKEN = (NoImage, InvalidImageStreamError, UnexpectedEndOfFileError, OSError, ValueError)
CODE_FONT = "Courier New"
HYPERLINK = RELATIONSHIP_TYPE.HYPERLINK
FIRST_LIST = 1000  # the template has some numberings of its own


def document(title: str, preview: str, body: str, pictures: Mapping[int, Path]) -> bytes:
    """The document. `pictures` are those that exist, by number; each is shown once."""
    writing = _Writing(pictures)
    writing.named(title)
    if title:
        writing.paragraph("Title", [Span(title)])
    if preview:
        writing.paragraph("Subtitle", [Span(preview)])
    tokens = tokens_of(body, lambda n: Picture(str(n)) if n in pictures else None)
    for block in blocks_of(tokens):
        writing.block(block)
    return writing.saved()


def document_of_posts(title: str, posts: Sequence[str]) -> bytes:
    """Posts one after the other, each line as it is."""
    writing = _Writing({})
    writing.named(title)
    for n, post in enumerate(posts, 1):
        if len(posts) > 1:
            writing.paragraph("Heading 2", [Span(f"{n}/{len(posts)}")])
        writing.paragraph("Normal", [Span(post.strip())])
    return writing.saved()


class _Writing:
    """A document that grows at its end."""

    def __init__(self, pictures: Mapping[int, Path]) -> None:
        self._document: Docx = Document()
        self._end = self._document.element.body.sectPr
        self._styles = {style.name: style.style_id for style in self._document.styles}
        self._pictures = pictures
        self._shown: set[int] = set()
        self._links: dict[str, str] = {}
        self._lists: dict[int, int] = {}
        self._table: BaseOxmlElement | None = None
        self._numbering = self._document.part.numbering_part.element
        counted = self._document.styles["List Number"].element.pPr.numPr.numId.val
        self._counts = self._numbering.num_having_numId(counted).abstractNumId.val

    def named(self, title: str) -> None:
        about = self._document.core_properties
        about.title, about.author, about.comments = _clean(title)[:255], "", ""

    def saved(self) -> bytes:
        packed = io.BytesIO()
        self._document.save(packed)
        return packed.getvalue()

    def block(self, block: Block) -> None:
        if block.kind == "row":
            self._row(block)
            return
        self._table = None
        paragraph = self.paragraph(_style(block), block.spans)
        if block.kind == "item" and block.list_n and block.begins:
            numbered = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            numbered.get_or_add_ilvl().val = 0
            numbered.get_or_add_numId().val = self._list(block)

    def paragraph(self, style: str, spans: Sequence[Span]) -> Paragraph:
        element = OxmlElement("w:p")
        self._end.addprevious(element)
        paragraph = Paragraph(element, self._document._body)
        self._fill(paragraph, style, spans)
        return paragraph

    def _fill(self, paragraph: Paragraph, style: str, spans: Sequence[Span]) -> None:
        paragraph._p.get_or_add_pPr().style = self._styles[style]
        backwards = _right_to_left("".join(span.text for span in spans))
        if backwards:
            paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
        for span in spans:
            if span.picture:
                self._picture(paragraph, span)
            else:
                self._words(paragraph, span, backwards)

    def _words(self, paragraph: Paragraph, span: Span, backwards: bool) -> None:
        run = paragraph.add_run(_clean(span.text))
        font = run.font
        wished = {"bold": span.bold, "italic": span.italic, "strike": span.struck, "rtl": backwards}
        for look in (look for look, on in wished.items() if on):
            setattr(font, look, True)
        if span.code:
            font.name = CODE_FONT
        if span.href:
            self._link(paragraph, run, _clean(span.href))

    def _link(self, paragraph: Paragraph, run: Run, href: str) -> None:
        if href not in self._links:
            # Ours to number: python-docx would look through all there are for each.
            self._links[href] = f"rIdLink{len(self._links)}"
            rels = self._document.part.rels
            rels.add_relationship(HYPERLINK, href, self._links[href], is_external=True)
        run.font.underline = True
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), self._links[href])
        link.append(run._r)
        paragraph._p.append(link)

    def _picture(self, paragraph: Paragraph, span: Span) -> None:
        n = int(span.picture)
        if n in self._shown:
            return
        self._shown.add(n)
        try:
            shown = paragraph.add_run().add_picture(str(self._pictures[n]))
        except BROKEN:
            paragraph.add_run(_clean(span.text))
            return
        if shown.width > WIDEST:
            shown.height = Emu(int(shown.height * WIDEST / shown.width))
            shown.width = WIDEST
        shown._inline.docPr.set("descr", _clean(span.text))

    def _list(self, block: Block) -> int:
        """The numbering of an ordered list: each list begins to count anew."""
        if block.list_n not in self._lists:
            num: Any = CT_Num.new(FIRST_LIST + len(self._lists), self._counts)  # type: ignore[no-untyped-call]
            num.add_lvlOverride(ilvl=0).add_startOverride(block.number)
            self._numbering.append(num)
            self._lists[block.list_n] = num.numId
        return self._lists[block.list_n]

    def _row(self, block: Block) -> None:
        if len(block.cells) > COLUMNS:
            self._table = None
            spans = [one for cell in block.cells for one in (*cell, Span("\t"))]
            self.paragraph("Normal", spans)
            return
        if self._table is None or block.heads:
            self._table = self._new_table(len(block.cells))
        row = OxmlElement("w:tr")
        self._table.append(row)
        for cell in block.cells:
            self._cell(row, [Span(one.text, bold=True) for one in cell] if block.heads else cell)

    def _new_table(self, columns: int) -> BaseOxmlElement:
        made = self._document.add_table(0, columns)
        made.style = self._document.styles["Table Grid"]
        self._end.addprevious(made._tbl)
        self._end.addprevious(OxmlElement("w:p"))  # two tables would else become one
        table: BaseOxmlElement = made._tbl
        return table

    def _cell(self, row: BaseOxmlElement, spans: Sequence[Span]) -> None:
        cell, element = OxmlElement("w:tc"), OxmlElement("w:p")
        cell.append(element)
        row.append(cell)
        self._fill(Paragraph(element, self._document._body), "Normal", spans)


def _style(block: Block) -> str:
    if block.kind == "heading":
        return f"Heading {block.level}"
    if block.kind == "item":
        level = min(block.level, LIST_LEVELS)
        name = (
            "List Continue"
            if not block.begins
            else "List Number"
            if block.list_n
            else "List Bullet"
        )
        return name if level == 1 else f"{name} {level}"
    return "Quote" if block.quoted else "Normal"


def _clean(text: str) -> str:
    return FORBIDDEN.sub("", text)


def _right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction is written from right to left."""
    for letter in text[:1000]:
        direction = unicodedata.bidirectional(letter)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False
