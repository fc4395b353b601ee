"""What an ended job is told as: its words, where they lead, and the message that leaves the house."""

import sqlite3

from content_actions import CONTENT_TYPES
from draftmill.accounts import links
from draftmill.clock import now
from draftmill.jobs.policies import FETCH, INGEST
from draftmill.jobs.stages import MADE_ALONE
from draftmill.notifications import inbox
from draftmill.notifications.channels import Channel
from draftmill.notifications.inbox import Notice
from draftmill.notifications.message import Message
from draftmill.settings import Settings


def words_of(notice: Notice) -> str:
    """What ended, and how: "Blog post ready"."""
    good = notice.kind == "succeeded"
    if notice.stage in MADE_ALONE:
        return f"{MADE_ALONE[notice.stage]} {'ready' if good else 'failed'}"
    if notice.type == INGEST:
        return "Transcript ready" if good else "Transcription failed"
    if notice.type == FETCH:
        return "Model ready" if good else "Model not downloaded"
    content = CONTENT_TYPES.known(notice.type)
    label = content.label if content else "Draft"
    return f"{label} ready" if good else f"{label} failed"


def page_of(notice: Notice) -> str:
    """The path of the page of what a notification tells of."""
    if notice.kind != "succeeded":
        return f"/jobs/{notice.job_id}"
    project = f"/projects/{notice.project_id}"
    return f"{project}/drafts/{notice.type}" if CONTENT_TYPES.known(notice.type) else project


def message_of(
    db: sqlite3.Connection, settings: Settings, channel: Channel, notification_id: int
) -> Message:
    """What a channel is sent of one of its user's notifications. Raises NotFound.

    Links lead to DRAFTMILL_BASE_URL: without it there are none, for nobody knows by which address
    a reader finds this machine.
    """
    notice = inbox.notice_for(db, channel.user_id, notification_id)
    good = notice.kind == "succeeded"
    root = settings.base_url.rstrip("/")
    linked = root and good and notice.type != FETCH
    link = links.make(db, settings, channel.user_id, _file_of(notice)) if linked else None
    return Message(
        number=f"{notice.job_id}-{channel.id}",
        event=f"job.{notice.kind}",
        words=words_of(notice),
        at=notice.created_at,
        job_id=notice.job_id,
        type=notice.type,
        project_id=notice.project_id,
        title=notice.title,
        error_code="" if good else notice.error_code,
        error="" if good else notice.error_message,
        url=root + page_of(notice) if root else "",
        result_url=root + links.FOLDER + link.token if link else "",
        result_until=link.expires_at if link else "",
    )


def trial_message(settings: Settings, number: str) -> Message:
    """What "Send a test" sends."""
    return Message(
        number=number,
        event="test",
        words="A test from Draftmill: what ends is told here",
        at=now(),
        url=settings.base_url.rstrip("/"),
    )


def _file_of(notice: Notice) -> str:
    """The path of the file that a job made."""
    project = f"/projects/{notice.project_id}"
    known = CONTENT_TYPES.known(notice.type)
    return f"{project}/drafts/{notice.type}.md" if known else f"{project}/transcript.txt"
