"""What follows from a pill's state: whether it polls, what can be pressed, what stands beside it."""

from dataclasses import replace

import pytest

from draftmill.web.views.pill import Pill

NONE = Pill(project_id="4f1c", type="blog", label="Blog post", rev=7)
RUNNING = replace(NONE, status="running", job_id="7", tone="busy", cancellable=True)
FAILED = replace(RUNNING, status="failed", tone="bad", cancellable=False, retryable=True)


@pytest.mark.parametrize("status", ["none", "pending", "running", "succeeded", "failed"])
def test_only_a_job_that_has_not_ended_is_asked_for_again(status: str) -> None:
    polls = replace(RUNNING, status=status).poll_url != ""
    assert polls == (status in ("pending", "running"))


def test_on_its_own_page_a_job_asks_for_more_and_its_buttons_lead_to_the_job_that_answers() -> None:
    own = replace(RUNNING, panel=True, own_page=True)
    assert (RUNNING.poll_url, own.poll_url) == ("/jobs/7/pill", "/jobs/7/page/pill")
    assert (RUNNING.details_url, own.details_url) == ("/jobs/7", "")
    ((row,), (page,)) = RUNNING.buttons, own.buttons
    assert (row.target, row.fields) == ("job-4f1c-blog", {})
    assert (page.target, page.fields) == ("", {"then": "job"})
    assert row.id == page.id == "cancel-job-4f1c-blog"


def test_what_failed_for_its_language_can_be_transcribed_anyway() -> None:
    anyway, retry = replace(FAILED, type="ingest", panel=True, anyway=True).buttons
    assert anyway.url == "/projects/4f1c/jobs"
    assert anyway.fields == {"type": "ingest", "any_language": "1", "after_last": "7"}
    assert retry.url == "/jobs/7/retry"


def test_a_clock_stands_once() -> None:
    """Beside the word while it waits, below while it works and nothing is counted yet."""
    works = replace(RUNNING, clock="0:34")
    waits = replace(works, status="pending", tone="waiting")
    assert (works.headline_clock, works.below_headline) == ("", "0:34")
    assert (waits.headline_clock, waits.below_headline) == ("0:34", "")
    assert replace(works, detail="412 words so far").below_headline == "412 words so far"


def test_a_panel_without_a_job_is_empty() -> None:
    assert replace(NONE, panel=True).template == ""
    assert replace(RUNNING, panel=True).template == "_pill_panel.html"
    assert NONE.template == RUNNING.template == "_pill_row.html"
