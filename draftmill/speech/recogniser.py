"""What every recogniser gives: text with times, and how sure it was of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from draftmill.transcripts.segments import Word

if TYPE_CHECKING:
    from draftmill.media.timeline import Samples

Span = tuple[float, float]
HeardUntil = Callable[[float], None]
Say = Callable[[str, float], None]  # a message, and the bytes of it that are done


@dataclass(frozen=True)
class Heard:
    """A stretch of text as the recogniser gave it.

    Times are seconds from the start of the samples it was given. `chunk` tells apart the
    stretches that were recognised together, which share the three figures. What a server
    does not tell is None.
    """

    start_s: float
    end_s: float
    text: str
    words: tuple[Word, ...] = ()
    no_speech: float | None = None
    compression: float | None = None
    log_prob: float | None = None
    chunk: int = 0

    def later(self, by_s: float) -> "Heard":
        """The same, `by_s` seconds later."""
        words = tuple(
            w._replace(start_s=w.start_s + by_s, end_s=w.end_s + by_s) for w in self.words
        )
        # The time makes chunks of different calls differ.
        chunk = self.chunk + round(by_s * 1000)
        return replace(
            self, start_s=self.start_s + by_s, end_s=self.end_s + by_s, words=words, chunk=chunk
        )


@dataclass(frozen=True)
class Lengths:
    """How long the windows of a recogniser should be, in seconds.

    The early ones are for those who wait for the first words, and give every thread some work.
    """

    early_s: float
    usual_s: float


class Recogniser(Protocol):
    """A recogniser. `hear` is called from several threads at once.

    `english_only` says that it makes English out of everything. `scored` says that it gives
    word times and probabilities, so that inventions can be told.
    """

    name: str
    language: str

    @property
    def lengths(self) -> Lengths: ...

    @property
    def english_only(self) -> bool: ...

    @property
    def scored(self) -> bool: ...

    def fetch(self, say: Say) -> None:
        """Make sure that the model is there."""

    def load(self) -> None:
        """Get ready to hear."""

    def settle(self, samples: "Samples") -> None:
        """Decide for a language, with the first speech of the recording."""

    def hear(self, samples: "Samples", heard_until: HeardUntil) -> list[Heard]:
        """Recognise mono samples at 16 kHz; tell `heard_until` the seconds done so far."""

    def close(self) -> None:
        """Let go of what `load` got: nobody hears any more."""
