"""What is refused says why and what to do, and leaves no row and no file behind."""

import contextlib
import html
import resource
import socket
import sqlite3
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import numpy as np
import pytest

from tests.support import media_files as files
from tests.support.house import QUICK, House, opened, project_id, until
from tests.support.places import SOUNDS

TITLE = "Typed <before> the refusal"
BOUNDARY = "boundary-of-a-test"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A Draftmill that would take any size, so that only the disk is in the way."""
    folder = tmp_path_factory.mktemp("house")
    with opened(folder / "data", **QUICK, DRAFTMILL_MAX_UPLOAD="1000000T") as running:
        yield running


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A Draftmill that takes little: 600 kB, and 3.6 seconds of sound."""
    limits = {"DRAFTMILL_MAX_UPLOAD": "600K", "DRAFTMILL_MAX_HOURS": "0.001"}
    folder = tmp_path_factory.mktemp("strict")
    with opened(folder / "data", **QUICK, **limits) as running:
        yield running


@pytest.fixture(scope="module")
def guest(strict: House) -> Iterator[httpx2.Client]:
    """The owner of the strict Draftmill."""
    with contextlib.closing(strict.make_owner()) as client:
        yield client


def kept(house: House) -> tuple[list[str], list[Path]]:
    """Every project's and job's id, and every file of a recording or an upload."""
    rows = house.rows("select id from projects union all select id from jobs order by 1")
    stored = [
        path
        for folder in ("media", "uploads")
        for path in (house.data / folder).rglob("*")
        if path.is_file()
    ]
    return [row["id"] for row in rows], sorted(stored)


@contextlib.contextmanager
def nothing_kept(house: House) -> Iterator[None]:
    before = kept(house)
    yield
    assert kept(house) == before


def send(client: httpx2.Client, content: bytes, name: str, accept: str) -> httpx2.Response:
    return client.post(
        "/projects",
        files={"recording": (name, content)},
        data={"title": TITLE, "types": "blog"},
        headers={"Accept": accept},
    )


def refused(
    house: House, client: httpx2.Client, content: bytes, name: str, status: int, code: str
) -> tuple[str, str]:
    """Send a recording that must be refused, as a program does; message and hint."""
    with nothing_kept(house):
        answer = send(client, content, name, "application/json")
    assert answer.status_code == status
    error = answer.json()["error"]
    assert error["code"] == code
    return error["message"], error["hint"]


def zipped() -> bytes:
    return b"PK\x03\x04" + bytes(range(256)) * 20


def picture() -> bytes:
    return files.made(
        "still.png", "-f", "lavfi", "-i", "testsrc=size=64x64", "-frames:v", "1"
    ).read_bytes()


def without_end() -> bytes:
    return files.cut("endless.mp4", files.video(), 0.6).read_bytes()


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


def test_what_is_too_large_is_refused(strict: House, guest: httpx2.Client) -> None:
    content = files.noise().read_bytes()[:700_000]
    message, hint = refused(strict, guest, content, "a.wav", 413, "too_large")
    assert "larger than 600 kB" in message
    assert "Cut it into parts" in hint
    page = send(guest, content, "a.wav", "text/html")
    assert page.status_code == 413
    assert message in page.text
    assert hint in page.text


@pytest.mark.parametrize("length", [700_000, 13_000_000])
def test_what_was_typed_behind_a_refused_file_stays_in_the_form(
    strict: House, guest: httpx2.Client, length: int
) -> None:
    parts = [
        ("recording", ("a.wav", bytes(length))),
        ("title", (None, "Typed by hand")),
        ("types", (None, "twitter")),
        ("context", (None, "A meetup")),
    ]
    with nothing_kept(strict):
        page = guest.post("/projects", files=parts, headers={"Accept": "text/html"})
    assert page.status_code == 413
    assert 'name="title" value="Typed by hand"' in page.text
    assert ">A meetup</textarea>" in page.text
    assert 'value="twitter" checked' in page.text
    assert 'value="blog" checked' not in page.text


def test_what_is_too_large_by_its_length_is_told_before_it_is_sent(
    strict: House, guest: httpx2.Client
) -> None:
    with nothing_kept(strict):
        answer = announced(strict, guest, 10**9)
    assert answer.startswith("HTTP/1.1 413")


def test_what_is_too_long_is_refused(strict: House, guest: httpx2.Client) -> None:
    content = files.tone("six.mp3").read_bytes()
    message, hint = refused(strict, guest, content, "a.mp3", 422, "too_long")
    assert "accepts 0.001 hours" in message
    assert "DRAFTMILL_MAX_HOURS" in hint


def test_what_the_disk_cannot_hold_is_told_before_it_is_sent(
    house: House, owner: httpx2.Client
) -> None:
    with nothing_kept(house):
        answer = announced(house, owner, 10**17)
    assert answer.startswith("HTTP/1.1 507")
    assert "not enough free disk space" in answer


def test_a_disk_that_fills_up_on_the_way_is_told(strict: House, guest: httpx2.Client) -> None:
    assert strict.process
    before = resource.prlimit(strict.process.pid, resource.RLIMIT_FSIZE)
    # To a process that may write no larger file the disk looks full.
    resource.prlimit(strict.process.pid, resource.RLIMIT_FSIZE, (300_000, before[1]))
    try:
        content = files.noise().read_bytes()[:500_000]
        message, hint = refused(strict, guest, content, "a.wav", 507, "disk_full")
    finally:
        resource.prlimit(strict.process.pid, resource.RLIMIT_FSIZE, before)
    assert "not enough free disk space" in message
    assert "Delete projects" in hint


