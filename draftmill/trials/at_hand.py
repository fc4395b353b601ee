"""What can be told without a child: that a model is not here, and that no server listens here."""

import socket
from collections.abc import Iterable
from contextlib import closing

from draftmill.errors import Problem
from draftmill.models import kept
from draftmill.settings import Settings
from draftmill.speech import folders

KNOCK_S = 0.5


class NotHere(Problem):
    code = "speech_model_not_here"
    default_message = "This speech model is not on this machine yet."
    default_hint = (
        "It is downloaded when the first recording needs it, which may take a while. Then try it."
    )


def check(settings: Settings, part: str) -> None:
    """Raise NotHere or ModelGone where a trial would only find that out."""
    if part == "writing" and settings.writer == "inside":
        kept.language_model(settings, settings.inside_model)
    if part == "listening" and not settings.listens_on_server and not _is_here(settings):
        raise NotHere


def _is_here(settings: Settings) -> bool:
    """Whether nothing must be downloaded first. A path that leads nowhere is refused later."""
    named = folders.is_path(settings.whisper_model)
    return named or folders.folder_here(settings) is not None


def open_ports(ports: Iterable[int]) -> set[int]:
    """Those at which something listens on this machine."""
    return {port for port in ports if _listens(port)}


def _listens(port: int) -> bool:
    with closing(socket.socket()) as knocks:
        knocks.settimeout(KNOCK_S)
        return knocks.connect_ex(("127.0.0.1", port)) == 0
