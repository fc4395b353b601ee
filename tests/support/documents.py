"""Word documents as Teams and Word write transcripts, made in memory."""

import io
import zipfile
from html import escape

SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(*paragraphs: str, part: str = "word/document.xml", before: str = "") -> bytes:
    """A document of these paragraphs; a line break within one is a <w:br/>."""
    lines = (
        "<w:p><w:r>"
        + "<w:br/>".join(
            f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in paragraph.split("\n")
        )
        + "</w:r></w:p>"
        for paragraph in paragraphs
    )
    return archive(
        part,
        f'{before}<w:document xmlns:w="{SPACE}"><w:body>{"".join(lines)}</w:body></w:document>',
    )


def archive(part: str, content: str | bytes) -> bytes:
    """A zip archive with one file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr("[Content_Types].xml", "<Types/>")
        written.writestr(part, content)
    return file.getvalue()
