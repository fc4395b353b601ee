"""What goes over a text step by step takes no longer for a long text than it should."""

from collections.abc import Callable

import pytest

from draftmill.drafts import post_length
from draftmill.transcripts.formats.blocks import blocks
from draftmill.transcripts.segments import Word
from draftmill.transcripts.sentences import sentences
from draftmill.writers.model.citations import Citations
from draftmill.writers.model.marks import Marks
from tests.support.time_bounds import LINEAR, growth


def _words(n: int, text: str) -> list[Word]:
    return [Word(k * 0.3, k * 0.3 + 0.3, text) for k in range(n)]


WORK: dict[str, tuple[Callable[[int], object], int]] = {
    "a run of words without an end": (lambda n: sentences(_words(n, "a")), 10_000),
    "a run of commas": (lambda n: sentences(_words(n, "a,")), 10_000),
    "settings of a cue": (
        lambda n: blocks(["00:01.000 --> 00:02.000 " + "line:0 " * n, "Hello."], webvtt=True),
        10_000,
    ),
    "tags in tags": (
        lambda n: Marks(0.0, set(), "", Citations((), timed=False)).plain("<a" * n + ">" * n),
        10_000,
    ),
    "marks in a post": (lambda n: post_length.length("a" + "\u0301\u0316" * n, "x"), 25_000),
    "links in a post": (lambda n: post_length.length("a.com/" * n, "x"), 10_000),
}


@pytest.mark.parametrize("name", WORK)
def test_four_times_as_much_takes_four_times_as_long(name: str) -> None:
    work, n = WORK[name]
    assert growth(work, n) < LINEAR
