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


def add_functions(db: sqlite3.Connection) -> None:
    """Give a connection what the triggers of the search call."""
    db.create_function("search_text", 1, spaced, deterministic=True)
    db.create_function("search_draft", 2, draft_text, deterministic=True)
    db.create_function("search_name", 1, folded, deterministic=True)


def spaced(text: str) -> str:
    """A text in which each letter of a script without spaces is a word of its own.

    So are the marks of such a script, which would otherwise part words and not count.
    """
    if text.isascii() or not UNSPACED.search(text):
        return text
    return UNSPACED.sub(_alone, normalized(text))


def folded(text: str) -> str:
    """The words of a name without case, accents and points, a space before each."""
    letters = normalized(text, "NFKD").casefold().translate(STROKES)
    return "".join(f" {word}" for word in spaced("".join(map(_plain, letters))).split())


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
