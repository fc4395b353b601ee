"""Which writer writes: the one with a model, or the one without."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from draftmill.settings import Settings

if TYPE_CHECKING:
    from content_actions import ContentType
    from draftmill.drafts.written import Written
    from draftmill.jobs.attempt import Attempt
    from draftmill.writers.material import Material

    Writer = Callable[[Attempt, Material, ContentType, str], Written]


def choose(settings: Settings) -> "Writer":
    """The model writer when a server and a model are set, else the writer without one."""
    if settings.has_language_model:
        from draftmill.writers.model.writer import write as with_model

        return with_model
    from draftmill.writers.outline.writer import write as without_model

    return without_model


def write(
    attempt: "Attempt", material: "Material", content: "ContentType", instructions: str
) -> "Written":
    """Write one draft with the writer that the settings choose.

    Raises a Problem that says why there is no draft.
    """
    return choose(attempt.settings)(attempt, material, content, instructions)
