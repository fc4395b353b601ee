"""No regular expression takes longer than in proportion to the text, whatever the text."""

import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support import patterns
from tests.support.patterns import ANYWHERE, Pattern
from tests.support.time_bounds import LINEAR, TIMES, growth
from tests.support.worst_letters import worst

Text = tuple[str, str, str]
LETTERS = 60_000
SAMPLE = 2_000  # letters, enough to see which texts are the worst
WORST = 4
PATIENCE_S = 40  # of the processor: whose texts take longer is no doubt slow
# Where patterns are made on the way: of a person's own word by re.escape, of letters, of a clock.
# Nothing in them repeats without a bound.
MADE = {
    "name_matching",
    "placing",
    "said",
    "encodings",
    "tables",
    "drafts",
    "tokens",
    "announcements",
}


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Break off what takes longer: regular expressions look for signals as they go."""

    def end(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def used(pattern: Pattern, way: str, text: str) -> float:
    """The seconds of this processor that a use of the pattern takes."""
    subject = text.encode("latin-1", "replace") if isinstance(pattern.pattern, bytes) else text
    began = time.thread_time()
    if way == "anywhere":
        for _ in pattern.finditer(subject):  # type: ignore[arg-type]
            pass
    else:
        getattr(pattern, way)(subject)
    return time.thread_time() - began


def slow(pattern: Pattern, way: str, patience_s: float = PATIENCE_S) -> list[tuple[Text, float]]:
    """The worst texts, where four times as much of one takes too much longer."""
    try:
        with at_most(patience_s):
            tried = [(used(pattern, way, long(text, SAMPLE)), text) for text in worst(pattern)]
            ratios = [(text, _growth(pattern, way, text)) for _, text in sorted(tried)[-WORST:]]
    except TimeoutError:
        return [(("something", "without", "end"), float("inf"))]
    return [(text, ratio) for text, ratio in ratios if ratio >= LINEAR]


def _growth(pattern: Pattern, way: str, text: Text) -> float:
    once, more = (used(pattern, way, long(text, n)) for n in (LETTERS // TIMES, LETTERS))
    if more < LINEAR * once:
        return more / once
    return growth(lambda n: used(pattern, way, long(text, n)), LETTERS // TIMES)


def long(text: Text, letters: int) -> str:
    """A text with its part repeated, up to so many letters."""
    begin, part, end = text
    return begin + part * (letters // len(part)) + end


def cases() -> dict[str, tuple[Pattern, str]]:
    """Every pattern with each way in which it is used."""
    found = {}
    for pattern, places in patterns.kept().items():
        for way in {"anywhere" if way in ANYWHERE else way for way in patterns.ways(places)}:
            found[f"{places[0]} {way}"] = (pattern, way)
    for at, inner, way in patterns.inline():
        if inner is not None:
            found[f"{at} {way}"] = (inner, "anywhere" if way in ANYWHERE else way)
    return found


CASES = dict(sorted(cases().items()))


@pytest.mark.parametrize("case", CASES)
def test_a_pattern_takes_time_in_proportion_to_the_text(case: str) -> None:
    assert slow(*CASES[case]) == []


def test_all_patterns_are_known() -> None:
    unknown = {at.partition(":")[0] for at, pattern, _ in patterns.inline() if pattern is None}
    assert unknown <= MADE
    assert len(CASES) > 100


@pytest.mark.parametrize("bad", [r"(?:a+)+b", r"\s*\n\s*x", r"<v(?:\.[\w.-]+)*\s+>", r"[^x]*x$"])
def test_a_bad_pattern_is_noticed(bad: str) -> None:
    ways = ("anywhere", "match")
    assert any(slow(re.compile(bad), way, patience_s=1) for way in ways)
