"""What can be done with a project: found, renamed, corrected, transcribed again, deleted."""

import html
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import httpx2
import pytest

from tests.support import media_files as files
from tests.support.house import SAMPLE, House, project_id, until
from tests.support.places import SOUNDS

HOSTILE = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>"


def talk_file() -> Path:
    """The spoken English of the tests, over two slides."""
    slides = (
        "-f", "lavfi", "-i", "rgbtestsrc=size=320x180:rate=10:duration=6",
        "-f", "lavfi", "-i", "smptebars=size=320x180:rate=10:duration=6",
        "-filter_complex", "[1:v][2:v]concat=n=2:v=1[v]", "-map", "[v]", "-map", "0:a",
    )  # fmt: skip
    sound = ("-i", str(SOUNDS / "english.opus"))
    return files.made("talk.mp4", *sound, *slides, *files.H264, "-g", "20", "-c:a", "aac")


def newest(house: House, project: str, task_type: str) -> sqlite3.Row:
    row = house.one(
        "select * from jobs where project_id = ? and type = ? order by n desc", project, task_type
    )
    assert row
    return row


def row_of(house: House, project: str) -> sqlite3.Row:
    row = house.one("select * from projects where id = ?", project)
    assert row
    return row


def done(house: House, project: str, task_type: str) -> sqlite3.Row:
    """The newest job of a type, ended well."""
    row = house.ended(newest(house, project, task_type)["id"])
    assert row["status"] == "succeeded", row["error_message"]
    return row


def start(house: House, client: httpx2.Client, project: str, task_type: str, **more: str) -> None:
    known = house.one(
        "select id from jobs where project_id = ? and type = ? order by n desc", project, task_type
    )
    fields = {"type": task_type, "after_last": known["id"] if known else ""} | more
    assert client.post(f"/projects/{project}/jobs", data=fields).status_code == 303


def pasted(client: httpx2.Client, text: str, **fields: object) -> str:
    answer = client.post(
        "/projects", files={"recording": ("", b"")}, data={"transcript_text": text} | fields
    )
    assert answer.status_code == 303, answer.text
    return project_id(answer)


def idle(house: House, client: httpx2.Client, text: str, **fields: object) -> str:
    """A project of a pasted text, of which the chapters need not be found."""
    project = pasted(client, text, **fields)
    client.post(f"/jobs/{newest(house, project, 'ingest')['id']}/cancel")
    return project


@pytest.fixture(scope="module")
def talk(house: House, owner: httpx2.Client) -> str:
    """The owner's project of a short film, transcribed, with a draft."""
    project = house.upload(owner, talk_file(), types="blog")
    done(house, project, "ingest")
    done(house, project, "blog")
    return project


# Title and context


def test_a_project_is_renamed_and_its_context_edited(house: House, owner: httpx2.Client) -> None:
    project = idle(house, owner, "Words to be renamed.")
    form = {"title": "  A better\r\n name\0\x1b ", "context": "Held in May.\r\nhttps://example.org"}
    assert owner.post(f"/projects/{project}", data=form).status_code == 303
    row = row_of(house, project)
    assert (row["title"], row["title_by"]) == ("A better name", "person")
    page = owner.get(f"/projects/{project}").text
    assert "<h1>A better name</h1>" in page
    assert "Held in May." in page
    owner.post(f"/projects/{project}", data={"title": " ", "context": ""})
    row = row_of(house, project)
    assert (row["title"], row["context"]) == ("A better name", "")


def test_a_title_as_long_as_the_form_lets_through_is_taken(
    house: House, owner: httpx2.Client
) -> None:
    project = idle(house, owner, "Words with a long title.")
    page = owner.get(f"/projects/{project}").text
    assert 'maxlength="300"' in page
    answer = owner.post(f"/projects/{project}", data={"title": "t" * 300, "context": ""})
    assert answer.status_code == 303
    answer = owner.post(f"/projects/{project}", data={"title": "t" * 301, "context": ""})
    assert answer.status_code == 422
    assert "The title is longer than 300 characters." in answer.text
    assert row_of(house, project)["title"] == "t" * 300


