"""Spoken text as Markdown: every mark in it reads as text."""

import re

from draftmill.clock import clock
from draftmill.language.words import capitalised, plain

# Marks that Markdown reads anywhere; an underscore within a word is text already.
SPECIAL = re.compile(r"[\\`*\[\]<>~|]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)|!(?=\[)")
AT_LINE_START = re.compile(r"^(#|[-+=]|\d{1,9}(?=[.)]))")


def escaped(text: str) -> str:
    """Text for any place of a Markdown line."""
    text = SPECIAL.sub(r"\\\g<0>", plain(text))
    found = AT_LINE_START.match(text)
    if not found:
        return text
    mark = found[1]
    return f"{mark}\\{text[len(mark) :]}" if mark.isdigit() else f"\\{text}"


def time_link(seconds: float) -> str:
    return f"[{clock(seconds)}](time:{max(0, int(seconds))})"


def picture(label: str, number: int) -> str:
    return f"![{escaped(label)}](shot:{number})"


def heading(label: str) -> str:
    return f"## {escaped(capitalised(label))}"
