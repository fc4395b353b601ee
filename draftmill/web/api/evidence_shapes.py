"""The evidence of a draft as the API shows it."""

from collections.abc import Sequence, Set
from typing import Literal

from pydantic import Field

from draftmill.evidence import records
from draftmill.web.api.shapes import Shape

Status = Literal["said", "supported", "weak", "yours"]


class Source(Shape):
    """A sentence that a claim rests on, or of the owner's title or context."""

    segment: list[int] | None = Field(
        description="Its window and number in the transcript; null for a remark."
    )
    start: float | None = Field(description="Seconds.")
    end: float | None = Field(description="Seconds.")
    speaker: str
    remark: str = Field(description="What the owner wrote; empty for what was said.")


class ClaimProblem(Shape):
    """What is wrong with a claim."""

    kind: str = Field(
        description="quotation, number, name, speaker, time, negation, support, repeated, task,"
        " copied or unfinished; corrected is a time that was put right in the text."
    )
    text: str = Field(description="The words in question.")
    suggestion: str = Field(description="What to take instead; may be empty.")


class Claim(Shape):
    """A sentence of a draft."""

    text: str
    status: Status
    score: float = Field(description="0 to 1: how well the recording bears it out.")
    sources: list[Source]
    problems: list[ClaimProblem]


class EvidenceBlock(Shape):
    """A paragraph, heading or post."""

    hash: str
    kind: Literal["paragraph", "heading", "post"]
    status: Status
    claims: list[Claim]
    frame: int | None = Field(description="The screenshot of that moment, by number.")
    looked: bool = Field(
        description="Whether you looked at it; what is weak and not looked at is still to check."
    )


class Evidence(Shape):
    """What each block of a draft rests on, in the order of the text."""

    blocks: list[EvidenceBlock]


def of(blocks: Sequence[records.Block], looked: Set[str]) -> Evidence:
    return Evidence.model_validate(records.shown(blocks, looked))
