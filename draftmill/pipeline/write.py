"""The one stage of a content job: material in, a draft's version out."""

from content_actions import CONTENT_TYPES
from draftmill.drafts import editing
from draftmill.jobs.attempt import Attempt
from draftmill.jobs.wishes import UnknownType
from draftmill.pipeline.inside import model_at_hand
from draftmill.writers import choice, material


def write_draft(attempt: Attempt) -> None:
    """Write one draft; its version is committed together with the job's success."""
    content = CONTENT_TYPES.get(attempt.job.type)
    if content is None:
        raise UnknownType
    source = material.load(attempt.db, attempt.job.project_id)
    instructions = str(attempt.job.parameters.get("instructions", ""))
    with model_at_hand(attempt):
        written = choice.write(attempt, source, content, instructions)
    attempt.at_the_end(lambda db: str(editing.add_generated(db, attempt.job, written).n))
