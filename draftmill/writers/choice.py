"""Which writer writes: the one with a model, or the one without."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from draftmill.jobs.wishes import NobodyToInstruct
from draftmill.settings import Settings
from draftmill.writers.refused import Refused

if TYPE_CHECKING:
    from content_actions import ContentType
    from draftmill.drafts.written import Written
    from draftmill.jobs.attempt import Attempt
    from draftmill.writers.material import Material
    from draftmill.writers.model.part import Made

    Writer = Callable[[Attempt, Material, ContentType, str], Written]

WISHED = "An outline in the speaker's own words, as you wished: no language model wrote it."
IN_ITS_PLACE = "{reason} This is an outline in the speaker's own words instead."
KEPT = "{reason} So an outline took its place; this is kept among the versions."


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

    An answer that is refused has an outline in its place, which says why; one that has the form of
    a draft is kept beside it. Raises a Problem that says why there is no draft.
    """
    try:
        return choose(attempt.settings)(attempt, material, content, instructions)
    except Refused as refused:
        kind = IN_ITS_PLACE.format(reason=refused.message)
        written = outline(attempt, material, content, instructions, kind)
        attempt.warn(f"{refused.message} An outline was written in its place. {refused.hint}")
        return replace(written, refused=_kept(refused))


def _kept(refused: Refused) -> "Written | None":
    answer = refused.written
    if answer is None:
        return None
    note = f"{KEPT.format(reason=refused.message)} {answer.fields.get('note') or ''}".strip()
    return replace(answer, fields={**answer.fields, "note": note, "refused": True})


def outline(
    attempt: "Attempt",
    material: "Material",
    content: "ContentType",
    instructions: str,
    kind: str,
) -> "Written":
    """Write one draft without a model, though there is one. `kind` says so above the draft."""
    from draftmill.writers.outline.writer import write as without_model

    return without_model(attempt, material, content, instructions, kind)


def write_part(
    attempt: "Attempt", material: "Material", content: "ContentType", asked: Mapping[str, str]
) -> "Made":
    """Write one part of a draft again. Raises NobodyToInstruct, and what `write` does."""
    if not attempt.settings.has_language_model:
        raise NobodyToInstruct
    from draftmill.writers.model.part import write_part as with_model

    return with_model(attempt, material, content, asked)
