"""Limits that a child of ours sets itself before it looks at what a stranger sent."""

import resource
from dataclasses import dataclass


def limit_memory(most: int) -> None:
    """Bind this process to so many bytes of address space: what asks for more meets a MemoryError."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (most if hard < 0 else min(most, hard), hard))


@dataclass(frozen=True)
class Limits:
    """Seconds of processor time, bytes of address space, and bytes of a file that is written.

    Who takes more is ended, or fails.
    """

    cpu_s: int
    memory: int
    written: int = 64 * 1024  # who only reads writes none

    def set(self) -> None:
        """Bind this process, and what it starts."""
        for what, most in (
            (resource.RLIMIT_CPU, self.cpu_s),
            (resource.RLIMIT_AS, self.memory),
            (resource.RLIMIT_FSIZE, self.written),
            (resource.RLIMIT_CORE, 0),
        ):
            hard = resource.getrlimit(what)[1]
            resource.setrlimit(what, (most if hard < 0 else min(most, hard), hard))
