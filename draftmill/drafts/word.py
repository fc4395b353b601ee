"""A draft as a Word document (.docx): headings, lists, quotations, links, tables and its pictures."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from docx import Document
from docx.document import Document as Docx
from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError
from docx.image.exceptions import UnrecognizedImageError as NoImage
from docx.image.image import Image
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.oxml.shape import CT_Inline
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.parts.image import ImagePart
from docx.shared import Emu, Inches

from draftmill.drafts import word_pieces
from draftmill.drafts.blocks import Block, Span, blocks_of
from draftmill.drafts.markdown import Picture, shown_of, tokens_of
from draftmill.drafts.plain_text import CUT
from draftmill.drafts.word_pieces import clean, right_to_left

WIDEST = Inches(6)
COLUMNS = 60  # Word takes 63
LIST_LEVELS = 3  # that the styles have
BROKEN = (NoImage, InvalidImageStreamError, UnexpectedEndOfFileError, OSError, ValueError)
SECTION = "<w:sectPr"  # the end of the document's body
FIRST_LIST = 1000  # the template has some numberings of its own
MOST_PICTURES = 100 * 2**20  # bytes: a document is in memory as a whole
LEFT_OUT = "Pictures are left out here: the document would be too large. The zip has all of them."


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
    writing.ends(whole=len(shown_of(body)) == len(body))
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
        self._styles = {style.name: style.style_id for style in self._document.styles}
        self._pictures = pictures
        self._room = MOST_PICTURES
        self._shown: set[int] = set()
        self._links: dict[str, str] = {}
        self._lists: dict[int, int] = {}
        self._numberings: list[str] = []
        self._rows: list[list[str]] = []
        self._turned = False  # whether the table is read from right to left
        self._backwards: list[bool] = []  # of each paragraph that has words
        self._written: list[str] = []
        numbering = self._document.part.numbering_part.element
        counted = self._document.styles["List Number"].element.pPr.numPr.numId.val
        self._counts = numbering.num_having_numId(counted).abstractNumId.val

    def named(self, title: str) -> None:
        about = self._document.core_properties
        about.title, about.author, about.comments = clean(title)[:255], "", ""

    def ends(self, *, whole: bool) -> None:
        """Say what is left out."""
        for words in (*([] if whole else [CUT]), *([LEFT_OUT] if self._room < 0 else [])):
            self.paragraph("Normal", [Span(words)])

    def saved(self) -> bytes:
        self._end_table()
        if _mostly(self._backwards):
            grid = self._document.element.body.sectPr.find(qn("w:docGrid"))
            grid.addprevious(OxmlElement("w:bidi"))
        part = self._document.part
        # Parsed in its place: to move large elements there takes the square of their length.
        part._element = _with(part.element, SECTION, self._written)
        numbering = part.numbering_part
        numbering._element = _with(numbering.element, "</w:numbering>", self._numberings)
        packed = io.BytesIO()
        self._document.save(packed)
        return packed.getvalue()

    def block(self, block: Block) -> None:
        if block.kind == "row":
            self._row(block)
            return
        counts = block.kind == "item" and block.list_n and block.begins
        self.paragraph(_style(block), block.spans, self._list(block) if counts else 0)

    def paragraph(self, style: str, spans: Sequence[Span], numbering: int = 0) -> None:
        self._end_table()
        self._written.append(self._filled(style, spans, numbering))

    def _filled(self, style: str, spans: Sequence[Span], numbering: int = 0) -> str:
        text = "".join(span.text for span in spans)
        backwards = right_to_left(text)
        if text.strip():
            self._backwards.append(backwards)
        runs = [
            self._picture(span) if span.picture else self._words(span, backwards) for span in spans
        ]
        return word_pieces.paragraph(self._styles[style], runs, backwards, numbering)

    def _words(self, span: Span, backwards: bool) -> str:
        return word_pieces.run(span, backwards, self._link(span.href) if span.href else "")

    def _link(self, target: str) -> str:
        href = clean(target)
        if href not in self._links:
            # Ours to number: python-docx would look through all there are for each.
            self._links[href] = f"rIdLink{len(self._links)}"
            self._relate(RELATIONSHIP_TYPE.HYPERLINK, href, self._links[href], outside=True)
        return self._links[href]

    def _relate(self, kind: str, target: ImagePart | str, name: str, outside: bool = False) -> None:
        self._document.part.rels.add_relationship(kind, target, name, is_external=outside)

    def _picture(self, span: Span) -> str:
        n = int(span.picture)
        if n in self._shown:
            return ""
        self._shown.add(n)
        try:
            self._room -= self._pictures[n].stat().st_size
            image = Image.from_file(str(self._pictures[n])) if self._room >= 0 else None
        except BROKEN:
            image = None
        if image is None:
            return word_pieces.run(Span(span.text), backwards=False)
        return self._shown_as(image, clean(span.text))

    def _shown_as(self, image: Image, told: str) -> str:
        number = len(self._shown)
        part = ImagePart.from_image(image, PackURI(f"/word/media/image{number}.{image.ext}"))
        self._relate(RELATIONSHIP_TYPE.IMAGE, part, f"rIdPicture{number}")
        width, height = Emu(image.width), Emu(image.height)
        if width > WIDEST:
            width, height = Emu(WIDEST), Emu(int(height * WIDEST / width))
        inline = CT_Inline.new_pic_inline(
            number, f"rIdPicture{number}", str(image.filename), width, height
        )
        inline.docPr.set("descr", told)
        return f"<w:r><w:drawing>{inline.xml}</w:drawing></w:r>"

    def _list(self, block: Block) -> int:
        """The numbering of an ordered list: each list begins to count anew."""
        if block.list_n not in self._lists:
            number = FIRST_LIST + len(self._lists)
            self._lists[block.list_n] = number
            self._numberings.append(word_pieces.counting(number, self._counts, block.number))
        return self._lists[block.list_n]

    def _row(self, block: Block) -> None:
        if len(block.cells) > COLUMNS:
            spans = [one for cell in block.cells for one in (*cell, Span("\t"))]
            self.paragraph("Normal", spans)
            return
        if block.heads:
            self._end_table()
        if not self._rows:
            self._turned = right_to_left(
                "".join(span.text for cell in block.cells for span in cell)
            )
        cells = [_bold(cell) for cell in block.cells] if block.heads else block.cells
        self._rows.append([self._filled("Normal", cell) for cell in cells])

    def _end_table(self) -> None:
        if self._rows:
            style = self._styles["Table Grid"]
            self._written.append(word_pieces.table(style, self._rows, self._turned))
            self._rows = []


def _with(root: BaseOxmlElement, mark: str, written: Iterable[str]) -> BaseOxmlElement:
    """A tree with pieces put in before the only place of a mark."""
    before, _, after = root.xml.rpartition(mark)
    return parse_xml("".join((before, *written, mark, after)))


def _mostly(backwards: Sequence[bool]) -> bool:
    return sum(backwards) * 2 > len(backwards)


def _bold(spans: Sequence[Span]) -> list[Span]:
    return [replace(one, bold=True) for one in spans]


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
