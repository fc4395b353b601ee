"""How time grows with what is brought: measured so that a busy machine does not decide."""

import time
from collections.abc import Callable

NOISE_S = 0.004  # what takes less is fast, whatever its growth
ROUNDS = 4


def growth(work: Callable[[int], object], n: int) -> float:
    """By how much longer twice as much takes; 0 where both are over before one can tell.

    The processor's time of this thread alone counts, and the best of a few rounds of each.
    """
    twice = _seconds(work, 2 * n)
    return twice / max(_seconds(work, n), NOISE_S / 2) if twice > NOISE_S else 0.0


def _seconds(work: Callable[[int], object], n: int) -> float:
    return min(_once(work, n) for _ in range(ROUNDS))


def _once(work: Callable[[int], object], n: int) -> float:
    began = time.thread_time()
    work(n)
    return time.thread_time() - began
