"""Names of speakers that stand on a line of their own, above what is said."""

import re
from collections import Counter
from collections.abc import Sequence

NUMBERED = re.compile(r"\w{2,20} \d{1,3}|\w{2,20} [A-Z]|Unknown(?: speaker)?", re.IGNORECASE)
LONGEST = 60
MOST_WORDS = 6
NO_NAME = re.compile(r"[.!?…,;:。！？]$|\d{1,2}:\d\d")


def names_above(blocks: Sequence[Sequence[str]]) -> list[tuple[str, Sequence[str]]]:
    """For each block of lines (the speaker or "", the lines that are said).

    First lines are names when every block with more than one line begins with what may be one,
    and one of them comes again, or is like "Speaker 1".
    """
    full = [block for block in blocks if len(block) > 1]
    firsts = Counter(_bare(block[0]) for block in full)
    known = any(n > 1 or NUMBERED.fullmatch(name) for name, n in firsts.items())
    if not known or len(full) * 2 < len(blocks) or not all(map(may_be_name, firsts)):
        return [("", block) for block in blocks]
    return [
        (first, block[1:]) if block and (first := _bare(block[0])) in firsts else ("", block)
        for block in blocks
    ]


def may_be_name(text: str) -> bool:
    """Whether a line can be a name: short, without an end mark or a time."""
    return 0 < len(text) <= LONGEST and len(text.split()) <= MOST_WORDS and not NO_NAME.search(text)


def _bare(line: str) -> str:
    return " ".join(line.strip().removesuffix(":").split())
