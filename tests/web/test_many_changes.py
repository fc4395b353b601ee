"""Very many changes at once: what nobody looks at is not drawn, and pages are told once for all of them."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import Any

import jinja2
import pytest
from websockets.sync.client import ClientConnection, connect

from draftmill.clock import now
from draftmill.database import changes
from draftmill.database import connection as database
from draftmill.database.connection import transaction
from draftmill.projects.listing import PAGE
from draftmill.web import channel
from tests.support import job_states
from tests.support.house import until
from tests.support.still_house import StillHouse, still_house

MANY = 2_500
JOB = (
    "insert into jobs (id, project_id, user_id, type, queue, status, origin_id, created_at,"
    " updated_at, completed_at) values (?, ?, 1, 'blog', 'writing', 'failed', ?, ?, ?, ?)"
)


@pytest.fixture
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StillHouse]:
    with still_house(tmp_path_factory.mktemp("many")) as house:
        yield house


@pytest.fixture
def db(still: StillHouse) -> Iterator[sqlite3.Connection]:
    with closing(database.connect(still.settings.database)) as connection:
        yield connection


def listening(still: StillHouse, query: str) -> ClientConnection:
    headers = {"Cookie": f"draftmill={still.owner.cookies['draftmill']}", "Origin": still.url}
    address = f"{still.url.replace('http', 'ws', 1)}/live?{query}"
    return connect(address, additional_headers=headers, compression=None)


def told_until(socket: ClientConnection, version: int) -> list[dict[str, Any]]:
    """What a page is told until it has heard of a change."""
    told: list[dict[str, Any]] = []

    def heard() -> bool:
        told.append(json.loads(socket.recv(20)))
        return bool(told[-1].get("beat", -1) >= version)

    until(heard, why="the page to hear of all that changed")
    return told


def test_a_crowd_of_changes_is_drawn_only_where_it_is_shown(
    still: StillHouse, db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = job_states.heard(db, "Warm caches")
    ids = [f"00000000-0000-4000-8000-{n:012d}" for n in range(MANY)]
    with transaction(db):
        db.executemany(JOB, [(one, project, one, *[now()] * 3) for one in ids])
    still.owner.get("/jobs")  # its rows are in memory
    drawn: list[str] = []
    render = jinja2.Template.render

    def counted(template: jinja2.Template, *given: Any, **named: Any) -> str:
        drawn.append(str(template.name))
        return render(template, *given, **named)

    monkeypatch.setattr(jinja2.Template, "render", counted)
    monkeypatch.setattr(channel, "BEAT_S", 0.1)
    pages = ("jobs=1", f"project={project}", f"list={project}", "")
    with ExitStack() as open_pages:
        sockets = [open_pages.enter_context(listening(still, page)) for page in pages]
        for socket in sockets:
            told_until(socket, 0)
        drawn.clear()
        with transaction(db):
            for one in ids:
                last = changes.record(db, "job", one, 1)
        told = [told_until(socket, last) for socket in sockets]
    # The rows on the first page, and of each page's project once in each of a few batches.
    assert len(drawn) <= PAGE + MANY / 50, {name: drawn.count(name) for name in drawn}
    for page, messages in zip(pages, told, strict=True):
        assert len(messages) <= MANY / 50, page
    assert any("ask" in message for message in told[0])
    for messages in told[1:3]:
        assert any(project in str(message.get("content")) for message in messages)
