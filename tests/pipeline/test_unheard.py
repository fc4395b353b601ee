"""A recording that is accepted, and in which something was not heard: what its job says of it."""

import wave

import httpx2
import numpy as np

from tests.support import media_files as files
from tests.support.house import House, project_id
from tests.support.places import SOUNDS
from tests.support.projects import newest


def written(name: str, seconds: float, loudness: float) -> bytes:
    path = files.folder() / name
    samples = np.random.default_rng(3).normal(0, loudness, int(seconds * files.RATE))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(files.RATE)
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return path.read_bytes()


def brought(client: httpx2.Client, content: bytes, name: str) -> str:
    answer = client.post(
        "/projects", files={"recording": (name, content)}, data={"types": "linkedin"}
    )
    assert answer.status_code == 303, answer.text
    return project_id(answer)


def test_a_recording_without_speech_fails_saying_so(house: House, owner: httpx2.Client) -> None:
    project = brought(owner, written("quiet.wav", 8, 0.01), "quiet.wav")
    job = house.ended(newest(house, project)["id"])
    assert (job["status"], job["error_code"]) == ("failed", "no_speech")
    page = owner.get(f"/projects/{project}").text
    assert "No speech was found in this recording." in page
    assert "Retry" not in page  # another file can help, not another try
    draft = newest(house, project, "linkedin")
    assert (draft["status"], draft["error_code"]) == ("cancelled", "ingest_ended")
    # The same file again is another try.
    assert brought(owner, written("quiet.wav", 8, 0.01), "quiet.wav") == project
    again = newest(house, project)
    assert again["id"] != job["id"]
    owner.post(f"/jobs/{again['id']}/cancel")


def test_a_recording_that_ends_early_is_transcribed_with_a_warning(
    house: House, owner: httpx2.Client
) -> None:
    padded = ("-af", "apad=whole_dur=28", "-ar", "16000", "-ac", "1")
    whole = files.made("talk.wav", "-i", str(SOUNDS / "english.opus"), *padded)
    project = brought(owner, files.cut("cut.wav", whole, 0.5).read_bytes(), "cut.wav")
    job = house.ended(newest(house, project)["id"])
    assert job["status"] == "succeeded", job["error_message"]
    assert "The recording ends early, at 0:1" in job["warnings"]
    assert "The recording ends early, at 0:1" in owner.get(f"/projects/{project}").text


def test_a_recording_in_another_language_fails_saying_so(
    house: House, owner: httpx2.Client
) -> None:
    project = brought(owner, (SOUNDS / "german.opus").read_bytes(), "rede.opus")
    job = house.ended(newest(house, project)["id"])
    assert (job["status"], job["error_code"]) == ("failed", "not_english")
    assert not house.one("select 1 from draft_versions where project_id = ?", project)
    page = owner.get(f"/projects/{project}").text
    assert "does not sound like English" in page
    assert "Transcribe it anyway" in page


def test_what_does_not_sound_english_is_transcribed_anyway_when_asked(
    house: House, owner: httpx2.Client
) -> None:
    answer = owner.post(
        "/projects",
        files={"recording": ("talk.opus", (SOUNDS / "english.opus").read_bytes())},
        data={"language": "fr", "types": "linkedin"},
    )
    project = project_id(answer)
    job = house.ended(newest(house, project)["id"])
    assert (job["status"], job["error_code"]) == ("failed", "not_english")
    assert '<option value="fr" selected>' in owner.get(f"/projects/{project}").text
    wish = {"type": "ingest", "any_language": "1", "after_last": job["id"]}
    assert owner.post(f"/projects/{project}/jobs", data=wish).status_code == 303
    again = newest(house, project)
    assert again["id"] != job["id"]
    assert again["parameters"] == '{"any_language": true}'
    ended = house.ended(again["id"])
    assert ended["status"] == "succeeded", ended["error_message"]
    row = house.one("select transcript_id from projects where id = ?", project)
    assert row and row["transcript_id"]
    # The draft that was asked for on the form is taken up again.
    assert newest(house, project, "linkedin")["n"] > again["n"]


def test_a_language_chosen_by_mistake_can_be_taken_back(house: House, owner: httpx2.Client) -> None:
    answer = owner.post(
        "/projects",
        files={"recording": ("talk.ogg", (SOUNDS / "english.opus").read_bytes() + b"\0")},
        data={"language": "it"},
    )
    project = project_id(answer)
    job = house.ended(newest(house, project)["id"])
    assert (job["status"], job["error_code"]) == ("failed", "not_english")
    wish = {"type": "ingest", "language": "", "after_last": job["id"]}
    assert owner.post(f"/projects/{project}/jobs", data=wish).status_code == 303
    again = newest(house, project)
    assert again["parameters"] == '{"language": ""}'
    ended = house.ended(again["id"])
    assert ended["status"] == "succeeded", ended["error_message"]
