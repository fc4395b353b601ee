"""Which spoken sentences can be read without the ones before them.

Only one in ten can. A sentence that fails cannot be repaired by leaving words out, so it
is not quoted alone; the reason's name is what a test asks for.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from draftmill.language.doubling import is_unsure
from draftmill.language.lists import (
    CONTINUING,
    DANGLING,
    EMPTY_HEADS,
    HERE_AND_NOW,
    HOUSEKEEPING,
    POINTING,
    POINTING_OPENINGS,
    RETOLD,
    TAKES_A_CLAUSE,
    listed,
)
from draftmill.language.tags import FINITE, Tagged, tagged
from draftmill.language.words import (
    END_MARKS,
    bare,
    bare_words,
    content_words,
    length_in_words,
    stem,
)

FEWEST_WORDS = 6
FEWEST_CONTENT_WORDS = 3
MOST_WORDS = 45
PRONOUNS = listed("it they them he she him its their theirs his her one ones")
SUBJECTS = listed("i we you they he she it")
JOINTS = listed("CJC CJS CJT AVQ PNQ DTQ PUN")
CLAUSE_TAGS = listed("CJS CJT AVQ DTQ PNQ")
AFTER_AN_ARTICLE = listed("AT0 DPS PNP CJC PRF VM0 VBZ VBB VBD VHB VHD TO0 PUN")
AUXILIARY = listed("VM0 VDB VDD VDZ VBB VBD VBZ VHB VHD VHZ")
BE = listed("is are was were")
BE_MAY_END = re.compile(r"(?i)\b(?:what|how|where|who|which|as|than|it|there|they)\b")
# "that we, I personally", "I mean like you know": a speaker who looks for his words.
FALTERING = re.compile(
    r"(?i)\b(?:(?:i|we|they|you|he|she),\s(?:i|we|they|you|he|she|i'm|we're)\b"
    r"|(?:i mean|you know),?\s(?:like|you know|i mean)\b|that i mean,|like i mean)"
)
BROKEN_OFF = re.compile(r"\w[-–—](?:\s|$)|\.\.\.|…|--")


def incomplete(text: str, english: bool = True) -> str:
    """Why a cleaned sentence cannot be quoted at all, even after others; "" when it can.

    These are the flaws that no neighbour mends: questions, housekeeping, pointing at what
    only the audience saw, broken ends, restarts, no finite verb.
    """
    words = bare_words(text)
    if length_in_words(text) < 3:
        return "short"
    if length_in_words(text) > MOST_WORDS:
        return "long"
    if text.rstrip("\"”'’)").endswith(("?", "？")):
        return "question"
    if text[-1] not in END_MARKS + "\"”'’)" or BROKEN_OFF.search(text):
        return "broken off"
    return _flaw_in_english(text, words) if english else ""


def dependent(text: str, english: bool = True) -> str:
    """Why a cleaned sentence cannot stand alone; "" when it can."""
    words = bare_words(text)
    if length_in_words(text) < FEWEST_WORDS:
        return "short"
    if english and (_points_back(words) or CONTINUING.search(text)):
        return "opening"
    flaw = incomplete(text, english)
    if flaw or not english:
        return flaw
    if len(content_words(text)) < FEWEST_CONTENT_WORDS:
        return "empty"
    tags = tagged(text)
    if _pronoun_without_noun(tags):
        return "pronoun"
    return "reference" if _refers(tags) else ""


def _flaw_in_english(text: str, words: list[str]) -> str:
    if HOUSEKEEPING.search(text):
        return "housekeeping"
    if POINTING.search(text):
        return "pointing"
    if words[-1] in DANGLING or (words[-1] in BE and not BE_MAY_END.search(text)):
        return "dangling"
    if words[0] == "which" or RETOLD.search(text):
        return "retold"
    if FALTERING.search(text) or is_unsure(text):
        return "restart"
    tags = tagged(text)
    if _asks(tags):
        return "question"
    finite = sum(tag in FINITE for _, tag in tags)
    if not finite:
        return "no verb"
    if _is_fragment(tags, finite):
        return "fragment"
    if _restarts(tags):
        return "restart"
    return ""


def _is_fragment(tags: Sequence[Tagged], finite: int) -> bool:
    """Whether a clause lacks its main clause ("if someone builds it.") or its subject."""
    if tags[0][1] == "CJS" and finite < 2:
        return True
    return any(second == "VBI" and first == "PUN" for (_, first), (_, second) in pairwise(tags))


def _points_back(words: list[str]) -> bool:
    if words[0] not in POINTING_OPENINGS:
        return False
    return not (words[0] == "this" and words[1] in HERE_AND_NOW)


def _pronoun_without_noun(tags: Sequence[Tagged]) -> bool:
    """Whether "it" or "they" comes before anything that it could stand for."""
    for at, (word, tag) in enumerate(tags):
        if _names(word, tag):
            return False
        if bare(word) in PRONOUNS and tag != "CRD":
            return True
        if bare(word) in ("that", "this", "these", "those") and _is_pronoun(tags, at):
            return True
    return False


def _is_pronoun(tags: Sequence[Tagged], at: int) -> bool:
    """Whether a "that" stands for something: no noun or clause follows it."""
    following = tags[at + 1][1] if at + 1 < len(tags) else "PUN"
    return tags[at][1] == "DT0" and (following in FINITE or following in ("PUN", "PRP", "AV0"))


def _names(word: str, tag: str) -> bool:
    """Whether a pronoun can stand for this word: "the thing" and "next year" it cannot."""
    if tag in ("NP0", "PNI", "PNQ"):
        return True
    return tag.startswith("NN") and bare(word) not in EMPTY_HEADS | HERE_AND_NOW


def _refers(tags: Sequence[Tagged]) -> bool:
    """Whether "that service" or "these reservations" names what came before the sentence."""
    named: set[str] = set()
    for at, (word, tag) in enumerate(tags):
        if tag == "DT0" and bare(word) in ("this", "that", "these", "those"):
            noun = next((w for w, t in tags[at + 1 : at + 4] if t.startswith("NN")), "")
            if noun and bare(noun) not in HERE_AND_NOW and stem(noun) not in named:
                return True
        if tag.startswith("NN"):
            named.add(stem(word))
    return False


def _asks(tags: Sequence[Tagged]) -> bool:
    """Whether a question is asked without its mark: "can you see", "what was I"."""
    if tags[0][1] in AUXILIARY and len(tags) > 1 and tags[1][1] != "XX0":
        return True
    return any(
        first[1] in ("DTQ", "AVQ") and second[1] in FINITE and third[1] == "PNP"
        for first, second, third in zip(tags, tags[1:], tags[2:], strict=False)
    )


def _restarts(tags: Sequence[Tagged]) -> bool:
    """Whether the speaker began anew in mid-sentence: "we're taking we took", "the a"."""
    for at, (word, tag) in enumerate(tags[:-1]):
        following, next_tag = tags[at + 1]
        if tag == "AT0" and next_tag in AFTER_AN_ARTICLE and following not in ("'", '"'):
            return True
        opened = at > 0 and tags[at - 1][1] in CLAUSE_TAGS  # "if we fail we try again"
        if word.casefold() in SUBJECTS and not opened and _said_again(tags, at):
            return True
    return False


def _said_again(tags: Sequence[Tagged], at: int) -> bool:
    """Whether the subject at `at`, having its verb, comes again within five pieces."""
    subject = tags[at][0].casefold()
    has_verb = False
    for then in range(at + 1, min(at + 6, len(tags))):
        word, tag = tags[then]
        if tag in JOINTS or word.casefold() in TAKES_A_CLAUSE:
            return False
        if word.casefold() == subject:
            return has_verb and then + 1 < len(tags) and tags[then + 1][1] in FINITE
        has_verb = has_verb or tag[:1] == "V"
    return False
