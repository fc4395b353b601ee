"""Voices told apart in a recording: who says what, what a person set by hand, and when it is not done."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from draftmill.jobs.job import Job
from draftmill.jobs.stages import stages_of
from draftmill.jobs.start import start_job
from draftmill.jobs.wishes import Wishes
from draftmill.pipeline import voices
from draftmill.speech.voices import WINDOW
from draftmill.transcripts import speaker_edits, undoing
from draftmill.transcripts.segments import Segment, Word, add_segments
from tests.support.places import SOUNDS
from tests.support.transcribe_stage import Made, Stage

# Who speaks in english.opus: one until 5.1 s, then another from 7.3 s on.
SAID = [
    (0.3, 1.4, "Good morning, everyone."),
    (1.6, 5.0, "Doctor Miller measured our database twice last spring."),
    (7.4, 9.6, "The first idea was to buy bigger machines."),
    (9.9, 11.2, "That helped for a few weeks."),
]
TWO = ["Speaker 1", "Speaker 1", "Speaker 2", "Speaker 2"]


def spoken(start_s: float, end_s: float, text: str) -> Segment:
    words = text.split()
    each = (end_s - start_s) / len(words)
    timed = tuple(
        Word(start_s + n * each, start_s + (n + 1) * each, word) for n, word in enumerate(words)
    )
    return Segment(start_s, end_s, text, timed)


def transcript(made: Stage, said: Sequence[Segment]) -> int:
    made.db.execute(
        "insert into transcripts (project_id, params_hash, model, language, created_at, completed_at)"
        " values ('p', '', '', 'en', '', '')"
    )
    (transcript_id,) = made.one("select max(id) from transcripts")
    add_segments(made.db, transcript_id, 0, said)
    made.db.execute("update projects set transcript_id = ?", (transcript_id,))
    return int(transcript_id)


@pytest.fixture
def two(stage: Made) -> Stage:
    made = stage(SOUNDS / "english.opus", duration_s=11.4, voices="2")
    transcript(made, [spoken(*one) for one in SAID])
    return made


def told_apart(made: Stage, speakers: str = "2") -> list[str]:
    """Who says each sentence after a computation."""
    made.db.execute("update projects set voices = ?", (speakers,))
    made.new_job(f"j{made.one('select count(*) from jobs')[0]}", stage="voices", speakers=speakers)
    voices.tell_voices_apart(made.work())
    return said_by(made)


def said_by(made: Stage) -> list[str]:
    query = (
        "select speaker from segments where transcript_id = (select transcript_id from projects)"
    )
    return [speaker for (speaker,) in made.all(f"{query} order by window, n")]


def test_each_sentence_is_of_the_voice_that_says_it_and_progress_is_measured(two: Stage) -> None:
    voices.tell_voices_apart(two.work())
    assert said_by(two) == TWO
    assert two.all("select n, name, source from speakers") == [
        (1, "Speaker 1", "voice"),
        (2, "Speaker 2", "voice"),
    ]
    assert [done for done, *_ in two.told] == pytest.approx([0.0, 11.4], abs=0.1)
    assert two.one("select revision from transcripts")[0] == 1


def test_another_number_takes_no_listening(two: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told_apart(two) == TWO
    monkeypatch.setattr(voices, "AudioDecoder", None)
    assert told_apart(two, "") == [""] * 4
    assert told_apart(two, "2") == TWO


@pytest.mark.parametrize(
    "spoilt",
    [
        "insert into voice_windows select project_id, 1, 'other track', 99, 1, '' from voice_windows",
        "update voice_windows set n = 1",
    ],
)
def test_what_is_kept_in_part_or_of_another_track_is_heard_anew(two: Stage, spoilt: str) -> None:
    told_apart(two)
    kept = two.all("select * from voice_windows")
    two.db.execute(spoilt)
    assert told_apart(two) == TWO
    assert two.all("select * from voice_windows") == kept


def test_where_no_voice_was_heard_none_is_counted(
    two: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voices, "_heard", lambda *_: np.zeros(0, WINDOW))
    assert told_apart(two, "find") == [""] * 4
    assert "No voice was heard." in two.logs()


def test_what_a_person_set_stays(two: Stage) -> None:
    told_apart(two)
    speaker_edits.name(two.db, "p", 1, "Ada")
    speaker_edits.give(two.db, "p", [4], "Carl")
    assert told_apart(two) == ["Ada", "Ada", "Speaker 2", "Carl"]
    merged = speaker_edits.merge(two.db, "p", 2, 1)
    assert told_apart(two) == ["Ada", "Ada", "Ada", "Carl"]
    assert told_apart(two, "") == ["Ada", "Ada", "Ada", "Carl"]
    with pytest.raises(Exception, match="changed again since"):
        undoing.undo(two.db, "p", merged.edit_id or 0)


def test_names_are_found_again_in_a_new_transcript(two: Stage) -> None:
    before = told_apart(two) and two.one("select transcript_id from projects")[0]
    speaker_edits.name(two.db, "p", 2, "Bob")
    later = transcript(two, [spoken(*SAID[0]), spoken(*SAID[2]), spoken(*SAID[3])])
    rows = "insert into speakers select ?, n, label, name, source from speakers where transcript_id = ?"
    two.db.execute(rows, (later, before))
    assert told_apart(two) == ["Speaker 1", "Bob", "Bob"]


def test_a_sentence_of_two_is_cut_and_edits_are_taken_back_where_they_stand_now(
    two: Stage,
) -> None:
    both = spoken(2.0, 9.5, "Last spring we measured it. The first idea was machines, and more")
    heard = transcript(two, [both, spoken(*SAID[3])])
    edited = speaker_edits.give(two.db, "p", [2], "Carl")
    assert told_apart(two) == ["Speaker 1", "Speaker 2", "Carl"]
    pieces = two.all(
        f"select n, text, flags from segments where transcript_id = {heard} order by n"
    )
    assert " ".join(text for _, text, _ in pieces[:2]) == both.text
    assert [n for n, *_ in pieces] == [0, 1, 2]
    assert pieces[0][2] == "soft"
    was = json.loads(two.one(f"select was from transcript_changes where id = {edited.edit_id}")[0])
    assert was["places"][0][:2] == [0, 2]


def test_a_transcript_that_says_who_speaks_is_believed(two: Stage) -> None:
    two.db.execute("update segments set speaker = 'Track ' || n")
    voices.tell_voices_apart(two.work())
    assert said_by(two) == ["Track 0", "Track 1", "Track 2", "Track 3"]
    assert json.loads(two.one("select warnings from jobs")[0]) == [voices.ELSEWHERE]


def test_nobody_is_told_apart_unless_somebody_asked(two: Stage) -> None:
    def started(**wishes: Any) -> Job:
        two.db.execute("update jobs set status = 'succeeded'")
        return start_job(two.db, two.one("select * from projects"), Wishes("ingest", **wishes)).job

    def stages(job: Job) -> list[str]:
        asked = stages_of(job.type, "media", job.parameters)
        return [one.name for one in asked if one.name not in job.skipped]

    assert stages(started(stage="voices", speakers="3")) == ["voices"]
    assert two.one("select voices from projects")[0] == "3"
    assert stages(started()) == ["transcribe", "screenshots", "chapters", "voices"]
    assert stages(started(stage="chapters")) == ["chapters"]
    assert stages(started(speakers="")) == ["transcribe", "screenshots", "chapters"]
    assert stages(started()) == ["transcribe", "screenshots", "chapters"]
