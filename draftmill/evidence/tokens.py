"""Words as they are compared: without case, accents and apostrophes, numbers by their value.

"Twenty-five", "25" and "twenty five" are the same token; so are "$10" and "ten dollars". Scripts
without spaces count every character as a word.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from draftmill.letters import normalized

DENSE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
APOSTROPHES = "'\u2019\u02bc`"
SPACES = "\u00a0\u2009\u202f"  # between thousands
# A number takes no letter before it: "B2B" and "v2" are words.
UNIT = re.compile(
    rf"(?<![^\W_])\d+(?:[.,]\d+|[{SPACES}]\d{{3}}(?!\d))*(?=[^\W\d_]{{0,3}}(?![^\W_]))|[{DENSE}]"
    rf"|[^\W_{DENSE}](?:[{APOSTROPHES}]?[^\W_{DENSE}])*+|[%$€£°,]"
)
DIGITS = re.compile(rf"\d+(?:[.,]\d+|[{SPACES}]\d{{3}}(?!\d))*")
ONE_DENSE = re.compile(f"[{DENSE}]")
MARK = str.maketrans("", "", APOSTROPHES)

SMALL = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
TENS = {
    word: 10 * value
    for value, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
SCALES = {"hundred": 100.0, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
SHORT_SCALES = {"k": 1e3, "mn": 1e6, "mio": 1e6, "b": 1e9, "bn": 1e9}
APART = ("mn", "mio", "bn")  # also behind a space
CENTURIES = (17, 18, 19, 20, 21)
SIGNS = {"%": "percent", "$": "dollar", "€": "euro", "£": "pound", "°": "degree"}
SAME = {
    "dollars": "dollar", "euros": "euro", "pounds": "pound", "percentage": "percent",
    "degrees": "degree",
}  # fmt: skip
MONEY = ("dollar", "euro", "pound")
ORDINAL_ENDS = ("st", "nd", "rd", "th")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, or a number with its value. `start` and `end` are its characters in the text."""

    text: str
    start: int
    end: int
    value: float | None = None


@lru_cache(maxsize=8192)  # a sentence is read for its words, names, numbers and meaning
def tokens(text: str, *, english: bool = True) -> tuple[Token, ...]:
    """The words and commas of a text. Words for numbers are read in English only."""
    raw = [_token(match) for match in UNIT.finditer(text)]
    merged = list(_merged(raw, english=english))
    return tuple(_same(token) for token in _with_signs_behind(merged))


def words(found: Sequence[Token]) -> list[str]:
    """What is compared of tokens: without commas."""
    return [token.text for token in found if token.text != ","]


def words_of(text: str, *, english: bool = True) -> list[str]:
    """The words of a text, as they are compared."""
    return words(tokens(text, english=english))


def weight(text: str) -> float:
    """How many words a text has; two characters of a dense script count as one."""
    if not ONE_DENSE.search(text):
        return float(len(words_of(text)))
    return sum(0.5 if ONE_DENSE.match(word) else 1 for word in words_of(text))


def spelled(value: float) -> str:
    """A number as a token."""
    return f"#{value:.12g}"


def _token(match: re.Match[str]) -> Token:
    text, (start, end) = match.group(), match.span()
    if text[0].isdigit() and DIGITS.fullmatch(text):
        value = _digits(text)
        return Token(spelled(value), start, end, value)
    if text == "M" and match.string[start - 1 : start].isdigit():  # "5M" are millions, "5m" metres
        return Token("mn", start, end)
    text = text.translate(MARK).casefold()
    if not text.isascii():
        decomposed = normalized(text, "NFKD")
        text = "".join(c for c in decomposed if not unicodedata.combining(c))
    return Token(SIGNS.get(text, text), start, end)


def _digits(text: str) -> float:
    """ "2,400,000", "2.4", and "2,4" as many write it."""
    parts = re.split(r"[.,]", re.sub(f"[{SPACES}]", "", text))
    if len(parts) == 1:
        return float(parts[0][:300])
    thousands = all(len(part) == 3 for part in parts[1:]) and parts[0] != "0"
    if thousands and (len(parts) > 2 or "," in text):
        return float("".join(parts)[:300])
    return float(f"{''.join(parts[:-1])[:300]}.{parts[-1]}")


def _merged(raw: Sequence[Token], *, english: bool) -> Iterator[Token]:
    at = 0
    while at < len(raw):
        value, end = _number(raw, at) if english or raw[at].value is not None else (None, at)
        if value is None:
            yield raw[at]
            at += 1
            continue
        yield Token(spelled(value), raw[at].start, raw[end - 1].end, value)
        at = end


