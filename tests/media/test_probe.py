"""Recordings of every kind are measured or refused with a reason, here or in a child."""

import os
from pathlib import Path

import numpy as np
import pytest

from draftmill.media import refusals
from draftmill.media.probe import Probe, probe, probe_in_child
from draftmill.settings import Settings
from tests.support import media_files as files

SETTINGS = Settings()


# What is accepted


def test_a_video_is_measured() -> None:
    found = probe(files.video(), 12)
    assert found == Probe("mp4", "video/mp4", ".mp4", 6.0, 0.0, True, 320, 180, 1)


@pytest.mark.parametrize(
    ("name", "codec", "media_type"),
    [
        ("a.mp3", (), "audio/mpeg"),
        ("a.m4a", ("-c:a", "aac"), "audio/mp4"),
        ("a.wav", (), "audio/wav"),
        ("a.flac", (), "audio/flac"),
        ("a.ogg", ("-c:a", "libvorbis"), "audio/ogg"),
        ("a.opus", ("-c:a", "libopus"), "audio/ogg"),
        ("a.aac", ("-c:a", "aac"), "audio/aac"),
        ("a.webm", ("-c:a", "libopus"), "audio/webm"),
        ("a.wma", ("-c:a", "wmav2"), "audio/x-ms-wma"),
        ("a.aiff", (), "audio/aiff"),
        ("a.caf", (), "audio/x-caf"),
    ],
)
def test_sound_alone_is_accepted(name: str, codec: tuple[str, ...], media_type: str) -> None:
    found = probe(files.tone(name, *codec), 12)
    assert (found.media_type, found.has_video, found.width) == (media_type, False, 0)
    assert found.suffix == Path(name).suffix.replace(".opus", ".ogg")
    assert found.duration_s == pytest.approx(6.0, abs=0.1)


@pytest.mark.parametrize("name", ["v.mov", "v.mkv", "v.avi", "v.ts", "v.flv", "v.m4v"])
def test_video_is_accepted_in_many_containers(name: str) -> None:
    found = probe(files.copied(name, files.video()), 12)
    assert (found.has_video, found.width, found.height) == (True, 320, 180)
    assert found.duration_s == pytest.approx(6.0, abs=0.3)


@pytest.mark.parametrize("codec", ["libvpx", "libvpx-vp9"])
def test_a_webm_of_a_browser_is_measured(codec: str) -> None:
    codecs = ("-c:v", codec, "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus")
    found = probe(files.made(f"{codec}.webm", *files.TONE, *files.PICTURE, *codecs), 12)
    assert (found.media_type, found.suffix) == ("video/webm", ".webm")
    assert (found.has_video, found.width, found.height) == (True, 320, 180)
    assert found.duration_s == pytest.approx(6.0, abs=0.1)


@pytest.mark.parametrize("name", ["cover.mp3", "cover.m4a", "cover.flac"])
def test_a_cover_is_not_a_video(name: str) -> None:
    found = probe(files.with_cover(name), 12)
    assert (found.has_video, found.width) == (False, 0)
    assert found.media_type.startswith("audio/")


def test_a_rotated_video_is_measured_upright() -> None:
    rotated = files.copied("rotated.mp4", files.video(), "-metadata:s:v", "rotate=90")
    found = probe(rotated, 12)
    assert (found.width, found.height) == (180, 320)


# What is refused


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(refusals.EmptyFile):
        probe(files.written("empty.mp4", b""), 12)


@pytest.mark.parametrize(
    "content",
    [b"Dear diary,\n" * 500, b"%PDF-1.7\n" + bytes(5000), b"PK\x03\x04" + bytes(5000), bytes(9000)],
)
def test_what_is_not_media_is_refused(content: bytes) -> None:
    with pytest.raises(refusals.NotARecording) as refused:
        probe(files.written("diary.mp4", content), 12)
    assert refused.value.status == 415


def test_a_picture_is_refused() -> None:
    picture = files.made("one.png", *files.PICTURE, "-frames:v", "1")
    with pytest.raises(refusals.NotARecording):
        probe(picture, 12)


def test_random_bytes_are_refused() -> None:
    for seed in range(4):
        path = files.written("random.mp3", np.random.default_rng(seed).bytes(700_000))
        with pytest.raises((refusals.NotARecording, refusals.NoSamples)):
            probe(path, 12)


def test_a_recording_whose_end_is_missing_is_refused() -> None:
    with pytest.raises(refusals.EndMissing, match="The end of the file is missing"):
        probe(files.cut("endless.mp4", files.video(), 0.5), 12)


def test_a_recording_without_sound_is_refused() -> None:
    silent_film = files.made("film.mp4", *files.PICTURE, *files.H264)
    with pytest.raises(refusals.NoAudioTrack):
        probe(silent_film, 12)


def test_an_encrypted_recording_is_refused() -> None:
    with pytest.raises(refusals.Encrypted):
        probe(files.encrypted(), 12)


def test_a_recording_with_a_protected_codec_is_refused() -> None:
    content = files.tone("bought.m4a", "-c:a", "aac").read_bytes().replace(b"mp4a", b"drms")
    with pytest.raises(refusals.Encrypted):
        probe(files.written("bought.m4p", content), 12)


def test_a_recording_that_is_too_long_is_refused() -> None:
    with pytest.raises(refusals.TooLong, match=r"accepts 0\.001 hours"):
        probe(files.video(), 0.001)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    for path in (tmp_path, tmp_path / "missing.mp4", tmp_path / "pipe.mp4"):
        with pytest.raises(refusals.Unreadable):
            probe(path, 12)


# In a child


def test_a_child_tells_what_it_found() -> None:
    assert probe_in_child(files.video(), SETTINGS) == probe(files.video(), 12)


def test_a_child_tells_what_is_wrong() -> None:
    with pytest.raises(refusals.TooLong, match=r"accepts 0\.001 hours"):
        probe_in_child(files.video(), Settings(max_hours=0.001))


def test_a_child_that_takes_too_long_is_a_refusal() -> None:
    with pytest.raises(refusals.ProbeFailed, match="did not come to an end"):
        probe_in_child(files.video(), SETTINGS, limit_s=0.001)


def test_any_file_name_can_be_probed(tmp_path: Path) -> None:
    for name in (b"-i.mp4", b"a\xff\nb.mp4", b"http:x", b"%03d.mp4", b"concat:a|b"):
        path = tmp_path / os.fsdecode(name)
        path.write_bytes(files.video().read_bytes())
        assert probe_in_child(path, SETTINGS).duration_s == pytest.approx(6.0, abs=0.1)
