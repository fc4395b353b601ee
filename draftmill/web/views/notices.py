"""What the header shows on every page: what is at work, what ended, and what was not read yet."""

import sqlite3
from dataclasses import dataclass

from content_actions import slot_id
from draftmill.jobs import estimates
from draftmill.jobs.job import COLUMNS, job_of
from draftmill.jobs.policies import OF_THE_RECORDING
from draftmill.notifications import inbox
from draftmill.notifications.inbox import MOST_COUNTED, Notice
from draftmill.notifications.notify import SHOWN_WITHIN_S
from draftmill.projects.ended import words_of
from draftmill.projects.project import row_of
from draftmill.web.views.pill import label_of
from draftmill.web.views.pills import stage_label

MOST_AT_WORK = 20  # more are not counted in the header
MOST_TOASTS = 3


@dataclass(frozen=True)
class Indicator:
    """What is at work for a user: how many jobs, and of the oldest one its stage and percent.

    `said` is the stage for who hears it, `unread` how many notifications wait, "" for none.
    """

    running: int
    waiting: int
    stage: str
    percent: int | None
    said: str
    unread: str

    @property
    def count(self) -> int:
        """How many are at work, or wait while none is."""
        return self.running or self.waiting

    @property
    def doing(self) -> str:
        """What they do."""
        return "at work" if self.running else "waiting"


@dataclass(frozen=True)
class Told:
    """A notification in words. `url` leads to what it tells of, and marks it as read."""

    notice: Notice
    words: str
    button: str

    @property
    def good(self) -> bool:
        return self.notice.kind == "succeeded"

    @property
    def retryable(self) -> bool:
        """Whether it failed, and may come to another end if it is tried again."""
        return not self.good and self.notice.error_code not in OF_THE_RECORDING

    @property
    def said(self) -> str:
        """It, for a screen reader."""
        error = "" if self.good else self.notice.error_message
        return f"{self.words}: {self.notice.title}. {error}".strip()

    @property
    def said_by(self) -> str:
        """A selector of what says this end itself on its page: its pill, its row, its project's row."""
        job, project = self.notice.job_id, self.notice.project_id
        line = f"#say-{slot_id(project, self.notice.type)}"
        pill = f"{line}:not([data-job]), {line}[data-job='{job}']"
        return f"{pill}, #row-{job}, #said-{job}, #project-{project}:not([data-job])"

    @property
    def url(self) -> str:
        return f"/notifications/{self.notice.id}"

    @property
    def icon(self) -> str:
        return "check" if self.good else "triangle-alert"


def indicator_of(db: sqlite3.Connection, user_id: int) -> Indicator:
    """The indicator of a user, as the rows say now."""
    running = _count(db, user_id, "running")
    first = (
        f"select {COLUMNS} from jobs where user_id = ? and status = 'running'"
        " and cleared_at is null order by n limit 1"
    )
    row = db.execute(first, (user_id,)).fetchone() if running else None
    stage, percent, said = "", None, ""
    if row:
        job = job_of(row)
        source = row_of(db, job.project_id)["source"]
        stage, share = stage_label(source, job), estimates.share(job, source)
        percent = None if share is None else int(share * 100)
        said = f"{label_of(job.type)}: {stage}"
    unread = inbox.unread(db, user_id)
    return Indicator(
        running=running,
        waiting=0 if running else _count(db, user_id, "pending"),
        stage=stage,
        percent=percent,
        said=said,
        unread=f"{MOST_COUNTED}+" if unread > MOST_COUNTED else str(unread or ""),
    )


def _count(db: sqlite3.Connection, user_id: int, status: str) -> int:
    """How many jobs of a user are in a state, counted up to MOST_AT_WORK."""
    some = "select 1 from jobs where user_id = ? and status = ? and cleared_at is null limit ?"
    found = db.execute(f"select count(*) from ({some})", (user_id, status, MOST_AT_WORK))
    return int(found.fetchone()[0])


def told(notice: Notice) -> Told:
    """A notification in words."""
    good = notice.kind == "succeeded"
    return Told(notice, words_of(notice), "View" if good else "Details")


def fresh_toasts(
    db: sqlite3.Connection, user_id: int, doubt_s: float = 0.0
) -> tuple[tuple[Told, ...], tuple[int, ...]]:
    """What has not been shown on any page yet: who asks has to show it on all that are open.

    With it, the numbers of all that counts as shown by that, as `inbox.claim` has them.
    """
    claim = inbox.claim(db, user_id, MOST_TOASTS, doubt_s)
    return tuple(map(told, claim.notices)), claim.numbers


def toasts_of_others(db: sqlite3.Connection, user_id: int, open_s: float) -> tuple[Told, ...]:
    """What another page got first while one was open too, which is for so many seconds."""
    within_s = min(open_s, SHOWN_WITHIN_S)
    return tuple(map(told, inbox.shown_lately(db, user_id, within_s, MOST_TOASTS)))
