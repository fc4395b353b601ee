"""The model of this machine, for one draft: waited for, taken in turn, and missed when it dies."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from draftmill.errors import Problem
from draftmill.jobs.attempt import Attempt
from draftmill.models import running
from draftmill.settings import Settings

LOADING = "Loading the language model"
WAITING = "Waiting for the draft before it"


@contextmanager
def model_at_hand(attempt: Attempt) -> Iterator[None]:
    """For the `with` block the attempt's settings lead to the model inside, if that is to write.

    Raises the Problem that says why it cannot, or cannot any more.
    """
    settings, file = attempt.settings, attempt.settings.inside_model
    if settings.writer != "inside":
        yield
        return
    with running.turn(settings, file, lambda: _wait(attempt, WAITING)):
        attempt.settings = running.at_hand(settings, lambda: _wait(attempt, _loading(settings)))
        try:
            yield
        except Problem as problem:
            if problem.transient and not _there(attempt):
                raise running.ended(settings, file) from problem
            raise
        finally:
            attempt.settings = settings


def _loading(settings: Settings) -> str:
    """How far the model is loaded, "Loading the language model, 40 %", where that can be told."""
    percent = running.percent_loaded(settings, settings.inside_model)
    return LOADING if percent is None else f"{LOADING}, {percent} %"


def _wait(attempt: Attempt, message: str) -> None:
    """Say what holds the draft up. It is no hang: the model is seen to."""
    attempt.progress(0, None, "words", message)
    attempt.touch()
    running.touch(attempt.settings, attempt.settings.inside_model)


def _there(attempt: Attempt) -> bool:
    """Whether the process lives, a moment later: a connection ends before its process does."""
    until = time.monotonic() + running.LAST_WORDS_S
    while time.monotonic() < until:
        if not running.runs(attempt.settings, attempt.settings.inside_model):
            return False
        time.sleep(running.LOOK_S)
    return True
