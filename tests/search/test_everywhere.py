"""Titles, transcripts and drafts are found as they are now, and by nobody else than their owner."""

import html
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from draftmill.accounts import tokens, users
from draftmill.clock import now
from draftmill.database.connection import connect, prepare, transaction
from draftmill.drafts import editing, versions
from draftmill.maintenance.invariants import RULES
from draftmill.projects import binned, deletion
from draftmill.projects.filtered import Wanted, page_of
from draftmill.projects.project import row_of
from draftmill.search import indexing
from draftmill.search.everywhere import AT_ONCE, FIRST, PAGE, ROUNDS, SENTENCES, Found, search
from draftmill.search.words import joined
from draftmill.transcripts.segments import ESTIMATED, Segment, add_segments
from tests.search.test_words import HOSTILE
from tests.support import full_house, job_states
from tests.support.house import PASSWORD
from tests.support.recorded_queries import recorded, scans
from tests.support.still_house import StillHouse, still_house


def opened(folder: Path) -> sqlite3.Connection:
    prepare(folder / "x.db")
    db = connect(folder / "x.db")
    users.add_user(db, "mara@example.org", PASSWORD, "Mara")
    return db


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(opened(tmp_path)) as db:
        yield db


def broken(db: sqlite3.Connection) -> list[str]:
    """What is wrong with the index."""
    ours = [query for query, sentence in RULES if "search" in sentence]
    assert len(ours) == 3
    return [str(tuple(row)) for query in ours for row in db.execute(query)]


def said(found: Found) -> list[str]:
    return [joined(one.text) for talk in found.talks for one in talk.sentences]


def test_a_sentence_is_found_with_its_second_and_its_place(db: sqlite3.Connection) -> None:
    project = job_states.heard(db, "A talk")
    (talk,) = search(db, 1, "warm CACH").talks
    assert (talk.project_id, talk.title, talk.more) == (project, "A talk", False)
    (one,) = talk.sentences
    assert (one.n, one.start_s) == (3, 10.0)
    assert [text for text, found in one.text if found] == ["warm", "cache"]
    assert not search(db, 1, "warm zebra").any
    assert broken(db) == []


def test_what_changes_is_found_as_it_is_now(db: sqlite3.Connection) -> None:
    job_states.heard(db, "A talk")
    db.execute("update segments set text = 'A zebra ran.' where n = 1")
    assert said(search(db, 1, "zebra")) == ["A zebra ran."]
    assert not search(db, 1, "nobody").any
    db.execute("delete from segments where n = 1")
    assert not search(db, 1, "zebra").any
    assert broken(db) == []


def test_only_the_transcript_that_is_shown_is_found(db: sqlite3.Connection) -> None:
    project = job_states.heard(db, "A talk")
    with transaction(db):
        (other,) = db.execute(
            "insert into transcripts (project_id, params_hash, model, created_at, completed_at)"
            " values (?, '', 'small', ?, ?) returning id",
            (project, now(), now()),
        ).fetchone()
        add_segments(db, other, 0, [Segment(1.0, 2.0, "We measured zebras.")])
    assert said(search(db, 1, "measured")) == [job_states.SAID[0]]
    db.execute("update projects set transcript_id = ? where id = ?", (other, project))
    assert said(search(db, 1, "measured")) == ["We measured zebras."]


def test_a_draft_is_found_by_the_text_that_is_shown(db: sqlite3.Connection) -> None:
    project = job_states.heard(db, "A talk")
    for name in ("blog", "twitter"):
        job_states.succeeded(db, job_states.start(db, project, name))
    assert [one.type for one in search(db, 1, "two").drafts] == ["twitter"]
    shown = versions.current(db, project, "blog")
    assert shown
    body = "# Zebras\n\nStripes everywhere."
    editing.save(db, project, "blog", 1, "On zebras", body, {}, shown.tag)
    (draft,) = search(db, 1, "stripes").drafts
    assert (draft.type, joined(draft.title)) == ("blog", "On zebras")
    assert ("Stripes", True) in draft.text
    assert not search(db, 1, "four").any
    assert broken(db) == []


