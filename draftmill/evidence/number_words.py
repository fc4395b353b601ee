"""Numbers in English words that are no plain ones: parts, times, dozens, ordinals, "a week"."""

from dataclasses import replace

from draftmill.evidence import units
from draftmill.evidence.counting import (
    COMPARED,
    Line,
    Number,
    Read,
    Rule,
    cardinal,
    noun,
    out_of,
    slash,
    unit_behind,
)
from draftmill.evidence.tokens import SMALL, TENS
from draftmill.language.lists import STOP, listed

ORDINALS = {
    word: float(value)
    for value, word in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
            "thirteenth",
            "fourteenth",
            "fifteenth",
            "sixteenth",
            "seventeenth",
            "eighteenth",
            "nineteenth",
            "twentieth",
        ],
        start=1,
    )
}
PARTS = {"half": 2.0, "halves": 2.0, "quarter": 4.0, "quarters": 4.0} | {
    form: value for word, value in ORDINALS.items() if value > 2 for form in (word, f"{word}s")
}
# "A third of it", "a third less", but "a third book".
BEHIND_PART = listed(
    "of the less more above below higher lower off cheaper fewer as that its their and but or"
)
OF_ALL = listed("of the all these those our their its")
NO_HALF_BEHIND = listed("first second other last latter former better")
NO_HALF_BEFORE = listed("past hearted baked asleep way time brother sister marathon")
MANY = {"dozens": 12.0, "hundreds": 1e2, "thousands": 1e3, "millions": 1e6, "billions": 1e9}
TIMES = {
    "twice": 2.0, "thrice": 3.0, "double": 2.0, "doubled": 2.0, "doubles": 2.0, "doubling": 2.0,
    "triple": 3.0, "tripled": 3.0, "triples": 3.0, "tripling": 3.0, "quadrupled": 4.0,
}  # fmt: skip
HALVED = listed("halve halved halves halving")
NO_DOUBLE_BEFORE = listed("check checks checked checking edged sided click blind")
FOLD = {word: float(value) for word, value in {**SMALL, **TENS, "hundred": 100}.items()}
DECADES = {f"{word[:-1]}ies": float(value) for word, value in TENS.items()}
BEFORE_ONE = listed("a an one each every per")
RATED = listed("each every per")  # "a minute" alone is mostly an idiom
NO_SECOND = listed("hand thought thoughts nature guess")
ONES = frozenset(word for word, unit in units.SPELLED.items() if unit in units.ONES)
OPENING = frozenset(
    ("half", "tens", "once", *MANY, *HALVED, *TIMES, *ORDINALS, *units.RATES, *DECADES, *ONES)
)


def is_opening(word: str, following: str) -> bool:
    """Whether a word that is no number itself may begin one: no rule reads what this leaves out."""
    if word in ("a", "the"):
        return following == "dozen" or following in PARTS
    return word in OPENING or word.endswith("fold")


def _half(line: Line, at: int) -> Read:
    """ "Half an hour", "half a million", "half a dozen", "half of them"."""
    if line.word(at) != "half" or line.word(at - 1) in NO_HALF_BEHIND:
        return None
    following = line.word(at + 1)
    if following in NO_HALF_BEFORE:
        return None
    if (value := line.value(at + 1)) is not None and value >= 100:
        return line.number(value / 2, unit_behind(line, at + 1), at, at + 2), at + 2
    if following in ("a", "an"):
        if line.word(at + 2) == "dozen":
            return line.number(6.0, unit_behind(line, at + 2), at, at + 3), at + 3
        if unit := units.SPELLED.get(line.word(at + 2)):
            return line.number(0.5, unit, at, at + 3), at + 3
    return _of_counted(line, 0.5, at, at + 1), at + 1


def _of_counted(line: Line, share: float, at: int, end: int) -> Number:
    """ "Half of the four": the part, with how many that are; else the part alone."""
    part, there = line.number(share, units.PART, at, end), end
    while there < end + 3 and line.word(there) in OF_ALL:
        there += 1
    whole = cardinal(line, there) if there > end and line.word(end) == "of" else None
    if not whole or whole[0].value < 2 or whole[0].ordinal or units.kind(whole[0].unit) == "part":
        return part
    count = Number(share * whole[0].value, "", part.text, part.start)
    return replace(part, of=(count, replace(whole[0], unit="")))


