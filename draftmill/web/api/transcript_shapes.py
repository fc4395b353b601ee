"""A transcript as the API shows it: sentences, what a person changed of them, corrections."""

from typing import Any

from pydantic import Field

from draftmill.web.api.shapes import MOST, Moment, Shape

PAGE = 200
MOST_SENTENCES = 1000


class SegmentQuery(Shape):
    model_config = Shape.model_config | {"strict": False}

    after: int = Field(0, ge=0, le=10**9, description="The number of the last sentence you have.")
    limit: int = Field(PAGE, ge=1, le=MOST_SENTENCES)


class Segment(Shape):
    """One sentence of the present transcript."""

    n: int = Field(description="Its number in the transcript, from 1.")
    start: float = Field(description="Seconds.")
    end: float = Field(description="Seconds.")
    speaker: str
    text: str
    heard: str = Field(description="What it said before any person edited it.")
    edited: bool = Field(description="Whether a person edited it.")


class SegmentList(Shape):
    """Sentences in the order of time; `revision` goes up with each change of the transcript."""

    revision: int
    items: list[Segment]
    next: int | None = Field(description="Send it as `after` for those that follow.")


class SegmentChange(Shape):
    """What the sentence shall say. The times of words that stay are kept."""

    text: str = Field(max_length=20_000)
    revision: int | None = Field(
        default=None,
        description="The transcript's when you read the sentence: where it was changed since,"
        " nothing is overwritten. Null saves onto whatever is there.",
    )


class Everywhere(Shape):
    """A name that an edit put right and that is elsewhere as it was: POST it as a correction."""

    heard: str
    meant: str
    places: int


class ChangedSegment(Shape):
    """The sentence as it is now."""

    revision: int
    segment: Segment
    change: int | None = Field(description="By which it is undone; null where it said so already.")
    everywhere: list[Everywhere]


class TranscriptChange(Shape):
    """Something that a person changed of the transcript."""

    id: int
    revision: int = Field(description="The transcript's after it.")
    kind: str = Field(description="“sentence”, “correction” and others.")
    was: dict[str, Any]
    became: dict[str, Any]
    at: Moment
    undone_at: Moment | None


class TranscriptChangeList(Shape):
    """The newest changes, the newest first."""

    items: list[TranscriptChange] = Field(max_length=MOST)


class LeftSentence(Shape):
    n: int
    text: str


class LeftEdit(Shape):
    """An edit that a newer transcription had no place for; it waits to be applied or dropped."""

    id: int
    start: float = Field(description="Seconds, of the sentence that was edited.")
    end: float = Field(description="Seconds.")
    heard: str = Field(description="What that sentence said before the edit.")
    text: str = Field(description="What the person wrote.")
    at: Moment
    segments: list[LeftSentence] = Field(description="What is said at its time now.")


class LeftEditList(Shape):
    """In the order of time."""

    items: list[LeftEdit]


class AppliedEdit(Shape):
    """Where it shall stand. Undoing the change lets it wait again."""

    segment: int = Field(ge=1, le=10**9, description="The number of the sentence it replaces.")
    text: str | None = Field(
        default=None, max_length=20_000, description="Instead of what was written; null for that."
    )
    revision: int | None = Field(
        default=None,
        description="As for a sentence that is edited: the transcript's when you read it.",
    )


class Correction(Shape):
    """A misheard name, corrected in the project's transcripts, also in later ones."""

    id: int
    heard: str
    meant: str
    places: int = Field(description="Where it has its effect in the present transcript.")
    drafts: int = Field(description="That still have what was misheard: apply it there.")


class CorrectionList(Shape):
    """The corrections in the order in which they are applied."""

    items: list[Correction]


class NewCorrection(Shape):
    heard: str = Field(max_length=400)
    meant: str = Field(max_length=400)


class Corrected(Shape):
    """What a correction, or its removal, changed."""

    places: int = Field(description="In the present transcript; sentences, where one was removed.")
    change: int | None = Field(description="By which it is undone.")


class Suggestion(Shape):
    """What may be misheard: near in spelling to a name of yours. POST it as a correction, or dismiss it."""

    heard: str
    meant: str
    places: int


class DismissedSuggestion(Shape):
    """What shall be suggested no more in this project."""

    heard: str = Field(max_length=400)
    meant: str = Field(max_length=400)
    dismissed: bool = Field(default=True, description="False: suggest it again.")


class AppliedDraft(Shape):
    """A draft with the name corrected, as a new version by you; the one before it stays."""

    type: str
    before: int = Field(ge=1, le=10**9, description="The version before.")
    after: int = Field(ge=1, le=10**9)


class AppliedCorrection(Shape):
    items: list[AppliedDraft] = Field(max_length=MOST)


class SuggestionList(Shape):
    items: list[Suggestion]


class Vocabulary(Shape):
    """Your names and terms, spelled so in every new transcript."""

    terms: list[str] = Field(max_length=1000)
