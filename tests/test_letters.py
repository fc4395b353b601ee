"""Unicode in one spelling: as Python does it, but in time that grows with the length alone."""

import unicodedata
from pathlib import Path

import pytest

from draftmill import letters
from tests.support.places import ROOT
from tests.support.time_bounds import LINEAR, growth

# Above and below: they are put in order, each time past all the others. The others only turn
# out to be marks once they are taken apart.
MARKS = ("\u0301\u0316", "\u0f73\u0f75", "\uff9e\u0316", "\u0316\uff9f\u0f81", "\u0345\u0301")
USUAL = (
    "Zażółć gęślą jaźń, \u0e01\u0e34\u0e19\u0e02\u0e49\u0e32\u0e27, \u0939\u093f\u0928\u094d\u0926\u0940,"
    " e\u0301a\u0308, \uff76\uff9e\uff97\uff7d, \ufb01n, \u212b, " + "-" * 80 + "\u2026" * 80
)


@pytest.mark.parametrize("form", ["NFC", "NFKC", "NFKD"])
def test_usual_text_is_spelled_as_python_spells_it(form: str) -> None:
    assert letters.normalized(USUAL, form) == unicodedata.normalize(form, USUAL)  # type: ignore[arg-type]


def test_a_letter_keeps_thirty_marks() -> None:
    shouted = "a" + "\u0301\u0316" * 15
    assert letters.capped(shouted) == shouted
    assert letters.capped(f"{shouted}\u0301\u0302z") == f"{shouted}z"


@pytest.mark.parametrize("marks", MARKS)
@pytest.mark.parametrize("form", ["NFC", "NFKC", "NFKD"])
def test_marks_without_end_take_no_longer_than_they_are_long(marks: str, form: str) -> None:
    assert growth(lambda n: letters.normalized("a" + marks * n, form), 50_000) < LINEAR  # type: ignore[arg-type]


def test_nobody_else_normalizes() -> None:
    files = [*(ROOT / "draftmill").rglob("*.py"), *ROOT.glob("*.py")]
    calls = [str(file) for file in files if "unicodedata.normalize(" in _code(file)]
    assert calls == [str(ROOT / "draftmill" / "letters.py")]


def _code(file: Path) -> str:
    return file.read_text(encoding="utf-8")
