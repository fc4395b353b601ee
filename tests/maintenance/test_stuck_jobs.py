"""Jobs that nothing would ever start fail and say why; what is due or waits is left alone."""

from dataclasses import replace

import pytest

from draftmill.errors import Problem
from draftmill.jobs import endings, running
from draftmill.jobs.job import INGEST_ENDED, newest_job
from draftmill.jobs.policies import INGEST
from draftmill.jobs.start import retry_job
from draftmill.maintenance.janitor import Janitor
from tests.support.cleaning import clean, sound
from tests.support.data_folder import DataFolder
from tests.support.house import until


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ("queue = 'gardening'", "no worker serves its queue"),
        ("waits = 1", "what it waits for will not free it"),
        ("run_after = '2931-01-01T00:00:00.000Z'", "it is to wait longer than any job may"),
    ],
)
def test_a_job_that_nothing_would_ever_start_fails_and_says_why(
    home: DataFolder, damage: str, reason: str
) -> None:
    project_id = home.brought(types=("blog",))
    home.db.execute(f"update jobs set {damage} where type = 'ingest'")
    assert clean(home).counts == {"stuck jobs failed": 1}
    ingest = newest_job(home.db, project_id, INGEST)
    blog = newest_job(home.db, project_id, "blog")
    assert ingest is not None
    assert blog is not None
    assert (ingest.status, ingest.error_code) == ("failed", "stuck")
    assert ingest.error_message == f"This job could never have started: {reason}."
    assert ingest.error_hint == "Press Retry."
    assert (blog.status, blog.error_code) == ("cancelled", INGEST_ENDED)
    assert home.count("notifications") == 1
    sound(home)
    assert clean(home).counts == {}
    # What to do works: the retry succeeds, and takes the draft up again.
    retry_job(home.db, ingest)
    assert {job.type for job in home.work_off()} == {INGEST, "blog"}


def test_what_is_due_delayed_or_waiting_is_left_alone(home: DataFolder) -> None:
    home.brought("due", types=("blog",))
    home.recorded("delayed")
    job = home.claim("media")
    endings.retry_later(home.db, job, Problem("Busy.", retry_after_s=3000))
    home.recorded("later")
    before = home.db.execute("select * from jobs order by n").fetchall()
    assert clean(home).counts == {}
    assert [tuple(row) for row in home.db.execute("select * from jobs order by n")] == [
        tuple(row) for row in before
    ]


def test_a_delay_by_a_clock_that_was_set_back_is_not_for_ever(home: DataFolder) -> None:
    home.recorded()
    job = home.claim("media")
    endings.retry_later(home.db, job, Problem("Busy."))
    home.age(days=-400)
    assert clean(home).counts == {}


def test_a_running_job_fails_when_nothing_was_heard_of_it_beyond_every_limit(
    home: DataFolder,
) -> None:
    home.recorded("silent")
    home.recorded("busy")
    silent, busy = home.claim("media"), home.claim("media")
    brief = replace(home.settings, patience_s=0.4, patience_total_s=0.4)
    cleaner = Janitor(brief)

    def failed() -> bool:
        running.progress(home.db, busy, 1, 2, "s", "", 0)
        return bool(cleaner.clean(home.db).counts)

    assert not failed()  # nobody is judged at first sight, however old the row is
    until(failed)
    assert home.job(busy.id).status == "running"
    ended = home.job(silent.id)
    assert (ended.status, ended.error_code) == ("failed", "stuck")
    assert "Nothing was heard of this job" in str(ended.error_message)
    with pytest.raises(running.Fenced):
        endings.succeed(home.db, silent)
    sound(home)


def test_a_running_job_is_not_judged_by_the_clock_on_the_wall(home: DataFolder) -> None:
    home.recorded()
    job = home.claim("media")
    home.age(days=400)
    cleaner = Janitor(home.settings)
    for _ in range(2):
        assert cleaner.clean(home.db).counts == {}
    assert home.job(job.id).status == "running"


def test_a_silent_job_fails_after_as_many_rounds_as_it_may_be_silent(home: DataFolder) -> None:
    home.recorded()
    job = home.claim("media")
    hour = 3600.0
    cleaner = Janitor(replace(home.settings, clean_every_s=hour, patience_total_s=4 * hour))
    for _ in range(5):  # of four hours and a quarter of them
        assert cleaner.clean(home.db).counts == {}
    assert cleaner.clean(home.db).counts == {"stuck jobs failed": 1}
    message = home.job(job.id).error_message
    assert message == "Nothing was heard of this job for 5.0 hours."
