"""Pictures of gigabytes in files of kilobytes, and jobs that ask for more memory than there is."""

import re
import resource
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from draftmill.media.probe import probe_in_child
from draftmill.settings import Settings
from tests.support import media_files as files
from tests.support.bystander import undisturbed
from tests.support.house import QUICK, SAMPLE, House, opened
from tests.support.places import SOUNDS
from tests.support.projects import done, newest

SIDE = 15_000  # pixels: two such pictures are a gigabyte
FRAME = re.compile(rb"(\xff\xc0\x00\x11\x08)....", re.DOTALL)  # a JPEG's height and width


def bomb(suffix: str) -> Path:
    """A talk of which each picture says that it is very large."""
    small = files.made(
        f"small{suffix}", "-i", str(SOUNDS / "english.opus"), *files.PICTURE, "-map", "0:a",
        "-map", "1:v", "-c:v", "mjpeg", "-c:a", "pcm_s16le",
    )  # fmt: skip
    size = SIDE.to_bytes(2) * 2
    return files.written(
        f"bomb{suffix}", FRAME.sub(lambda match: match[1] + size, small.read_bytes())
    )


@pytest.fixture(params=["300M", "550M"])
def tight(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[House]:
    """One where a library cannot even be loaded, and one where a model cannot."""
    with opened(tmp_path / "data", **QUICK, DRAFTMILL_JOB_MEMORY=request.param) as house:
        yield house


@pytest.mark.parametrize("suffix", [".mkv", ".avi", ".mov"])
def test_a_very_large_picture_is_never_decoded(suffix: str, tmp_path: Path) -> None:
    found = probe_in_child(bomb(suffix), Settings(data=tmp_path))
    assert (found.has_video, found.audio_tracks) == (False, 1)
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1.5 * 2**20  # kB


def test_of_a_recording_with_a_very_large_picture_the_sound_is_taken(
    house: House, owner: httpx2.Client
) -> None:
    with undisturbed(house.client()):
        project = house.upload(owner, bomb(".mkv"))
    job = done(house, project, "ingest")
    assert "larger than 50 megapixels" in job["warnings"]
    assert house.rows("select 1 from segments")


def test_a_job_without_enough_memory_says_so(tight: House) -> None:
    with closing(tight.make_owner()) as owner:
        project = tight.upload(owner, SAMPLE)
        job = tight.ended(newest(tight, project)["id"])
    assert (job["status"], job["error_code"]) == ("failed", "out_of_memory")
    assert "ran out of memory" in job["error_message"]
    assert "DRAFTMILL_JOB_MEMORY" in job["error_hint"]