def test_what_is_deleted_leaves_no_word_and_what_is_in_the_bin_is_not_found(
    db: sqlite3.Connection,
) -> None:
    project = job_states.heard(db, "A talk of warmth")
    job_states.succeeded(db, job_states.start(db, project, "blog"))
    binned.move_to_bin(db, row_of(db, project))
    for query in ("warm", "minutes", "warmth"):
        assert not search(db, 1, query).any
    binned.restore(db, row_of(db, project))
    assert search(db, 1, "warm").any
    deletion.delete_project(db, row_of(db, project))
    for table in ("sentences_fts_docsize", "search_places", "draft_texts", "drafts_fts_docsize"):
        assert db.execute(f"select count(*) from {table}").fetchone()[0] == 0, table
    assert broken(db) == []


def test_nobody_finds_what_is_anothers(db: sqlite3.Connection) -> None:
    job_states.heard(db, "A talk of warmth")
    other = full_house.add_user(db, "x@example.org")
    full_house.fill(db, other, 2, 1)
    assert not search(db, other, "warm").any
    assert not search(db, 1, "bridges").any
    assert len(search(db, other, "bridges").talks) == 2
    assert not search(db, other + 1, "bridges").any


def test_a_talk_with_very_many_hits_hides_no_other(db: sqlite3.Connection) -> None:
    job_states.heard(db, "Before")
    job_states.heard(db, "Long")
    (long,) = db.execute("select max(id) from transcripts").fetchone()
    more = [Segment(float(n), n + 1.0, f"We measured {n}.") for n in range(AT_ONCE + 50)]
    add_segments(db, long, 1, more)
    talks = search(db, 1, "measured").talks
    assert [talk.title for talk in talks] == ["Long", "Before"]
    assert talks[0].more
    assert len(talks[0].sentences) == SENTENCES


def test_hits_of_the_bin_and_of_older_transcripts_hide_no_talk(db: sqlite3.Connection) -> None:
    job_states.heard(db, "Before")
    for n in range(5):
        job_states.heard(db, f"Binned {n}")
        (binned_one,) = db.execute("select max(id) from transcripts").fetchone()
        said = [Segment(float(k), k + 1.0, f"We measured {k}.") for k in range(AT_ONCE + 5)]
        add_segments(db, binned_one, 1, said)
        project_id = db.execute("select id from projects order by n desc").fetchone()["id"]
        binned.move_to_bin(db, row_of(db, project_id))
    assert [talk.title for talk in search(db, 1, "measured").talks] == ["Before"]


def test_a_talk_begins_with_its_first_places(db: sqlite3.Connection) -> None:
    job_states.heard(db, "Long")
    (long,) = db.execute("select max(id) from transcripts").fetchone()
    said = [Segment(float(n), n + 1.0, f"Zebra {n}.") for n in range(AT_ONCE + 50)]
    add_segments(db, long, 1, said)
    (talk,) = search(db, 1, "zebra").talks
    assert [joined(one.text) for one in talk.sentences] == ["Zebra 0.", "Zebra 1.", "Zebra 2."]


@pytest.mark.parametrize("kind", list(FIRST))
def test_each_kind_has_pages_to_its_end(db: sqlite3.Connection, kind: str) -> None:
    full_house.fill(db, 1, 50, 1)
    query = {"titles": "talk", "talks": "bridges", "drafts": "version"}[kind]
    first = search(db, 1, query)
    assert len(getattr(first, kind)) == FIRST[kind]
    assert kind in first.following
    seen, before, pages = [], None, 0
    while before is not None or not pages:
        page = search(db, 1, query, kind, before)
        seen += [one.project_id for one in getattr(page, kind)]
        before, pages = page.following.get(kind), pages + 1
    rows = db.execute("select id from projects order by n desc").fetchall()
    assert seen == [row["id"] for row in rows]
    assert pages == 1 + (len(seen) - 1) // PAGE
    assert not search(db, 1, query, kind, 0).any
    search(db, 1, query, kind, 10**18 - 1)


