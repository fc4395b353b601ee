"""One reading for four drafts: who asks a server about a recording first is waited for by the others.

A server keeps what it has read once it has read it: of four drafts that are asked for at once each
would be read from its beginning. vLLM and OpenAI share it as soon as the first word comes.
llama.cpp gives it to the question behind, once the answer has ended, and four at once also take
each other's room: there drafts take turns.
"""

import hashlib
import re
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from draftmill.jobs.attempt import Attempt
from draftmill.models.running import turn

WAITING = "Waiting for another draft to read the recording first"
LONGEST_WAIT_S = 1800.0  # then it asks all the same
KEPT_S = 300.0  # so long at least a server is taken to remember
LLAMA_CPP = re.compile(r"b\d+-\w+")  # its `system_fingerprint`: number and commit of the build


class _WaitedEnough(Exception):
    pass


class FirstReading:
    """A draft's place among those that ask about one material, named by its fence.

    Entered before the question; left by `heard` with the first word, or at the end of the `with`.
    A process that dies leaves it, too.
    """

    def __init__(self, attempt: Attempt, fence: str) -> None:
        settings = attempt.settings
        asked = f"{settings.llm_base_url}\n{settings.llm_model}\n{fence}"
        self._what = hashlib.sha256(asked.encode()).hexdigest()
        self._attempt = attempt
        # A few files for all materials there ever are: two of them seldom wait for one another.
        self._name = f"reading-{self._what[0]}"
        self._held = ExitStack()
        self._until = time.monotonic() + LONGEST_WAIT_S

    def __enter__(self) -> Self:
        if not self._is_read():
            with suppress(_WaitedEnough, OSError):  # waiting only saves reading
                place = turn(self._attempt.settings, self._name, self._wait)
                self._held.enter_context(place)
        if self._is_read():
            self._held.close()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._held.close()

    def heard(self, event: dict[str, Any]) -> None:
        """A word has come: the server has read the material, and others may ask."""
        if LLAMA_CPP.fullmatch(str(event.get("system_fingerprint"))):
            return
        with suppress(OSError):
            self._note.write_text(self._what, encoding="ascii")
        self._held.close()

    @property
    def _note(self) -> Path:
        return self._attempt.settings.running / f"{self._name}.read"

    def _is_read(self) -> bool:
        """Whether a server that shares what it has read has read this, not long ago."""
        try:
            fresh = time.time() - self._note.stat().st_mtime < KEPT_S
            return fresh and self._note.read_text(encoding="ascii") == self._what
        except (OSError, ValueError):
            return False

    def _wait(self) -> None:
        if self._is_read() or time.monotonic() > self._until:
            raise _WaitedEnough
        self._attempt.progress(0, None, "words", WAITING)
        self._attempt.touch()
