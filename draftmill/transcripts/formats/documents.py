"""The text of a Word document, a line for each paragraph: what Teams and Word give to download.

Only its one part with text is unpacked, up to a size, whatever else the archive claims to hold.
"""

import io
import zipfile
import zlib
from xml.parsers import expat

MAX_XML_BYTES = 30_000_000
PART = "word/document.xml"
PIECE = 65_536  # bytes unpacked at once
WORD = "wordprocessingml"
SPACES = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
UNSEEN = frozenset({"Fallback", "del", "moveFrom"})  # said again for older programs, or deleted


class NoDocument(Exception):
    """It is no Word document, or a damaged one."""


class DocumentTooLarge(Exception):
    """It unpacks to more than a transcript can be."""


def text_of_docx(content: bytes) -> str:
    """The lines of a .docx. Raises NoDocument and DocumentTooLarge."""
    lines = _Lines()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(PART) as part:
            size = 0
            while piece := part.read(PIECE):
                size += len(piece)
                if size > MAX_XML_BYTES:
                    raise DocumentTooLarge
                lines.feed(piece)
            lines.feed(b"", last=True)
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError) as error:
        raise NoDocument from error
    except (KeyError, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise NoDocument from error
    return lines.text()


class _Lines:
    """What the XML of a document shows, as it comes."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._begins
        self._parser.EndElementHandler = self._ends
        self._parser.CharacterDataHandler = self._says
        self._parser.StartDoctypeDeclHandler = self._declares
        self._shown: list[str] = []
        self._unseen = 0
        self._inside_text = False

    def feed(self, piece: bytes, last: bool = False) -> None:
        self._parser.Parse(piece, last)

    def text(self) -> str:
        return "".join(self._shown)

    def _begins(self, name: str, attributes: dict[str, str]) -> None:
        space, local = _split(name)
        if self._unseen or local in UNSEEN:
            self._unseen += 1
        elif WORD in space:
            self._inside_text = local == "t"
            self._shown.append(SPACES.get(local, ""))

    def _ends(self, name: str) -> None:
        space, local = _split(name)
        self._inside_text = False
        if self._unseen:
            self._unseen -= 1
        elif local == "p" and WORD in space:
            self._shown.append("\n")

    def _says(self, text: str) -> None:
        if self._inside_text and not self._unseen:
            self._shown.append(text)

    def _declares(self, *_: object) -> None:
        """No program writes a document type into a document: it is there to grow."""
        raise NoDocument


def _split(name: str) -> tuple[str, str]:
    space, _, local = name.rpartition(" ")
    return space, local
