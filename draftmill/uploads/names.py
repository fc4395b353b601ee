"""Names of files as people see them."""

import re
import unicodedata

from draftmill.letters import normalized

MAX_NAME = 255
LONGEST_BROUGHT = 4096
# Characters that turn the text around them: a name must not read as another one.
TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def display_name(raw: bytes) -> str:
    """A file name as it can be shown, from any bytes; "" if nothing of it is left.

    It is text for people, never a path: folders, line breaks, control characters and marks
    that turn the direction of reading are gone.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    for escaped, plain in (("%22", '"'), ("%0D", " "), ("%0A", " ")):  # as browsers write them
        text = text.replace(escaped, plain)
    text = re.split(r"[/\\]", text)[-1][-LONGEST_BROUGHT:]
    text = normalized(TURNING.sub("", text))
    shown = "".join(" " if _unprintable(character) else character for character in text)
    shown = " ".join(shown.split())
    return "" if shown.strip(". ") == "" else _shortened(shown)


def _unprintable(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp")


def _shortened(name: str) -> str:
    """At most MAX_NAME characters, with the ending that says what kind of file it is."""
    if len(name) <= MAX_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 8:
        return name[: MAX_NAME - 1] + "…"
    return stem[: MAX_NAME - len(ending) - 2] + "…." + ending
