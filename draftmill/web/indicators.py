"""What the header shows of a user, rendered once a change, however many pages ask and are told."""

import sqlite3
import threading
from dataclasses import dataclass

from draftmill.database.changes import Change
from draftmill.database.memory import Found, Memory
from draftmill.notifications.inbox import NOTICES
from draftmill.settings import Settings
from draftmill.web.render import fragment
from draftmill.web.views.notices import indicator_of, toasts_of

STIRS = ("job", NOTICES)  # kinds of changes that a header may show


@dataclass(frozen=True)
class Shown:
    """An indicator as HTML, and what a screen reader hears of it: the stage, and no percent."""

    html: str
    said: str


class Indicators:
    """The indicators that were asked for lately. Any thread may ask."""

    def __init__(self, settings: Settings) -> None:
        self._memory: Memory[int, Shown] = Memory(settings.database, _rendered)
        self._turn = threading.Lock()  # of several pages that ask at once one renders

    def shown(self, db: sqlite3.Connection, user_id: int) -> Shown:
        """A user's indicator as the last change left it."""
        with self._turn:
            return self._memory.get(user_id) or self._refreshed(db, user_id)

    def _refreshed(self, db: sqlite3.Connection, user_id: int) -> Shown:
        shown = self._memory.refresh(db, user_id)
        assert shown
        return shown

    def take(self, db: sqlite3.Connection, change: Change) -> None:
        """Hear of a change, in the watcher's thread: who asks next has it rendered."""
        if change.kind in STIRS:
            self._memory.drop(change.user_id)


@dataclass(frozen=True)
class News:
    """What a header is told, as HTML, and the numbers of the notifications that are toasts in it."""

    html: str
    toasts: tuple[int, ...]


def news_of(db: sqlite3.Connection, indicators: Indicators, user_id: int, pushed: bool) -> News:
    """The indicator, and what has not been shown on any page yet: who asks has to show it."""
    shown, toasts = indicators.shown(db, user_id), toasts_of(db, user_id)
    known = {"indicator": shown.html, "said": shown.said, "pushed": pushed, "toasts": toasts}
    return News(fragment("_news.html", known), tuple(one.notice.id for one in toasts))


def _rendered(db: sqlite3.Connection, user_id: int) -> Found[Shown]:
    indicator = indicator_of(db, user_id)
    return Found(Shown(fragment("_indicator.html", {"indicator": indicator}), indicator.said))