def head_of(house: House, client: httpx2.Client, length: int, *more: str) -> bytes:
    address = urlsplit(house.url)
    lines = [
        "POST /projects HTTP/1.1",
        f"Host: {address.netloc}",
        f"Origin: {house.url}",
        "Cookie: " + "; ".join(f"{c.name}={c.value}" for c in client.cookies.jar),
        "Accept: application/json",
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}",
        f"Content-Length: {length}",
        *more,
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def connect(house: House) -> socket.socket:
    address = urlsplit(house.url)
    return socket.create_connection((str(address.hostname), address.port or 80), 30)


def announced(house: House, client: httpx2.Client, length: int) -> str:
    """The answer to a form of this length, of which nothing but the head is sent."""
    with connect(house) as line:
        line.sendall(head_of(house, client, length, "Expect: 100-continue", "Connection: close"))
        pieces = []
        while piece := line.recv(65536):
            pieces.append(piece)
    return b"".join(pieces).decode()


def part(name: str | bytes, content: bytes, field: str = "recording") -> bytes:
    raw = name if isinstance(name, bytes) else name.encode()
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="'.encode()
    return head + raw + b'"\r\n\r\n' + content + b"\r\n"


def test_an_upload_that_breaks_off_leaves_nothing(house: House, owner: httpx2.Client) -> None:
    uploads = house.data / "uploads"
    with nothing_kept(house):
        with connect(house) as line:
            line.sendall(head_of(house, owner, 10**8) + part("a.wav", files.noise().read_bytes()))
            line.sendall(bytes(2 << 20))
            until(lambda: list(uploads.glob("*.part")), why="the upload to begin")
        until(lambda: not list(uploads.glob("*.part")), why="the upload to be given up")


def test_a_form_without_its_last_boundary_is_refused(house: House, owner: httpx2.Client) -> None:
    with nothing_kept(house):
        answer = owner.post(
            "/projects",
            content=part("a.wav", files.tone("whole.wav").read_bytes()),
            headers={
                "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
                "Accept": "application/json",
            },
        )
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "cut_upload"


def test_a_body_that_is_no_form_is_refused(house: House, owner: httpx2.Client) -> None:
    with nothing_kept(house):
        answer = owner.post("/projects", json={"recording": "x"})
    assert answer.status_code == 400
    assert "not a form with a file" in answer.text


# Names of files are shown, never used

NAMES: dict[str, tuple[bytes, str]] = {
    "not utf-8": (b"caf\xe9.wav", "café.wav"),
    "255 bytes": (b"n" * 251 + b".wav", "n" * 251 + ".wav"),
    "255 bytes of two each": ("é".encode() * 125 + b".wav", "é" * 125 + ".wav"),
    "right to left": ("\u202eפגישה\u202c.wav".encode(), "פגישה.wav"),
    "a line end": (b"two%0D%0Alines.wav", "two lines.wav"),
    "a way up": (b"../../../draftmill.db.wav", "draftmill.db.wav"),
    "a way in": (b"/etc/cron.d/x.wav", "x.wav"),
    "a way in Windows": (rb"C:\Windows\x.wav", "x.wav"),
    "markup": (b"<script>alert(1)</script>.wav", "script>.wav"),
    "a NUL": (b"a\0b.wav", "a b.wav"),
    "a template": (b"{{ 7*7 }}.wav", "{{ 7*7 }}.wav"),
}
AS_RECORDINGS = {"not utf-8", "255 bytes", "a line end", "a way up"}


@pytest.mark.parametrize("kind", NAMES)
def test_any_file_name_is_shown_and_is_no_path(
    house: House, owner: httpx2.Client, kind: str
) -> None:
    raw, shown = NAMES[kind]
    recording = kind in AS_RECORDINGS
    content = files.tone("named.wav").read_bytes() if recording else kind.encode()
    field = "recording" if recording else "transcript"
    body = part(raw, content, field) + f"--{BOUNDARY}--\r\n".encode()
    answer = owner.post(
        "/projects",
        content=body,
        headers={"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"},
    )
    assert answer.status_code == 303, answer.text
    project = project_id(answer)
    row = house.one("select file, file_name, title from projects where id = ?", project)
    file = "recording.wav" if recording else None
    assert row and (row["file"], row["file_name"]) == (file, shown)
    stored = [path.name for path in (house.data / "media" / project).glob("*.*")]
    assert stored == [file] * recording
    page = owner.get(f"/projects/{project}").text
    assert f"<bdi>{html.escape(shown)}</bdi>" in page.replace("&#34;", "&quot;")
    assert owner.post(f"/projects/{project}/delete").status_code == 303


# What is accepted, and fails or warns later


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


def newest(house: House, project: str, task_type: str = "ingest") -> sqlite3.Row:
    row = house.one(
        "select * from jobs where project_id = ? and type = ? order by n desc", project, task_type
    )
    assert row
    return row


def test_a_recording_without_speech_fails_saying_so(house: House, owner: httpx2.Client) -> None:
    project = brought(owner, written("quiet.wav", 8, 0.01), "quiet.wav")
    job = house.ended(newest(house, project)["id"])
    assert (job["status"], job["error_code"]) == ("failed", "no_speech")
    page = owner.get(f"/projects/{project}").text
    assert "No speech was found in this recording." in page
    assert "Retry" in page
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
