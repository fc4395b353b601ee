"""What came of a trial, or of a look for servers: plain data that a child prints as JSON."""

from dataclasses import dataclass
from typing import Any

from draftmill.model_servers.offered import Offered

TYPED = "TYPED_IN_A_PAGE"  # to a trial's child: the variables that stand for no environment's


@dataclass(frozen=True)
class Trial:
    """What a model wrote or heard. Of a failure there are only `message` and `hint`.

    `rate` is tokens a second that were written, or seconds of sound a second that were heard;
    `context` how many tokens the model reads at once. What nobody knows is None.
    """

    text: str = ""
    rate: float | None = None
    took_s: float = 0.0
    whole: bool = True
    context: int | None = None
    message: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Found:
    """A server that answers, and its models; one that wants a key tells none before it has it."""

    name: str
    base_url: str
    models: tuple[Offered, ...]
    wants_key: bool = False


@dataclass(frozen=True)
class Look:
    """The servers that were found. Of a failure there are only `message` and `hint`."""

    servers: tuple[Found, ...] = ()
    message: str = ""
    hint: str = ""


def trial_of(told: dict[str, Any]) -> Trial:
    """A trial as its child printed it."""
    return Trial(**told)


def look_of(told: dict[str, Any]) -> Look:
    """A look as its child printed it."""
    servers = tuple(
        Found(**{**one, "models": tuple(Offered(**model) for model in one["models"])})
        for one in told.get("servers", ())
    )
    return Look(servers, told.get("message", ""), told.get("hint", ""))
