"""The live channel: every open page has a socket, and a user's change is told to all that show it."""

import asyncio
import json
import logging
import sqlite3
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextlib import closing

from starlette.concurrency import run_in_threadpool

from draftmill.accounts.sessions import find_session
from draftmill.database.changes import Change
from draftmill.database.connection import connect
from draftmill.notifications import inbox
from draftmill.settings import Settings
from draftmill.web.doubts import ANSWER_S, Doubts
from draftmill.web.indicators import STIRS, HeaderNews, Indicators, news_of
from draftmill.web.live import Live
from draftmill.web.sockets import Socket
from draftmill.web.tabs import Message, News, Tab
from draftmill.web.views.notices import Told

logger = logging.getLogger(__name__)
MOST_SOCKETS = 200  # of one user at a time
NEWS_PATIENCE_S = 0.5  # with a database that is being written to
DOUBT_S = 2 * ANSWER_S  # in which that is written down
BEAT_S = 2.0  # a page that hears nothing for longer than twice that asks for itself again
PARTS = 100  # of all pages are told one after the other, for nobody should wait for a crowd
LATER = 1013  # too many: it does


def _tell_all(told: list[tuple[list[Socket], tuple[Message, ...]]]) -> None:
    for sockets, messages in told:
        for socket in sockets:
            for message in messages:
                socket.tell(message)


