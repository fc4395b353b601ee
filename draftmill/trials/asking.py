"""Has a child try a model or look for servers. Who asks waits, and nobody else does."""

import json
import logging
import subprocess
import time
from pathlib import Path
from typing import Any

from draftmill.choices.stored import OFFERED
from draftmill.errors import Problem
from draftmill.models import running
from draftmill.processes import children
from draftmill.processes.turns import NoTurn, Turns
from draftmill.settings import PREFIX, Settings, named
from draftmill.trials import at_hand
from draftmill.trials.outcome import TYPED, Look, Trial, look_of, trial_of
from draftmill.trials.ports import usual_ports

logger = logging.getLogger(__name__)
LIMIT_S = 30.0
INSIDE_S = 60.0  # for a model of this machine: it is loaded, and reads
LIST_S = 15.0
MOST_BYTES = 512 * 1024
TOO_LONG = {
    "message": "It took longer than {0:g} seconds.",
    "hint": "It may still be loading the model: try again in a moment, or choose a smaller one.",
}
SOON_S = 60.0
_turns = Turns(LIMIT_S)
_lately: dict[tuple[str, int], tuple[Trial, float]] = {}  # what was heard last, and when


class TrialsWaiting(Problem):
    code = "trials_waiting"
    status = 429
    default_message = "Another trial of yours is still at work."
    default_hint = "Wait for its end, then press again."


def try_out(settings: Settings, user_id: int, part: str) -> Trial:
    """What the model of the settings writes or hears; `part` is "writing" or "listening".

    A key that is empty is the stored one, if it is for that server. A model of this machine hears
    the sample as it did a moment ago. Raises TrialsWaiting, NotHere, ModelGone.
    """
    at_hand.check(settings, part)
    if part == "writing" and settings.writer == "inside":
        # Ours, not the child's: what is loaded when the trial gives up is there for the next one.
        running.start_and_keep(settings, settings.inside_model)
        return trial_of(_asked(settings, user_id, part, INSIDE_S))
    if part == "writing" or settings.listens_on_server:
        return trial_of(_asked(settings, user_id, part, LIMIT_S))
    return _heard(settings, user_id)


def _heard(settings: Settings, user_id: int) -> Trial:
    model = (settings.whisper_model, settings.whisper_threads)
    before, at = _lately.get(model, (Trial(), -SOON_S))
    if time.monotonic() - at < SOON_S:
        return before
    trial = trial_of(_asked(settings, user_id, "listening", LIMIT_S))
    if trial.text:
        _lately.clear()
        _lately[model] = (trial, time.monotonic())
    return trial


def models(settings: Settings, user_id: int, part: str) -> Look:
    """The models of the server of the settings. Raises TrialsWaiting."""
    return look_of(_asked(settings, user_id, f"{part}-models", LIST_S))


def machine(settings: Settings, user_id: int, part: str) -> Look:
    """The servers that answer on this machine. Raises TrialsWaiting."""
    ports = usual_ports(settings, writes=part == "writing")
    if not at_hand.open_ports(port for _, port in ports):
        return Look()
    return look_of(_asked(settings, user_id, f"{part}-machine", LIST_S))


def _asked(settings: Settings, user_id: int, what: str, limit_s: float) -> dict[str, Any]:
    try:
        with _turns.turn(user_id):
            told = _told(settings, what, limit_s)
    except NoTurn:
        raise TrialsWaiting(retry_after_s=5.0) from None
    if broke := told.pop("broke", ""):
        logger.error("a trial failed: %s", broke)
    return told


def _told(settings: Settings, what: str, limit_s: float) -> dict[str, Any]:
    try:
        answer = children.run_helper(
            *("try", what),
            cwd=Path.cwd(),
            limit_s=limit_s,
            most_bytes=MOST_BYTES,
            environ=_environment(settings) | children.LEAN,
        )
        told: dict[str, Any] = json.loads(answer)
    except subprocess.TimeoutExpired:
        return {**TOO_LONG, "message": TOO_LONG["message"].format(limit_s)}
    except (OSError, ValueError):
        logger.exception("a trial came to no end")
        return {"message": "It broke off.", "hint": "Try again; look into the server log."}
    return told


def _environment(settings: Settings) -> dict[str, str]:
    """The settings to be tried, in place of whatever is set or stored; and which nobody set there."""
    texts = {name: str(getattr(settings, name)) for name in OFFERED}
    given = {PREFIX + name.upper(): text for name, text in texts.items()}
    typed = " ".join(PREFIX + name.upper() for name in OFFERED if name not in named())
    ours = {"DRAFTMILL_DATA": str(settings.data), "DRAFTMILL_PORT": str(settings.port)}
    return given | ours | {TYPED: typed}
