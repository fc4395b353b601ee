"""The verb behind Save: what was typed is checked, completed by what the server tells, and stored."""

import sqlite3
from collections.abc import Mapping
from contextlib import suppress

from draftmill.choices import checks, stored
from draftmill.model_servers.offered import LARGEST, tokens
from draftmill.settings import Settings
from draftmill.trials import asking
from draftmill.trials.asking import TrialsWaiting
from draftmill.trials.outcome import Look


def save(
    db: sqlite3.Connection, given: Settings, user_id: int, typed: Mapping[str, str]
) -> int | None:
    """Store what was typed; `given` are the settings of the environment.

    How much the server's model reads at once is asked where nobody typed it; returns what was
    found, None where nothing was. Raises BadChoice, Incomplete, SetElsewhere.
    """
    wished = checks.tidied(typed)
    present = stored.in_effect(db, given, keys=False)
    chosen = stored.would_be(db, given, wished)
    checks.check_whole(chosen)
    found = None
    if chosen.writer == "server" and _asks(given, present, chosen, wished):
        found = context_in(_asked(chosen, user_id), chosen.llm_model)
        wished["llm_context"] = str(found) if found else None
    stored.choose(db, given, user_id, wished)
    return found


def context_in(look: Look, model: str) -> int | None:
    """How much a model reads at once, as its server told."""
    told = {one.name: one.context for found in look.servers for one in found.models}
    return tokens(told.get(model) or told.get(f"{model}:latest") or LARGEST + 1)


def _asks(
    given: Settings, present: Settings, chosen: Settings, wished: Mapping[str, str | None]
) -> bool:
    """Whether nobody typed it: it was left empty, or as it was for another model."""
    if "llm_context" in stored.fixed(given):
        return False
    other = (chosen.llm_base_url, chosen.llm_model) != (present.llm_base_url, present.llm_model)
    kept = wished.get("llm_context", "") in ("", str(present.llm_context))
    return wished.get("llm_context", "") is None or (other and kept)


def _asked(chosen: Settings, user_id: int) -> Look:
    with suppress(TrialsWaiting):
        return asking.models(chosen, user_id, "writing")
    return Look()
