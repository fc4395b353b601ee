"""A recording as the checks ask it: what was said, by whom and when, and what its owner wrote."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from draftmill.evidence.counting import Number
from draftmill.evidence.names import Names
from draftmill.evidence.numbers import SMALL_WORDS, is_counted, numbers_in
from draftmill.evidence.records import Source
from draftmill.evidence.spoken import Spoken, listen
from draftmill.evidence.support import Found, Grounds
from draftmill.language import is_english
from draftmill.transcripts.chapters import Chapter
from draftmill.transcripts.segments import Segment

NEAR, NAMED_NEAR = 6, 3  # sentences before and behind
FEW = 3
FEWEST_NUMBERS = 3  # in digits: so many show that a transcript writes numbers so
SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+|\n+")


@dataclass(frozen=True)
class Recording:
    """What a draft is held to. `remarks` are the owner's: the title, the context, the wishes.

    Their sentences are numbered behind those that were said. Without `timed` the times of the
    segments only keep the order.
    """

    segments: tuple[Segment, ...]
    remarks: tuple[str, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    language: str = ""
    timed: bool = True
    duration_s: float = 0.0

    @cached_property
    def english(self) -> bool:
        return is_english(self.language, [segment.text for segment in self.segments])

    @cached_property
    def spoken(self) -> Spoken:
        return listen(self.segments, english=self.english)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """What was said and what the owner wrote, by sentence."""
        return (*(segment.text for segment in self.segments), *self.remarks)

    @cached_property
    def grounds(self) -> Grounds:
        return Grounds(self.texts, english=self.english, leave_out=self.names.of_speakers)

    @cached_property
    def names(self) -> Names:
        owners = "\n".join(self.remarks)
        return Names(self.segments, owners, english=self.english, language=self.language)

    @cached_property
    def numbers(self) -> tuple[tuple[Number, ...], ...]:
        """The numbers of each sentence."""
        return tuple(numbers_in(text, english=self.english) for text in self.texts)

    @cached_property
    def _counted_at(self) -> dict[float, list[int]]:
        """Of each number: the sentences that hold it."""
        found: dict[float, list[int]] = {}
        for at, of_one in enumerate(self.numbers):
            for value in {number.value for number in of_one if not number.loose}:
                found.setdefault(value, []).append(at)
        return found

    def rarely_counted(self, number: Number) -> Sequence[int]:
        """Where a number was said, if it tells much and was said a few times only."""
        places = self._counted_at.get(number.value, ())
        tells = number.value > SMALL_WORDS and not number.loose
        tells = tells and all(at < len(self.segments) for at in places)  # remarks stand nowhere
        return places if tells and len(places) <= FEW else ()

    def ranked(self, claim: str, found: Found) -> Found:
        """How a claim stands to what was said, ranked also by where its numbers were said."""
        told = [one for one in numbers_in(claim, english=self.english) if is_counted(one)]
        places = (self._counted_at.get(one.value, ()) for one in told)
        many = math.log(max(2, len(self.texts)))
        return found.with_numbers(
            [(at, math.log(max(1, len(self.texts) / len(at))) / many) for at in places if at]
        )

    def counted(self, places: Sequence[int]) -> list[tuple[str, tuple[Number, ...]]]:
        """Sentences with their numbers; only those that have some."""
        return [(self.texts[at], self.numbers[at]) for at in places if self.numbers[at]]

    @cached_property
    def _writes_digits(self) -> bool:
        return sum(map(len, self.numbers)) >= FEWEST_NUMBERS

    def judges(self, number: Number) -> bool:
        """Whether a number can be looked for: words for numbers are known in English only."""
        return self.english or (self._writes_digits and number.value > SMALL_WORDS)

    @cached_property
    def has_speakers(self) -> bool:
        return len({segment.speaker for segment in self.segments}) > 1

    def remarked(self) -> range:
        """The places of the owner's sentences."""
        return range(len(self.segments), len(self.texts))

    def window(self, middle: int) -> range:
        """The sentences around one."""
        return range(max(0, middle - 1), min(middle + 2, len(self.texts)))

    def around(self, middles: Iterable[int]) -> list[int]:
        """The sentences of some windows, and all that the owner wrote."""
        places = {at for middle in middles for at in self.window(middle)}
        return sorted(places | set(self.remarked()))

    def near(self, middle: int, most: int = NEAR) -> range:
        """The sentences in which what is told here may have been counted, or named."""
        return range(max(0, middle - most), min(middle + most + 1, len(self.segments)))

    def sources(self, places: Sequence[int]) -> tuple[Source, ...]:
        said = len(self.segments)
        return tuple(
            Source.of(self.segments[at])
            if at < said
            else Source(None, None, None, remark=self.texts[at])
            for at in places
        )


def remarks_of(*texts: str) -> tuple[str, ...]:
    """What an owner wrote, by sentence."""
    parts = (part.strip() for text in texts for part in SENTENCE_ENDS.split(text))
    return tuple(dict.fromkeys(part for part in parts if part))