class Channel:
    """The sockets of this process, by their users and by what they show: most pages are alike.

    Changes are heard in the watcher's thread.
    """

    def __init__(self, settings: Settings, live: Live, indicators: Indicators) -> None:
        self._settings = settings
        self._live = live
        self._indicators = indicators
        self._lock = threading.Lock()
        self._open: defaultdict[int, dict[Tab, set[Socket]]] = defaultdict(dict)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._beating: asyncio.Task[None] | None = None
        self._stirred: set[int] = set()  # users whose header may have changed
        self._tasks: set[asyncio.Task[None]] = set()
        self._ending: asyncio.Task[None] | None = None
        self._doubts = Doubts()
        self._told = 0  # the number of the newest change that was handed on

    def enter(self, socket: Socket) -> bool:
        """Tell it from now on of what it shows. False when its user has too many."""
        self._loop = asyncio.get_running_loop()
        with self._lock:
            pages = self._open[socket.user_id]
            if sum(map(len, pages.values())) >= MOST_SOCKETS:
                return False
            pages.setdefault(socket.tab.shows, set()).add(socket)
        if self._beating is None:
            self._beating = asyncio.create_task(self._beat())
        return True

    def leave(self, socket: Socket) -> None:
        with self._lock:
            pages = self._open[socket.user_id]
            alike = pages.get(socket.tab.shows, set())
            alike.discard(socket)
            if not alike:
                pages.pop(socket.tab.shows, None)
            if not pages:
                del self._open[socket.user_id]

    def take(self, db: sqlite3.Connection, changed: Sequence[Change]) -> None:
        """Hear of changes, after those who keep what they are shown with."""
        theirs: defaultdict[int, list[Change]] = defaultdict(list)
        for change in changed:
            theirs[change.user_id].append(change)
        for user_id, some in theirs.items():
            if pages := self._pages(user_id):
                self._tell(db, user_id, pages, some)
        self._told = changed[-1].version

    def _tell(
        self,
        db: sqlite3.Connection,
        user_id: int,
        pages: list[tuple[Tab, list[Socket]]],
        changed: list[Change],
    ) -> None:
        shown = [change for change in changed if change.kind not in ("session", "user")]
        if len(shown) < len(changed):
            for socket in self._of(user_id):
                if find_session(db, socket.session, self._settings) is None:
                    self._on_loop(socket.end)
        news = News(db, self._live, user_id, shown)
        told = [(sockets, found) for tab, sockets in pages if (found := news.messages(tab))]
        if told:
            self._on_loop(_tell_all, told)
        if any(change.kind in STIRS for change in shown):
            self._stirred.add(user_id)
            if inbox.waits(db, user_id):
                self._on_loop(self.tell_news, user_id)

    def _pages(self, user_id: int) -> list[tuple[Tab, list[Socket]]]:
        with self._lock:
            return [(tab, list(alike)) for tab, alike in self._open.get(user_id, {}).items()]

    def _of(self, user_id: int) -> list[Socket]:
        return [socket for _, alike in self._pages(user_id) for socket in alike]

    def tell_news(self, user_id: int) -> None:
        """Show what ended on every page of a user, and what is at work."""
        self._go_on(self._news(user_id))

    def _go_on(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def pass_on(self, user_id: int, news: HeaderNews) -> None:
        """Show what ended, of which a page that asks heard first. Any thread may call."""
        if sockets := self._of(user_id):
            self._on_loop(_tell_all, [(sockets, (news.message,))])

    async def _news(self, user_id: int) -> None:
        self._stirred.discard(user_id)
        if not self._of(user_id):
            return  # the last page went meanwhile: it is told elsewhere, or on the next
        try:
            news = await run_in_threadpool(self._news_of, user_id)
        except sqlite3.OperationalError:
            self._stirred.add(user_id)  # it is told with a beat
            return
        sockets = self._of(user_id)
        for socket in sockets:
            socket.tell(news.message)
        if news.claimed:
            await self._make_sure(user_id, sockets, news.claimed)

    def _news_of(self, user_id: int) -> HeaderNews:
        with closing(connect(self._settings.database, NEWS_PATIENCE_S)) as db:
            return news_of(db, self._indicators, user_id, doubt_s=DOUBT_S)

    async def _make_sure(
        self, user_id: int, sockets: list[Socket], claimed: tuple[int, ...]
    ) -> None:
        """What ended, and was told to dead lines only, was not shown: these are given up."""
        shown = await self._doubts.was_shown(user_id, sockets, claimed)
        for socket in () if shown else sockets:
            socket.drop()
            self.leave(socket)

        def write() -> None:
            with closing(connect(self._settings.database)) as db:
                (inbox.confirm if shown else inbox.unclaim)(db, user_id, claimed)

        # As soon as the database takes it: a server that stops before takes it back when it starts.
        while True:
            try:
                return await run_in_threadpool(write)
            except sqlite3.OperationalError:
                logger.warning("Whether news were shown cannot be noted yet.", exc_info=True)
                await asyncio.sleep(BEAT_S)

    def is_shown(self, user_id: int, told: Iterable[Told]) -> None:
        """A page that asked was told what others were told first. Any thread may call."""
        if self._doubts.has(user_id):
            self._on_loop(self._doubts.end, user_id, {one.notice.id for one in told})

    def _on_loop(self, act: Callable[..., None], *given: object) -> None:
        try:
            assert self._loop
            self._loop.call_soon_threadsafe(act, *given)
        except RuntimeError:
            logger.debug("the event loop is gone already")

    async def _beat(self) -> None:
        """Tell every page that its line is open, and how far it has heard. Ends with the last one."""
        try:
            while sockets := self._everyone():
                late = [socket for socket in sockets if socket.ends_at <= time.time()]
                if late and (self._ending is None or self._ending.done()):
                    self._ending = self._go_on(self._end_late(late))
                stirred, parts = list(self._stirred), min(PARTS, len(sockets))
                for n in range(parts):
                    for user_id in stirred[n::parts]:
                        self.tell_news(user_id)
                    beat = Message("beat", json.dumps({"beat": self._told}))
                    for socket in sockets[n::parts]:
                        socket.tell(beat)
                    await asyncio.sleep(BEAT_S / parts)
        finally:
            self._beating = None  # whoever comes next has it go on

    async def _end_late(self, late: list[Socket]) -> None:
        """Close those whose session ran out by time, of which no change tells."""
        try:
            ends = await run_in_threadpool(self._ends_of, {socket.session for socket in late})
        except sqlite3.Error:
            logger.warning(
                "Sessions could not be read: they are with the next beat.", exc_info=True
            )
            return
        for socket in late:
            if socket.session in ends:
                socket.ends_at = ends[socket.session]
            else:
                socket.end()

    def _ends_of(self, sessions: set[str]) -> dict[str, float]:
        """When each of them ends that has not: its use, or a job, has put that off."""
        with closing(connect(self._settings.database, NEWS_PATIENCE_S)) as db:
            found = [find_session(db, session, self._settings) for session in sessions]
        return {one.id_hash: one.expires_at for one in found if one}

    def _everyone(self) -> list[Socket]:
        with self._lock:
            every = [alike for pages in self._open.values() for alike in pages.values()]
            return [socket for alike in every for socket in alike]
