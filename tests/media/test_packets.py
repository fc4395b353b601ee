"""A track is read to its end, over what is broken in it, and every break is counted."""

from pathlib import Path
from typing import Any

import pytest

from draftmill.media.containers import open_media
from draftmill.media.packets import Track
from tests.support import media_files as files

ALL = float("-inf")


def read(path: Path, counted_from_s: float = ALL) -> Track[Any, Any]:
    """The first sound track, after all of it was decoded."""
    with open_media(path) as media:
        track: Track[Any, Any] = Track(media, path, media.streams.audio[0], counted_from_s)
        assert all(frame.samples for frame in track.frames(track.packets()))
    return track


@pytest.fixture(scope="module")
def broken() -> Path:
    whole = files.made("p.m4a", "-i", str(files.noise()), "-ar", "48000", "-c:a", "aac")
    return files.holed("packets.m4a", whole, 0.5, 0.6)


def test_a_whole_track_is_read_without_errors() -> None:
    track = read(files.video())
    assert (track.errors, track.first_error_s) == (0, None)
    assert track.read_to_s == pytest.approx(6.0, abs=0.1)


def test_what_is_broken_is_passed_over_and_counted(broken: Path) -> None:
    track = read(broken)
    assert track.errors > 0
    assert track.first_error_s == pytest.approx(30.0, abs=1.5)
    assert track.read_to_s == pytest.approx(files.NOISE_S, abs=0.1)


def test_only_what_is_wanted_is_counted(broken: Path) -> None:
    everything = read(broken).errors
    assert 0 < read(broken, 33.0).errors < everything
    assert read(broken, 50.0).errors == 0


def test_an_error_without_a_time_is_where_reading_stands() -> None:
    path = files.video()
    with open_media(path) as media:
        track: Track[Any, Any] = Track(media, path, media.streams.audio[0], 2.0)
        track.reached_s = 1.0
        track.count(None)
        track.reached_s = 3.0
        track.count(None)
    assert (track.errors, track.first_error_s) == (1, 3.0)


def test_missing_memory_is_no_damage_of_the_recording() -> None:
    path = files.video()
    with open_media(path) as media:
        track: Track[Any, Any] = Track(media, path, media.streams.audio[0])
        with pytest.raises(MemoryError):
            track.count(1.0, MemoryError())
    assert track.errors == 0
