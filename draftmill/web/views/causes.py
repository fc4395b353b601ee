"""Why a job ended or waits: said once on a page, and with a retry only where that can help."""

import sqlite3

from content_actions import CONTENT_TYPES
from draftmill.jobs.job import INGEST_ENDED, Job, newest_of_each_type
from draftmill.jobs.policies import INGEST, OF_THE_RECORDING
from draftmill.web.views.pill import label_of

UNHEARD = frozenset({"nothing_understood", "not_english", "no_recording"})
AT_WRITING = "model_key_refused model_address_wrong model_not_found model_quota_used model_gone model_not_runnable"
AT_LISTENING = "transcription_server_key transcription_server_address transcription_server_model transcription_server_credit model_missing model_damaged"
ELSEWHERE = {
    # What was chosen has to be put right first.
    **dict.fromkeys(AT_WRITING.split(), ("Look at the settings", "/settings/writing")),
    **dict.fromkeys(AT_LISTENING.split(), ("Look at the settings", "/settings/listening")),
    "nothing_to_write_from": ("Look at the transcript", "/projects/{project}#transcript-title"),
    "model_context_too_small": ("Choose another model", "/settings/writing"),
}


def said_elsewhere(db: sqlite3.Connection, project: sqlite3.Row, job: Job) -> str | None:
    """What a row says instead of its cause, where the page has said it above. None: nowhere yet."""
    if job.error_code == INGEST_ENDED:
        return "" if project["transcript_id"] is None else None
    cause = _cause(job.status, job.message, job.error_message)
    if job.type == INGEST or not cause:
        return None
    for task_type, above in _causes_of(db, project["id"]):
        if task_type == job.type:
            return None
        if above == cause:
            return f"For the same reason as “{label_of(task_type)}”."
    return None


def way_out(project: sqlite3.Row, job: Job) -> tuple[str, str] | None:
    """What may help where trying the same again cannot: (label, url), None if nothing is known."""
    if job.status != "failed":
        return None
    if job.error_code in OF_THE_RECORDING | UNHEARD:
        brought = project["source"] == "transcript"
        return f"Choose another {'transcript' if brought else 'recording'}", "/#new"
    if job.error_code in ELSEWHERE:
        label, url = ELSEWHERE[job.error_code]
        return label, url.format(project=project["id"])
    return None


def _causes_of(db: sqlite3.Connection, project_id: str) -> list[tuple[str, str]]:
    """The causes of the newest jobs of a project, in the order of their rows on the page."""
    rows = newest_of_each_type(db, project_id, "type, status, message, error_message")
    causes = {r["type"]: _cause(r["status"], r["message"], r["error_message"]) for r in rows}
    return [(c.type, causes[c.type]) for c in CONTENT_TYPES.all_known() if c.type in causes]


def _cause(status: str, message: str, error_message: str | None) -> str:
    if status == "failed":
        return error_message or ""
    return message if status == "pending" else ""


def drafts_that_wait(db: sqlite3.Connection, project_id: str) -> int:
    """How many drafts ended with the transcription and start by themselves with the next."""
    newest = newest_of_each_type(db, project_id, "status, error_code")
    return sum(tuple(job) == ("cancelled", INGEST_ENDED) for job in newest)
