"""A transcript instead of a recording, the sample, several recordings at once."""

import json
import re
from pathlib import Path

import httpx2
import pytest

from tests.support import media_files as files
from tests.support.house import House, project_id

SPOKEN = [
    "Every pull request should be small enough to read in ten minutes.",
    "A reviewer who reads four hundred lines finds fewer bugs than one who reads forty.",
    "Our team measured this for six months across eleven services.",
    "Small changes reached production within a day and were rolled back half as often.",
    "Large changes waited for a week and nobody wanted to own them.",
    "So we agreed on a limit of two hundred lines for each change.",
    "The limit is a habit and the build server only reminds us of it.",
    "Feature flags let unfinished work reach the main branch without anybody noticing.",
    "Database migrations go first and the code that needs them follows a day later.",
    "A written description saves the reviewer twenty minutes of guessing.",
    "Pairing replaces the review when two people wrote the change together.",
    "Security reviews stay separate because they ask a different question.",
]
TYPES = ["blog", "newsletter", "twitter", "linkedin"]


def clock(seconds: float, point: str = ".") -> str:
    return f"00:{int(seconds // 60):02d}:{seconds % 60:06.3f}".replace(".", point)


def as_srt() -> str:
    return "\n".join(
        f"{n}\n{clock(7 * n, ',')} --> {clock(7 * n + 6, ',')}\n{text}\n"
        for n, text in enumerate(SPOKEN, 1)
    )


def as_vtt() -> str:
    cues = (f"{clock(7 * n)} --> {clock(7 * n + 6)}\n{text}\n" for n, text in enumerate(SPOKEN, 1))
    return "WEBVTT\n\n" + "\n".join(cues)


def as_json() -> str:
    segments = [
        {"start": 7.0 * n, "end": 7.0 * n + 6, "text": text} for n, text in enumerate(SPOKEN, 1)
    ]
    return json.dumps({"text": " ".join(SPOKEN), "language": "en", "segments": segments})


def as_txt() -> str:
    return "\n".join(f"[{clock(7 * n)[:8]}] {text}" for n, text in enumerate(SPOKEN, 1))


FORMS = {"talk.srt": as_srt, "talk.vtt": as_vtt, "talk.json": as_json, "talk.txt": as_txt}


def bring(
    client: httpx2.Client, name: str = "", content: str = "", pasted: str = "", **fields: object
) -> str:
    answer = client.post(
        "/projects",
        files=[("recording", ("", b"")), ("transcript", (name, content.encode()))],
        data={"transcript_text": pasted} | fields,
    )
    assert answer.status_code == 303, answer.text
    return project_id(answer)


def all_ended(house: House, project: str) -> dict[str, str]:
    """How every job of a project ended."""
    rows = house.rows("select id, type from jobs where project_id = ?", project)
    ended = {row["type"]: house.ended(row["id"]) for row in rows}
    assert all(row["error_message"] is None for row in ended.values()), [
        row["error_message"] for row in ended.values()
    ]
    return {name: row["status"] for name, row in ended.items()}


def body(house: House, project: str, task_type: str) -> str:
    row = house.one(
        "select body from draft_versions where project_id = ? and type = ?", project, task_type
    )
    assert row
    return str(row["body"])


@pytest.mark.parametrize("name", FORMS)
def test_a_brought_transcript_keeps_its_times(
    house: House, owner: httpx2.Client, name: str
) -> None:
    project = bring(owner, name, FORMS[name]())
    row = house.one("select * from projects where id = ?", project)
    assert row and (row["source"], row["file"], row["file_name"]) == ("transcript", None, name)
    starts = house.rows(
        "select start_s from segments where transcript_id = ? order by n", row["transcript_id"]
    )
    assert starts[0][0] == pytest.approx(7.0, abs=0.1)
    assert starts[-1][0] == pytest.approx(84.0, abs=7.5)
    page = owner.get(f"/projects/{project}").text
    assert "ten minutes" in page
    assert 'class="at"' in page
    assert "transcript.srt" in page
    owner.post(f"/projects/{project}/delete")


def test_a_brought_transcript_becomes_a_draft_with_its_times(
    house: House, owner: httpx2.Client
) -> None:
    project = bring(owner, "reviews.vtt", as_vtt(), types=["blog"])
    assert all_ended(house, project) == {"ingest": "succeeded", "blog": "succeeded"}
    assert re.search(r"\(time:\d+\)", body(house, project, "blog"))


def test_a_pasted_text_becomes_all_drafts_and_no_time_is_made_up(
    house: House, owner: httpx2.Client
) -> None:
    project = bring(owner, pasted=" ".join(SPOKEN), title="Small reviews", types=TYPES)
    assert set(all_ended(house, project)) == {"ingest", *TYPES}
    row = house.one("select * from projects where id = ?", project)
    assert row and (row["title"], row["duration_s"]) == ("Small reviews", None)
    for task_type in TYPES:
        text = body(house, project, task_type)
        assert text.strip()
        assert "time:" not in text
        assert not re.search(r"\b\d{1,2}:\d\d\b", text)
    page = owner.get(f"/projects/{project}").text
    assert "data-seek" not in page
    assert 'class="at"' not in page
    assert "transcript.srt" not in page
    assert "transcript.txt" in page


def test_captions_of_estimated_times_are_not_given_away(house: House, owner: httpx2.Client) -> None:
    project = bring(owner, pasted="Nobody knows when this was said. It is a text.")
    text = owner.get(f"/projects/{project}/transcript.txt").text
    assert text.strip() == "Nobody knows when this was said. It is a text."
    for ending in ("srt", "vtt"):
        answer = owner.get(f"/projects/{project}/transcript.{ending}")
        assert answer.status_code == 404
        assert "no times" in answer.text


