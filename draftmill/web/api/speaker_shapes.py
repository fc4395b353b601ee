"""What the API takes and gives of those who speak in a transcript."""

from typing import Annotated, Literal

from pydantic import Field

from draftmill.transcripts.speaker_edits import LONGEST, MOST_GIVEN
from draftmill.web.api.chapter_shapes import Change, Of, SentenceNumber
from draftmill.web.api.shapes import Shape


class Speaker(Shape):
    """One who speaks. Number 0 are all sentences of which nobody knows who says them."""

    n: int
    name: str
    source: Literal["label", "track", "voice", "person"]
    sentences: int
    spoken_s: float
    first_s: float


class Speakers(Shape):
    """Those who speak in the present transcript, in the order in which they begin."""

    items: list[Speaker]


class ChangedSpeakers(Speakers):
    """The speakers after a change."""

    change: Change


class SpeakerName(Shape):
    """What a speaker is called in all of their sentences."""

    name: Annotated[str, Field(json_schema_extra={"maxLength": LONGEST}, max_length=4096)]


class MergedSpeaker(Shape):
    """The speaker who is the same person."""

    into: Annotated[int, Field(ge=1, le=10**9)]


class GivenSentences(Shape):
    """Sentences that somebody said: one who speaks elsewhere too, or a new name."""

    sentences: Annotated[list[SentenceNumber], Field(min_length=1, max_length=MOST_GIVEN)]
    of: Of = None
    name: Annotated[str, Field(json_schema_extra={"maxLength": LONGEST}, max_length=4096)]
