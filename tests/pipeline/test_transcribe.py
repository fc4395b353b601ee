"""The transcribe stage with the real model, and what of its work is kept."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from draftmill.database.connection import connect
from draftmill.errors import Problem
from draftmill.jobs import running
from draftmill.media.timeline import RATE
from draftmill.pipeline.listening import NoSound
from draftmill.pipeline.transcribe import Asked, transcribe
from draftmill.pipeline.transcript_rows import Rows
from draftmill.settings import Settings
from draftmill.speech import whisper
from draftmill.speech.confidence import NoSpeech, NotEnglish
from draftmill.speech.whisper import Whisper
from draftmill.transcripts import corrections, sentence_edits
from draftmill.transcripts.sentence_edits import StaleSentence
from tests.support.places import SOUNDS
from tests.support.speech_server import fails, says, speech_server
from tests.support.transcribe_stage import Made, silence, written

# With the built-in model


def test_a_recording_becomes_timed_sentences_and_the_projects_transcript(stage: Made) -> None:
    made = stage(SOUNDS / "english.opus", duration_s=11.38)
    first, second = made.run()
    assert first.text.startswith("Good morning")
    assert "database twice last spring." in first.text
    assert "bigger machines" in second.text
    assert 0 <= first.start_s < 0.5
    assert 7.0 < second.start_s < 8.5
    assert second.end_s <= 11.4
    assert [word.text for word in second.words] == second.text.split()
    row = made.one("select * from transcripts")
    assert row["completed_at"]
    assert (row["model"], row["language"]) == ("tiny.en", "en")
    assert made.told[-1][1:3] == (11.38, "s")


def test_progress_never_runs_back_and_ends_within_what_was_measured(
    stage: Made, speech: NDArray[np.float32]
) -> None:
    made = stage(np.tile(speech, 3), duration_s=34.1)
    made.run()
    done = [told[0] for told in made.told]
    assert done == sorted(done)
    assert max(done) <= 34.2


def test_a_wrong_duration_is_corrected(stage: Made) -> None:
    made = stage(SOUNDS / "english.opus", duration_s=5.0)
    with speech_server(says("Longer.")) as server:
        made.asks(server)
    assert made.one("select duration_s from projects")[0] == pytest.approx(11.4, abs=0.1)


def test_another_language_is_transcribed_anyway_when_asked(stage: Made) -> None:
    made = stage(SOUNDS / "english.opus", language="de")
    made.new_job("k", any_language="1")
    assert made.run()


def test_finding_out_the_language_is_a_wish_like_any_other(stage: Made) -> None:
    made = stage(SOUNDS / "english.opus", language="de")
    made.new_job("k", language="")
    assert made.run()


def test_after_a_crash_one_window_is_heard_at_a_time(
    stage: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    workers = []

    class Counted(Whisper):
        def __init__(self, settings: Settings, at_once: int, *more: str) -> None:
            workers.append(at_once)
            super().__init__(settings, at_once, *more)

    monkeypatch.setattr(whisper, "Whisper", Counted)
    made = stage(SOUNDS / "english.opus", duration_s=11.38)
    made.run(whisper_threads=3)
    made.new_job("k")
    made.db.execute("update jobs set crashes = 1")
    made.run(whisper_threads=3)
    assert workers == [3, 1]


def test_another_language_than_the_models_is_refused_at_once(stage: Made) -> None:
    made = stage(SOUNDS / "english.opus", language="de")
    with pytest.raises(NotEnglish, match="de"):
        made.run()
    assert made.all("select * from windows") == []


def noise(loudness: float) -> NDArray[np.float32]:
    heard = np.random.default_rng(2).normal(0, loudness, 40 * RATE)
    return heard.astype(np.float32)


def music() -> NDArray[np.float32]:
    """Four chords in turn, each struck twice a second, with their overtones."""
    beat = np.arange(RATE // 2) / RATE
    tones = np.outer((1, 1.25, 1.5, 2), range(1, 6)).ravel()
    chords = [
        (np.sin(2 * np.pi * root * np.outer(tones, beat)) * np.exp(-2 * beat)).sum(axis=0)
        for root in (220, 196, 174.6, 261.6)
    ]
    played = np.tile(np.concatenate([np.tile(chord, 4) for chord in chords]), 5)
    return (0.6 * played / np.abs(played).max()).astype(np.float32)


@pytest.mark.parametrize(
    "heard", [silence(40), noise(0.02), music()], ids=["silence", "noise", "music"]
)
def test_a_recording_without_speech_fails_saying_so(
    stage: Made, heard: NDArray[np.float32]
) -> None:
    made = stage(heard)
    with pytest.raises(NoSpeech, match="No speech was found"):
        made.run()


def test_speech_after_a_long_silence_has_its_true_time(
    stage: Made, speech: NDArray[np.float32]
) -> None:
    made = stage(np.concatenate([silence(400), speech]))
    first, _ = made.run()
    assert 399.5 < first.start_s < 401
    assert made.all("select n, round(end_s) from windows order by n") == [
        (0, 300),
        (1, 399),
        (2, 411),
    ]


def test_a_file_without_a_sample_of_sound_fails(stage: Made, tmp_path: Path) -> None:
    made = stage(written(tmp_path / "empty.wav", silence(0)))
    with pytest.raises(NoSound):
        made.run()


def test_names_corrected_before_are_corrected_in_what_is_heard_now(stage: Made) -> None:
    made = stage(SOUNDS / "english.opus")
    corrections.add(made.db, "p", "Miller", "Müller")
    with speech_server(says("Here is Dr. Miller.")) as server:
        assert [segment.text for segment in made.asks(server)] == ["Here is Dr. Müller."]


@pytest.mark.parametrize("there", [False, True])
def test_an_unknown_model_is_a_clear_failure_and_put_right_where_it_was_chosen(
    stage: Made, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    if there:
        monkeypatch.setenv("DRAFTMILL_WHISPER_MODEL", "huge")
    made = stage(SOUNDS / "english.opus")
    with pytest.raises(Problem, match="no speech model called “huge”") as failure:
        made.run(whisper_model="huge")
    assert failure.value.code == "model_missing"
    hint = failure.value.hint
    assert "small.en" in hint
    assert ("Set DRAFTMILL_WHISPER_MODEL" in hint, "in the settings, “Listening”" in hint) == (
        there,
        not there,
    )


def test_a_model_folder_without_a_model_is_a_clear_failure(stage: Made, tmp_path: Path) -> None:
    made = stage(SOUNDS / "english.opus")
    with pytest.raises(Problem, match=r"no model\.bin"):
        made.run(whisper_model=str(tmp_path))
    with pytest.raises(Problem, match="There is no folder"):
        made.run(whisper_model=str(tmp_path / "nowhere"))


def test_a_damaged_model_folder_is_a_clear_failure(stage: Made, tmp_path: Path) -> None:
    made = stage(SOUNDS / "english.opus")
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "model.bin").write_bytes(b"nonsense")
    with pytest.raises(Problem, match="cannot be loaded"):
        made.run(whisper_model=str(tmp_path / "model"))


# What is kept


def test_a_new_attempt_hears_only_what_was_not_finished(
    stage: Made, speech: NDArray[np.float32]
) -> None:
    made = stage(np.tile(speech, 8))  # 91 s: three windows
    with speech_server(says("One."), fails(503), says("Two.")) as server:
        with pytest.raises(Problem):
            made.asks(server, whisper_threads=1)
        (before,) = made.all("select * from windows where completed_at is not null")
        cut = made.all("select n, start_s, end_s from windows order by n")
        sentences = made.asks(server, whisper_threads=1)
    assert [segment.text for segment in sentences][:2] == ["One.", "Two."]
    assert made.all("select * from windows where completed_at is not null")[0] == before
    assert made.all("select n, start_s, end_s from windows order by n")[: len(cut)] == cut
    ends = made.all("select start_s, end_s from windows order by n")
    assert [start for start, _ in ends[1:]] == pytest.approx([end for _, end in ends[:-1]])
    assert len(server.requests) == len(ends) + 1


def test_a_long_window_that_an_earlier_version_cut_is_heard_to_its_end(
    stage: Made, speech: NDArray[np.float32]
) -> None:
    made = stage(np.tile(speech, 6), duration_s=68.3)
    attempt = made.work()
    asked = Asked.of(attempt)
    rows = Rows.begin(attempt, asked.hash, asked.model, asked.language)
    made.db.execute(
        "insert into windows (transcript_id, n, start_s, end_s, track) values (?, 0, 0, 57, 0)",
        [rows.id],
    )
    found = made.run()
    assert [w for w in made.all("select n, start_s, end_s from windows") if w[0] == 0] == [
        (0, 0, 57)
    ]
    mornings = [one.start_s for one in found if "Good morning" in one.text]
    assert mornings == pytest.approx([11.38 * n for n in range(6)], abs=1)


def test_what_other_windows_gave_is_kept_when_one_fails(
    stage: Made, speech: NDArray[np.float32]
) -> None:
    made = stage(np.tile(speech, 6))
    with speech_server(fails(503), says("Kept.")) as server, pytest.raises(Problem):
        made.asks(server, whisper_threads=2)
    assert made.all("select text from segments") in ([("Kept.",)], [])
    done = made.one("select count(*) from windows where completed_at is not null")[0]
    assert done == len(made.all("select text from segments"))


def test_a_retry_goes_on_with_its_origins_transcript(
    stage: Made, speech: NDArray[np.float32]
) -> None:
    made = stage(np.tile(speech, 6))
    with speech_server(says("One."), fails(503)) as server, pytest.raises(Problem):
        made.asks(server, whisper_threads=1)
        made.new_job("k", origin="j")
        assert "One." in [segment.text for segment in made.asks(server)]
    assert len(made.all("select id from transcripts")) == 1


def test_a_new_ingest_makes_a_new_transcript_and_the_old_one_serves_until_then(
    stage: Made,
) -> None:
    made = stage(SOUNDS / "english.opus")
    with speech_server(says("Old."), fails(503), says("New.")) as server:
        made.asks(server)
        old = made.one("select transcript_id from projects")[0]
        made.new_job("k")
        with pytest.raises(Problem):
            made.asks(server)
        assert made.one("select transcript_id from projects")[0] == old
        assert [segment.text for segment in made.asks(server)] == ["New."]
    assert made.one("select transcript_id from projects")[0] != old


def test_another_model_makes_another_transcript_also_in_a_retry(stage: Made) -> None:
    made = stage(SOUNDS / "english.opus")
    with speech_server(fails(503), says("New.")) as server:
        with pytest.raises(Problem):
            made.asks(server)
        made.new_job("k", origin="j")
        made.asks(server, transcribe_model="another")
    assert made.all("select model from transcripts") == [("whisper-1",), ("another",)]


def test_a_finished_stage_is_not_done_twice(stage: Made) -> None:
    made = stage(SOUNDS / "english.opus")
    with speech_server(says("Once.")) as server:
        made.asks(server)
        made.asks(server)
    assert len(server.requests) == 1


def test_an_attempt_that_lost_its_job_writes_nothing(stage: Made) -> None:
    made = stage(SOUNDS / "english.opus")
    work = made.work()
    made.db.execute("update jobs set attempt = 2")
    with pytest.raises(running.Fenced):
        transcribe(work)
    assert made.all("select * from transcripts") == []


def test_an_attempt_that_loses_its_job_midway_commits_no_window(stage: Made) -> None:
    made = stage(SOUNDS / "english.opus")

    def steal(exchange: Any) -> None:
        with connect(made.settings.database, 10) as other:
            other.execute("update jobs set attempt = 2")
        other.close()
        says("Too late.")(exchange)

    with speech_server(steal) as server, pytest.raises(running.Fenced):
        made.asks(server)
    assert made.all("select * from segments") == []


def test_a_sentence_that_a_person_edited_stays_edited_where_it_is_said_again(stage: Made) -> None:
    made = stage(SOUNDS / "english.opus")
    with speech_server(says("Here is Dr. Miller."), says("Here is Doctor Miller.")) as server:
        made.asks(server)
        sentence_edits.save(made.db, "p", 1, "Here is Dr. Müller.", 0)
        made.new_job("again")
        assert [segment.text for segment in made.asks(server)] == ["Here is Dr. Müller."]
        (row,) = made.all(
            "select first_revision, revision from transcripts order by id desc limit 1"
        )
        assert tuple(row) == (2, 2)
        with pytest.raises(StaleSentence):  # it was begun before
            sentence_edits.save(made.db, "p", 1, "There is Dr. Müller.", 1)
