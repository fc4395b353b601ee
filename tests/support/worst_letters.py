"""Texts that a regular expression may take long for, made from the expression itself.

Its parts are repeated, after what leads to them and before what lets them fail; so are the
beginnings of what it matches, and its letters alone and in pairs.
"""

import random
import re
from collections.abc import Iterator
from itertools import product
from re import _parser as parser  # type: ignore[attr-defined]  # the only way to see the parts
from re._constants import (  # type: ignore[import-not-found]
    ANY,
    ASSERT,
    ATOMIC_GROUP,
    BRANCH,
    CATEGORY,
    CATEGORY_DIGIT,
    CATEGORY_NOT_DIGIT,
    CATEGORY_NOT_SPACE,
    CATEGORY_NOT_WORD,
    CATEGORY_SPACE,
    CATEGORY_WORD,
    GROUPREF,
    IN,
    LITERAL,
    MAX_REPEAT,
    MIN_REPEAT,
    NEGATE,
    NOT_LITERAL,
    POSSESSIVE_REPEAT,
    RANGE,
    SUBPATTERN,
)

REPEATS = (MAX_REPEAT, MIN_REPEAT, POSSESSIVE_REPEAT)
OF_CATEGORY = {
    CATEGORY_DIGIT: "17",
    CATEGORY_SPACE: " \n\t",
    CATEGORY_WORD: "a1",
    CATEGORY_NOT_DIGIT: "a -",
    CATEGORY_NOT_SPACE: "a-<",
    CATEGORY_NOT_WORD: " -<",
}
COMMON = "a1 \n-.<,:[(*"  # tried where anything goes
ENDS = ("", "\x00", "!\n", "\n\n")
MOST_LETTERS = 14
MOST_TEXTS = 400
EXAMPLES = 4

Texts = Iterator[tuple[str, str, str]]


def worst(pattern: re.Pattern[str] | re.Pattern[bytes]) -> list[tuple[str, str, str]]:
    """(beginning, what is repeated, end) of texts that may be hard for the pattern."""
    source = pattern.pattern
    source = source.decode("latin-1") if isinstance(source, bytes) else source
    tree = parser.parse(source, pattern.flags & ~re.UNICODE)
    chance = random.Random(source)
    texts = (*_repeats(tree, "", chance), *_beginnings(tree, chance), *_letters(tree, chance))
    found = [text for text in dict.fromkeys(texts) if text[1]]
    return found if len(found) <= MOST_TEXTS else chance.sample(found, MOST_TEXTS)


def _repeats(tree: object, before: str, chance: random.Random) -> Texts:
    """Each repeated part, over and over."""
    for op, value in tree:  # type: ignore[attr-defined]
        if op in REPEATS:
            for _ in range(EXAMPLES):
                part = _example(value[2], chance)
                yield from ((before, part, end) for end in ENDS)
        for inner in _inside(op, value):
            yield from _repeats(inner, before, chance)
        before += _of(op, value, chance)


def _beginnings(tree: object, chance: random.Random) -> Texts:
    """What the pattern matches, cut off here and there, over and over."""
    for _ in range(EXAMPLES):
        whole = _example(tree, chance)
        cuts = range(1, len(whole) + 1)
        for cut in cuts if len(cuts) < 12 else sorted(chance.sample(cuts, 12)):
            yield "", whole[:cut], ""
            yield "", whole[:cut] + chance.choice(COMMON), ""


def _letters(tree: object, chance: random.Random) -> Texts:
    """Its letters alone, and in pairs; after what leads into it."""
    letters = list(dict.fromkeys(_alphabet(tree)))
    if len(letters) > MOST_LETTERS:
        letters = chance.sample(letters, MOST_LETTERS)
    begin = _example(tree, chance)
    for letter in letters:
        yield from ((start, letter, end) for start, end in product(("", begin, begin[:1]), ENDS))
    for one, other in product(letters, repeat=2):
        yield chance.choice(("", begin[:1])), one + other, chance.choice(ENDS)


def _alphabet(tree: object) -> Iterator[str]:
    for op, value in tree:  # type: ignore[attr-defined]
        yield from _choices(op, value)
        for inner in _inside(op, value):
            yield from _alphabet(inner)


def _inside(op: object, value: object) -> Iterator[object]:
    """The parts that a part is made of."""
    if op in REPEATS:
        yield value[2]  # type: ignore[index]
    elif op is SUBPATTERN:
        yield value[3]  # type: ignore[index]
    elif op is BRANCH:
        yield from value[1]  # type: ignore[index]
    elif op is ATOMIC_GROUP:
        yield value
    elif op is ASSERT:
        yield value[1]  # type: ignore[index]


def _example(tree: object, chance: random.Random) -> str:
    """A text that the part matches, looking aside from what it must not be near."""
    return "".join(_of(op, value, chance) for op, value in tree)  # type: ignore[attr-defined]


def _of(op: object, value: object, chance: random.Random) -> str:
    if op in REPEATS:
        least, _, inner = value  # type: ignore[misc]
        times = least + chance.choice((0, 1)) if least < 40 else least
        return "".join(_example(inner, chance) for _ in range(times))
    if op is GROUPREF or op is ASSERT:
        return ""
    inner = list(_inside(op, value))
    if inner:
        return _example(chance.choice(inner), chance)
    letters = _choices(op, value)
    return chance.choice(letters) if letters else ""


def _choices(op: object, value: object) -> str:
    """Some letters of which the part matches any one."""
    if op is LITERAL:
        return chr(value)  # type: ignore[arg-type]
    if op is NOT_LITERAL:
        return COMMON.replace(chr(value), "")  # type: ignore[arg-type]
    if op is ANY:
        return COMMON
    if op is not IN:
        return ""
    members = list(value)  # type: ignore[call-overload]
    named = "".join(_of_member(*member) for member in members)
    if members[0][0] is NEGATE:
        others = re.compile(f"[^{re.escape(named)}]" if named else r"[\s\S]")
        return "".join(others.findall(COMMON + "é”"))
    return named


def _of_member(op: object, value: object) -> str:
    if op is LITERAL:
        return chr(value)  # type: ignore[arg-type]
    if op is RANGE:
        return chr(value[0])  # type: ignore[index]
    return OF_CATEGORY.get(value, "") if op is CATEGORY else ""