def test_a_hostile_title_is_only_text_everywhere(house: House, owner: httpx2.Client) -> None:
    project = pasted(
        owner,
        f"{HOSTILE} was said here by everyone in the room today.\n\n"
        "The second thing was said by nobody at all in the whole building.",
        title=HOSTILE,
        context=f"</textarea>{HOSTILE}",
        types=["blog", "linkedin"],
    )
    done(house, project, "blog")
    done(house, project, "linkedin")
    url = f"/projects/{project}"
    draft = {"title": HOSTILE, "body": f"{HOSTILE}\n\n[x](javascript:alert(1))", "based_on": ""}
    owner.post(f"{url}/corrections", data={"heard": "nobody", "meant": "<script>x</script>"})
    pages = [
        owner.get("/"),
        owner.get(url),
        owner.get(f"{url}/drafts/blog"),
        owner.get(f"{url}/drafts/linkedin"),
        owner.get(f"{url}/drafts/blog/versions"),
        owner.get(f"{url}/drafts/blog.html"),
        owner.post(f"{url}/drafts/blog/preview", data=draft),
        owner.post(f"{url}/drafts/blog", data=draft),
        owner.get(f"/?q={quote(HOSTILE)}"),
    ]
    for page in pages:
        assert page.status_code in (200, 409), page.url
        assert "<script>alert" not in page.text, page.url
        assert "<script>x" not in page.text, page.url
        assert "<img src=x" not in page.text, page.url
        assert 'href="javascript:' not in page.text, page.url
    assert (
        html.escape(HOSTILE).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in pages[1].text
    )
    download = owner.get(f"{url}/transcript.txt")
    assert "\n" not in download.headers["content-disposition"]
    assert "<" not in download.headers["content-disposition"]


# The list


@pytest.fixture(scope="module")
def shelf(house: House, second: httpx2.Client) -> list[str]:
    """25 projects of the second user, the oldest first."""
    return [
        idle(house, second, f"This is text number {n}.", title=f"Talk {n:02d} zebra", context="c:d")
        for n in range(25)
    ]


def listed(client: httpx2.Client, address: str) -> list[str]:
    page = client.get(address)
    assert page.status_code == 200, address
    return [
        line.partition('"/projects/')[2].partition('"')[0]
        for line in page.text.splitlines()
        if '<a href="/projects/' in line
    ]


def test_the_list_has_pages_newest_first(second: httpx2.Client, shelf: list[str]) -> None:
    first = listed(second, "/")
    assert first == shelf[:4:-1]
    following = second.get("/").text.partition('href="?')[2].partition('"')[0]
    rest = listed(second, "/?" + html.unescape(following))
    assert rest == shelf[4::-1]


def test_search_finds_words_and_their_beginnings(
    house: House, second: httpx2.Client, shelf: list[str]
) -> None:
    assert listed(second, "/?q=talk+07") == [shelf[7]]
    assert listed(second, "/?q=ZEB")[:2] == [shelf[24], shelf[23]]
    assert len(listed(second, "/?q=zebra")) == 20
    second.post(f"/projects/{shelf[3]}", data={"title": "Un café à Paris", "context": ""})
    assert listed(second, "/?q=cafe") == [shelf[3]]
    assert listed(second, "/?q=nothing+like+this") == []


def test_search_finds_nothing_of_others(owner: httpx2.Client, shelf: list[str]) -> None:
    assert listed(owner, "/?q=zebra") == []


@pytest.mark.parametrize(
    "query",
    ['"*(', '"', "*", "(", "NEAR(", "a AND", "title:x", "-", "^a", "a OR b)", "{title}:x", "\0",
     "'; drop table projects; --", "%", "🦓", "a" * 5000, "()" * 500, "\ud7ff"],
)  # fmt: skip
def test_a_query_is_only_words(second: httpx2.Client, shelf: list[str], query: str) -> None:
    page = second.get("/", params={"q": query})
    assert page.status_code == 200
    assert html.escape(query.strip()).partition("&")[0][:50] in page.text


@pytest.mark.parametrize("before", ["0", "-1", "x", "9" * 30, "1e3", "٣", ""])
def test_a_page_that_is_none_is_shown_as_an_empty_or_first_one(
    second: httpx2.Client, shelf: list[str], before: str
) -> None:
    assert second.get("/", params={"before": before}).status_code == 200


# Files and downloads


def test_the_recording_is_given_in_ranges(owner: httpx2.Client, talk: str) -> None:
    content = talk_file().read_bytes()
    url = f"/projects/{talk}/recording"
    whole = owner.get(url)
    assert whole.content == content
    assert whole.headers["content-type"] == "video/mp4"
    assert whole.headers["accept-ranges"] == "bytes"
    part = owner.get(url, headers={"Range": "bytes=100-299"})
    assert (part.status_code, part.content) == (206, content[100:300])
    assert part.headers["content-range"] == f"bytes 100-299/{len(content)}"
    assert owner.get(url, headers={"Range": "bytes=-50"}).content == content[-50:]
    assert owner.get(url, headers={"Range": f"bytes={len(content)}-"}).status_code == 416
    assert owner.head(url).headers["content-length"] == str(len(content))