def _part(line: Line, at: int) -> Read:
    """ "A third of", "two thirds", "three quarters"."""
    word, share = line.word(at), PARTS.get(line.word(at + 1))
    if share is None:
        return None
    plural, end = line.word(at + 1).endswith("s"), at + 2
    value = line.value(at)
    ends_here = line.ends(at + 1) or line.word(end) in BEHIND_PART
    if plural and value and value < share:
        part = value / share
    elif not plural and (word == "a" or value == 1.0) and ends_here:
        part = 1 / share
    else:
        return None
    measured = line.word(end) == "of" and line.word(end + 1) in ("a", "an")
    if measured and (unit := units.SPELLED.get(line.word(end + 2))):
        return line.number(part, unit, at, end + 3), end + 3
    return _of_counted(line, part, at, end), end


def _dozen(line: Line, at: int) -> Read:
    """ "A dozen", "two dozen", "dozens"; "hundreds", "tens of thousands"."""
    word = line.word(at)
    if line.word(at + 1) == "dozen" and (word in ("a", "the") or line.value(at)):
        value = 12 * (line.value(at) or 1)
        return line.number(value, unit_behind(line, at + 1), at, at + 2), at + 2
    scale = 10.0 if word == "tens" else MANY.get(word)
    if scale is None:
        return None
    more = MANY.get(line.word(at + 2)) if line.word(at + 1) == "of" else None
    if word == "tens" and not more:
        return None
    end = at + 3 if more else at + 1
    return line.number(scale * (more or 1), "", at, end, many=True), end


def _times(line: Line, at: int) -> Read:
    """ "Twice", "doubled", "tenfold", "halved"; "once" where it counts."""
    word = line.word(at)
    if word in HALVED:
        return line.number(0.5, units.PART, at, at + 1), at + 1
    following = line.word(at + 1)
    value = TIMES.get(word)
    if word.endswith("fold") and value is None:
        value = FOLD.get(word[:-4])
    if word == "once" and (
        line.word(at + 1) in BEFORE_ONE or line.word(at - 1) in ("only", "just") or line.ends(at)
    ):
        return line.number(1.0, units.TIMES, at, at + 1), at + 1
    if value is None or following in NO_DOUBLE_BEFORE:
        return None
    is_factor = word not in ("twice", "thrice") or COMPARED.match(following)
    return line.number(value, units.FACTOR if is_factor else units.TIMES, at, at + 1), at + 1


def _ordinal(line: Line, at: int) -> Read:
    """ "The third lesson", "twenty-first"; no "once a second", no "Second, measure it"."""
    tens = line.value(at)
    if tens and tens in range(20, 100, 10) and ORDINALS.get(line.word(at + 1), 10) < 10:
        value, last = tens + ORDINALS[line.word(at + 1)], at + 1
    elif line.word(at) in ORDINALS:
        value, last = ORDINALS[line.word(at)], at
    else:
        return None
    following = line.word(last + 1)
    if value == 2 and (following in NO_SECOND or line.word(at - 1) in ("split", *RATED)):
        return None
    if value == 2 and line.word(at - 1) in ("a", "one") and (not following or following in STOP):
        return None
    opens = at == 0 or line.ends(at - 1)
    if opens and line.ends(last):
        return line.number(value, "", at, last + 1, ordinal=True, loose=True), last + 1
    return line.number(value, noun(line, last), at, last + 1, ordinal=True), last + 1


def _one(line: Line, at: int) -> Read:
    """ "A week", "per day", "monthly"; also "that week", which counts only where it was said."""
    word, unit = line.word(at), units.SPELLED.get(line.word(at))
    if line.value(at - 1) is not None:
        return None
    if word in units.RATES:
        rated = units.RATES[word]
        told = word not in ("today", "yesterday", "tomorrow", "night", "morning", "evening")
        told = told and word not in ("afternoon", "weekday")
        return line.number(1.0, rated, at, at + 1, single=True, loose=not told), at + 1
    if word in DECADES:
        return line.number(DECADES[word], units.DECADE, at, at + 1), at + 1
    if unit not in units.ONES or word.endswith("s"):
        return None
    before, first = line.word(at - 1), max(0, at - 1)
    is_idiom = unit in ("second", "minute") and before not in RATED and not _is_counted_by(line, at)
    loose = before not in BEFORE_ONE or is_idiom or (before == "one" and unit == "day")
    if [line.word(at + n) for n in (1, 2, 3)] == ["and", "a", "half"] and not loose:
        return line.number(1.5, unit, first, at + 4), at + 4
    return line.number(1.0, unit, at if loose else first, at + 1, single=True, loose=loose), at + 1


def _is_counted_by(line: Line, at: int) -> bool:
    """ "Once a second", "ten dollars a minute"."""
    before = (line.word(at - 2), line.word(at - 3))
    return before[0] in ("once", "twice", "times") or any(one.startswith("#") for one in before)


RULES: tuple[Rule, ...] = (
    _half, _part, _dozen, _times, _ordinal, slash, out_of, cardinal, _one,
)  # fmt: skip
