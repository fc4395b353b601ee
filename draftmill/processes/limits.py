"""Limits that a child of ours sets itself before it looks at what a stranger sent."""

import resource
from dataclasses import dataclass

WRITTEN = 64 * 1024  # bytes of a file: who only reads writes none


def limit_memory(most: int) -> None:
    """Bind this process to so many bytes of address space: what asks for more meets a MemoryError."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (most if hard < 0 else min(most, hard), hard))


@dataclass(frozen=True)
class Limits:
    """Seconds of processor time, and bytes of address space. Who takes more is ended, or fails."""

    cpu_s: int
    memory: int

    def set(self) -> None:
        """Bind this process, and what it starts."""
        for what, most in (
            (resource.RLIMIT_CPU, self.cpu_s),
            (resource.RLIMIT_AS, self.memory),
            (resource.RLIMIT_FSIZE, WRITTEN),
            (resource.RLIMIT_CORE, 0),
        ):
            hard = resource.getrlimit(what)[1]
            resource.setrlimit(what, (most if hard < 0 else min(most, hard), hard))
