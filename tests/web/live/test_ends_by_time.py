"""A socket ends with a session that runs out by time, and not during its user's job."""

import time
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from draftmill.database.connection import connect
from draftmill.jobs import endings
from draftmill.web import channel
from tests.support import job_states, members
from tests.support.job_states import of_project
from tests.support.still_house import StillHouse, still_house
from tests.web.live.test_sockets import closing_code, hears, listening, told

LIFE_DAYS = 0.0001
LIFE_S = LIFE_DAYS * 24 * 3600


def test_a_socket_ends_when_its_session_does_and_not_during_a_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "BEAT_S", 0.2)
    with (
        still_house(tmp_path, session_days=LIFE_DAYS) as still,
        closing(connect(still.settings.database)) as db,
        closing(_idle(still)) as idle,
    ):
        project = job_states.project(db, "Warm caches")
        job_states.at_work(db, of_project(db, project, "ingest"))
        with listening(still, still.owner) as busy, listening(still, idle) as away:
            began = time.monotonic()
            for socket in (busy, away):
                hears(socket, 'id="indicator"')
            assert closing_code(away) == 1008
            assert time.monotonic() - began > LIFE_S / 2, "it ended by time"
            while time.monotonic() - began < LIFE_S + 2:
                told(busy)
            endings.succeed(db, of_project(db, project, "ingest"))
            assert closing_code(busy) == 1008


def _idle(still: StillHouse) -> httpx2.Client:
    """A signed-in client of somebody who does nothing."""
    with closing(connect(still.settings.database)) as db:
        number = members.add(db, "idle@example.org")
    client = httpx2.Client(base_url=still.url, headers={"Origin": still.url}, timeout=30)
    return members.signed_in(client, still.settings, number)
