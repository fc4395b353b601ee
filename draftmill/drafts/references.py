"""Times and pictures that a text names in one place and defines in another: `[0:12][t]`, `[t]: time:12`."""

import re
from collections.abc import Mapping

# The bounds keep hostile text of a million brackets from being searched for ever.
LABEL = r"((?:[^\[\]\\\n]|\\.|\[(?:[^\[\]\\\n]|\\.){0,100}+\]){0,500})"
DEFINED = re.compile(
    rf"^ {{0,3}}\[{LABEL}\]:[ \t]{{0,9}}<?(time|shot):([^\s<>]{{0,100}})>?([ \t][^\n]{{0,500}})?(?:\n|\Z)",
    re.MULTILINE,
)
USED = re.compile(rf"(!?)\[{LABEL}\](?:\[{LABEL}\]|(?![(\[:]))")
NUMBER = re.compile(r"\d{1,6}")


def resolved(text: str, pictures: Mapping[int, str]) -> str:
    """The text with such times as their words alone, and such pictures at their address, by number.

    Pictures without an address are left out.
    """
    gone: set[str] = set()

    def define(match: re.Match[str]) -> str:
        label, kind, target, rest = match.groups()
        n = int(target) if kind == "shot" and NUMBER.fullmatch(target) else None
        if n is not None and (address := pictures.get(n)):
            return f"[{label}]: {address}{rest or ''}\n"
        gone.add(_key(label))
        return ""

    def use(match: re.Match[str]) -> str:
        shown, words, label = match.groups()
        if _key(label or words) not in gone:
            return match[0]
        return "" if shown else words

    text = DEFINED.sub(define, text)
    return USED.sub(use, text) if gone else text


def pictures_in(text: str) -> set[int]:
    """The numbers of the pictures that a text defines so."""
    defined = (match for match in DEFINED.finditer(text) if match[2] == "shot")
    return {int(match[3]) for match in defined if NUMBER.fullmatch(match[3])}


def _key(label: str) -> str:
    return " ".join(label.split()).casefold()
