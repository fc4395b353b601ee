"""The list as it is wanted: filtered, sorted, counted, in pages, by indexes only."""

import html
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from draftmill.accounts import users
from draftmill.clock import now
from draftmill.database.connection import connect, prepare
from draftmill.maintenance.invariants import RULES
from draftmill.projects import binned, deletion
from draftmill.projects.filtered import (
    SORTS,
    STATES,
    Wanted,
    count_of,
    page_of,
    speakers_of,
    wanted_of,
)
from draftmill.projects.project import row_of
from tests.support import full_house, job_states
from tests.support.house import PASSWORD
from tests.support.recorded_queries import recorded, scans
from tests.support.still_house import still_house

DAY_S = 24 * 3600


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("filtered") / "x.db"
    prepare(path)
    with closing(connect(path)) as db:
        users.add_user(db, "mara@example.org", PASSWORD, "Mara")
        full_house.fill(db, full_house.add_user(db, "x@example.org"), 3, 1)
        for n, title in enumerate(("beta", "Alpha", "gamma", "Delta")):
            made = job_states.heard(db, title)
            db.execute(
                "update projects set created_at = ?, duration_s = ? where id = ?",
                (now(-(8.5 - n) * DAY_S), 100.0 * (n % 3), made),
            )
        ids = {row["title"]: row["id"] for row in db.execute("select * from projects")}
        job_states.failed(db, job_states.start(db, ids["beta"], "blog"))
        job_states.failed(db, job_states.start(db, ids["gamma"], "blog"))
        job_states.start(db, ids["gamma"], "blog")
        job_states.succeeded(db, job_states.start(db, ids["Alpha"], "blog"))
        db.execute(
            "update segments set speaker = 'Ann Müller-Łoś' where n = 2 and transcript_id ="
            " (select transcript_id from projects where id = ?)",
            (ids["Delta"],),
        )
        db.execute(
            "update segments set speaker = '王小明' where n = 1 and transcript_id ="
            " (select transcript_id from projects where id = ?)",
            (ids["gamma"],),
        )
        binned.move_to_bin(db, row_of(db, job_states.heard(db, "In the bin")))
    return path


@pytest.fixture
def db(database: Path) -> Iterator[sqlite3.Connection]:
    with closing(connect(database)) as db:
        yield db


def titles(db: sqlite3.Connection, **wanted: str) -> list[str]:
    page = page_of(db, 1, Wanted(**wanted))
    assert page.count == len(page.rows)
    return [one.row["title"] for one in page.rows]


def test_it_has_orders(db: sqlite3.Connection) -> None:
    assert titles(db) == ["Delta", "gamma", "Alpha", "beta"]
    assert titles(db, sort="oldest") == ["beta", "Alpha", "gamma", "Delta"]
    assert titles(db, sort="title") == ["Alpha", "beta", "Delta", "gamma"]
    assert titles(db, sort="length") == ["gamma", "Alpha", "Delta", "beta"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"state": "working"}, ["gamma"]),
        ({"state": "failed"}, ["beta"]),
        ({"state": "drafted"}, ["Alpha"]),
        ({"state": "undrafted"}, ["Delta", "gamma", "beta"]),
        ({"speaker": "ann"}, ["Delta"]),
        ({"speaker": "MULLER"}, ["Delta"]),
        ({"speaker": "los an"}, ["Delta"]),
        ({"speaker": "müller ann"}, ["Delta"]),
        ({"speaker": "uller"}, []),
        ({"speaker": "bob muller"}, []),
        ({"speaker": "小明"}, ["gamma"]),
        ({"speaker": "%"}, []),
        ({"date": "7"}, ["Delta", "gamma"]),
        ({"date": "1"}, []),
        ({"date": "365", "sort": "oldest"}, ["beta", "Alpha", "gamma", "Delta"]),
        ({"query": "ALPH", "state": "drafted"}, ["Alpha"]),
        ({"query": "alpha", "state": "failed"}, []),
        ({"query": "*"}, []),
        ({"query": "talk", "sort": "title"}, ["Alpha", "beta", "Delta", "gamma"]),
    ],
)
def test_it_is_filtered_and_counted(
    db: sqlite3.Connection, wanted: dict[str, str], found: list[str]
) -> None:
    assert titles(db, **wanted) == found


def test_a_to_z_takes_no_notice_of_case_and_accents(tmp_path: Path) -> None:
    prepare(tmp_path / "x.db")
    with closing(connect(tmp_path / "x.db")) as db:
        users.add_user(db, "mara@example.org", PASSWORD, "Mara")
        for title in ("Øystein", "berlin", "“Zebra”", "Ärger", "Clara", "Łódź", "apple", "later"):
            job_states.heard(db, title)
        in_order = ["apple", "Ärger", "berlin", "Clara", "later", "Łódź", "Øystein", "“Zebra”"]
        assert titles(db, sort="title") == in_order
        db.execute("update projects set title = 'éclair' where title = 'apple'")
        assert titles(db, sort="title")[2:4] == ["Clara", "éclair"]


