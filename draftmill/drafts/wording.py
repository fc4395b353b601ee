"""The words of a draft, apart from its code and from the addresses in it: what a correction of a name changes."""

import re
from collections.abc import Callable

from draftmill.drafts.versions import Version
from draftmill.transcripts.corrected_text import Sought, corrected

BESIDE = ("preview", "subjects")  # the fields of a draft that hold a text, or texts
_URL = r"(?:<[^<>\n]{0,2000}>|(?:[^()\s<]|\([^()\s]{0,200}\)){1,2000}+)"
_DEFINED = _URL.replace(r"[^()\s<]", r"[^()\s<\]]")
_TITLED = r"""[ \t\n]{0,9}(?:[)"'(]|$)"""
_LEAD = r"[ \t]{0,9}(?:>[ \t]{0,9}){0,9}"  # of a line in quotes
# A block of code, up to the end of the text where it is not closed: for a pattern of many lines, as its first group.
CODE_BLOCK = (
    rf"^{_LEAD}(?:[-*+][ \t]{{1,9}}|\d{{1,9}}[.)][ \t]{{1,9}})?(`{{3,}}+(?=[^`\n]*+$)|~{{3,}}+)[^\n]*+"
    rf"(?:\n(?!{_LEAD}\1[`~]*+[ \t]*+$)[^\n]*+)*+(?:\n[^\n]*+)?"
)
NO_WORDS = re.compile(
    CODE_BLOCK
    + r"|(?<![\\`])(`{1,9}+)(?!`)(?:[^\n]|\n(?!\n)){1,2000}?(?<!`)\2(?!`)"  # code in a line
    r"|<[a-z][a-z0-9+.-]{1,31}:[^<>\s]{0,2000}>"
    rf"|\]\([ \t\n]{{0,9}}{_URL}(?={_TITLED})"  # where links and pictures lead
    rf"|\]:[ \t]{{0,9}}{_DEFINED}(?={_TITLED})"
    r"|(?<![a-z0-9])(?:https?://|www\.|mailto:)[^\s<>\]\u3000-\u3003\uff00-\uff0f]{1,2000}"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}",
    re.IGNORECASE | re.MULTILINE,
)


def parts_of(text: str) -> list[str]:
    """The text in parts, of which the first and every second after it are words."""
    parts, at = [], 0
    for found in NO_WORDS.finditer(text):
        parts += [text[at : found.start()], found[0]]
        at = found.end()
    return [*parts, text[at:]]


def misheard_in(shown: Version, sought: Sought) -> set[int]:
    """The corrections that would change a draft, by their ids."""
    found: set[int] = set()
    texts = [shown.title, *(shown.posts or [shown.body])]
    for name in BESIDE:
        mapped(texts.append, shown.fields.get(name))
    for part in (part for text in texts for part in parts_of(text)[::2]):
        likely = (one for one in sought.likely(part) if one.id not in found)
        found |= {one.id for one in likely if corrected(part, [one])[1]}
    return found


def mapped(put: Callable[[str], object], value: object) -> object:
    """What a field holds, each of its texts as `put` makes it."""
    if isinstance(value, list):
        return [mapped(put, one) for one in value]
    return put(value) if isinstance(value, str) else value
