"""The model of this machine, for one draft: waited for, taken in turn, and missed when it dies."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from draftmill.errors import Problem
from draftmill.jobs.attempt import Attempt
from draftmill.models import running
from draftmill.models.running import Running

LOADING = "Loading the language model"
WAITING = "Waiting for the draft before it"
SILENT_S = 1800.0  # it reads so long, on the slowest machine, before it says the next word
TOUCH_S = 5.0


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
        place = running.reach(settings, file, lambda: _wait(attempt, LOADING))
        attempt.settings = replace(
            settings,
            llm_base_url=place.base_url,
            llm_model=place.model,
            llm_api_key=place.key,
            llm_context=place.context,
            llm_timeout_s=SILENT_S,
        )
        try:
            yield
        except Problem as problem:
            if problem.transient and not _there(attempt, place):
                raise running.ended(settings, file) from problem
            raise
        finally:
            attempt.settings = settings


def _wait(attempt: Attempt, message: str) -> None:
    """Say what holds the draft up. It is no hang: the model is seen to."""
    attempt.progress(0, None, "words", message)
    attempt.touch()
    running.touch(attempt.settings, attempt.settings.inside_model)


def _there(attempt: Attempt, place: Running) -> bool:
    """Whether the process lives, a moment later: a connection ends before its process does."""
    until = time.monotonic() + running.LAST_WORDS_S
    while time.monotonic() < until:
        if not running.runs(attempt.settings, attempt.settings.inside_model):
            return False
        time.sleep(running.LOOK_S)
    return True
