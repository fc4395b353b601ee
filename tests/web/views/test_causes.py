"""Why drafts failed or wait is said once on a page, and Retry is offered only where it can help."""

import sqlite3
from pathlib import Path

import pytest

from draftmill.errors import Problem
from draftmill.jobs import endings
from draftmill.jobs.job import Job
from draftmill.media.refusals import Encrypted, NoAudioTrack
from draftmill.pipeline.listening import NoSound
from draftmill.projects.project import row_of
from draftmill.settings import Settings
from draftmill.speech.confidence import NoSpeech, NothingUnderstood
from draftmill.web import live
from draftmill.web.render import fragment
from draftmill.web.views import pills
from draftmill.web.views.notices import fresh_toasts
from draftmill.web.views.pill import Pill
from tests.support.job_rows import claim, make_project, newest, with_transcript

TYPES = ("blog", "newsletter", "twitter", "linkedin")


class KeyRefused(Problem):
    code = "model_key"
    default_message = "The model server refused the key."
    default_hint = "Set another."


class SpeechKeyRefused(KeyRefused):
    code = "transcription_server_key"


class Busy(Problem):
    code = "model_busy"
    transient = True
    default_message = "The model server takes no more requests."
    default_hint = ""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path)


def pill(db: sqlite3.Connection, settings: Settings, project: str, task_type: str) -> Pill:
    return pills.row(db, settings, row_of(db, project), task_type).pill


def fail_ingest(db: sqlite3.Connection, problem: Problem) -> str:
    project = make_project(db, TYPES)
    endings.fail(db, claim(db), problem)
    return project


def toasts(db: sqlite3.Connection) -> str:
    """What an open page is told."""
    told = {"indicator": "", "said": "", "pushed": False, "toasts": fresh_toasts(db, 1)[0]}
    assert told["toasts"]
    return fragment("_news.html", told)


@pytest.mark.parametrize("problem", [NoSound(), NoSpeech(), NoAudioTrack(), Encrypted()])
def test_what_lies_in_the_recording_is_not_retried(
    db: sqlite3.Connection, settings: Settings, problem: Problem
) -> None:
    shown = pill(db, settings, fail_ingest(db, problem), "ingest")
    assert shown.problem == problem.message
    assert not shown.retryable
    assert shown.way_out == ("Choose another recording", "/#new")
    html = fragment("_pill.html", {"pill": shown, "oob": False})
    assert '<a class="button" id="way-out-' in html
    assert 'href="/#new">Choose another recording</a>' in html
    assert "/retry" not in toasts(db)


def test_what_was_set_wrong_leads_to_where_it_is_set(
    db: sqlite3.Connection, settings: Settings
) -> None:
    shown = pill(db, settings, fail_ingest(db, SpeechKeyRefused()), "ingest")
    assert shown.way_out == ("Look at the settings", "/settings/listening")
    assert shown.retryable


def test_what_a_setting_can_mend_is_retried(db: sqlite3.Connection, settings: Settings) -> None:
    assert pill(db, settings, fail_ingest(db, NothingUnderstood()), "ingest").retryable
    assert "/retry" in toasts(db)


def test_four_drafts_that_wait_for_a_transcript_leave_the_cause_to_its_panel(
    db: sqlite3.Connection, settings: Settings
) -> None:
    project = fail_ingest(db, NothingUnderstood())
    rows = [pill(db, settings, project, name) for name in TYPES]
    assert {row.status for row in rows} == {"cancelled"}
    assert not any(row.has_message or row.retryable for row in rows)
    assert pill(db, settings, project, "ingest").waiting == 4
    answer = live.poll(db, settings, newest(db, project, "ingest"))
    assert "The 4 drafts start by themselves" in " ".join(answer.split())


@pytest.mark.parametrize("problem", [KeyRefused(), Busy()])
def test_one_cause_of_four_drafts_is_said_once(
    db: sqlite3.Connection, settings: Settings, problem: Problem
) -> None:
    project = make_project(db, TYPES)
    with_transcript(db, project)
    for _ in TYPES:
        endings.fail(db, claim(db, "writing"), problem)
    first, *others = (pill(db, settings, project, name) for name in TYPES)
    assert first.above is None
    assert first.problem == problem.message
    assert {other.above for other in others} == {"For the same reason as “Blog post”."}


def test_two_causes_are_both_said(db: sqlite3.Connection, settings: Settings) -> None:
    project = make_project(db, TYPES)
    with_transcript(db, project)
    for problem in (KeyRefused(), Busy(), KeyRefused("It is another one."), Busy()):
        endings.fail(db, claim(db, "writing"), problem)
    said = [pill(db, settings, project, name).above for name in TYPES]
    assert said == [None, None, None, "For the same reason as “Newsletter”."]


def test_the_end_of_a_transcription_brings_head_and_menu_up_to_date(
    db: sqlite3.Connection, settings: Settings
) -> None:
    project = make_project(db, ("blog",))
    job: Job = newest(db, project, "ingest")
    assert "facts-" not in live.poll(db, settings, job)
    with_transcript(db, project)
    answer = live.poll(db, settings, newest(db, project, "ingest"))
    assert f'id="facts-{project}" hx-swap-oob' in answer
    assert f'id="again-{project}"' in answer
    assert "Transcribe again" in answer
