"""The length of a post, as X's published configuration counts it."""

import pytest

from draftmill.drafts.post_length import fits, length


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("hello", 5),
        ("naïve café", 10),
        ("e\u0301", 1),  # composed first
        ("“quoted” — yes", 14),
        ("…", 2),  # outside the light ranges
        ("Привет", 6),
        ("日本語", 6),
        ("한국", 4),
        ("see https://example.com/a/very/long/path?with=a&query=string now", 4 + 23 + 4),
        ("see example.com.", 4 + 23 + 1),
        ("(https://example.com/a).", 1 + 23 + 2),
        ("http://a.io http://b.io", 23 + 1 + 23),
        ("a.b and e.g. no link", 20),
        ("😀", 2),
        ("👍🏽", 2),
        ("👨‍👩‍👧‍👦", 2),
        ("🏴󠁧󠁢󠁳󠁣󠁴󠁿", 2),
        ("🇩🇪🇫🇷", 4),
        ("1️⃣", 2),
        ("❤️ you", 2 + 4),
        ("©", 1),
    ],
)
def test_x_weighs_characters_links_and_emoji(text: str, expected: int) -> None:
    assert length(text, "x") == expected


def test_plain_length_counts_composed_characters() -> None:
    assert length("日本語 e\u0301") == 5


def test_a_post_fits_up_to_its_limit_and_zero_is_no_limit() -> None:
    assert fits("a" * 280, 280, "x")
    assert not fits("a" * 281, 280, "x")
    assert not fits("語" * 141, 280, "x")
    assert fits("a" * 10_000, 0, "x")
