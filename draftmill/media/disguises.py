"""Files that are not what they seem, told apart by their bytes, without opening them as media."""

import re
import stat
from collections.abc import Iterator
from pathlib import Path

from draftmill.media import refusals

HEAD = 64 * 1024
PLAYLIST = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*+(?:"
    rb"#EXTM3U|ffconcat\s++version|\[playlist\]|\[reference\]|file\s++\S"
    rb"|v=0\s*\n|<asx\b|<smil\b|<\?wpl\b|(?:<\?xml[^>]*+>\s*+(?:(?><!--.*?-->)\s*+)*+)?"
    rb"<(?:mpd|smoothstreamingmedia|playlist|smil|assetmap|compositionplaylist)\b)",
    re.IGNORECASE | re.DOTALL,
)
SESSION = re.compile(rb"^(?:c=IN IP[46]|m=(?:audio|video) \d)", re.MULTILINE)
# The two Content Encryption Objects of Windows Media, as they stand in the file.
WINDOWS_DRM = (
    bytes.fromhex("fbb3112223bdd211b4b700a0c955fc6e"),
    bytes.fromhex("14e68a292226174cb935dae07ee9289c"),
)
WINDOWS_MEDIA = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
MP4_STARTS = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")
# A sample description whose first entry is encrypted, or says how to decrypt it.
MP4_DRM = re.compile(rb"stsd.{12}(?:drm[si]|enc[avt]|aavd)|sinf.{4}frma", re.DOTALL)
LONGEST_INDEX = 64 * 2**20
MEDIA_STARTS = (b"\x1aE\xdf\xa3", b"RIFF", b"OggS", b"fLaC", b"ID3", b"FLV", WINDOWS_MEDIA, b"caff")


def refuse(path: Path) -> None:
    """Raise a refusal for what must not even be opened as media."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise refusals.Unreadable("This is not a file.")
        head = _head(path)
    except OSError as error:
        raise refusals.Unreadable(f"The file cannot be opened: {error.strerror}.") from None
    if not status.st_size:
        raise refusals.EmptyFile()
    if PLAYLIST.match(head) or (b"\0" not in head[:2048] and SESSION.search(head[:2048])):
        raise refusals.DisguisedPlaylist()


def why_unreadable(path: Path) -> refusals.RefusedRecording:
    """The refusal for a file that FFmpeg would not open."""
    head = _head(path)
    if head[4:8] in MP4_STARTS:
        return refusals.EndMissing() if not _has_index(path) else refusals.Damaged()
    if head.startswith(MEDIA_STARTS):
        return refusals.Damaged()
    return refusals.NotARecording()


def is_protected(path: Path) -> bool:
    """Whether an MP4 or Windows Media file says that its content is encrypted."""
    head = _head(path)
    if head.startswith(WINDOWS_MEDIA):
        return any(mark in head for mark in WINDOWS_DRM)
    return head[4:8] in MP4_STARTS and MP4_DRM.search(_index(path)) is not None


def _index(path: Path) -> bytes:
    """The `moov` box of an MP4."""
    start = 0
    for kind, end in _boxes(path):
        if kind == b"moov":
            with path.open("rb") as file:
                file.seek(start)
                return file.read(min(end - start, LONGEST_INDEX))
        start = end
    return b""


def _has_index(path: Path) -> bool:
    """Whether an MP4 has its `moov` box, whole: it is written last, and nothing opens without it."""
    size = path.stat().st_size
    return any(kind == b"moov" and end <= size for kind, end in _boxes(path))


def _boxes(path: Path) -> Iterator[tuple[bytes, int]]:
    """The outermost boxes of an MP4: kind, and the offset of the end that they claim."""
    size = path.stat().st_size
    offset = 0
    with path.open("rb") as file:
        for _ in range(10_000):
            file.seek(offset)
            header = file.read(16)
            if len(header) < 8:
                return
            length = int.from_bytes(header[:4])
            if length == 1:
                length = int.from_bytes(header[8:16])
            elif length == 0:
                length = size - offset
            if length < 8:
                return
            offset += length
            yield header[4:8], offset


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD)
