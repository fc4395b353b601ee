"""What is refused says why and what to do, and leaves no row and no file behind."""

from collections.abc import Callable

import httpx2
import pytest

from tests.support import media_files as files
from tests.support.house import House
from tests.support.sent_recordings import TITLE, nothing_kept, refused, without_end


def zipped() -> bytes:
    return b"PK\x03\x04" + bytes(range(256)) * 20


def picture() -> bytes:
    return files.made(
        "still.png", "-f", "lavfi", "-i", "testsrc=size=64x64", "-frames:v", "1"
    ).read_bytes()


def mute() -> bytes:
    return files.made("mute.mp4", *files.PICTURE, *files.H264).read_bytes()


REFUSED: dict[str, tuple[Callable[[], bytes], str, int, str, str]] = {
    "empty": (lambda: b"", "a.mp4", 422, "empty_file", "is empty"),
    "text": (lambda: b"Dear diary,\n" * 50, "a.mp4", 415, "not_media", "not an audio or video"),
    "zip": (zipped, "a.mp3", 415, "not_media", "not an audio or video"),
    "picture": (picture, "a.mp4", 415, "not_media", "not an audio or video"),
    "without its end": (without_end, "a.mp4", 422, "end_missing", "The end of the file is missing"),
    "without sound": (mute, "a.mp4", 422, "no_audio", "no audio track"),
    "encrypted": (
        lambda: files.encrypted().read_bytes(), "a.mp4", 422, "encrypted", "is encrypted",
    ),
    "playlist": (
        lambda: b"#EXTM3U\n#EXTINF:5,\n/etc/passwd\n", "a.mp4", 415, "playlist", "a playlist",
    ),
    "concat": (
        lambda: b"ffconcat version 1.0\nfile /etc/passwd\n", "a.mkv", 415, "playlist", "a playlist",
    ),
    "sdp": (
        lambda: b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 9 RTP/AVP 0\n",
        "a.wav", 415, "playlist", "a playlist",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_recording_is_refused(house: House, owner: httpx2.Client, kind: str) -> None:
    make, name, status, code, words = REFUSED[kind]
    message, hint = refused(house, owner, make(), name, status, code)
    assert words in message
    assert hint


def test_a_refused_form_shows_what_was_typed_again(house: House, owner: httpx2.Client) -> None:
    typed = {"title": TITLE, "context": "With <Ada>", "language": "en", "types": "linkedin"}
    with nothing_kept(house):
        page = owner.post("/projects", files={"recording": ("a.mp4", b"no")}, data=typed)
    assert page.status_code == 415
    assert "text/html" in page.headers["content-type"]
    assert "This is not an audio or video file" in page.text
    assert "Choose a recording such as" in page.text
    assert 'value="Typed &lt;before&gt; the refusal"' in page.text
    assert "With &lt;Ada&gt;" in page.text
    assert '<option value="en" selected>' in page.text
    assert 'value="linkedin" checked' in page.text
    assert 'value="blog" checked' not in page.text


def test_a_form_without_anything_is_refused(house: House, owner: httpx2.Client) -> None:
    with nothing_kept(house):
        answer = owner.post(
            "/projects",
            files={"recording": ("", b"")},
            data={"title": TITLE},
            headers={"Accept": "application/json"},
        )
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "nothing_brought"


def test_one_bad_file_of_several_refuses_the_form_and_is_named(
    house: House, owner: httpx2.Client
) -> None:
    good = files.tone("good.wav").read_bytes()
    with nothing_kept(house):
        answer = owner.post(
            "/projects",
            files=[("recording", ("good.wav", good)), ("recording", ("bad.wav", b"no sound"))],
            headers={"Accept": "application/json"},
        )
    assert answer.status_code == 415
    error = answer.json()["error"]
    assert error["code"] == "not_media"
    assert "bad.wav" in error["message"]


@pytest.mark.parametrize("language", ["xx", "<b>", "English"])
def test_a_language_that_is_none_is_refused(
    house: House, owner: httpx2.Client, language: str
) -> None:
    with nothing_kept(house):
        answer = owner.post(
            "/projects",
            data={"transcript_text": "Hello there.", "language": language},
            files={"recording": ("", b"")},
            headers={"Accept": "application/json"},
        )
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "unknown_language"
