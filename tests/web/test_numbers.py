"""Numbers as browsers send them: what a database cannot hold is none."""

import pytest

from draftmill.web.numbers import number_in


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("12", 12), ("9" * 18, 10**18 - 1), ("9" * 19, None), ("", None), ("-1", None),
     ("1.5", None), (" 1", None), ("٣", None), ("²", None)],
)  # fmt: skip
def test_only_a_plain_number_is_one(text: str, number: int | None) -> None:
    assert number_in(text) == number
