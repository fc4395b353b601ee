"""Markdown of the worst letters takes time in proportion to its length."""

from collections.abc import Callable

import pytest

from draftmill.drafts.markdown import count_words, render
from tests.support.time_bounds import LINEAR, growth

SIZE = 10_000  # characters

WORST: dict[str, Callable[[int], str]] = {
    "quotations": lambda n: ">" * n,
    "quotations of lines": lambda n: ">" * 200 + "\n" + "b\n" * (n // 2),
    "brackets": lambda n: "[" * n,
    "pictures that begin": lambda n: "![" * (n // 2),
    "nested links": lambda n: "[" * (n // 2) + "](x)" * (n // 8),
    "strong that never ends": lambda n: "**a " * (n // 4),
    "a run of stars": lambda n: "*" * n,
    "stars and lines": lambda n: "*a _b " * (n // 6),
    "ticks": lambda n: "`a" * (n // 2),
    "rising ticks": lambda n: "".join("`" * k + " " for k in range(1, int((2 * n) ** 0.5))),
    "lists in lists": lambda n: "\n".join(" " * k + "- a" for k in range(int((2 * n) ** 0.5))),
    "points": lambda n: "- a\n" * (n // 4),
    "columns": lambda n: "a|" * (n // 4) + "\n" + "-|" * (n // 4),
    "rows": lambda n: "a|b\n-|-\n" + "|\n" * (n // 2),
    "references": lambda n: "".join(f"[{k}]: x\n" for k in range(n // 12)),
    "uses of one reference": lambda n: f"[a]: /{'u' * (n // 2)}\n\n" + "[a] " * (n // 8),
    "a title that never ends": lambda n: '[a]: x "' + "t\n" * (n // 2),
    "entities": lambda n: "&amp;" * (n // 5),
    "signs of entities": lambda n: "&" * n,
    "tags": lambda n: '<a href="' * (n // 9),
    "comments": lambda n: "<!--" * (n // 4),
    "breaks": lambda n: "\\\n" * (n // 2),
    "blanks": lambda n: "a" + " " * n + "b",
}


@pytest.mark.parametrize("text", WORST.values(), ids=WORST)
def test_markdown_takes_time_in_proportion(text: Callable[[int], str]) -> None:
    assert growth(lambda size: render(text(size), "p", {}), SIZE) < LINEAR
    assert growth(lambda size: count_words(text(size)), SIZE) < LINEAR
