"""The owner's settings as their pages show them: what is in effect, what fixes it, what is kept."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from draftmill.choices import stored
from draftmill.choices.stored import ADDRESS_OF, ENVIRONMENT, LISTENING, WRITING, Source
from draftmill.letters import printable
from draftmill.settings import DEFAULTS, Settings

SPEECH_MODELS = (
    *("tiny.en", "base.en", "small.en", "medium.en", "distil-large-v3"),
    *("tiny", "base", "small", "medium", "large-v3", "large-v3-turbo"),
)


@dataclass(frozen=True)
class Part:
    """One page of the settings: its names, and which of them say how, where and what."""

    name: str
    title: str
    names: tuple[str, ...]
    way: str
    address: str
    key: str
    model: str

    @property
    def url(self) -> str:
        return f"/settings/{self.name}"


PARTS = {
    "writing": Part(
        "writing", "Writing", WRITING, "writing_with", "llm_base_url", "llm_api_key", "llm_model"
    ),
    "listening": Part(
        "listening",
        "Listening",
        LISTENING,
        "listening_with",
        "transcribe_base_url",
        "transcribe_api_key",
        "transcribe_model",
    ),
}


@dataclass(frozen=True)
class Shown:
    """A setting: its text ("" for a key and for the default), and the variable that fixes it."""

    name: str
    text: str
    fixed_by: str
    source: Source
    has_key: bool = False


def shown(db: sqlite3.Connection, given: Settings, part: Part) -> dict[str, Shown]:
    """The settings of a page; `given` are those of the environment."""
    rows, there = stored.stored(db), stored.fixed(given)
    present = stored.in_effect(db, given, keys=False)
    found = {}
    for name in part.names:
        by = there.get(name, "")
        source: Source = ENVIRONMENT if by else "chosen" if name in rows else "default"
        if name in ADDRESS_OF:
            kept = stored.has_key(rows.get(name, ""), getattr(present, ADDRESS_OF[name]))
            found[name] = Shown(name, "", by, source, bool(by) or kept)
        else:
            found[name] = Shown(name, _text(present, name), by, source)
    return found


def _text(settings: Settings, name: str) -> str:
    value = getattr(settings, name)
    if value == getattr(DEFAULTS, name) and name in ("llm_context",):
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    if name in ADDRESS_OF.values() and value:
        return without_password(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def without_password(url: str) -> str:
    """An address without what may be secret in it: user, password, query."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return printable(f"{parts.scheme}://{host}{parts.path}")


def way_of(settings: Settings, part: Part) -> str:
    """Which of a page's ways is the present one."""
    if part.name == "listening":
        return "server" if settings.listens_on_server else "here"
    if settings.writing_with in ("server", "inside", "none"):
        return settings.writing_with
    return settings.writer or "none"


def typed_over(found: Mapping[str, Shown], typed: Mapping[str, str]) -> dict[str, Shown]:
    """The same with what was typed, which is not stored: no key is among it."""
    return {
        name: Shown(name, typed[name], one.fixed_by, one.source, one.has_key)
        if name in typed and name not in ADDRESS_OF and not one.fixed_by
        else one
        for name, one in found.items()
    }
