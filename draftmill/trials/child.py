"""The child's side of a trial: it prints what came of it, and writes nothing but how
fast a model of this machine was.
"""

import json
import os
import sys
import traceback
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from draftmill import errors
from draftmill.choices.stored import with_keys
from draftmill.database.connection import connect
from draftmill.errors import Problem
from draftmill.model_servers.server import ServerProblem
from draftmill.processes import children
from draftmill.processes.limits import limit_memory
from draftmill.settings import Settings
from draftmill.speech import memory
from draftmill.trials.outcome import TYPED


def main(settings: Settings, what: str) -> int:
    """The verb `try`: do what is asked with the settings of the environment, and print the end."""
    children.die_with_parent()
    for variable in os.environ.pop(TYPED, "").split():
        os.environ.pop(variable, None)  # else a hint would send there what was typed in a page
    if settings.writer != "inside":  # whose process would be bound by it too
        limit_memory(memory.room(settings))
    try:
        with closing(connect(settings.database)) as db:
            settings = with_keys(db, settings)
        told = asdict(_RUNS[what](settings))
    except Exception as error:
        told = _refusal(error)
    sys.stdout.write(json.dumps(told))
    sys.stdout.flush()
    return 0


def _write(settings: Settings) -> Any:
    from draftmill.trials import writing

    return writing.write(settings)


def _hear(settings: Settings) -> Any:
    from draftmill.trials import listening

    return listening.hear(settings)


def _look(writes: bool, machine: bool) -> Callable[[Settings], Any]:
    def run(settings: Settings) -> Any:
        from draftmill.trials import looking

        where = looking.on_this_machine if machine else looking.at_address
        return where(settings, writes=writes)

    return run


_RUNS: dict[str, Callable[[Settings], Any]] = {
    "writing": _write,
    "listening": _hear,
    "writing-models": _look(writes=True, machine=False),
    "listening-models": _look(writes=False, machine=False),
    "writing-machine": _look(writes=True, machine=True),
    "listening-machine": _look(writes=False, machine=True),
}


def _refusal(error: Exception) -> dict[str, Any]:
    if isinstance(error, ServerProblem):
        return {"message": error.message, "hint": error.failure.fix or error.hint}
    known = errors.named(error)
    if known is not None:
        return {"message": known.message, "hint": known.hint}
    if errors.lacks_memory(error):
        message = "There is not enough memory for it on this machine."
        return {"message": message, "hint": "Choose a smaller model."}
    return {
        "message": Problem.default_message,
        "hint": Problem.default_hint,
        "broke": _place(error),
    }


def _place(error: Exception) -> str:
    """Where an error came up, for the log: its words may name what is a secret."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]
    return f"{type(error).__name__} at {' '.join(places)}"