def test_what_is_asked_stays_bounded_where_nothing_is_shown(db: sqlite3.Connection) -> None:
    full_house.fill(db, 1, 2, 1)
    before = db.execute("select max(id) from transcripts").fetchone()[0]
    for n in range(ROUNDS + 5):
        job_states.heard(db, f"Binned {n}")
    db.execute("update projects set binned_at = ? where title like 'Binned%'", (now(),))
    for row in db.execute("select id from transcripts where id > ?", (before,)).fetchall():
        said = [Segment(float(k), k + 1.0, "Bridges.") for k in range(AT_ONCE)]
        add_segments(db, row["id"], 1, said)
    found = search(db, 1, "bridges")
    assert not found.talks
    assert len(search(db, 1, "bridges", "talks", found.following["talks"]).talks) == 2


def told(still: StillHouse, db: sqlite3.Connection, query: str) -> dict[str, Any]:
    """What a program is answered."""
    secret = tokens.add(db, 1, now())
    headers = {"Authorization": f"Bearer {secret}"}
    answer: dict[str, Any] = still.owner.get(f"/api/v1/search?{query}", headers=headers).json()
    return answer


def test_times_that_are_guessed_are_not_told(tmp_path: Path) -> None:
    with still_house(tmp_path) as still, closing(connect(still.settings.database)) as db:
        project = job_states.heard(db, "A talk")
        db.execute("update transcripts set warnings = ?", (json.dumps([ESTIMATED]),))
        page = html.unescape(still.owner.get("/search", params={"q": "looked"}).text)
        assert f'href="/projects/{project}?find=looked#s2"' in page
        assert 'class="at"' not in page
        (one,) = told(still, db, "q=looked")["sentences"]
        assert one["start_s"] is None


def test_pages_and_programs_lead_to_the_rest(tmp_path: Path) -> None:
    with still_house(tmp_path) as still, closing(connect(still.settings.database)) as db:
        for n in range(PAGE + 5):
            project = job_states.heard(db, f"Talk {n}")
        (long,) = db.execute("select max(id) from transcripts").fetchone()
        add_segments(db, long, 1, [Segment(n, n + 1.0, "We measured.") for n in (50.0, 51.0, 52.0)])
        page = html.unescape(still.owner.get("/search?q=measured").text)
        assert f'href="/projects/{project}?find=measured">All places in this talk' in page
        (more,) = re.findall(r'href="(/search[^"]+)">More talks', page)
        page = html.unescape(still.owner.get(more).text)
        assert 'href="/search?q=measured">All results' in page
        (more,) = re.findall(r'href="(/search[^"]+)">More talks', page)
        page = still.owner.get(more).text
        assert page.count('class="found-title"') == 5
        assert "More talks" not in page
        for odd in ("kind=x&before=-1", "kind=drafts&before=" + "9" * 30, "before=2"):
            assert still.owner.get(f"/search?q=measured&{odd}").status_code == 200

        ids: list[str] = []
        cursor = ""
        while cursor is not None:
            after = f"&cursor={cursor}" if cursor else ""
            answer = told(still, db, f"q=measured&kind=sentences{after}")
            ids += {one["project_id"]: 0 for one in answer["sentences"]}
            cursor = answer["next"]["sentences"]
        assert len(ids) == len(set(ids)) == PAGE + 5


