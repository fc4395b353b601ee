"""What recordings can do to us: each is refused at once, or its job ends in a clear state."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import numpy as np
import pytest

from tests.support import media_files as files
from tests.support.faults_table import Ledger
from tests.support.house import QUICK, House, opened, project_id, until
from tests.support.places import SOUNDS
from tests.support.projects import delete_for_good
from tests.support.server_faults import child_of, count, newest, resting, well

HOUR_S = 3600
SAID = "database"
TALK = SOUNDS / "english.opus"
WHOLE_S = 20.0
BOUNDARY = "boundary-of-a-test"
SLIDES = ("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=10:duration=20")
PADDED = ("-af", "apad=whole_dur=20", "-ar", "16000", "-ac", "1")


def talk(name: str, *more: str) -> Path:
    """Eleven seconds of speech and nine of silence."""
    return files.made(name, "-i", str(TALK), *PADDED, *more)


def film(name: str, *more: str) -> Path:
    """The talk with twenty seconds of a moving picture."""
    codecs = (*files.H264, "-c:a", "aac", "-g", "10")
    return files.made(name, "-i", str(TALK), *SLIDES, *PADDED, *codecs, *more)


def two_tracks() -> Path:
    """The first track is noise, the talk is the second."""
    noise = ("-f", "lavfi", "-i", "anoisesrc=duration=20:amplitude=0.2")
    tracks = ("-map", "0:a", "-map", "1:a", "-ar", "16000", "-ac", "1", "-c:a", "aac")
    return files.made("tracks.mp4", *noise, "-i", str(TALK), *tracks)


def varying() -> Path:
    """Ten pictures a second at first, then one every three seconds."""
    thinned = "select='lt(t,5)+not(mod(n,30))'"
    return film("varying.mp4", "-vf", thinned, "-fps_mode", "vfr")


def rotated() -> Path:
    return files.copied("turned.mp4", film("film.mp4"), "-metadata:s:v", "rotate=90")


def lying(name: str, claimed_s: float, source: Path) -> Path:
    """A Matroska file whose header states another duration."""
    content = bytearray(source.read_bytes())
    at = content.index(b"\x44\x89\x88") + 3
    content[at : at + 8] = np.array([claimed_s * 1000], ">f8").tobytes()
    return files.written(name, bytes(content))


def lying_mp4(name: str, claimed_s: float) -> Path:
    """An MP4 file whose film header states another duration, in milliseconds."""
    content = bytearray(talk("honest.mp4", "-c:a", "aac", "-movflags", "+faststart").read_bytes())
    at = content.index(b"mvhd") + 4
    assert content[at] == 0  # its short form: flags, two dates, then scale and duration
    content[at + 16 : at + 20] = int(claimed_s * 1000).to_bytes(4, "big")
    return files.written(name, bytes(content))


def cut_film() -> Path:
    return files.cut("cut.mp4", film("fast.mp4", "-movflags", "+faststart"), 0.6)


def holed() -> Path:
    return files.holed("holed.mkv", film("whole.mkv"), 0.75, 0.8)


@dataclass(frozen=True)
class Odd:
    """A recording that is taken: its length in seconds, and words of its warning or error."""

    make: Callable[[], Path]
    length_s: float = WHOLE_S
    warns: str = ""
    name: bytes = b""
    shown: str = ""
    size: tuple[int, int] | None = None
    shots: bool = field(default=False)


LATIN = b"caf\xe9 \xff.mkv"
ODD = {
    "two sound tracks": Odd(two_tracks),
    "a variable frame rate": Odd(varying, size=(320, 180), shots=True),
    "turned upright": Odd(rotated, size=(180, 320), shots=True),
    "a header of two hours": Odd(
        lambda: lying("hours.mkv", 7200, talk("h.mkv", "-c:a", "libopus")),
        warns="The recording ends early, at 0:20",
        name=LATIN,
        shown="café ÿ.mkv",
    ),
    "a header of one second": Odd(
        lambda: lying("second.mkv", 1, talk("s.mkv", "-c:a", "libopus", "-metadata", "title=s")),
        name=b"n" * 251 + b".mkv",
        shown="n" * 251 + ".mkv",
    ),
    "an MP4 header of two hours": Odd(lambda: lying_mp4("hours.mp4", 7200)),
    "an MP4 header of one second": Odd(lambda: lying_mp4("second.mp4", 1)),
    "a film that was cut": Odd(cut_film, warns="The recording ends early, at 0:1", shots=True),
    "a film with a hole": Odd(holed, shots=True),
}
LEFT_TO_FULL = {
    "an MP4 header of two hours", "an MP4 header of one second", "a film with a hole",
    "a variable frame rate",
}  # fmt: skip


def mute() -> Path:
    return files.made("mute.mp4", *files.PICTURE, *files.H264)


REFUSED: dict[str, tuple[Callable[[], bytes], int, str]] = {
    "0 bytes": (lambda: b"", 422, "empty_file"),
    "no sound": (lambda: mute().read_bytes(), 422, "no_audio"),
    "cut before its end": (
        lambda: files.cut("no-end.mp4", files.video(), 0.6).read_bytes(), 422, "end_missing",
    ),
}  # fmt: skip


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    full = metafunc.config.getoption("--full")
    if "odd" in metafunc.fixturenames:
        metafunc.parametrize("odd", [name for name in ODD if full or name not in LEFT_TO_FULL])


@pytest.fixture(scope="module")
def hours(full: bool) -> float:
    """The longest silence of this run."""
    return 10.0 if full else 0.5


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, hours: float) -> Iterator[House]:
    """A house that takes two recordings at a time, none longer than our silence."""
    limits = {
        "DRAFTMILL_MAX_HOURS": str(hours),
        "DRAFTMILL_MEDIA_WORKERS": "2",
        "DRAFTMILL_WHISPER_THREADS": "1",
    }
    with opened(tmp_path_factory.mktemp("media") / "data", **QUICK, **limits) as running:
        yield running


@pytest.fixture(autouse=True)
def checked(house: House) -> Iterator[None]:
    """After every fault the same check."""
    yield
    well(house)


def brought(client: httpx2.Client, path: Path, name: bytes) -> str:
    """Upload a recording under any bytes as its name; the project's id."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="recording"; filename="'.encode()
    body = head + name + b'"\r\n\r\n' + path.read_bytes() + f"\r\n--{BOUNDARY}--\r\n".encode()
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    return project_id(client.post("/projects", content=body, headers={"Content-Type": kind}))


