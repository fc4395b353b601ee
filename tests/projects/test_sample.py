"""The sample recording: a press of one button, heard almost without a word error."""

import re
from pathlib import Path

import av
import httpx2
import jiwer

from draftmill.media.containers import open_media
from tests.support.house import SAMPLE, House, project_id

NUMBERS = {"three": "3", "two": "2", "four": "4", "one": "1", "percent": "%"}


def words(text: str) -> str:
    """Words alone: neither case nor punctuation nor the spelling of a number is an error."""
    found = re.findall(r"[\w']+|%", text.lower().replace("-", " "))
    return " ".join(NUMBERS.get(word, word) for word in found)


def test_the_sample_is_transcribed_with_at_most_15_percent_word_errors(
    house: House, owner: httpx2.Client
) -> None:
    sample = project_id(owner.post("/projects/sample"))
    rows = house.rows("select id from jobs where project_id = ?", sample)
    assert len(rows) == 5
    for row in rows:
        assert house.ended(row["id"])["status"] == "succeeded"
    said = Path(SAMPLE).with_suffix(".txt").read_text(encoding="utf-8")
    heard = " ".join(
        row["text"] for row in house.rows("select text from segments order by window, n")
    )
    assert jiwer.wer(words(said), words(heard)) <= 0.15
    shots = house.rows("select 1 from screenshots where project_id = ?", sample)
    assert len(shots) == 7


def test_the_sample_is_small_enough_to_come_along() -> None:
    assert SAMPLE.stat().st_size <= 2_000_000


def test_the_sample_lasts_one_to_two_minutes() -> None:
    with open_media(SAMPLE) as recording:
        assert recording.duration
        assert 60 <= recording.duration / av.time_base <= 120
