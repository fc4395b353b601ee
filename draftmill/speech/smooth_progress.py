"""A steady account of how far a transcription is, though results come in bursts."""

import threading
import time
from collections.abc import Callable

EVERY_S = 0.25
SLOWEST_S = 5.0


class Pace:
    """Shows measured seconds a little late and evenly, never more than was measured.

    A recogniser gives up to 30 s of audio at once, then nothing for a second or more. What
    is shown follows at the average speed, and stands still soon after results stop.
    """

    def __init__(self, show: Callable[[float], None], done_s: float = 0.0) -> None:
        """`show` gets seconds, from a thread of its own. `done_s` were done before."""
        self._show = show
        self._finished_s = done_s
        self._parts: dict[int, float] = {}
        self._shown = done_s
        self._from_s = done_s
        self._results = 0
        self._began = time.monotonic()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pace", daemon=True)

    def __enter__(self) -> "Pace":
        self._show(self._shown)
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stop.set()
        self._thread.join()

    def reached(self, window: int, seconds: float) -> None:
        """So many seconds of a window in hand are done."""
        with self._lock:
            if seconds > self._parts.get(window, 0.0):
                self._parts[window] = seconds
                self._results += 1

    def finished(self, window: int, seconds: float) -> None:
        """A window is complete and lasts so many seconds."""
        with self._lock:
            self._parts.pop(window, None)
            self._finished_s += seconds
            self._results += 1

    @property
    def measured_s(self) -> float:
        """The seconds that are known to be done."""
        return self._finished_s + sum(self._parts.values())

    def step(self, elapsed_s: float, running_s: float) -> float:
        """What to show `elapsed_s` after the last step, `running_s` after the beginning."""
        with self._lock:
            behind = self.measured_s - self._shown
            if behind > 0:
                speed = (self.measured_s - self._from_s) / max(running_s, EVERY_S)
                burst_s = min(running_s / max(self._results, 1), SLOWEST_S / 2)
                catch_up = behind / max(2 * burst_s, EVERY_S)
                self._shown += min(behind, max(speed, catch_up) * elapsed_s)
            return self._shown

    def _run(self) -> None:
        last = time.monotonic()
        while not self._stop.wait(EVERY_S):
            present = time.monotonic()
            self._show(self.step(present - last, present - self._began))
            last = present