def test_a_transcript_without_wanted_types_starts_no_draft(
    house: House, owner: httpx2.Client
) -> None:
    project = bring(owner, pasted="A single thought, written down and nothing more.")
    assert all_ended(house, project) == {"ingest": "succeeded"}


def test_an_unknown_type_is_refused_with_the_form_as_it_was_typed(
    house: House, owner: httpx2.Client
) -> None:
    before = house.rows("select id from projects")
    typed = "Another thought, written down."
    form = {"transcript_text": (None, typed), "types": (None, "sonnet")}
    answer = owner.post("/projects", files=form)
    assert answer.status_code == 422
    assert "There is no kind of draft called “sonnet”." in answer.text
    assert typed in answer.text
    assert house.rows("select id from projects") == before


def test_types_are_started_once_each_in_their_own_order(house: House, owner: httpx2.Client) -> None:
    types = ["twitter", "blog", "twitter"]
    project = bring(owner, pasted="Another thought, written down.", types=types)
    rows = house.rows("select type from jobs where project_id = ? order by n", project)
    assert [row["type"] for row in rows] == ["ingest", "blog", "twitter"]


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        (b" \n ", 422, "no text"),
        (b"%PDF-1.7 x", 422, "a PDF document"),
        (b"OggS" + bytes(100), 422, "a recording, not a transcript"),
        (b"<!doctype html><p>x", 422, "a web page"),
    ],
)
def test_what_is_no_transcript_is_refused_and_leaves_nothing(
    house: House, owner: httpx2.Client, content: bytes, status: int, words: str
) -> None:
    before = house.rows("select id from projects")
    answer = owner.post(
        "/projects",
        files={"transcript": ("talk.txt", content)},
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == status
    assert words in answer.json()["error"]["message"]
    assert answer.json()["error"]["hint"]
    assert house.rows("select id from projects") == before
    assert not list((house.data / "uploads").iterdir())


def test_a_refused_transcript_is_shown_again_to_be_put_right(owner: httpx2.Client) -> None:
    text = "WEBVTT\n\nno cue & <none>"
    answer = owner.post(
        "/projects", files={"recording": ("", b"")}, data={"transcript_text": text, "title": "T"}
    )
    assert answer.status_code == 422
    assert "no cue &amp; &lt;none&gt;" in answer.text
    assert 'value="T"' in answer.text


def test_the_same_text_again_leads_to_its_project(house: House, owner: httpx2.Client) -> None:
    text = "The same words are brought twice, and once is enough."
    project = bring(owner, pasted=text)
    answer = owner.post("/projects", files={"recording": ("", b"")}, data={"transcript_text": text})
    assert answer.headers["location"] == f"/projects/{project}?note=known"


def test_the_sample_becomes_a_project_with_all_drafts_to_be(
    house: House, owner: httpx2.Client
) -> None:
    answer = owner.post("/projects/sample")
    assert answer.status_code == 303
    project = project_id(answer)
    row = house.one("select * from projects where id = ?", project)
    assert row and (row["source"], row["file_name"]) == ("media", "sample.mp4")
    assert (house.data / "media" / project / "recording.mp4").stat().st_size == row["bytes"]
    jobs = house.rows("select * from jobs where project_id = ? order by n", project)
    assert [job["type"] for job in jobs] == ["ingest", *TYPES]
    assert {job["after_job_id"] for job in jobs[1:]} == {jobs[0]["id"]}
    again = owner.post("/projects/sample")
    assert again.headers["location"] == f"/projects/{project}?note=known"
    assert not list((house.data / "uploads").iterdir())
    owner.post(f"/projects/{project}/delete")


def test_several_recordings_become_several_projects(house: House, owner: httpx2.Client) -> None:
    known = {row["id"] for row in house.rows("select id from projects")}
    names = ["one.wav", "two.mp3", "three.flac"]
    sounds: list[Path] = [files.tone(name) for name in names]
    answer = owner.post(
        "/projects",
        files=[("recording", (path.name, path.read_bytes())) for path in sounds],
        data={"context": "A day in May", "title": "Offsite"},
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    rows = house.rows("select * from projects order by n")
    made = [row for row in rows if row["id"] not in known]
    assert [row["file_name"] for row in made] == names
    assert {row["context"] for row in made} == {"A day in May"}
    assert [row["title"] for row in made] == ["Offsite (1)", "Offsite (2)", "Offsite (3)"]
    assert [row["file"] for row in made] == ["recording.wav", "recording.mp3", "recording.flac"]
    for row in made:
        assert (house.data / "media" / row["id"] / row["file"]).is_file()
        owner.post(f"/projects/{row['id']}/delete")


def test_a_recording_and_a_text_are_refused_and_the_text_stays(
    house: House, owner: httpx2.Client
) -> None:
    known = len(house.rows("select id from projects"))
    path = files.tone("alone.wav")
    both = {"recording": "a file and a text", "transcript": "more than one of a recording"}
    for name, problem in both.items():
        answer = owner.post(
            "/projects",
            files={name: (path.name, path.read_bytes())},
            data={"transcript_text": "Typed for an hour."},
        )
        assert answer.status_code == 422
        assert problem in answer.text
        assert "Typed for an hour.</textarea>" in answer.text
    assert len(house.rows("select id from projects")) == known


def test_a_program_is_told_the_address_of_what_it_brought(owner: httpx2.Client) -> None:
    answer = owner.post(
        "/projects",
        files={"transcript": ("t.txt", b"Told to a program, in one sentence.")},
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 200
    assert re.fullmatch(r"/projects/[0-9a-f-]{36}", answer.json()["url"])
