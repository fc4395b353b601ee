"""The same figures are doubted, whether they were heard here or brought."""

import json

import pytest

from draftmill.speech import confidence
from draftmill.speech.recogniser import Heard
from draftmill.transcripts.formats.json_files.reading import json_cues


def brought(**figures: float) -> bool:
    segment = {"start": 0, "end": 5, "text": "word", **figures}
    return json_cues(json.dumps({"segments": [segment]}))[0][0].doubtful


@pytest.mark.parametrize(
    ("compression", "log_prob", "doubted"),
    [(2.4, -1.0, False), (2.41, -0.1, True), (1.0, -1.01, True), (1.0, 0.0, False)],
)
def test_loops_and_unlikely_text_are_doubted(
    compression: float, log_prob: float, doubted: bool
) -> None:
    heard = Heard(0, 5, "word", compression=compression, log_prob=log_prob)
    assert confidence.doubtful(heard) == doubted
    assert brought(compression_ratio=compression, avg_logprob=log_prob) == doubted


def test_what_says_no_figures_is_believed() -> None:
    assert not confidence.doubtful(Heard(0, 5, "word"))
    assert not brought()


def test_a_score_for_silence_alone_leaves_nothing_out() -> None:
    speech = [(0.0, 5.0)]
    assert not confidence.invented(Heard(0, 5, "word", no_speech=0.91, log_prob=-0.2), speech)
    assert confidence.invented(Heard(0, 5, "word", no_speech=0.91, log_prob=-1.01), speech)
    assert not brought(no_speech_prob=0.91, avg_logprob=-0.2)
    assert brought(no_speech_prob=0.91, avg_logprob=-1.01)
    assert brought(no_speech_prob=0.91)
    assert not brought(no_speech_prob=0.9)
