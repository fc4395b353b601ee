"""Where a transcription's time goes: each part of it is timed in whatever thread it runs."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

Call = Callable[..., Any]


class Times:
    """Seconds by part, of all threads together; a part within another counts for itself only."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._lock = threading.Lock()
        self._here = threading.local()

    def timed(self, part: str, act: Call) -> Call:
        """The same function, which notes how long it takes."""

        def call(*values: Any, **named: Any) -> Any:
            outer, self._here.within = getattr(self._here, "within", 0.0), 0.0
            began = time.perf_counter()
            try:
                return act(*values, **named)
            finally:
                took = time.perf_counter() - began
                with self._lock:
                    self.seconds[part] += took - self._here.within
                self._here.within = outer + took

        return call

    def each(self, part: str, act: Call) -> Call:
        """The same for a generator: the time between what it yields is not its own."""

        def call(*values: Any, **named: Any) -> Iterator[Any]:
            step = self.timed(part, lambda items: next(items, self))
            items = act(*values, **named)
            while (item := step(items)) is not self:
                yield item

        return call

    def shares(self) -> dict[str, float]:
        """Per cent of the sum, the largest first."""
        total = sum(self.seconds.values())
        ordered = sorted(self.seconds.items(), key=lambda one: -one[1])
        return {part: 100 * seconds / total for part, seconds in ordered}


def watched() -> Times:
    """Time every part of the transcribe stage from now on, in this process."""
    from draftmill.media.audio import AudioDecoder
    from draftmill.pipeline import listening
    from draftmill.pipeline.transcript_rows import Rows
    from draftmill.speech import windows
    from draftmill.speech.lean import LeanFeatures, LeanModel
    from draftmill.speech.whisper import Whisper

    times = Times()
    for part, owner, name in (
        ("loading the model", Whisper, "load"),
        ("voice detection", windows, "voice_of"),
        ("features", LeanFeatures, "__call__"),
        ("encoder", LeanModel, "encode"),
        ("decoder", LeanModel, "generate_with_fallback"),
        ("times of words", LeanModel, "add_word_timestamps"),
        ("sentences", listening, "listen"),
        ("database", Rows, "cut"),
        ("database", Rows, "finish"),
        ("database", Rows, "all_cut"),
        ("database", Rows, "complete"),
    ):
        setattr(owner, name, times.timed(part, getattr(owner, name)))
    AudioDecoder.__iter__ = times.each("decoding the sound", AudioDecoder.__iter__)
    return times
