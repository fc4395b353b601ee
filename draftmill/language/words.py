"""Words as they are compared: without case, without the marks around them."""

import re

from draftmill.language.lists import STOP, listed

EDGES = "\"'“”‘’«».,;:!?…()[]{}<>*_`~|-–—/\\"
END_MARKS = ".!?…。！？"
CUT_BEFORE = listed(
    "and or but because so without with for in on at to from by when while if after before"
)
INVISIBLE = re.compile(r"[\x00-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")
UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]"
)
PIECE = re.compile(r"n't\b|'(?:s|re|ve|ll|d|m)\b|\w+(?:[-.]\w+)*(?=n't\b)|\w+(?:[-.]\w+)*|[^\w\s]")


def plain(text: str) -> str:
    """Text on one line, without control and direction characters."""
    return " ".join(INVISIBLE.sub(" ", text).split())


def bare(word: str) -> str:
    """A word for comparison: lower case, straight apostrophes, no marks around it."""
    return word.replace("’", "'").strip(EDGES).casefold()


def bare_words(text: str) -> list[str]:
    """The words of a text for comparison, without tokens that hold only marks."""
    return [word for word in map(bare, text.split()) if word]


def length_in_words(text: str) -> int:
    """How many words a text has; two characters count as one where no spaces are written."""
    return len(bare_words(text)) + len(UNSPACED.findall(text)) // 2


def content_words(text: str) -> list[str]:
    """The words of a text that carry meaning."""
    words = (word.removesuffix("'s") for word in bare_words(text))
    return [word for word in words if len(word) > 1 and "'" not in word and word not in STOP]


def stem(word: str) -> str:
    """A noun without its plural: "replicas" and "replica" are one topic."""
    word = bare(word).removesuffix("'s")
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def pieces(text: str) -> list[str]:
    """A text as a tagger wants it: "don't" is two pieces, every mark is one."""
    return PIECE.findall(text.replace("’", "'"))


def spoken_in_order(quote: str, source: str) -> bool:
    """Whether the quotation's words occur in the source in that order (a subsequence)."""
    said = iter(bare_words(source))
    return all(word in said for word in bare_words(quote))


def capitalised(text: str) -> str:
    """The text with its first letter in upper case, unless the word is spelled like iPhone."""
    first = text.split(maxsplit=1)[0] if text else ""
    if any(letter.isupper() for letter in first):
        return text
    return text[:1].upper() + text[1:]


def trimmed(title: str, limit: int) -> str:
    """The title cut where it still reads well: before "without", "and", "for", else with "…"."""
    if not limit or len(title) <= limit:
        return title
    words = title.split()
    for count in range(len(words) - 1, 0, -1):
        kept = " ".join(words[:count])
        if limit / 2 <= len(kept) <= limit and words[count].casefold() in CUT_BEFORE:
            return kept.rstrip(" ,;:-–—")
    return shortened(title, limit)


def shortened(text: str, limit: int) -> str:
    """The text cut at a word so that it has at most `limit` characters; 0 means no limit."""
    if not limit or len(text) <= limit:
        return text
    kept = text[: limit - 1]
    return (kept.rsplit(" ", 1)[0] if " " in kept else kept).rstrip(" ,;:-–—") + "…"
