"""Bytes of a brought transcript -> text, or a refusal that says what the file is instead."""

import codecs
import re
import unicodedata

from draftmill.errors import Problem
from draftmill.letters import normalized
from draftmill.transcripts.formats.documents import DocumentTooLarge, NoDocument, text_of_docx
from draftmill.transcripts.formats.encodings import encoding_of

MAX_TEXT_BYTES = 5_000_000
MAX_JSON_BYTES = 25_000_000  # Whisper's word times take about 1 MB for an hour, whisper.cpp's 4 MB

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
SIGNATURES = (
    (b"%PDF", "a PDF document"),
    (b"\xd0\xcf\x11\xe0", "an old Word document"),
    (b"{\\rtf", "a rich text document"),
    (b"\x1f\x8b", "a compressed archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3", "a database"),
)
RECORDINGS = (b"ID3", b"\xff\xfb", b"OggS", b"fLaC", b"RIFF", b"\x1aE\xdf\xa3")
WEB_PAGE = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html)\b", re.IGNORECASE)
WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
UNWRITTEN = ("Cc", "Cn", "Co", "Cs")
COMMON = frozenset(" \n\r\t.,:0123456789、。，！？")
SAMPLE_BYTES = 60_000
WHOLE_FOR_BROKEN = 3  # letters that must be right for each that is broken
LAST = re.compile(rb"[\xc2-\xf4][\x80-\xbf]{0,2}\Z")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202d\u202e\ufeff\ufffe]")
GAP = re.compile(r"[^\S\n]{2,}")
SURROGATE = re.compile(r"[\ud800-\udfff]")


class TranscriptTooLarge(Problem):
    code = "transcript_too_large"
    status = 413
    default_message = "This transcript is larger than a transcript should be."
    default_hint = "Bring text or captions of up to 5 MB, or JSON of up to 25 MB."


class EmptyTranscript(Problem):
    code = "transcript_empty"
    default_message = "There is no text in this transcript."
    default_hint = "Check that the right file was chosen, or paste the text."


class NotATranscript(Problem):
    code = "not_a_transcript"
    default_message = "This file is not text."
    default_hint = "Save the transcript as .txt, .srt, .vtt, .docx or .json, or paste its text."


class UnknownEncoding(Problem):
    code = "transcript_encoding"
    default_message = "The letters of this file cannot be read: its encoding is not known."
    default_hint = "Save it as UTF-8 and bring it again, or paste its text."


def text_of(content: str | bytes) -> str:
    """The text of a file or of a pasted field: one kind of line end, no control characters.

    Raises EmptyTranscript, TranscriptTooLarge, NotATranscript or UnknownEncoding.
    """
    if len(content) > MAX_JSON_BYTES:
        raise TranscriptTooLarge
    text = content if isinstance(content, str) else _decoded(content)
    if WEB_PAGE.match(text):
        raise NotATranscript("This file is a web page, not a transcript.")
    text = readable(text)
    if len(text) > MAX_TEXT_BYTES and text[:1] not in "{[":
        raise TranscriptTooLarge
    if not text.strip():
        raise EmptyTranscript
    return text


def readable(text: str) -> str:
    """The text composed (NFC), without control characters, halves of characters and wide gaps."""
    text = SURROGATE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    return normalized(GAP.sub(" ", CONTROL.sub("", text)))


def _decoded(content: bytes) -> str:
    if not content.strip(b" \t\r\n\0"):
        raise EmptyTranscript
    if content.startswith(b"PK\x03\x04"):
        return _of_document(content)
    _refuse_other_files(content)
    for bom, encoding in BOMS:
        if content.startswith(bom):
            return content.decode(encoding, "replace")
    text = content.decode("utf-8", "replace")
    controlled = not _is_text(content)
    if not controlled and _is_nearly_unicode(content, text):
        return text
    known = _wide(content) if controlled else encoding_of(content) or _wide(content)
    if known is None:
        raise NotATranscript if controlled else UnknownEncoding
    return content.decode(known, "replace")


def _of_document(content: bytes) -> str:
    try:
        return text_of_docx(content)
    except NoDocument:
        raise NotATranscript(
            "This file is an archive or another document, not a Word document that can be read."
        ) from None
    except DocumentTooLarge:
        raise TranscriptTooLarge from None


def _refuse_other_files(content: bytes) -> None:
    for signature, name in SIGNATURES:
        if content.startswith(signature):
            raise NotATranscript(f"This file is {name}, not a transcript.")
    if content.startswith(RECORDINGS) or content[4:8] == b"ftyp":
        raise NotATranscript(
            "This file is a recording, not a transcript.", "Bring it as a recording instead."
        )


def _is_nearly_unicode(content: bytes, text: str) -> bool:
    """Whether it is UTF-8 in which few letters are broken, or whose last letter is cut.

    An escape that changes the character set is Japanese of another kind.
    """
    if b"\x1b$" in content[:SAMPLE_BYTES]:
        return False
    broken = text.count("\ufffd") - content.count("\ufffd".encode())
    if not broken:
        return True
    whole = sum(letter > "\x7f" for letter in text) - broken
    cut = broken == 1 and text.endswith("\ufffd") and len(LAST.sub(b"", content)) < len(content)
    return cut or whole >= WHOLE_FOR_BROKEN * broken


def _wide(content: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: the one in which it is text, with the marks of a text."""
    best, most = None, 0
    for encoding in WIDE:
        try:
            text = content[: 4 * SAMPLE_BYTES].decode(encoding)
        except UnicodeDecodeError:
            continue
        marks = sum(letter in COMMON for letter in text)
        strange = sum(
            unicodedata.category(letter) in UNWRITTEN and letter not in COMMON for letter in text
        )
        if marks > most and strange * 50 < len(text):
            best, most = encoding, marks
    return best


def _is_text(content: bytes) -> bool:
    """Whether it has about as few control characters as a text in some code page."""
    sample = content[:SAMPLE_BYTES]
    return sum(byte < 32 and byte not in b"\t\n\f\r\x1b" for byte in sample) * 100 <= len(sample)