def test_pictures_are_given_by_their_number(owner: httpx2.Client, talk: str) -> None:
    url = f"/projects/{talk}/screenshots"
    for n in (1, 2):
        large, thumb = owner.get(f"{url}/{n}"), owner.get(f"{url}/{n}?size=thumb")
        assert large.headers["content-type"] == thumb.headers["content-type"] == "image/jpeg"
        assert large.content[:2] == thumb.content[:2] == b"\xff\xd8"
    part = owner.get(f"{url}/1", headers={"Range": "bytes=0-1"})
    assert (part.status_code, part.content) == (206, b"\xff\xd8")
    for none in ("0", "3", "9" * 30, "x", "-1", "1.0"):
        assert owner.get(f"{url}/{none}").status_code == 404, none


def test_the_transcript_is_given_as_text_and_captions(owner: httpx2.Client, talk: str) -> None:
    answers = {
        ending: owner.get(f"/projects/{talk}/transcript.{ending}")
        for ending in ("txt", "srt", "vtt")
    }
    for ending, answer in answers.items():
        assert answer.status_code == 200
        assert "database" in answer.text
        assert f"Talk.{ending}" in answer.headers["content-disposition"]
        assert answer.headers["content-disposition"].startswith("attachment")
    assert answers["vtt"].text.startswith("WEBVTT\n")
    assert answers["vtt"].headers["content-type"].startswith("text/vtt")
    assert answers["srt"].text.startswith("1\n00:00:0")
    assert owner.get(f"/projects/{talk}/transcript.exe").status_code == 404


# Corrections, and transcribing again


def test_a_name_is_corrected_in_the_transcript_and_in_what_is_made_from_it(
    house: House, owner: httpx2.Client, talk: str
) -> None:
    form = {"heard": "data base", "meant": "Postgres<3"}
    answer = owner.post(f"/projects/{talk}/corrections", data=form)
    assert answer.headers["location"] == f"/projects/{talk}?note=corrected"
    assert "Corrected." in owner.get(answer.headers["location"]).text
    page = owner.get(f"/projects/{talk}").text
    assert "Postgres&lt;3" in page
    assert "Postgres<3" in owner.get(f"/projects/{talk}/transcript.txt").text
    answer = owner.post(f"/projects/{talk}/corrections", data={"heard": "xylophone", "meant": "Xy"})
    assert answer.headers["location"].endswith("?note=nothing")
    refused = owner.post(f"/projects/{talk}/corrections", data={"heard": "", "meant": "x"})
    assert refused.status_code == 422
    start(house, owner, talk, "linkedin")
    done(house, talk, "linkedin")
    body = house.one(
        "select body from draft_versions where project_id = ? and type = 'linkedin'", talk
    )
    assert body
    assert "database" not in body["body"].lower()


def test_transcribed_again_the_old_transcript_serves_until_the_new_one_is_complete(
    house: House, owner: httpx2.Client, talk: str
) -> None:
    owner.post(f"/projects/{talk}/corrections", data={"heard": "spring", "meant": "Frühling"})
    before = row_of(house, talk)["transcript_id"]
    draft = owner.get(f"/projects/{talk}/drafts/blog").text
    start(house, owner, talk, "ingest", any_language="1")
    job = newest(house, talk, "ingest")
    assert job["parameters"] == '{"any_language": true}'
    assert row_of(house, talk)["transcript_id"] == before
    assert "Frühling" in owner.get(f"/projects/{talk}/transcript.txt").text
    done(house, talk, "ingest")
    after = row_of(house, talk)["transcript_id"]
    assert after != before
    text = owner.get(f"/projects/{talk}/transcript.txt").text
    assert "Frühling" in text
    assert "spring" not in text
    assert owner.get(f"/projects/{talk}/drafts/blog").text == draft


# The same file again


def test_the_same_file_of_another_user_is_a_project_of_their_own(
    house: House, owner: httpx2.Client, second: httpx2.Client, talk: str
) -> None:
    theirs = house.upload(second, talk_file())
    assert theirs != talk
    assert second.get(f"/projects/{talk}").status_code == 404
    assert owner.get(f"/projects/{theirs}").status_code == 404
    second.post(f"/projects/{theirs}/delete")
    assert owner.get(f"/projects/{talk}/recording").status_code == 200


def test_the_same_file_again_fills_gaps_and_starts_what_is_missing(
    house: House, owner: httpx2.Client, talk: str
) -> None:
    owner.post(f"/projects/{talk}", data={"title": "My title", "context": ""})
    ingest, blog = newest(house, talk, "ingest")["id"], newest(house, talk, "blog")["id"]
    answer = owner.post(
        "/projects",
        files={"recording": ("other name.mp4", talk_file().read_bytes())},
        data={"title": "Not taken", "context": "Taken", "types": ["blog", "newsletter"]},
    )
    assert answer.headers["location"] == f"/projects/{talk}?note=known"
    assert "You uploaded this file before" in owner.get(answer.headers["location"]).text
    row = row_of(house, talk)
    assert (row["title"], row["context"], row["file_name"]) == ("My title", "Taken", "talk.mp4")
    assert newest(house, talk, "ingest")["id"] == ingest
    assert newest(house, talk, "blog")["id"] == blog
    done(house, talk, "newsletter")
    folders = [path.name for path in (house.data / "media").iterdir() if path.name == talk]
    assert folders == [talk]
    assert not list((house.data / "uploads").iterdir())