def test_a_long_brought_transcript_is_found_to_its_end(db: sqlite3.Connection) -> None:
    job_states.heard(db, "Brought")
    db.execute("delete from segments")
    lines = [Segment(float(n), n + 1.0, f"Line {n}.") for n in range(9_000)]
    with transaction(db):
        add_segments(db, 1, 0, lines)
    (talk,) = search(db, 1, "line 8765").talks
    assert [one.n for one in talk.sentences] == [8766]


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("今日は地球温暖化について話します。", "地球", ["地球"]),
        ("今日は地球温暖化について話します。", "話 温暖化", ["温暖化", "話"]),
        ("AIは東京大学で研究されています。", "ai 大学", ["AI", "大学"]),
        ("วันนี้เราจะพูดถึงภาวะโลกร้อน", "โลกร้อน", ["โลกร้อน"]),
        ("我们测量了气候变化。", "气候", ["气候"]),
    ],
)
def test_scripts_without_spaces_are_found_and_marked(
    db: sqlite3.Connection, text: str, query: str, found: list[str]
) -> None:
    project = job_states.heard(db, text)
    job_states.succeeded(db, job_states.start(db, project, "blog"))
    db.execute("update segments set text = ? where n = 1", (text,))
    shown = versions.current(db, project, "blog")
    assert shown
    editing.save(db, project, "blog", 1, text, text, {}, shown.tag)
    result = search(db, 1, query)
    (title,), (talk,), (draft,) = result.titles, result.talks, result.drafts
    for pieces in (title.title, talk.sentences[0].text, draft.title, draft.text):
        assert [piece for piece, hit in pieces if hit] == found
    assert page_of(db, 1, Wanted(query)).count == 1
    assert not search(db, 1, "球地").any
    assert not search(db, 1, "โลกรอน").any
    assert broken(db) == []


@pytest.mark.parametrize(
    ("text", "queries", "found"),
    [
        ("서울 漢江에서 만났다", ["서울"], "서울"),
        ("We met in Łódź, again.", ["Lodz", "łódź", "ŁÓD"], "Łódź"),
        ("Ørsted and his wire.", ["Orsted", "ørsted"], "Ørsted"),
        ("The Straße is long.", ["strasse", "Straße"], "Straße"),
        ("Đặng came in.", ["Dang", "đặng"], "Đặng"),
        ("אמר שָׁלוֹם לכולם", ["שלום", "שָׁלוֹם"], "שָׁלוֹם"),
        ("هذا كِتَاب جديد", ["كتاب", "كِتَاب"], "كِتَاب"),
        ("यह हिन्दी भाषा है", ["हिन्दी"], "हिन्दी"),
    ],
)
def test_strokes_and_points_make_no_difference_and_marks_of_hindi_cut_no_word(
    db: sqlite3.Connection, text: str, queries: list[str], found: str
) -> None:
    project = job_states.heard(db, f"{text} 1")
    db.execute("update segments set text = ? where n = 1", (text,))
    for query in queries:
        result = search(db, 1, query)
        (title,), (talk,) = result.titles, result.talks
        for pieces in (title.title, talk.sentences[0].text):
            assert [piece for piece, hit in pieces if hit] == [found]
        assert page_of(db, 1, Wanted(query)).count == 1
    assert not search(db, 1, "ह न द").any
    db.execute("update segments set text = 'Nothing.' where n = 1")
    db.execute("update projects set title = 'Nothing' where id = ?", (project,))
    assert not search(db, 1, queries[0]).any
    assert broken(db) == []


def test_marks_of_a_draft_are_no_words(db: sqlite3.Connection) -> None:
    project = job_states.heard(db, "A talk")
    job_states.succeeded(db, job_states.start(db, project, "newsletter"))
    shown = versions.current(db, project, "newsletter")
    assert shown
    body = (
        "# Zebras\n\n**Stripes** everywhere. [0:05](time:5)\n\n![A herd](shot:1)\n\n"
        "[A page](https://example.org/wiki/Horse_(animal))"
    )
    fields = {"preview": "What wildlife says"}
    editing.save(db, project, "newsletter", 1, "On zebras", body, fields, shown.tag)

    def is_found() -> bool:
        for mark in ("time", "shot", "https", "animal"):
            assert not search(db, 1, mark).drafts, mark
        hits = {len(search(db, 1, word).drafts) for word in ("stripes", "herd", "wildlife", "page")}
        assert broken(db) == []
        assert len(hits) == 1
        return hits == {1}

    assert is_found()
    (draft,) = search(db, 1, "wildlife").drafts
    assert ("wildlife", True) in draft.text
    binned.move_to_bin(db, row_of(db, project))
    assert not is_found()
    binned.restore(db, row_of(db, project))
    assert is_found()
    now_shown = versions.current(db, project, "newsletter")
    assert now_shown
    editing.save(
        db, project, "newsletter", 1, "On zebras", body, {"preview": "Else"}, now_shown.tag
    )
    assert not search(db, 1, "wildlife").drafts
    deletion.delete_project(db, row_of(db, project))
    assert not is_found()


