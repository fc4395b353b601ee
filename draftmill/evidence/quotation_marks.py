"""The marks that people put around what was said, and the quotations that go on in the next paragraph."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

# Apostrophes that stand before a word: "'90s", "rock 'n' roll", "'tis", "'s avonds".
ELIDED = (
    r"(?:\d\ds?\b|(?:n|em|tis|twas|til|till|cause|cos|cuz|bout|round|neath|kay|er|im|s|t|k)(?!\w))"
)
# What opens a quotation, what may not stand inside, what closes it: one kind a line.
MARKS = (
    ("„(?=\\S)", "“”„", r"(?:”|[“\"](?!\w))"),
    ("(?<![A-Za-zÀ-ɏ.!?…])“", "“”„", r"(?:”|“(?!\w))"),
    (r"(?<!\S)”(?=\w)", "“”„", "”"),
    (r'(?<![\w"])"', '"', r'"(?!\w)'),
    ("«", "«»", "»"),
    (r"(?<![^\s(\[—–,:])»(?=\w)", "«»", r"[«»](?!\w)"),
    (r"(?<!\w)‹", "‹›", "›"),
    (r"(?<![^\s(\[—–,:])›(?=\w)", "‹›", r"[‹›](?!\w)"),
    ("「", "「」", "」"),
    ("『", "『』", "』"),
)
# Single ones are apostrophes, too: between letters, before an elided word, and behind an "s" after
# which the quotation goes on.
GOES_ON = r"(?<=s)['’](?=\s[a-z][^‘’'\n]{0,200}[.,!?…]['’](?!\w))"
SINGLE = (
    rf"(?<![\w'’])%s(?!{ELIDED})(?=\w|[\"“¿¡])"
    rf"(?:[^‚‘’'\n]|\n(?![ \t]*\n)|(?<=\w)['’](?=\w)|['’](?={ELIDED})"
    rf"|{GOES_ON}){{1,2000}}?(?<=\S)(?!{GOES_ON})%s(?!\w)"
)
SINGLES = (("[‘']", "['’]"), ("‚", "[‘’]"))
# A paragraph within a post may open anew what goes on.
INSIDE = r"[^%s]{1,2000}?(?:(?<=\n\n)[“„«](?=\S)[^%s]{1,2000}?){0,4}?"
QUOTED = re.compile(
    "|".join(
        [o + INSIDE % (no, no) + c for o, no, c in MARKS] + [SINGLE % pair for pair in SINGLES]
    )
)
# What is opened at the end of one block and closed in the next: pairs that look like what they do.
OPENED = re.compile(r"(?<![A-Za-zÀ-ɏ.!?…])[“„](?=\S)|«|(?<![^\s(\[])\"(?=\w)|[「『]")
CLOSED_BY = {"“": "”", "„": "“”", "«": "»", '"': '"', "「": "」", "『": "』"}
CLOSING = re.compile(r"(?<=\S)[”“](?!\w)|»|(?<=[\w.,!?…])\"(?!\w)|[」』]")
NUMBERED = re.compile(r"\s*(?:\d{1,2}/\d{1,2}[\s:.)]*)?")
MOST_BLOCKS = 3  # that a quotation goes on for


@dataclass(frozen=True)
class Carried:
    """What of a text belongs to a quotation of the text before, and to one that goes on behind it."""

    head: int = 0
    tail: int | None = None


NOTHING = Carried()


def carried_over(texts: Sequence[str]) -> list[Carried]:
    """For texts that follow one another: where quotations go on from one to the next."""
    heads = [0] * len(texts)
    tails: list[int | None] = [None] * len(texts)
    for at, text in enumerate(texts):
        opened = _left_open(text, heads[at])
        end = None if opened is None else _end_of(text[opened], texts, at + 1)
        if end is None:
            continue
        tails[at] = opened
        last, heads[last] = end
        for between in range(at + 1, last):
            heads[between] = len(texts[between])
    return [Carried(*pair) for pair in zip(heads, tails, strict=True)]


def _left_open(text: str, start: int) -> int | None:
    """Where a text opens a quotation that it does not close."""
    opened = None
    for match in OPENED.finditer(text, start):
        opened = match.start()
    if opened is None or any(match.start() <= opened < match.end() for match in _quoted(text)):
        return None
    closing = CLOSED_BY[text[opened]]
    return None if any(mark in text[opened + 1 :] for mark in closing) else opened


def _quoted(text: str) -> list[re.Match[str]]:
    return list(QUOTED.finditer(text))


def _end_of(mark: str, texts: Sequence[str], start: int) -> tuple[int, int] | None:
    """The text in which a quotation ends, and the place behind its end; None where it never does.

    A text that opens it anew goes on with it by marks of its own: there nothing is left to find.
    """
    for at in range(start, min(start + MOST_BLOCKS, len(texts))):
        text, begin = texts[at], NUMBERED.match(texts[at])
        if not text:
            return None
        if begin and text.startswith(mark, begin.end()):
            return at, 0
        opened = OPENED.search(text)
        closed = next((m for m in CLOSING.finditer(text) if m.group() in CLOSED_BY[mark]), None)
        if closed and not (opened and opened.start() < closed.start()):
            return at, closed.end()
        if opened:
            return None
    return None
