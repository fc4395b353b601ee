"""A child that stays to be asked again: what it has loaded and read serves the next question too."""

import os
import subprocess
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import suppress

from draftmill.processes import children

Child = subprocess.Popen[bytes]
Question = tuple[bytes, Future[bytes]]
PATIENCE_S = 3.0  # with whoever else asks


class NoAnswer(Exception):
    """It is at work for somebody else, ended before it had answered, or took too long."""


class Standing:
    """A child of one verb that answers a line for each line it is asked, one after the other.

    It is started by the first question, ends `idle_s` after the last, and is killed when an answer
    takes longer than `limit_s` or has more than `most_bytes`; the next question starts another.
    Any thread may ask.
    """

    def __init__(
        self,
        *arguments: str,
        environ: Mapping[str, str],
        idle_s: float,
        limit_s: float,
        most_bytes: int,
    ) -> None:
        self._arguments = arguments
        self._environ = environ
        self._idle_s = idle_s
        self._limit_s = limit_s
        self._most_bytes = most_bytes
        self._changed = threading.Condition()
        self._question: Question | None = None  # the one that waits or is being answered
        self._keeper: threading.Thread | None = None
        self._child: Child | None = None
        self._closed = False

    def ask(self, line: str) -> bytes:
        """Its answer, with the end of the line. Raises NoAnswer."""
        with self._changed:
            self._changed.wait_for(self._is_free, PATIENCE_S)
            answer = self._put(line)
        if answer is None:
            raise NoAnswer
        return answer.result()

    def prepare(self, line: str) -> None:
        """Ask without waiting for the answer, unless somebody else asks just now."""
        with self._changed:
            self._put(line)

    def close(self) -> None:
        """End it, whatever it is asked; nobody is answered from now on."""
        with self._changed:
            self._closed = True
            if self._child:
                children.end_group(self._child.pid)
            self._changed.notify_all()
            keeper = self._keeper
        if keeper:
            keeper.join()

    def _is_free(self) -> bool:
        return self._question is None

    def _put(self, line: str) -> Future[bytes] | None:
        if self._closed or not self._is_free():
            return None
        answer: Future[bytes] = Future()
        self._question = (line.encode() + b"\n", answer)
        if self._keeper is None:
            # The kernel ends a child with the thread that started it: it gets one of its own.
            self._keeper = threading.Thread(target=self._keep, daemon=True)
            self._keeper.start()
        self._changed.notify_all()
        return answer

    def _keep(self) -> None:
        while question := self._next():
            line, answer = question
            try:
                answer.set_result(self._answer(self._living(), line))
            except (OSError, NoAnswer, subprocess.TimeoutExpired) as error:
                self._end()
                answer.set_exception(NoAnswer(str(error)))
            with self._changed:
                self._question = None
                self._changed.notify_all()

    def _next(self) -> Question | None:
        """Wait for a question; None, and no child, when nobody asks for long, or it is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._question or self._closed, self._idle_s)
            if self._question and not self._closed:
                return self._question
            if self._question:
                self._question[1].set_exception(NoAnswer())
                self._question = None
            self._end()
            self._keeper = None
        return None

    def _living(self) -> Child:
        if self._child and self._child.poll() is not None:
            self._end()
        with self._changed:
            if self._closed:
                raise NoAnswer
            if self._child is None:
                self._child = children.start_child(
                    *self._arguments, environ=self._environ, silent=True
                )
            return self._child

    def _answer(self, child: Child, line: bytes) -> bytes:
        assert child.stdin
        assert child.stdout
        os.write(child.stdin.fileno(), line)
        answer = children.answer_of(child.stdout, self._limit_s, self._most_bytes, one_line=True)
        if not answer.endswith(b"\n"):
            raise NoAnswer("it ended")
        return answer

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        children.end_group(child.pid)
        child.wait()
        for pipe in (child.stdin, child.stdout):
            with suppress(OSError):
                if pipe:
                    pipe.close()
