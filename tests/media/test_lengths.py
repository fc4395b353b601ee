"""The length of a recording is measured, and no header is believed that is wrong."""

import av
import numpy as np
import pytest

from draftmill.media.containers import open_media
from draftmill.media.lengths import length_of
from draftmill.media.probe import probe
from tests.support import media_files as files


def test_a_missing_duration_is_measured() -> None:
    source = files.tone("lengthless.webm", "-c:a", "libopus", "-f", "webm", "-live", "1")
    with av.open(str(source)) as media:
        assert media.duration is None
    assert probe(source, 12).duration_s == pytest.approx(6.0, abs=0.1)


def test_a_duration_that_is_too_short_is_not_believed() -> None:
    content = bytearray(files.tone("honest.mkv", "-c:a", "libopus").read_bytes())
    at = content.index(b"\x44\x89\x88") + 3
    content[at : at + 8] = np.array([1500.0], ">f8").tobytes()
    found = probe(files.written("short.mkv", bytes(content)), 12)
    assert found.duration_s == pytest.approx(6.0, abs=0.1)
    assert not found.cut


def test_a_duration_that_is_too_short_is_not_believed_in_haste_either() -> None:
    silence = ("-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono:d=600", "-c:a", "libopus")
    content = bytearray(files.made("minutes.mkv", *silence).read_bytes())
    at = content.index(b"\x44\x89\x88") + 3
    content[at : at + 8] = np.array([1500.0], ">f8").tobytes()
    path = files.written("hasty.mkv", bytes(content))
    with open_media(path) as media:
        found = length_of(media, path, patience_s=0.0)
    assert found.end_s == pytest.approx(600.0, rel=0.3)


def test_a_duration_that_is_too_long_is_not_believed() -> None:
    content = bytearray(files.tone("honest.mkv", "-c:a", "libopus").read_bytes())
    at = content.index(b"\x44\x89\x88") + 3
    content[at : at + 8] = np.array([1e9], ">f8").tobytes()
    found = probe(files.written("long.mkv", bytes(content)), 12)
    assert found.duration_s == pytest.approx(6.0, abs=0.1)
    assert found.cut


def test_a_bit_rate_that_varies_deceives_nobody() -> None:
    pauses = "anoisesrc=duration=20:sample_rate=44100:amplitude=0.3,volume=0:enable='lt(t,15)'"
    varying = files.made(
        "varying.mp3", "-f", "lavfi", "-i", pauses, "-q:a", "4", "-write_xing", "0"
    )
    assert probe(varying, 12).duration_s == pytest.approx(20.0, abs=0.2)
