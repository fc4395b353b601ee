"""Files and transcript of a project: given out, corrected, and transcribed again."""

import re

import httpx2

from tests.support.house import House
from tests.support.projects import done, newest, row_of, start, talk_file

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
    assert f"/projects/{talk}?note=corrected&places=1" in answer.headers["location"]
    assert "Corrected in one place." in owner.get(answer.headers["location"]).text
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


def told_in(markdown: str) -> str:
    """A draft without the addresses of its pictures, which are others each time."""
    return re.sub(r"/results/[\w.-]+", "/results/…", markdown)


def test_transcribed_again_the_old_transcript_serves_until_the_new_one_is_complete(
    house: House, owner: httpx2.Client, talk: str
) -> None:
    owner.post(f"/projects/{talk}/corrections", data={"heard": "spring", "meant": "Frühling"})
    before = row_of(house, talk)["transcript_id"]
    draft = told_in(owner.get(f"/projects/{talk}/drafts/blog.md").text)
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
    assert told_in(owner.get(f"/projects/{talk}/drafts/blog.md").text) == draft
    assert "Written from an earlier transcript" in owner.get(f"/projects/{talk}/drafts/blog").text