def test_no_query_fails(db: sqlite3.Connection) -> None:
    job_states.heard(db, "A talk")
    for query in (*HOSTILE, "", " "):
        search(db, 1, query)


def test_what_was_there_before_the_index_is_indexed_piece_by_piece(tmp_path: Path) -> None:
    with closing(connect(tmp_path / "old.db")) as db:
        prepare(tmp_path / "old.db")
        _take_the_index_away(db)
        users.add_user(db, "mara@example.org", PASSWORD, "Mara")
        project = job_states.heard(db, "A talk")
        job_states.succeeded(db, job_states.start(db, project, "blog"))
        prepare(tmp_path / "old.db")
        assert not search(db, 1, "warm").any
        db.execute("update segments set text = 'A zebra.' where n = 0")
        db.execute("update segments set text = 'Die Straße in Łódź.' where n = 1")
        (transcript_id,) = indexing.transcripts_to_add(db)
        assert indexing.add_transcript(db, transcript_id)
        assert not indexing.add_transcript(db, transcript_id)
        assert indexing.add_drafts(db) == 1
        assert indexing.add_drafts(db) == 0
        assert said(search(db, 1, "zebra")) == ["A zebra."]
        assert said(search(db, 1, "lodz strasse")) == ["Die Straße in Łódź."]
        assert search(db, 1, "minutes").drafts
        assert broken(db) == []


def _take_the_index_away(db: sqlite3.Connection) -> None:
    """As it was before the search: what else is new since then is there."""
    triggers = "select name from sqlite_master where type = 'trigger' and name like 'search%'"
    for (name,) in db.execute(triggers).fetchall():
        db.execute(f"drop trigger {name}")
    for table in ("search_places", "sentences_fts", "drafts_fts", "draft_texts"):
        db.execute(f"drop table {table}")
    db.execute("delete from _sqlite_migrations where name = '0026_search'")


def test_nothing_is_walked_through(db: sqlite3.Connection) -> None:
    full_house.fill(db, 1, 5, 1)
    with recorded() as recorder, closing(connect(Path(_file(db)))) as again:
        assert search(again, 1, "bridges").any
    assert {name for name in scans(db, recorder.statements) if "_fts" not in name} <= {"CONSTANT"}


def _file(db: sqlite3.Connection) -> str:
    return str(db.execute("pragma database_list").fetchone()[2])


def test_the_page_leads_to_the_second_with_the_word_marked(tmp_path: Path) -> None:
    with still_house(tmp_path) as still, closing(connect(still.settings.database)) as db:
        project = job_states.heard(db, "A <b>talk</b>")
        page = still.owner.get("/search", params={"q": "looked"}).text
        assert "<mark>looked</mark>" in page
        assert "A &lt;b&gt;talk" in page
        (href,) = re.findall(r'class="found-line" href="([^"]+)"', page)
        assert html.unescape(href) == f"/projects/{project}?t=5&find=looked#s2"
        piece = still.owner.get("/search?q=talk", headers={"HX-Request": "true"})
        assert "<html" not in piece.text
        assert "1 found" in piece.text
        assert "Nothing has this word" in still.owner.get("/search?q=zebra").text
        for query in HOSTILE[:12]:
            safe = query.encode(errors="replace").decode()
            assert still.owner.get("/search", params={"q": safe}).status_code == 200
