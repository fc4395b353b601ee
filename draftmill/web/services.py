"""What handlers need beside their request: one object, put into the application by app.py."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.requests import HTTPConnection

from draftmill.content_types import rows as content_types
from draftmill.database.connection import connect
from draftmill.drafts import evidence
from draftmill.settings import Settings
from draftmill.uploads.receiving import Arrivals
from draftmill.web.channel import Channel
from draftmill.web.indicators import Indicators
from draftmill.web.job_rows import JobRows
from draftmill.web.live import Live
from draftmill.web.live_rows import LiveRows
from draftmill.web.middleware.bearer import Bearers
from draftmill.web.middleware.session_memory import Sessions
from draftmill.web.places import Places
from draftmill.web.present import Present
from draftmill.web.states import Describe, States
from draftmill.web.streams import Streams
from draftmill.web.watcher import Watcher

Workers = dict[str, dict[str, object]]


@dataclass(frozen=True)
class Services:
    """One of each in a process. `workers` says how each queue's worker is."""

    present: Present
    workers: Callable[[], Workers]
    arrivals: Arrivals
    sessions: Sessions
    bearers: Bearers
    places: Places
    live: Live
    rows: LiveRows
    job_rows: JobRows
    indicators: Indicators
    states: States
    streams: Streams
    channel: Channel

    @property
    def settings(self) -> Settings:
        """The settings in effect now. No key that the owner stored is in them."""
        return self.present.settings

    @asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncIterator[None]:
        """From here to the end of the application it hears what any process changes."""
        kept = (
            self.present.take,
            content_types.take,
            self.sessions.take,
            self.bearers.take,
            self.places.take,
            self.live.take,
            self.rows.take,
            self.job_rows.take,
            self.indicators.take,
            self.states.take,
        )
        # Who waits is woken last, and once: what is asked for then is in memory already.
        waiting = (self.channel.take, self.streams.take)
        watcher = Watcher(self.settings.database, kept, waiting)
        watcher.start()
        with evidence.staying(self.settings):
            yield
        watcher.stop()


def assemble(
    settings: Settings,
    describe: Describe,
    workers: Callable[[], Workers] = dict,
    streams: Streams | None = None,
) -> Services:
    """The services on a prepared data folder; `describe` tells programs the state of a job."""
    with closing(connect(settings.database)) as db:
        content_types.load(db)
    places = Places(settings)
    present = Present(settings)
    live = Live(present, places)
    indicators = Indicators(settings)
    return Services(
        present=present,
        workers=workers,
        arrivals=Arrivals(settings),
        sessions=Sessions(settings),
        bearers=Bearers(settings),
        places=places,
        live=live,
        rows=LiveRows(settings),
        job_rows=JobRows(settings),
        indicators=indicators,
        states=States(settings, describe),
        streams=streams or Streams(),
        channel=Channel(settings, live, indicators),
    )


def services_of(request: HTTPConnection) -> Services:
    """The services of the application that a request came to."""
    services: Services = request.app.state.services
    return services


def settings_of(request: HTTPConnection) -> Settings:
    """The settings in effect now. No key that the owner stored is in them."""
    return services_of(request).settings


def database(request: HTTPConnection) -> "closing[sqlite3.Connection]":
    """A connection for this request, closed at the end of the with block."""
    return closing(connect(settings_of(request).database))