@pytest.fixture(scope="module")
def projects(house: House, owner: httpx2.Client, full: bool) -> dict[str, str]:
    """Every odd recording at once; the projects' ids by its name."""
    taken = [name for name in ODD if full or name not in LEFT_TO_FULL]
    made = {name: ODD[name].make() for name in taken}
    return {n: brought(owner, path, ODD[n].name or path.name.encode()) for n, path in made.items()}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_heard_is_refused_and_nothing_is_left(
    house: House, owner: httpx2.Client, kind: str, ledger: Ledger
) -> None:
    make, status, code = REFUSED[kind]
    refused(house, owner, make(), status, code)
    count(ledger, "A recording that cannot be heard: refused, nothing left")


def refused(house: House, client: httpx2.Client, content: bytes, status: int, code: str) -> None:
    before = house.rows("select id from projects")
    answer = client.post(
        "/projects",
        files={"recording": ("a.mp4", content)},
        headers={"Accept": "application/json"},
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), answer.text
    assert house.rows("select id from projects") == before
    assert not [p for p in (house.data / "uploads").rglob("*") if p.is_file()]


def test_what_is_odd_is_heard_to_its_end(
    house: House, owner: httpx2.Client, projects: dict[str, str], odd: str, ledger: Ledger
) -> None:
    expected, project = ODD[odd], projects[odd]
    job = house.ended(newest(house, project, "ingest"))
    assert job["status"] == "succeeded", job["error_message"]
    row = house.one("select * from projects where id = ?", project)
    assert row is not None
    if not expected.warns.endswith("0:1"):
        assert row["duration_s"] == pytest.approx(expected.length_s, abs=0.7)
    said = owner.get(f"/projects/{project}/transcript.txt").text
    assert SAID in said
    page = owner.get(f"/projects/{project}").text
    assert expected.warns in job["warnings"]
    assert expected.warns in page
    assert bool(expected.warns) == ("ends early" in job["warnings"])
    if expected.shown:
        assert row["file_name"] == expected.shown
        assert f"<bdi>{expected.shown}</bdi>" in page
        assert owner.get(f"/projects/{project}/recording").status_code == 200
    pictures(house, owner, project, expected)
    ends = house.rows("select 1 from job_logs where job_id = ? and message = 'Done'", job["id"])
    assert len(ends) == 1
    count(ledger, "An odd recording: heard to its end, with a warning where it lacks something")


