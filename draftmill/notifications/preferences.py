"""Where a user wants to be told of what ended: in the app, outside of it, or both, and of what."""

import json
import sqlite3
from dataclasses import asdict, dataclass
from typing import Literal, get_args

from draftmill.database.connection import transaction
from draftmill.errors import Problem

Where = Literal["in", "out", "both"]
MOST_MINUTES = 24 * 60


class BadPreference(Problem):
    code = "bad_preference"
    default_message = "This cannot be wished."
    default_hint = f"Choose where, and a number of minutes from 0 to {MOST_MINUTES}."


@dataclass(frozen=True)
class Preferences:
    """What a user wishes.

    Outside of the app only of jobs that took `minutes` or more, counted from the click, and with
    `only_away` only when no page of the user's was open at the end.
    """

    where: Where = "both"
    minutes: int = 5
    only_away: bool = True

    @property
    def out(self) -> bool:
        return self.where != "in"


def preferences_of(db: sqlite3.Connection, user_id: int) -> Preferences:
    """What a user wishes, or what holds until one does."""
    row = db.execute(
        "select json_extract(preferences, '$.told') from users where id = ?", (user_id,)
    ).fetchone()
    return Preferences(**json.loads(row[0])) if row and row[0] else Preferences()


def prefer(db: sqlite3.Connection, user_id: int, wished: Preferences) -> None:
    """Store what a user wishes from now on. Raises BadPreference."""
    if wished.where not in get_args(Where) or not 0 <= wished.minutes <= MOST_MINUTES:
        raise BadPreference
    with transaction(db):
        db.execute(
            "update users set preferences = json_set(preferences, '$.told', json(?)) where id = ?",
            (json.dumps(asdict(wished)), user_id),
        )
