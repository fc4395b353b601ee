"""The marks of a draft and what they lead to, over HTTP: what a browser without scripts sees, too."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import httpx2
import pytest

from draftmill.clock import now
from draftmill.drafts import editing
from draftmill.drafts.markdown import render
from draftmill.drafts.versions import current
from draftmill.evidence.blocks import blocks_of
from draftmill.transcripts.segments import Segment, add_segments
from tests.support.api_programs import ServerAlone, server_alone
from tests.support.doubtful_draft import ARTICLE, INVENTED, NEAREST, POSTS, QUOTED, WRONG, doubt
from tests.support.house import PASSWORD

SAID = ["We measured before we touched anything.", QUOTED, "Nobody had looked.", NEAREST]
MARK = re.compile(r'class="mark (\w+(?: looked)?)" id="mark-(\d+)"')
ALL_MARKS = [("supported", "1"), ("said", "3"), ("weak", "4"), ("supported", "5"), ("weak", "6")]
OWNER_ID = 1


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerAlone]:
    with server_alone(tmp_path_factory.mktemp("marks") / "data") as running:
        yield running


@pytest.fixture
def db(server: ServerAlone) -> Iterator[sqlite3.Connection]:
    with closing(server.db()) as db:
        yield db


def signed_in(server: ServerAlone) -> httpx2.Client:
    client = httpx2.Client(base_url=server.url, headers={"Origin": server.url}, timeout=30)
    form = {"email": "mara@example.org", "password": PASSWORD}
    assert client.post("/login", data=form).status_code == 303
    return client


@pytest.fixture(scope="module")
def client(server: ServerAlone) -> Iterator[httpx2.Client]:
    with closing(signed_in(server)) as client:
        yield client


@pytest.fixture
def project(db: sqlite3.Connection, request: pytest.FixtureRequest) -> str:
    """A talk of four sentences and one slide, with a doubtful article and thread."""
    name = request.node.name[:80]
    (transcript_id,) = db.execute(
        "insert into projects (id, user_id, title, source, file, media_type, sha256, created_at)"
        " values (?, 1, 'A talk', 'media', 'talk.mp4', 'video/mp4', ?, ?) returning n",
        (name, name, now()),
    ).fetchone()
    db.execute(
        "insert into transcripts (id, project_id, params_hash, model, created_at) values (?, ?, '', '', ?)",
        (transcript_id, name, now()),
    )
    db.execute("update projects set transcript_id = n where id = ?", (name,))
    said = [Segment(5.0 * n, 5.0 * n + 4, text, speaker="Ada") for n, text in enumerate(SAID)]
    add_segments(db, transcript_id, 0, said)
    db.execute(
        "insert into screenshots (project_id, n, time_s, end_s, file, width, height)"
        " values (?, 1, 0, 60, '001.jpg', 320, 180)",
        (name,),
    )
    for type, body in (("blog", "Text."), ("twitter", ["Post."])):
        editing.save(db, name, type, OWNER_ID, "Title" * (type == "blog"), body, {}, "")
        doubt(db, name, type)
    return name


def marks(html: str) -> list[tuple[str, str]]:
    return MARK.findall(html)


def left(html: str) -> int:
    found = re.search(r'data-left="(\d+)"', html)
    assert found
    return int(found[1])


def hash_of(text: str) -> str:
    return next(block.hash for block in blocks_of(ARTICLE) if text in block.text)


def test_each_paragraph_has_its_mark_and_a_heading_only_when_it_needs_a_look(
    client: httpx2.Client, project: str
) -> None:
    html = client.get(f"/projects/{project}/drafts/blog").text
    assert marks(html) == ALL_MARKS
    assert left(html) == 2
    assert "2 to check" in html
    assert html.count("Check this</span>") == 2  # in words, too


def test_a_mark_leads_to_the_sentences_the_second_and_the_frame(
    client: httpx2.Client, project: str
) -> None:
    ground = client.get(f"/projects/{project}/drafts/blog/evidence/{hash_of('nineteen')}").text
    assert ground.index(NEAREST) < ground.index("Nobody had looked.")
    assert "<bdi>Ada</bdi>" in ground
    assert f'href="/projects/{project}?t=15#player" data-seek="15.0"' in ground
    assert "Play from 0:15" in ground
    assert f'src="/projects/{project}/screenshots/1"' in ground
    assert 'data-take="one graph" data-for="nineteen graphs"' in ground
    invented = client.get(f"/projects/{project}/drafts/blog/evidence/{hash_of(INVENTED)}").text
    assert f'data-take="“{NEAREST}”"' in invented
    assert client.get(f"/projects/{project}/drafts/blog/evidence/gone").status_code == 404


def test_what_was_looked_at_is_known_in_another_browser_and_in_the_next_version(
    server: ServerAlone, client: httpx2.Client, project: str, db: sqlite3.Connection
) -> None:
    url = f"/projects/{project}/drafts/blog"
    looked = client.post(f"{url}/evidence/{hash_of('nineteen')}/look")
    assert looked.headers["location"] == f"{url}/evidence"
    client.post(f"{url}/evidence/{hash_of('nineteen')}/look")
    (row,) = db.execute("select * from looked_at where project_id = ?", (project,)).fetchall()
    assert (row["user_id"], row["type"]) == (OWNER_ID, "blog")
    with closing(signed_in(server)) as phone:
        html = phone.get(url).text
    assert left(html) == 1
    assert ("weak looked", "4") in marks(html)
    shown = current(db, project, "blog")
    assert shown
    after = ARTICLE.replace("They measured", "They all measured")
    client.post(url, data={"title": "T", "body": after, "based_on": shown.tag})
    assert ("weak looked", "4") in marks(client.get(url).text)
    assert client.post(f"{url}/evidence/gone/look").status_code == 404


def test_what_is_found_anew_in_a_paragraph_is_to_be_looked_at_again(
    client: httpx2.Client, project: str, db: sqlite3.Connection
) -> None:
    url = f"/projects/{project}/drafts/blog"
    client.post(f"{url}/evidence/{hash_of('nineteen')}/look")
    assert left(client.get(url).text) == 1
    shown = current(db, project, "blog")
    assert shown
    found = json.dumps(shown.evidence).replace('"kind": "number"', '"kind": "speaker"')
    db.execute("update draft_versions set evidence = ? where id = ?", (found, shown.id))
    assert left(client.get(url).text) == 2


def test_while_one_types_the_marks_follow_the_text(client: httpx2.Client, project: str) -> None:
    changed = ARTICLE.replace("nineteen", "eighteen").replace("## What", "New.\n\n## What")
    form = {"title": "T", "body": changed}
    html = client.post(f"/projects/{project}/drafts/blog/preview", data=form).text
    assert marks(html) == [
        ("supported", "1"), ("checking", "2"), ("said", "4"), ("checking", "5"), ("supported", "6"), ("weak", "7"),
    ]  # fmt: skip
    assert left(html) == 1
    assert html.count("Checking…</span>") == 2


def test_what_a_person_wrote_is_checked_once_it_is_saved_and_is_theirs(
    client: httpx2.Client, project: str, db: sqlite3.Connection
) -> None:
    url = f"/projects/{project}/drafts/blog"
    shown = current(db, project, "blog")
    assert shown
    body = f"My own words about other things altogether.\n\n{WRONG}\n\n{SAID[2]}\n"
    client.post(url, data={"title": "T", "body": body, "based_on": shown.tag})
    waiting = client.get(url).text
    assert marks(waiting) == [("checking", "1"), ("weak", "2"), ("checking", "3")]
    assert "draftmill:saved from:#desk, load" in waiting
    after = client.post(f"{url}/preview", data={"title": "T", "body": body}).text
    assert marks(after) == [("yours", "1"), ("weak", "2"), ("said", "3")]
    assert marks(client.get(url).text) == marks(after)
    ground = client.get(f"{url}/evidence/{blocks_of(body)[0].hash}").text
    assert "Yours" in ground


def test_a_picture_has_a_mark_where_its_alt_text_counts_what_nobody_said(
    client: httpx2.Client, project: str, db: sqlite3.Connection
) -> None:
    url = f"/projects/{project}/drafts/blog"
    shown = current(db, project, "blog")
    assert shown
    body = f"{SAID[2]}\n\n![A chart of 9,731 tickets](shot:1)\n\n![A chart](shot:1)\n"
    client.post(url, data={"title": "T", "body": body, "based_on": shown.tag})
    after = client.post(f"{url}/preview", data={"title": "T", "body": body}).text
    assert marks(after) == [("said", "1"), ("yours", "2")]
    ground = client.get(f"{url}/evidence/{blocks_of(body)[1].hash}").text
    assert "This number was not said here" in ground


def test_posts_have_marks_and_each_gets_its_own_as_they_are_typed(
    client: httpx2.Client, project: str
) -> None:
    url = f"/projects/{project}/drafts/twitter"
    assert [status for status, _ in marks(client.get(url).text)] == ["supported", "weak", "said"]
    form = {"post": [POSTS[2], "", POSTS[1], "Mine."]}
    answer = client.post(f"{url}/preview", data=form).text
    found = [MARK.findall(item) for item in re.findall(r"<li>(.*?)</li>", answer)[:4]]
    assert found == [[("said", "1")], [], [("weak", "3")], [("checking", "4")]]


def test_without_scripts_a_page_shows_it_all_and_takes_note_of_what_was_looked_at(
    client: httpx2.Client, project: str
) -> None:
    url = f"/projects/{project}/drafts/blog"
    assert f'href="{url}/evidence#part-4"' in client.get(url).text
    html = client.get(f"{url}/evidence").text
    assert re.findall(r'id="part-(\d+)"', html) == [number for _, number in ALL_MARKS]
    assert "This number was not said here: <q" in html
    assert html.count(">Looked at</button>") == 2
    client.post(f"{url}/evidence/{hash_of(INVENTED)}/look")
    assert client.get(f"{url}/evidence").text.count(">Looked at</button>") == 1


@pytest.mark.parametrize("evidence", [{}, {"quotes": [{"quote": "Old"}]}], ids=["none", "old"])
def test_a_draft_of_before_has_no_marks_and_no_errors(
    client: httpx2.Client, project: str, db: sqlite3.Connection, evidence: dict[str, object]
) -> None:
    db.execute(
        "update draft_versions set evidence = ? where project_id = ?",
        (json.dumps(evidence), project),
    )
    for type in ("blog", "twitter"):
        url = f"/projects/{project}/drafts/{type}"
        desk = client.get(url)
        assert (desk.status_code, marks(desk.text)) == (200, [])
        assert 'id="trust"' not in desk.text
        assert "Generate it again" in client.get(f"{url}/evidence").text
    form = {"title": "T", "body": "Something else."}
    answer = client.post(f"/projects/{project}/drafts/blog/preview", data=form)
    assert 'class="mark' not in answer.text


def test_sentences_of_a_transcript_that_was_made_anew_are_not_mixed_up(
    client: httpx2.Client, project: str, db: sqlite3.Connection
) -> None:
    db.execute(
        "update segments set start_s = start_s + 1, text = 'Another sentence.' where transcript_id"
        " = (select transcript_id from projects where id = ?)",
        (project,),
    )
    ground = client.get(f"/projects/{project}/drafts/blog/evidence/{hash_of(QUOTED)}").text
    assert "Another sentence" not in ground
    assert "this sentence is not in it any more" in ground


def test_no_text_can_pretend_to_be_a_block() -> None:
    html = render('<p data-block="0">a</p>\n\n`<p data-block="1">`', "p", {}, numbered=True)
    assert re.findall(r'<p data-block="(\d)">', html) == ["0", "1"]
    assert "data-block" not in render("a", "p", {})
