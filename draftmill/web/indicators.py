"""What the header shows of a user, rendered once a change, however many pages ask and are told."""

import json
import sqlite3
import threading
from dataclasses import dataclass

from draftmill.database.changes import Change
from draftmill.database.memory import Found, Memory
from draftmill.notifications.inbox import NOTICES
from draftmill.settings import Settings
from draftmill.web.render import fragment
from draftmill.web.tabs import Message
from draftmill.web.views.notices import Told, fresh_toasts, indicator_of, toasts_of_others

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
class HeaderNews:
    """What a header is told: the indicator, and what no page, or only another one, has shown before.

    `claimed` are the numbers of the notifications that count as shown by it.
    """

    shown: Shown
    fresh: tuple[Told, ...] = ()
    others: tuple[Told, ...] = ()
    claimed: tuple[int, ...] = ()

    def html(self, pushed: bool = False) -> str:
        """The answer to the indicator's poll, or the same out of band."""
        known = {"indicator": self.shown.html, "said": self.shown.said, "pushed": pushed}
        return fragment("_news.html", known | {"toasts": self.fresh + self.others})

    @property
    def message(self) -> Message:
        """It, for a socket."""
        # What is said once must not give way to what is said again and again.
        numbers = (str(one.notice.id) for one in self.fresh + self.others)
        content = json.dumps({"content": self.html(pushed=True)}, ensure_ascii=False)
        return Message(" ".join(["news", *numbers]), content)


def news_of(
    db: sqlite3.Connection,
    indicators: Indicators,
    user_id: int,
    open_s: float = 0.0,
    doubt_s: float = 0.0,
) -> HeaderNews:
    """What a page that is open for so long has to be told; what is fresh, all others too.

    Who may tell it to nobody says for how long that is in doubt, as in `inbox.claim`.
    """
    shown, (fresh, claimed) = indicators.shown(db, user_id), fresh_toasts(db, user_id, doubt_s)
    new = {one.notice.id for one in fresh}
    others = toasts_of_others(db, user_id, open_s) if open_s else ()
    others = tuple(one for one in others if one.notice.id not in new)
    return HeaderNews(shown, fresh, others, claimed)


def _rendered(db: sqlite3.Connection, user_id: int) -> Found[Shown]:
    indicator = indicator_of(db, user_id)
    return Found(Shown(fragment("_indicator.html", {"indicator": indicator}), indicator.said))
