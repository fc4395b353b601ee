"""The owner's choices as rows, by the names of settings; and the settings with them in effect.

The environment wins, then a row, then the default. A key is for one server: it is sealed for the
place of the address that it was typed beside, and goes nowhere else.
"""

import logging
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import replace
from typing import Any, Literal
from urllib.parse import urlsplit

from draftmill.clock import now
from draftmill.database import changes
from draftmill.database.connection import connect, transaction
from draftmill.database.sealing import BrokenSeal, seal, unseal
from draftmill.errors import Conflict
from draftmill.settings import DEFAULTS, PREFIX, BadSetting, Settings, named, value_of

logger = logging.getLogger(__name__)
WRITING = (
    "writing_with",
    "llm_base_url",
    "llm_api_key",
    "llm_model",
    "llm_context",
    "llm_timeout_s",
    "llm_checks",
    "inside_model",
)
LISTENING = (
    "listening_with",
    "transcribe_base_url",
    "transcribe_api_key",
    "transcribe_model",
    "transcribe_hints",
    "transcribe_timeout_s",
    "whisper_model",
)
OFFERED = WRITING + LISTENING
ADDRESS_OF = {"llm_api_key": "llm_base_url", "transcribe_api_key": "transcribe_base_url"}
Source = Literal["environment", "chosen", "default"]
ENVIRONMENT: Source = "environment"
# Who names a server in the environment says with that what writes or listens.
FIXED_WITH = {"writing_with": "llm_base_url", "listening_with": "transcribe_base_url"}


class SetElsewhere(Conflict):
    code = "set_by_environment"
    default_message = "The environment sets this."
    default_hint = "Change it there and start Draftmill again, or leave it out there."


def fixed(settings: Settings) -> dict[str, str]:
    """What of the offered settings the environment sets, by its variable."""
    variables = named(os.environ)
    found = {
        name: variables.get(name, PREFIX + name.upper())
        for name in OFFERED
        if name in variables or getattr(settings, name) != getattr(DEFAULTS, name)
    }
    for name, other in FIXED_WITH.items():
        if other in found:
            found.setdefault(name, found[other])
    return found


def in_effect(db: sqlite3.Connection, settings: Settings, *, keys: bool = True) -> Settings:
    """The settings of the environment with the owner's choices.

    Without `keys` none is opened: what shows pages needs none.
    """
    rows, there = stored(db), fixed(settings)
    values = dict(_values({name: text for name, text in rows.items() if name not in there}))
    chosen = replace(settings, **values)
    return with_keys(db, chosen) if keys else chosen


def with_keys(db: sqlite3.Connection, settings: Settings) -> Settings:
    """The same with the stored keys of their servers, where there is none."""
    rows = stored(db)
    opened: dict[str, Any] = {
        name: key_for(settings, rows[name], getattr(settings, address))
        for name, address in ADDRESS_OF.items()
        if name in rows and not getattr(settings, name)
    }
    return replace(settings, **opened)


def read(settings: Settings) -> Settings:
    """The settings in effect by the data folder's own database, where one can be read."""
    if not settings.database.is_file():
        return settings
    try:
        with closing(connect(settings.database)) as db:
            return in_effect(db, settings)
    except sqlite3.Error as error:
        logger.info(
            "no stored settings were read: %s", error
        )  # such as those of an older Draftmill
        return settings


def stored(db: sqlite3.Connection) -> dict[str, str]:
    """The owner's choices as they are written, keys sealed."""
    rows = db.execute("select key, value from settings").fetchall()
    return {row["key"]: row["value"] for row in rows if row["key"] in OFFERED}


def _values(rows: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    for name, text in rows.items():
        if name not in ADDRESS_OF:
            try:
                yield name, value_of(name, text)
            except BadSetting as problem:
                logger.warning("a stored setting is left out: %s", problem)


def would_be(
    db: sqlite3.Connection, settings: Settings, wished: Mapping[str, str | None]
) -> Settings:
    """The settings as they would be with these choices, keys only as they were typed.

    `settings` are those of the environment. Raises SetElsewhere, BadSetting.
    """
    there = fixed(settings)
    values: dict[str, Any] = {}
    for name, text in wished.items():
        if name in there:
            raise SetElsewhere(f"{name} is set by {there[name]}.")
        values[name] = getattr(DEFAULTS, name) if text is None else value_of(name, text)
    return replace(in_effect(db, settings, keys=False), **values)


def choose(
    db: sqlite3.Connection, settings: Settings, user_id: int, wished: Mapping[str, str | None]
) -> None:
    """Store choices, None for the default; a key is sealed for the address it will be used with.

    `settings` are those of the environment. Raises SetElsewhere, BadSetting.
    """
    with transaction(db):
        would_be(db, settings, wished)  # raises what is wrong
        _store(db, {name: text for name, text in wished.items() if name not in ADDRESS_OF})
        present = in_effect(db, settings, keys=False)
        for name in wished.keys() & ADDRESS_OF.keys():
            key = wished[name]
            address = getattr(present, ADDRESS_OF[name])
            _store(db, {name: _sealed(settings, key, address) if key else None})
        changes.record(db, "settings", "all", user_id)


def _store(db: sqlite3.Connection, rows: Mapping[str, str | None]) -> None:
    for name, text in rows.items():
        if text is None:
            db.execute("delete from settings where key = ?", (name,))
        else:
            db.execute(
                "insert into settings (key, value, updated_at) values (?, ?, ?)"
                " on conflict (key) do update set value = excluded.value,"
                " updated_at = excluded.updated_at where value != excluded.value",
                (name, text, now()),
            )


def place(address: str) -> str:
    """Where an address leads, without its path: "https://host:443"; "" for none."""
    with suppress(ValueError):
        parts = urlsplit(address)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
        if parts.hostname and port:
            return f"{parts.scheme}://{parts.hostname}:{port}"
    return ""


def has_key(row: str, address: str) -> bool:
    """Whether a stored key is for the place of an address."""
    return bool(place(address)) and row.partition(" ")[0] == place(address)


def key_for(settings: Settings, row: str, address: str) -> str:
    """A stored key, "" if it is for another place than the address's, or cannot be read."""
    if not has_key(row, address):
        return ""
    try:
        return unseal(settings, _purpose(address), row.partition(" ")[2])
    except BrokenSeal:
        logger.warning("a stored key cannot be read: the data folder has a new secret")
        return ""


def _sealed(settings: Settings, key: str, address: str) -> str:
    return f"{place(address)} {seal(settings, _purpose(address), key)}"


def _purpose(address: str) -> str:
    return f"draftmill key for {place(address)}"
