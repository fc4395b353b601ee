"""How time grows with what is brought: measured so that a busy machine does not decide."""

import gc
import time
from collections.abc import Callable

NOISE_S = 0.004  # what takes less is fast, whatever its growth
ROUNDS = 4
TIMES = 4
LINEAR = 10.0  # so much longer at most: what grows like a square takes sixteen times as long


def growth(work: Callable[[int], object], n: int) -> float:
    """By how much longer four times as much takes; 0 where both are over before one can tell.

    The processor's time of this thread alone counts, without the collector's, whose rounds come
    when they come; and the best of a few rounds of each.
    """
    more = _seconds(work, TIMES * n)
    return more / max(_seconds(work, n), NOISE_S / TIMES) if more > NOISE_S else 0.0


def _seconds(work: Callable[[int], object], n: int) -> float:
    return min(_once(work, n) for _ in range(ROUNDS))


def _once(work: Callable[[int], object], n: int) -> float:
    gc.disable()
    try:
        began = time.thread_time()
        work(n)
        return time.thread_time() - began
    finally:
        gc.enable()
