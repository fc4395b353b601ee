"""Page, API and command line are three doors to the same verbs: an odd wish meets the same words."""

import html
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest

from draftmill.database.connection import connect
from draftmill.jobs.job import newest_job
from draftmill.jobs.wishes import INSTRUCTIONS_LIMIT
from draftmill.projects.details import TITLE_LIMIT
from tests.support.api_programs import TALK, program, token_for
from tests.support.house import House, draftmill
from tests.support.job_rows import brought

WHISPER = b'{"segments": [{"start": "soon", "text": "Hello there."}]}'
PLAYLIST = b"#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1/secret.ts\n"
SDP = b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nm=audio 5004 RTP/AVP 0\r\n"


@dataclass(frozen=True)
class Odd:
    """Something that is brought, and what is wished of it."""

    content: bytes = TALK.encode()
    name: str = "talk.txt"
    wishes: dict[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The field of a form that takes it."""
        return "transcript" if self.name.endswith((".txt", ".srt", ".json")) else "recording"


BROUGHT = {
    "a type that nobody knows": Odd(wishes={"types": "haiku"}),
    "a type with a mark of a page": Odd(wishes={"types": "<b>blog</b>"}),
    "a title without end": Odd(wishes={"title": "t" * (TITLE_LIMIT + 1)}),
    "a language that nobody speaks": Odd(wishes={"language": "klingon"}),
    "a transcript of nothing": Odd(b" \n\n", "empty.txt"),
    "a transcript that is a picture": Odd(b"\x89PNG\r\n\x1a\n" + bytes(64), "picture.txt"),
    "captions without captions": Odd(b"1\n2\n3\n", "none.srt"),
    "JSON of something else": Odd(WHISPER, "other.json"),
    "a recording of nothing": Odd(b"", "empty.mp4"),
    "a recording that is a text": Odd(TALK.encode(), "talk.mp4"),
    "a playlist under another name": Odd(PLAYLIST, "talk.mp3"),
    "a session under another name": Odd(SDP, "talk.wav"),
}
WISHED = {
    "a type that nobody knows": {"type": "haiku"},
    "no type at all": {"type": ""},
    "instructions without end": {"type": "blog", "instructions": "i" * (INSTRUCTIONS_LIMIT + 1)},
    "a language that nobody speaks": {"type": "ingest", "language": "klingon"},
}


@pytest.fixture(scope="module")
def api(house: House, owner: httpx2.Client) -> Iterator[httpx2.Client]:
    with program(house, token_for(house)) as client:
        yield client


def told_by_page(answer: httpx2.Response) -> str:
    assert answer.status_code in (413, 415, 422), answer.text
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def told_by_api(answer: httpx2.Response) -> tuple[str, str]:
    assert answer.status_code in (413, 415, 422), answer.text
    problem = answer.json()
    return problem["message"], problem["hint"]


def told_by_command_line(folder: Path, odd: Odd) -> str:
    file = folder / odd.name
    file.write_bytes(odd.content)
    options = [word for name, value in odd.wishes.items() for word in (f"--{name}", value)]
    out = folder / "drafts"
    ended = draftmill(folder / "data", "draft", str(file), *options, "--out", str(out), check=False)
    assert ended.returncode == 2, ended.stderr
    assert not out.exists()
    return ended.stderr.strip()


@pytest.mark.parametrize("odd", BROUGHT.values(), ids=BROUGHT)
def test_what_is_brought_is_refused_in_the_same_words_at_three_doors(
    house: House, owner: httpx2.Client, api: httpx2.Client, tmp_path: Path, odd: Odd
) -> None:
    before = house.rows("select id from projects")
    file = {odd.kind: (odd.name, odd.content)}
    message, hint = told_by_api(api.post("/projects", data=odd.wishes, files=file))
    page = told_by_page(owner.post("/projects", data=odd.wishes, files=file))
    assert " ".join(message.split()) in page
    assert " ".join(hint.split()) in page
    assert told_by_command_line(tmp_path, odd) == f"draftmill: {message} {hint}"
    assert house.rows("select id from projects") == before


@pytest.mark.parametrize("wishes", WISHED.values(), ids=WISHED)
def test_what_is_wished_of_a_job_is_refused_in_the_same_words_by_page_and_api(
    house: House, owner: httpx2.Client, api: httpx2.Client, wishes: dict[str, str]
) -> None:
    project = brought(owner, TALK)
    with closing(connect(house.data / "draftmill.db")) as db:
        before = newest_job(db, project, "blog")
        message, hint = told_by_api(api.post(f"/projects/{project}/jobs", json=wishes))
        page = told_by_page(owner.post(f"/projects/{project}/jobs", data=wishes))
        assert message in page
        assert hint in page
        assert newest_job(db, project, "blog") == before
