"""Which models one recording may be heard with, beside the one that the owner chose."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from draftmill.errors import Problem
from draftmill.settings import Settings
from draftmill.speech.folders import BUNDLED, placed_names

KEPT = re.compile(r"models--.+--faster-whisper-(.+)")  # a folder of the hub's client
NAME = re.compile(r"[\w./:@+-]{1,100}")  # of a model on a server
HELD = 100


class UnknownModel(Problem):
    code = "unknown_model"
    default_message = "There is no such speech model here."
    default_hint = "Choose one that is here; the owner adds others in the settings."


def models_here(settings: Settings) -> Sequence[str]:
    """The models of this machine, the chosen one first; only that of the server where one listens."""
    if settings.listens_on_server:
        return [settings.transcribe_model]
    cached = islice(sorted(settings.models.glob("models--*")), HELD)
    kept = [match[1] for folder in cached if (match := KEPT.fullmatch(folder.name))]
    placed = islice(placed_names(settings), HELD)
    return list(dict.fromkeys([settings.whisper_model, BUNDLED, *placed, *kept]))


def check_model(settings: Settings, name: str) -> None:
    """Raise UnknownModel unless a recording can be heard with it; "" is the chosen one.

    A server may have more models than anybody told us of.
    """
    on_server = settings.listens_on_server and NAME.fullmatch(name)
    if name and not on_server and name not in models_here(settings):
        raise UnknownModel(f"There is no speech model “{name[:60]}” here.")


def heard_with(settings: Settings, name: str) -> Settings:
    """The settings with another speech model; "" is the chosen one."""
    if not name:
        return settings
    if settings.listens_on_server:
        return replace(settings, transcribe_model=name)
    return replace(settings, whisper_model=name)
