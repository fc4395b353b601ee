"""What the header says of what is at work, by asking and by the live channel, rendered once a change."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import jinja2
import pytest
from websockets.sync.client import connect as connect_socket

from draftmill.database.connection import connect
from draftmill.jobs import endings, running
from draftmill.web import channel
from tests.support import job_states
from tests.support.house import until
from tests.support.job_states import of_project
from tests.support.still_house import StillHouse, still_house


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StillHouse]:
    with still_house(tmp_path_factory.mktemp("indicator")) as house:
        yield house


@pytest.fixture
def db(still: StillHouse) -> Iterator[sqlite3.Connection]:
    with closing(connect(still.settings.database)) as connection:
        yield connection


def words(html: str) -> str:
    """What stands in the header beside the bell."""
    link = html.partition('id="at-work-link"')[2].partition(">")[2].partition("</a>")[0]
    return " ".join(re.sub(r"<[^>]*>", "", link).split())


def said(html: str) -> str:
    return re.findall(r'<p id="say-at-work"[^>]*>(.*?)</p>', html)[0]


def test_it_says_count_stage_and_percent_and_is_rendered_once_a_change(
    still: StillHouse, db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "BEAT_S", 0.1)
    rendered: list[str] = []
    render = jinja2.Template.render

    def counted(template: jinja2.Template, *given: Any, **named: Any) -> str:
        rendered.append(str(template.name))
        return render(template, *given, **named)

    monkeypatch.setattr(jinja2.Template, "render", counted)

    def asked() -> str:
        return still.owner.get("/indicator").text

    cookie = {"Cookie": f"draftmill={still.owner.cookies['draftmill']}", "Origin": still.url}
    address = f"{still.url.replace('http', 'ws', 1)}/live"
    with connect_socket(address, additional_headers=cookie, compression=None) as socket:

        def told(expected: str) -> str:
            """By both ways, the same."""
            until(lambda: words(asked()) == expected, 20, expected)
            return str(until(
                lambda: words(text := str(json.loads(socket.recv(20)).get("content", ""))) == expected
                and text
            ))  # fmt: skip

        project = job_states.project(db, "Warm caches")
        job_states.at_work(db, of_project(db, project, "ingest"))
        one = told("1 at work: Transcribing, 20 %")
        assert said(one) == "Transcription: Transcribing"
        rendered.clear()
        running.progress(db, of_project(db, project, "ingest"), 1560.0, 3120.0, "s", "", 0.0)
        told("1 at work: Transcribing, 44 %")
        for _ in range(10):
            assert said(asked()) == said(one), "a percent is not said"
        assert rendered.count("_indicator.html") == 1
        other = job_states.heard(db, "Pricing")
        for name in ("blog", "twitter"):
            job_states.at_work(db, job_states.start(db, other, name))
        told("3 at work, 44 %")
        page = still.owner.get("/account").text
        assert words(page) == "3 at work, 44 %"
        assert said(page) == said(one)
        for _ in range(2):
            for name in ("blog", "twitter"):
                endings.cancel(db, of_project(db, other, name))
        endings.succeed(db, of_project(db, project, "ingest"))
        told("2 at work")
