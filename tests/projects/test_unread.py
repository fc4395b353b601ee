"""What could not be read of a brought transcript is said, on the page, in the log and by the API."""

import re
from pathlib import Path

import httpx2

from draftmill.transcripts import formats
from tests.support.api_programs import of_type, program, token_for
from tests.support.house import House
from tests.support.places import ROOT
from tests.support.projects import done, pasted

CUE = "{}\n{} --> 00:00:{:02d},500\nThis is sentence number {}.\n\n"
SENTENCE = "2 blocks could not be read: lines 6 and 14."


def test_unread_blocks_are_told_wherever_one_looks(house: House, owner: httpx2.Client) -> None:
    starts = ["00:00:01,000", "00:0x:02,000", "00:00:03,000", "00:00:0?,000", "00:00:05,000"]
    captions = "".join(CUE.format(n, at, n, n) for n, at in enumerate(starts, 1))
    project = pasted(owner, captions)
    ingest = done(house, project, "ingest")
    assert SENTENCE in owner.get(f"/projects/{project}").text
    assert SENTENCE in owner.get(f"/jobs/{ingest['id']}").text
    with program(house, token_for(house)) as client:
        told = of_type(client.get(f"/projects/{project}").json(), "ingest")
        assert told["warnings"] == [SENTENCE]
        logged = client.get(f"/jobs/{ingest['id']}/logs").json()["items"]
    assert ("warning", SENTENCE) in [(line["level"], line["message"]) for line in logged]
    text = owner.get(f"/projects/{project}/transcript.txt").text
    assert re.findall(r"number (\d)", text) == ["1", "3", "5"]


def test_a_whole_transcript_is_not_spoken_of(house: House, owner: httpx2.Client) -> None:
    project = pasted(owner, CUE.format(1, "00:00:01,000", 2, 1))
    done(house, project, "ingest")
    assert "could not be read" not in owner.get(f"/projects/{project}").text


def test_the_form_and_the_manual_name_every_kind_of_file(owner: httpx2.Client) -> None:
    form = re.search(r'name="transcript" accept="([^"]+)"', owner.get("/").text)
    assert form
    manual = Path(ROOT / "docs" / "transcripts.md").read_text(encoding="utf-8")
    for suffix in formats.SUFFIXES:
        assert suffix in form[1].split(",")
        assert f"`{suffix}`" in manual
