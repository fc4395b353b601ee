"""Code in Markdown, where no mark means anything, and the prose around it."""

import re
from collections.abc import Callable

CODE = re.compile(r"^ {0,3}(`{3,}+|~{3,}+).*?(?:^ {0,3}\1[`~]*[ \t]*$|\Z)|`[^`\n]+`", re.M | re.S)


def around(
    pattern: re.Pattern[str],
    text: str,
    outside: Callable[[str], str],
    inside: Callable[[str], str] = str,
) -> str:
    """A text with what a pattern finds changed by `inside`, and what stands around it by `outside`."""
    pieces: list[str] = []
    end = 0
    for found in pattern.finditer(text):
        pieces += [outside(text[end : found.start()]), inside(found.group())]
        end = found.end()
    return "".join([*pieces, outside(text[end:])])
