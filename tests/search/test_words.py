"""What is typed becomes words, whatever it is, and is found again in a text."""

import time

import pytest

from draftmill.database.search_text import without_marks
from draftmill.search.words import MOST_WORDS, excerpt, marked, words_of

HOSTILE = [
    '"*(', '"', "*", "NEAR(", "NEAR(a b, 2)", "a AND", "OR", "NOT", "title:x", "-", "^a", "{t}:x", "\0",
    "\ud800", "%", "🦓 zebra", "a" * 10_000, "()" * 5_000, "a " * 5_000, "日本語 テスト", "שלום עולם",
    "مرحبا", "e\u0301" * 3_000, "\u0301" * 10_000, "हिन्दी", "don't", "x'; drop table projects; --",
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE)
def test_a_query_is_bounded_and_quoted(query: str) -> None:
    words = words_of(query)
    assert len(words.words) <= MOST_WORDS
    assert len(words.match) < 300
    bare = words.match.removesuffix("*").replace('" "', "").strip('"')
    assert '"' not in bare
    assert "*" not in bare


def test_words_are_marked_without_case_and_accents() -> None:
    words = words_of("CAFE pa")
    assert marked("Un Café à Paris, papa!", words) == [
        ("Un ", False), ("Café", True), (" à ", False), ("Paris", True), (", ", False),
        ("papa", True), ("!", False),
    ]  # fmt: skip
    assert marked("Straße", words_of("strasse")) == [("Straße", True)]
    assert marked("I see", words_of("s")) == [("I see", False)]
    assert marked("", words) == []


def test_an_excerpt_shows_the_first_place() -> None:
    text = "begin " * 200 + "zebra " + "end " * 200
    cut = excerpt(text, words_of("zebra"), 100)
    assert "zebra" in cut
    assert cut.startswith("…")
    assert cut.endswith("…")
    assert len(cut) <= 102


def test_an_excerpt_begins_with_a_whole_word_and_has_no_marks_of_markdown() -> None:
    text = "## What helped\n\n> Two thirds of *it*. [0:05](time:5)\n\n![A slide](shot:1)\n\n- a `zebra`"
    cut = excerpt(without_marks(text), words_of("zebra"), 100)
    assert cut == "…thirds of *it*. 0:05 A slide a zebra"
    assert without_marks("[" * 100_000) == "[" * 100_000


def test_a_long_text_is_marked_in_linear_time() -> None:
    began = time.monotonic()
    marked("a\u0301" * 500_000, words_of("zebra"))
    assert time.monotonic() - began < 20
