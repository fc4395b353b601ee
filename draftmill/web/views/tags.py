"""What the list says of a project in a word or two, the word of its pill among them."""

from dataclasses import dataclass

from draftmill.jobs import estimates
from draftmill.jobs.job import Job
from draftmill.jobs.policies import INGEST
from draftmill.projects.listing import Listed
from draftmill.web.views.pills import CANCELLING, comes_back, stage_label


@dataclass(frozen=True)
class Tag:
    """A status in one line: tone, icon, word."""

    tone: str
    icon: str
    word: str


def summary(item: Listed) -> Tag | None:
    """What the list says of a project: at work, failed, cancelled, or how many drafts."""
    if item.active:
        return _at_work(item.active, item.row["source"])
    heard = item.row["transcript_id"] is not None
    ended = [status for of_type, status in item.newest.items() if of_type != INGEST]
    if item.newest.get(INGEST) == "failed":
        return Tag("bad", "triangle-alert", "Transcription failed")
    if failed := ended.count("failed"):
        return Tag("bad", "triangle-alert", f"{failed} failed")
    if item.newest.get(INGEST) == "cancelled" and not heard:
        return Tag("idle", "ban", "Cancelled")
    if item.drafts:
        return Tag("good", "check", f"{len(item.drafts)} draft{'s' * (len(item.drafts) > 1)}")
    if cancelled := ended.count("cancelled"):
        return Tag("idle", "ban", f"{cancelled} cancelled")
    return Tag("good", "check", "Transcript ready") if heard else None


def _at_work(job: Job, source: str) -> Tag:
    if job.status == "pending" and job.held_at:
        return Tag("waiting", "clock", "Waiting for memory")
    if job.status == "pending" and job.run_after:
        return Tag("waiting", "rotate-cw", comes_back(job))
    if job.status == "pending":
        return Tag("idle", "clock", "Waiting for its turn")
    if job.cancel_requested_at:
        return Tag("busy", "loader-circle", CANCELLING)
    done = estimates.share(job, source)
    label = stage_label(source, job)
    word = label if done is None else f"{label} {int(done * 100)} %"
    return Tag("busy", "loader-circle", word)