def pictures(house: House, client: httpx2.Client, project: str, expected: Odd) -> None:
    """Screenshots are there where there is a picture, upright, inside the recording."""
    shots = house.rows("select * from screenshots where project_id = ?", project)
    assert bool(shots) == expected.shots
    for shot in shots:
        assert 0 <= shot["time_s"] < shot["end_s"] <= expected.length_s + 0.5
        assert client.get(f"/projects/{project}/screenshots/{shot['n']}").status_code == 200
    if expected.size:
        assert {(shot["width"], shot["height"]) for shot in shots} == {expected.size}


def silence(name: str, hours: float, *more: str) -> Path:
    """Hours of silence in a few megabytes."""
    source = ("-f", "lavfi", "-i", f"anullsrc=r=16000:cl=mono:d={hours * HOUR_S:.0f}")
    return files.made(name, *source, "-c:a", "flac", *more)


def test_a_header_does_not_hide_that_a_recording_is_too_long(
    house: House, owner: httpx2.Client, hours: float, ledger: Ledger
) -> None:
    hidden = lying("hidden.mkv", 1, silence("too-long.mkv", hours * 1.2))
    refused(house, owner, hidden.read_bytes(), 422, "too_long")
    count(ledger, "A recording that cannot be heard: refused, nothing left")


def test_hours_of_silence_end_saying_so_in_little_memory(
    house: House, owner: httpx2.Client, hours: float, full: bool, ledger: Ledger
) -> None:
    path = silence("silence.flac", hours - 0.01)
    assert path.stat().st_size < 8_000_000
    began = time.monotonic()
    project = house.upload(owner, path, types=[])
    job_id = newest(house, project, "ingest")
    child = child_of(house, job_id)
    peaks = [0]
    until(lambda: note_peak(child, peaks) or house.job(job_id)["completed_at"], 300)
    job = house.job(job_id)
    assert (job["status"], job["error_code"]) == ("failed", "no_speech")
    assert "No speech was found" in owner.get(f"/projects/{project}").text
    assert 0 < max(peaks) < 600 << 20
    if full:
        assert time.monotonic() - began < 120
        ledger.record("10 h of silence in 7 MB: ended with its reason", 1)


def test_when_all_is_deleted_nothing_is_left_over(house: House, owner: httpx2.Client) -> None:
    resting(house)
    for row in house.rows("select id from projects"):
        delete_for_good(owner, row["id"])
    until(lambda: not list((house.data / "media").iterdir()), 10, "every folder to go")
    resting(house)


def note_peak(pid: int, peaks: list[int]) -> None:
    """Add the most memory, in bytes, that a process ever held."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return
    peaks += [int(line.split()[1]) << 10 for line in status.splitlines() if "VmHWM" in line]