def _number(raw: Sequence[Token], at: int) -> tuple[float | None, int]:
    """The number that begins here and the place behind it: None where none does."""
    first = raw[at]
    if first.text in ("a", "an") and _text(raw, at + 1) in SCALES:
        value, at = 1.0, at + 1
    elif first.text in SCALES:  # "the first hundred kilometres"
        value = 1.0
    elif first.value is not None:
        value, at = first.value, at + 1
        if _text(raw, at) in ORDINAL_ENDS and raw[at].start == first.end:
            return value, at + 1
        if scale := _short_scale(raw, at):
            return value * scale, at + 1
    else:
        begun = _below_hundred(raw, at)
        if begun is None:
            return None, at
        value, at = begun
        value, at = _year(raw, value, at)
    value, at = _fraction(raw, value, at)
    return _scaled(raw, value, at)


def _short_scale(raw: Sequence[Token], at: int) -> float:
    """ "3k", "5 mio"; "$5m", which without a sign are metres. 0 for none."""
    unit = _text(raw, at)
    if unit == "m" and at > 1 and raw[at - 2].text in MONEY:
        return 1e6
    stands_behind = at < len(raw) and raw[at].start == raw[at - 1].end
    return SHORT_SCALES.get(unit, 0.0) if stands_behind or unit in APART else 0.0


def _below_hundred(raw: Sequence[Token], at: int) -> tuple[float, int] | None:
    word = _text(raw, at)
    if word in SMALL:
        return float(SMALL[word]), at + 1
    if word not in TENS:
        return None
    following = SMALL.get(_text(raw, at + 1), 0)
    if 0 < following < 10:
        return float(TENS[word] + following), at + 2
    return float(TENS[word]), at + 1


def _year(raw: Sequence[Token], value: float, at: int) -> tuple[float, int]:
    """ "twenty twenty eight", "nineteen ninety-five", "nineteen oh five"."""
    if value in CENTURIES and _text(raw, at) == "oh" and 0 < SMALL.get(_text(raw, at + 1), 0) < 10:
        return 100 * value + SMALL[_text(raw, at + 1)], at + 2
    after = _below_hundred(raw, at) if value in CENTURIES else None
    if after and after[0] >= 10:
        return 100 * value + after[0], after[1]
    return value, at


def _fraction(raw: Sequence[Token], value: float, at: int) -> tuple[float, int]:
    """ "two point four", "one and a half"."""
    if _text(raw, at) == "point":
        digits = ""
        while (one := SMALL.get(_text(raw, at + 1 + len(digits)), 10)) < 10:
            digits += str(one)
        return (float(f"{value:.0f}.{digits}"), at + 1 + len(digits)) if digits else (value, at)
    if [_text(raw, at + n) for n in range(3)] == ["and", "a", "half"]:
        return value + 0.5, at + 3
    return value, at


def _scaled(raw: Sequence[Token], value: float, at: int) -> tuple[float, int]:
    """What follows of "two hundred and fifty thousand": scales, and smaller numbers behind them."""
    total = 0.0
    while _text(raw, at) in SCALES:
        scale = SCALES[_text(raw, at)]
        value, at = value * scale, at + 1
        if [_text(raw, at + n) for n in range(3)] == ["and", "a", "half"]:
            value, at = value + scale / 2, at + 3
        if scale > 100:
            total, value = total + value, 0.0
        plus = at + (_text(raw, at) == "and")
        more = _below_hundred(raw, plus)
        if more and (plus == at or _adds(raw, more[1])):
            value, at = value + more[0], more[1]
    return total + value, at


def _adds(raw: Sequence[Token], end: int) -> bool:
    """Whether a number after "and" belongs to it: in "two hundred and five went" it does."""
    return _text(raw, end) != "of"


def _text(raw: Sequence[Token], at: int) -> str:
    return raw[at].text if at < len(raw) else ""


def _with_signs_behind(found: Sequence[Token]) -> Iterator[Token]:
    """ "$10" is said as "ten dollars"."""
    at = 0
    while at < len(found):
        sign = found[at]
        number = found[at + 1] if at + 1 < len(found) else None
        if sign.text in SIGNS.values() and sign.end - sign.start == 1 and number and number.value:
            yield number
            yield sign
            at += 2
        else:
            yield sign
            at += 1


def _same(token: Token) -> Token:
    other = SAME.get(token.text)
    return Token(other, token.start, token.end) if other else token
