"""What is believed of what was heard, and how progress is told."""

import pytest

from draftmill.speech.confidence import (
    Facts,
    doubtful,
    facts_of,
    invented,
    not_english,
    skipped,
    sure,
    without,
)
from draftmill.speech.recogniser import Heard
from draftmill.speech.smooth_progress import Pace
from draftmill.transcripts.segments import Word

ENGLISH = Facts(speech_s=60, words=150, probability=138, text_s=58, log_prob=-14, chunks=3, loops=0)


def heard(start_s: float, end_s: float, **scores: float) -> Heard:
    words = (Word(start_s, end_s, "word", 0.9),)
    return Heard(start_s, end_s, "word", words, **({"no_speech": 0.1} | scores))  # type: ignore[arg-type]


def changed(**facts: float) -> Facts:
    return Facts(**(vars(ENGLISH) | facts))


def test_text_without_speech_that_is_unlikely_too_is_invented() -> None:
    assert invented(heard(0, 5, no_speech=0.95, log_prob=-1.1), [(0, 5)])


@pytest.mark.parametrize("scores", [{"log_prob": -0.2}, {"log_prob": -1.0}, {}])
def test_where_somebody_speaks_the_score_for_silence_alone_drops_nothing(
    scores: dict[str, float],
) -> None:
    assert not invented(heard(0, 5, no_speech=0.99, **scores), [(0.5, 4)])
    assert invented(heard(0, 5, no_speech=0.99, **scores), [])


def test_text_over_silence_is_invented_if_the_recogniser_doubts_it_too() -> None:
    assert invented(heard(0, 5, no_speech=0.7), [(4.8, 9)])
    assert not invented(heard(0, 5, no_speech=0.5), [(4.8, 9)])
    assert not invented(heard(0, 5, no_speech=0.7), [(4.0, 9)])


def test_text_without_a_score_is_never_invented() -> None:
    assert not invented(Heard(0, 5, "word"), [])


@pytest.mark.parametrize(
    ("scores", "doubted"),
    [
        ({"compression": 2.5, "log_prob": -0.2}, True),
        ({"compression": 1.5, "log_prob": -1.1}, True),
        ({"compression": 2.4, "log_prob": -1.0}, False),
        ({"no_speech": 0.95, "log_prob": -0.2}, False),
        ({"no_speech": 0.95}, True),
        ({}, False),
    ],
)
def test_loops_and_unlikely_text_are_doubtful(scores: dict[str, float], doubted: bool) -> None:
    assert doubtful(heard(0, 5, **scores)) == doubted


def test_three_seconds_of_speech_that_no_word_covers_are_skipped_speech() -> None:
    assert skipped([(0, 20)], [heard(0, 8), heard(14, 20)]) == [(8.3, 13.7)]
    assert skipped([(0, 20)], [heard(0, 8), heard(11, 20)]) == []
    assert skipped([(0, 7), (15, 20)], [heard(0, 7), heard(15, 20)]) == []


def test_words_cover_the_short_pauses_between_them() -> None:
    close = [heard(n * 1.5, n * 1.5 + 0.4) for n in range(10)]
    assert skipped([(0, 14)], close) == []


def test_spans_are_cut_out_of_spans() -> None:
    assert without([(0, 10), (20, 30)], [(2, 4), (8, 22)]) == [(0, 2), (4, 8), (22, 30)]


@pytest.mark.parametrize(
    "facts",
    [
        changed(probability=90),  # words that nobody is sure of
        changed(log_prob=-45),  # unlikely text
        changed(chunks=8, loops=2),  # loops
        changed(words=10, probability=9),  # hardly a word of it
        changed(words=0, probability=0),
    ],
)
def test_what_an_english_model_makes_of_other_languages_is_noticed(facts: Facts) -> None:
    assert not_english(facts)


@pytest.mark.parametrize(
    "facts", [ENGLISH, changed(chunks=30, loops=2), changed(speech_s=19, probability=50)]
)
def test_english_and_short_recordings_are_not_taken_for_another_language(facts: Facts) -> None:
    assert not not_english(facts)


def test_facts_of_windows_add_up_and_survive_being_stored() -> None:
    first = facts_of([heard(0, 4, compression=2.5, log_prob=-0.5)], [(0, 4)])
    assert first == Facts(4, 1, 0.9, 4, -2, 1, 1)
    assert Facts.of(vars(first)) + first == Facts(8, 2, 1.8, 8, -4, 2, 2)


def test_skipped_speech_is_only_looked_for_beside_good_words() -> None:
    assert sure([heard(0, 5)])
    assert not sure([])
    assert not sure([Heard(0, 5, "word", (Word(0, 5, "word", 0.4),))])


def test_progress_follows_what_was_measured_and_never_passes_it() -> None:
    pace = Pace(lambda done: None, done_s=100.0)
    shown = [pace.step(0.25, 0.25)]
    pace.reached(7, 30.0)
    shown += [pace.step(0.25, 1.0 + n / 4) for n in range(20)]
    pace.finished(7, 60.0)
    shown += [pace.step(0.25, 6.0 + n / 4) for n in range(60)]
    assert shown == sorted(shown)
    assert shown[0] == 100.0
    assert 100.0 < shown[1] < 130.0
    assert max(shown[:21]) == pytest.approx(130.0)
    assert shown[-1] == pytest.approx(160.0)


def test_progress_stands_still_when_results_stop() -> None:
    pace = Pace(lambda done: None)
    pace.reached(0, 30.0)
    for n in range(40):
        pace.step(0.25, 1.0 + n / 4)
    assert pace.step(0.25, 12.0) == pace.step(0.25, 60.0) == 30.0


def test_an_older_result_of_a_window_takes_nothing_back() -> None:
    pace = Pace(lambda done: None)
    pace.reached(0, 30.0)
    pace.reached(0, 20.0)
    assert pace.measured_s == 30.0