def test_the_same_file_sent_twice_at_once_is_one_project(
    house: House, owner: httpx2.Client
) -> None:
    content = files.tone("twins.wav").read_bytes()

    def send(n: int) -> httpx2.Response:
        return owner.post("/projects", files={"recording": (f"twin {n}.wav", content)})

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(4)))
    projects = {project_id(answer) for answer in answers}
    assert len(projects) == 1
    assert sum("note=known" in answer.headers["location"] for answer in answers) == 3
    (project,) = projects
    assert len(house.rows("select 1 from jobs where project_id = ?", project)) == 1
    known = {row["id"] for row in house.rows("select id from projects where file is not null")}
    stored = {path.parent.name for path in (house.data / "media").glob("*/recording.*")}
    assert stored == known
    owner.post(f"/projects/{project}/delete")


# Deleting


def test_the_recording_alone_is_deleted_and_attached_again(
    house: House, owner: httpx2.Client, talk: str
) -> None:
    url = f"/projects/{talk}"
    file = house.data / "media" / talk / "recording.mp4"
    assert owner.post(f"{url}/recording/delete").status_code == 303
    assert not file.exists()
    assert row_of(house, talk)["file"] is None
    assert owner.get(f"{url}/recording").status_code == 404
    page = owner.get(url).text
    assert "Transcript" in page
    assert "<video" not in page
    assert "Transcribe again" not in page
    assert owner.get(f"{url}/screenshots/1").status_code == 200
    assert owner.get(f"{url}/transcript.srt").status_code == 200
    assert owner.get(f"{url}/drafts/blog").status_code == 200
    jobs = house.rows("select id from jobs where project_id = ?", talk)
    refused = owner.post(f"{url}/jobs", data={"type": "ingest"})
    assert refused.status_code == 422
    assert "The recording was deleted" in refused.text
    assert house.rows("select id from jobs where project_id = ?", talk) == jobs
    assert owner.post(f"{url}/recording/delete").status_code == 303

    assert house.upload(owner, talk_file()) == talk
    assert file.read_bytes() == talk_file().read_bytes()
    assert owner.get(f"{url}/recording").status_code == 200
    assert "<video" in owner.get(url).text
    assert house.rows("select id from jobs where project_id = ?", talk) == jobs


def process_of(job_id: str) -> int | None:
    """The process that works on a job."""
    for folder in Path("/proc").iterdir():
        try:
            command = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if folder.name.isdecimal() and b"work" in command and job_id.encode() in command:
            return int(folder.name)
    return None


def test_a_project_deleted_while_it_is_transcribed_takes_its_work_with_it(
    house: House, owner: httpx2.Client
) -> None:
    project = house.upload(owner, SAMPLE, types="blog")
    ingest = newest(house, project, "ingest")["id"]
    pid = until(lambda: process_of(ingest), why="a process to work on it")
    refused = owner.post(f"/projects/{project}/recording/delete")
    assert refused.status_code == 409
    assert "is being transcribed right now" in refused.text
    assert (house.data / "media" / project / "recording.mp4").exists()

    assert owner.post(f"/projects/{project}/delete").headers["location"] == "/"
    assert owner.get(f"/projects/{project}").status_code == 404
    until(lambda: owner.get(f"/jobs/{ingest}/pill").status_code == 410, 5, "its pill to go")
    assert not house.rows("select 1 from jobs where project_id = ?", project)
    until(lambda: not Path(f"/proc/{pid}").exists(), 10, "the process to be ended")
    until(lambda: not (house.data / "media" / project).exists(), 10, "its folder to go")


def test_deleting_a_project_leaves_no_row_and_no_file(house: House, owner: httpx2.Client) -> None:
    project = house.upload(owner, files.tone("gone.wav"), types="blog")
    ids = [row["id"] for row in house.rows("select id from jobs where project_id = ?", project)]
    assert owner.post(f"/projects/{project}/delete").status_code == 303
    for table in ("jobs", "transcripts", "drafts", "draft_versions", "screenshots", "corrections"):
        assert not house.rows(f"select 1 from {table} where project_id = ?", project), table
    assert not house.rows("select 1 from projects_fts where projects_fts match 'gone'")
    until(lambda: not (house.data / "media" / project).exists(), 10, "its folder to go")
    marks = house.rows("select object_id from changes where deleted = 1")
    assert {project, *ids} <= {row["object_id"] for row in marks}
    assert owner.post(f"/projects/{project}/delete").status_code == 404
