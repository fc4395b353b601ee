"""The JSON of every program that is known gives the same talk: its times, its words, its speakers."""

import json
from typing import Any

import pytest

from draftmill.transcripts import formats
from tests.support.json_transcripts import SHAPES


@pytest.mark.parametrize(
    ("data", "speakers"), [row[1:] for row in SHAPES], ids=[row[0] for row in SHAPES]
)
def test_every_program_says_the_same(data: Any, speakers: tuple[str, str]) -> None:
    first, last = formats.parse(json.dumps(data), "talk.json").segments
    assert (first.text, last.text) == ("Hello there.", "Good morning.")
    assert (first.speaker, last.speaker) == speakers
    assert (first.start_s, last.start_s) == pytest.approx((0.5, 30.0))
    assert first.end_s == pytest.approx(1.3, abs=0.4)
    assert last.end_s == pytest.approx(31.0, abs=0.4)
    assert [word.text for word in (*first.words, *last.words)] == [
        "Hello", "there.", "Good", "morning.",
    ]  # fmt: skip
