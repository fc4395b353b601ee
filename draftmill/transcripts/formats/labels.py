"""Who speaks, by the labels that stand before texts: "Ada: ", ">> ", "- ".

Zoom and Teams write one before every caption, where it is a name whatever its letters. Elsewhere
a colon is usually part of what was said, and a label must look like a name and return.
"""

import re
from collections import Counter
from collections.abc import Sequence

LONGEST = 80  # letters of a name, with what programs add to it: "(she/her)", "(Guest)"
MOST_WORDS = 6  # of a label that may be a name where not every text has one
OFTEN = 5  # times that a label such as "The chair" must return to be a name
NEARLY_ALL, MOST, MANY = 0.9, 0.6, 0.5  # texts with a label, of all
LABEL = re.compile(
    rf"\s*+(?:>++\s*+|-\s++)?+(?P<name>[^\s:：][^:：\n]{{0,{LONGEST - 1}}}?)"
    r"(?:\s*+\(\d{1,3}(?::\d\d){1,2}\))?(?::(?:\s++|$)|：\s*+)"
)
TURN = re.compile(r"\s*(?:>>+|-(?=\s))\s*")
NUMBERED = re.compile(
    r"(?:step|part|chapter|rule|point|number|slide|section|schritt|teil|kapitel|étape|paso)\s*\w{1,6}",
    re.IGNORECASE,
)
REMARKS = frozenset(
    [
        "note",
        "notes",
        "warning",
        "caution",
        "attention",
        "example",
        "tip",
        "hint",
        "ps",
        "p.s",
        "summary",
        "update",
        "important",
        "remember",
        "reminder",
        "disclaimer",
        "conclusion",
        "result",
        "results",
        "fact",
        "first",
        "second",
        "third",
        "fourth",
        "finally",
        "next",
        "last",
        "hinweis",
        "achtung",
        "beispiel",
        "tipp",
        "wichtig",
        "fazit",
        "zusammenfassung",
        "remarque",
        "exemple",
        "attention",
        "nota",
        "ejemplo",
        "importante",
        "esempio",
        "uwaga",
        "przykład",
        "poznámka",
        "注意",
        "提示",
        "注",
        "重要",
        "例如",
    ]
)
OPENERS = frozenset(
    [
        "a",
        "an",
        "the",
        "one",
        "two",
        "three",
        "another",
        "this",
        "that",
        "these",
        "those",
        "here",
        "there",
        "it",
        "what",
        "which",
        "who",
        "when",
        "where",
        "why",
        "how",
        "so",
        "and",
        "but",
        "or",
        "if",
        "in",
        "on",
        "at",
        "for",
        "from",
        "with",
        "to",
        "by",
        "of",
        "my",
        "your",
        "our",
        "their",
        "his",
        "her",
        "its",
        "i",
        "we",
        "you",
        "he",
        "she",
        "they",
        "now",
        "then",
        "also",
        "let",
        "please",
        "just",
        "only",
        "both",
        "all",
        "some",
        "every",
        "no",
        "not",
        "yes",
        "is",
        "was",
    ]
)


def label_of(text: str) -> str:
    """The label at the beginning of a text, or ""."""
    match = LABEL.match(text[: 2 * LONGEST])
    return " ".join(match["name"].split()) if match else ""


def names_among(labels: Sequence[str]) -> set[str]:
    """Which of the labels are names; a text without a label has "".

    Where nearly every text has one they all are, if any returns. Where half of them have,
    those are that return, and from six in ten on those that look like one; elsewhere those that return and look like a name.
    """
    every = Counter(filter(None, labels))
    share = every.total() / max(len(labels), 1)
    counts = Counter({label: n for label, n in every.items() if not is_remark(label)})
    if share >= MOST:  # "The chair:" before nearly every text is no remark
        counts |= Counter({label: n for label, n in every.items() if n >= OFTEN and _opens(label)})
    returning = {label for label, count in counts.items() if count > 1}
    if share == 1 and len(counts) > 1 and all(map(looks_like_a_name, counts)):
        return set(counts)
    if share >= NEARLY_ALL and returning:
        return set(counts)
    if share >= MANY:
        rare = {label for label in counts if share >= MOST and looks_like_a_name(label)}
        return returning | rare
    return {label for label in returning if looks_like_a_name(label)}


def may_be_a_name(label: str) -> bool:
    """Whether somebody else may begin to speak at a label that was not taken for a name."""
    return bool(label) and len(label.split()) <= MOST_WORDS and not is_remark(label)


def is_remark(label: str) -> bool:
    """Whether a label opens a remark of whoever speaks: "Note", "Step 2", "One more thing"."""
    plain = " ".join(label.casefold().split())
    return plain in REMARKS or bool(NUMBERED.fullmatch(label)) or _opens(label)


def _opens(label: str) -> bool:
    words = label.split()
    return words[0].casefold() in OPENERS and len(words) > 1 and words[-1][0].islower()


def looks_like_a_name(label: str) -> bool:
    """Whether it can be a person: up to four words, the first and the last with no small letter."""
    words = label.split()
    lettered = any(map(str.isalpha, label))
    return lettered and len(words) <= 4 and not (words[0][0].islower() or words[-1][0].islower())
