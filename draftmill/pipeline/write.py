"""The one stage of a content job: material in, a draft's version out."""

from content_actions import CONTENT_TYPES
from draftmill.drafts import editing
from draftmill.jobs.attempt import Attempt
from draftmill.jobs.wishes import UnknownType
from draftmill.writers import choice, material


def write_draft(work: Attempt) -> None:
    """Write one draft; its version is committed together with the job's success."""
    content = CONTENT_TYPES.get(work.job.type)
    if content is None:
        raise UnknownType
    source = material.load(work.db, work.job.project_id)
    written = choice.write(work, source, content, str(work.job.parameters.get("instructions", "")))
    work.at_the_end(lambda db: str(editing.add_generated(db, work.job, written).n))
