"""What the indexes of the search are given: functions of its triggers, the same for all time.

A text is taken out of an index by giving it again: whoever changes what one of these returns
indexes anew what is there, in a migration.
"""

import json
import re
import sqlite3
import unicodedata

from draftmill.letters import UNSPACED, normalized

# The bounds keep a text of a million brackets from being searched for ever.
LINK = re.compile(r"!?\[([^\[\]\n]{0,500})\]\((?:[^()\n]|\([^()\n]{0,200}\)){0,2000}\)")
MARKS = re.compile(r"^[ \t]*(?:#{1,6}|>|[-*+])[ \t]+|\*\*|`", re.MULTILINE)
STROKES = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "þ": "th"}
)
MARK_AS_LETTER = 0xE000  # where letters of nobody's begin: a tokenizer takes these for words
JOINERS = "\u200c\u200d"  # inside of words


# Marks without which a word of India's scripts, and of those like them, is another one.
LETTERS = (range(0x780, 0x7B2), range(0x900, 0x1AB0), range(0x1B00, 0x1CD0), range(0xA880, 0xAC00))


def _marks() -> dict[int, str]:
    """What becomes of the marks of letters, which a tokenizer takes for the ends of words.

    Accents, and the points and vowel signs of Hebrew, Arabic and Syriac, are left out: hardly anybody
    types them.
    """
    return {
        code: chr(MARK_AS_LETTER + (code & 0x1FFF)) if any(code in each for each in LETTERS) else ""
        for code in (*range(0x300, 0x1E00), *LETTERS[-1])
        if unicodedata.category(chr(code))[0] == "M" and not UNSPACED.match(chr(code))
    }


IN_WORDS = _marks()
_FOLDED = STROKES | dict.fromkeys(map(ord, JOINERS), "") | IN_WORDS


def add_functions(db: sqlite3.Connection) -> None:
    """Give a connection what the triggers of the search call."""
    db.create_function("search_text", 1, spaced, deterministic=True)
    db.create_function("search_draft", 2, draft_text, deterministic=True)
    db.create_function("search_name", 1, folded, deterministic=True)


def spaced(text: str) -> str:
    """A text without accents, points and strokes, in which each letter of a script without spaces is a word.

    So are the marks of such a script, which would otherwise part words and not count.
    """
    if text.isascii():
        return text
    return _parted(normalized(normalized(text, "NFD").casefold().translate(_FOLDED)))


def _parted(text: str) -> str:
    if text.isascii() or not UNSPACED.search(text):
        return text
    return UNSPACED.sub(_alone, normalized(text))


def folded(text: str) -> str:
    """The words of a name without case, accents and points, a space before each."""
    letters = normalized(text, "NFKD").casefold().translate(STROKES)
    return "".join(f" {word}" for word in _parted("".join(map(_plain, letters))).split())


def _plain(letter: str) -> str:
    if unicodedata.combining(letter):
        return ""
    return letter if unicodedata.category(letter)[0] in "LMN" else " "


def _alone(match: re.Match[str]) -> str:
    letter = match[0]
    if unicodedata.category(letter)[0] == "M":
        letter = chr(MARK_AS_LETTER + (ord(letter) & 0x1FFF))
    return f" {letter} "


def draft_text(body: str, fields: str) -> str:
    """What a person reads of a draft: its preview text, and its text or posts without marks."""
    preview = json.loads(fields).get("preview")
    first = [preview] if isinstance(preview, str) and preview else []
    return "\n".join(map(without_marks, [*first, *_posts(body)]))


def _posts(body: str) -> list[str]:
    """The posts of a thread, which are stored as a list in JSON, or the text itself."""
    if body.startswith('["'):
        try:
            return [str(post) for post in json.loads(body)]
        except ValueError:
            pass
    return [body]


def without_marks(markdown: str) -> str:
    """The words of a Markdown text: of links and pictures what they are called."""
    return MARKS.sub("", LINK.sub(r"\1", markdown))
