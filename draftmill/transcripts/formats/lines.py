"""How wide a caption is, and where it may be cut: between words, or letters that no space parts."""

import re
import unicodedata
from collections.abc import Iterator

from draftmill.letters import UNSPACED

LINE = 42  # letters that a caption's line holds; of the wide ones half as many

# Letters that take the place of two.
_WIDE = re.compile(
    r"[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\uffe0-\uffe6"
    r"\U0001f300-\U0001faff\U00020000-\U0003ffff]"
)
_NEVER_FIRST = frozenset(
    "々ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ\u0e30\u0e33\u0e45\u0eb0\u0eb3ๆฯ"
)
_NEVER_LAST = frozenset(
    "เแโใไ\u0ec0\u0ec1\u0ec2\u0ec3\u0ec4"
)  # written before the letter they follow


def width(text: str) -> int:
    """How many letters' place a text takes."""
    return len(text) if text.isascii() else len(text) + len(_WIDE.findall(text))


def pieces(text: str) -> list[str]:
    """The words of a text; of those written without spaces each letter with what belongs to it."""
    return [
        piece
        for word in text.split()
        for piece in (_letters(word) if UNSPACED.search(word) else [word])
    ]


def parted(text: str, at: int) -> bool:
    """Whether a line may end before a character of a text."""
    return text[at - 1] == " " or _parted(text[at - 1], text[at])


def in_lines(text: str) -> str:
    """The text on one line, or on two of about the same length."""
    if width(text) <= LINE:
        return text
    cuts = _cuts(text)
    if not cuts:
        return text
    half = width(text) / 2
    middle = min(cuts, key=lambda at: abs(width(text[:at]) - half))
    return f"{text[:middle].rstrip()}\n{text[middle:].lstrip()}"


def _cuts(text: str) -> list[int]:
    if UNSPACED.search(text):
        return [at for at in range(1, len(text)) if parted(text, at)]
    return [at for at in range(1, len(text)) if text[at] == " "]


def _letters(word: str) -> Iterator[str]:
    first = 0
    for at in range(1, len(word)):
        if _parted(word[at - 1], word[at]):
            yield word[first:at]
            first = at
    yield word[first:]


def _parted(before: str, after: str) -> bool:
    """Whether a line may end between two characters that no space parts."""
    kind = unicodedata.category(after)
    if before in _NEVER_LAST or _opens(before) or after in _NEVER_FIRST or kind[0] == "M":
        return False
    if UNSPACED.match(after):
        return True
    if kind[0] not in "LN" and not _opens(after):
        return False
    return bool(UNSPACED.match(before) or (not before.isascii() and not before.isalnum()))


def _opens(character: str) -> bool:
    return unicodedata.category(character) in ("Ps", "Pi")