def test_a_users_own_speakers_are_there_to_choose_from(tmp_path: Path) -> None:
    named = "update segments set speaker = ? where n = ? and transcript_id = ?"
    with still_house(tmp_path) as still, closing(connect(still.settings.database)) as db:
        mine, other = (row_of(db, job_states.heard(db, title)) for title in ("One", "Two"))
        for n, name in ((0, "Zoë"), (1, "Ärger & Co"), (2, "Zoë")):
            db.execute(named, (name, n, mine["transcript_id"]))
        db.execute(named, ("Zoë", 0, other["transcript_id"]))
        db.execute(named, ("Nobody's", 0, stranger_transcript(db)))
        assert speakers_of(db, 1) == ["Ärger & Co", "Zoë"]
        page = still.owner.get("/").text
        assert '<option value="Ärger &amp; Co"><option value="Zoë">' in page
        db.execute(named, ("", 1, mine["transcript_id"]))
        assert speakers_of(db, 1) == ["Zoë"]
        deletion.delete_project(db, mine)
        binned.move_to_bin(db, other)
        assert speakers_of(db, 1) == []
        assert not db.execute(
            "select 1 from spoken_names where transcript_id = ?", (mine["transcript_id"],)
        ).fetchall()


def stranger_transcript(db: sqlite3.Connection) -> int:
    (project,) = full_house.fill(db, full_house.add_user(db, "x@example.org"), 1, 1)
    return int(row_of(db, project)["transcript_id"])


def test_it_has_pages_and_none_behind_the_last(db: sqlite3.Connection) -> None:
    second = page_of(db, 1, Wanted(), 2, size=3)
    assert [one.row["title"] for one in second.rows] == ["beta"]
    assert (second.number, second.pages, second.count) == (2, 2, 4)
    assert page_of(db, 1, Wanted(), 10**18, size=3) == second
    assert page_of(db, 99, Wanted()).count == 0


def test_what_means_nothing_is_any() -> None:
    odd = {"state": "x", "sort": "x", "date": "-1", "speaker": "\0"}
    assert wanted_of(odd) == Wanted()
    assert wanted_of({"date": "30"}) == Wanted(date="30")


def test_only_indexes_are_read(database: Path) -> None:
    wanted = [Wanted(sort=sort) for sort in SORTS] + [Wanted(state=state) for state in STATES]
    wanted += [Wanted(speaker="ann"), Wanted(date="30")]
    wanted += [Wanted("alpha", sort="length", state="drafted")]
    with recorded() as recorder, closing(connect(database)) as db:
        for one in wanted:
            page_of(db, 1, one)
    with closing(connect(database)) as db:
        found = scans(db, recorder.statements)
    known = {"newest", "CONSTANT", "main.projects_fts_config"}
    assert {name: query for name, query in found.items() if name not in known} == {}


def test_the_count_follows_the_bin_and_deletions(tmp_path: Path) -> None:
    prepare(tmp_path / "x.db")
    (rule,) = [query for query, sentence in RULES if "counted as" in sentence]
    with closing(connect(tmp_path / "x.db")) as db:
        users.add_user(db, "mara@example.org", PASSWORD, "Mara")
        made = [job_states.heard(db, f"Talk {n}") for n in range(3)]
        assert count_of(db, 1) == 3
        binned.move_to_bin(db, row_of(db, made[0]))
        assert count_of(db, 1) == 2
        binned.restore(db, row_of(db, made[0]))
        assert count_of(db, 1) == 3
        binned.move_to_bin(db, row_of(db, made[1]))
        for one in made[1:]:
            deletion.delete_project(db, row_of(db, one))
        assert count_of(db, 1) == 1
        assert not db.execute(rule).fetchall()


def test_the_page_says_what_is_chosen_and_leads_on(tmp_path: Path) -> None:
    with still_house(tmp_path) as still, closing(connect(still.settings.database)) as db:
        for n in range(21):
            job_states.heard(db, f"Talk {n:02d}")
        page = html.unescape(still.owner.get("/?state=undrafted&sort=title").text)
        assert "21 projects" in page
        assert "Page 1 of 2" in page
        assert '<option value="undrafted" selected>' in page
        assert '<option value="title" selected>' in page
        following = page.partition('rel="next" href="?')[2].partition('"')[0]
        last = still.owner.get(f"/?{following}").text
        assert "Talk 20" in last
        assert "Talk 19" not in last
        assert "No project matches" in still.owner.get("/?state=failed").text
        assert still.owner.get(f"/?page={'9' * 30}&date=x&speaker={'x' * 3000}").status_code == 200
