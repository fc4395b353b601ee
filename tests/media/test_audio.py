"""What is heard: sound at its true times, from anywhere in a recording, and how it ends."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from draftmill.media.audio import RATE, AudioDecoder, Samples, quiet
from draftmill.media.probe import probe
from tests.support import media_files as files


def heard(path: Path, start_s: float = 0.0) -> tuple[float, Samples, AudioDecoder]:
    """All the sound from `start_s`: when it begins, its samples, and who decoded it."""
    decoder = AudioDecoder(path, start_s)
    blocks = list(decoder)
    for before, after in pairwise(blocks):
        assert after.start_s == pytest.approx(before.end_s, abs=1e-4)
    return blocks[0].start_s, np.concatenate([b.samples for b in blocks]), decoder


def late_by(samples: Samples, time_s: float) -> float:
    """How many seconds later than in the noise the samples are that were heard at `time_s`."""
    reference = files.noise_samples()
    first = max(0, round((time_s - 0.5) * RATE))
    around = reference[first : first + RATE + RATE // 2]
    match = np.correlate(around, samples[: RATE // 8], "valid")
    return time_s - (first + int(np.argmax(match))) / RATE


@pytest.mark.parametrize("name", ["late.mkv", "late.mp4"])
def test_a_stream_that_begins_late_keeps_its_times(name: str) -> None:
    late = files.copied(name, files.video(), "-copyts", before=("-itsoffset", "5"))
    found = probe(late, 12)
    assert found.start_s == pytest.approx(5.0, abs=0.1)
    assert found.duration_s == pytest.approx(11.0, abs=0.1)
    start_s, samples, _ = heard(late)
    assert start_s == pytest.approx(5.0, abs=0.1)
    assert len(samples) / RATE == pytest.approx(6.0, abs=0.1)


def test_a_broadcast_clock_begins_at_zero() -> None:
    stream = files.copied("clock.ts", files.video(), "-output_ts_offset", "9000")
    assert probe(stream, 12).duration_s == pytest.approx(6.0, abs=0.1)
    assert heard(stream)[0] == pytest.approx(0.0, abs=0.1)


def test_sound_is_mono_at_16_khz() -> None:
    start_s, samples, decoder = heard(files.tone("two.flac", "-ac", "2"))
    assert start_s == 0.0
    assert samples.dtype == np.float32
    assert len(samples) == pytest.approx(6 * RATE, abs=2)
    spectrum = np.abs(np.fft.rfft(samples[RATE : 2 * RATE]))
    assert int(np.argmax(spectrum)) == 440
    assert (decoder.report.errors, decoder.report.ended_early) == (0, False)
    assert decoder.report.decoded_s == pytest.approx(6.0, abs=0.01)


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("n.wav", ()),
        ("n.mp3", ("-b:a", "64k")),
        ("n2.mp3", ("-q:a", "5", "-write_xing", "0")),
        ("n.m4a", ("-c:a", "aac")),
        ("n.mkv", ("-c:a", "aac")),
        ("n.ts", ("-c:a", "aac")),
        ("n.flac", ()),
        ("n.ogg", ("-c:a", "libvorbis")),
        ("n.webm", ("-c:a", "libopus")),
    ],
)
def test_decoding_can_begin_anywhere(name: str, codec: tuple[str, ...]) -> None:
    path = files.made(name, "-i", str(files.noise()), "-ar", "48000", *codec)
    for wanted_s in (0.7, 31.3, 55.21):
        start_s, samples, decoder = heard(path, wanted_s)
        assert start_s == pytest.approx(wanted_s, abs=0.001)
        assert late_by(samples, start_s) == pytest.approx(0.02, abs=0.05)
        assert decoder.report.errors == 0


@pytest.mark.parametrize(
    ("name", "codec"), [("h.mkv", "libopus"), ("h.flac", "flac"), ("h.ogg", "libvorbis")]
)
def test_lost_packets_become_silence(name: str, codec: str) -> None:
    whole = files.made(name, "-i", str(files.noise()), "-ar", "48000", "-c:a", codec)
    damaged = files.holed(f"holed-{name}", whole, 0.4, 0.5)
    _, samples, decoder = heard(damaged)
    assert len(samples) / RATE == pytest.approx(files.NOISE_S, abs=0.1)
    assert late_by(samples[50 * RATE :], 50.0) == pytest.approx(0.0, abs=0.15)
    assert quiet(samples[26 * RATE : 28 * RATE])
    assert not decoder.report.ended_early


def test_broken_packets_are_counted() -> None:
    whole = files.made("b.m4a", "-i", str(files.noise()), "-ar", "48000", "-c:a", "aac")
    _, samples, decoder = heard(files.holed("broken.m4a", whole, 0.5, 0.6))
    assert decoder.report.errors > 0
    assert decoder.report.first_error_s == pytest.approx(30.0, abs=1.5)
    assert len(samples) / RATE == pytest.approx(files.NOISE_S, abs=0.1)


@pytest.mark.parametrize(
    ("name", "more"), [("e.mp4", ("-movflags", "+faststart")), ("e.mkv", ()), ("e.wav", ())]
)
def test_a_recording_that_ends_early_says_where(name: str, more: tuple[str, ...]) -> None:
    codec = () if name == "e.wav" else ("-c:a", "aac")
    whole = files.made(name, "-i", str(files.noise()), *codec, *more)
    damaged = files.cut(f"early-{name}", whole, 0.5)
    assert probe(damaged, 12).cut
    report = heard(damaged)[2].report
    assert report.ended_early_s == pytest.approx(30.0, abs=1.5)


def test_sound_that_ends_before_the_picture_is_no_cut() -> None:
    shorter = files.made(
        "shorter.mkv", "-f", "lavfi", "-i", "sine=duration=3", *files.PICTURE, *files.H264
    )
    assert not probe(shorter, 12).cut
    assert not heard(shorter)[2].report.ended_early


def test_sound_that_begins_after_the_picture_is_in_its_place() -> None:
    both = ("-i", str(files.video()), "-itsoffset", "2", "-i", str(files.video()))
    late = files.made("latesound.mp4", *both, "-map", "0:v", "-map", "1:a", "-c", "copy")
    start_s, samples, _ = heard(late)
    assert start_s == 0.0
    assert quiet(samples[: int(1.9 * RATE)])
    assert not quiet(samples[int(2.1 * RATE) : 3 * RATE])


def test_sound_whose_format_changes_goes_on() -> None:
    parts = [
        files.tone(f"part{rate}.ts", "-ac", channels, "-ar", rate, "-c:a", "mp2")
        for rate, channels in (("48000", "2"), ("32000", "1"))
    ]
    joined = files.written("joined.ts", b"".join(part.read_bytes() for part in parts))
    _, samples, _ = heard(joined)
    assert len(samples) / RATE == pytest.approx(12.0, abs=0.3)
    assert not quiet(samples[8 * RATE : 9 * RATE])


def test_hours_of_silence_take_little_memory() -> None:
    long = files.made(
        "hours.flac", "-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono:d=1200", "-c:a", "flac"
    )
    longest = max(len(block.samples) for block in AudioDecoder(long))
    assert longest <= 30 * RATE


def test_a_track_that_cannot_be_decoded_is_passed_over() -> None:
    path = files.with_unknown_track()
    assert probe(path, 12).audio_tracks == 2
    assert AudioDecoder(path).track == 1
    assert not quiet(heard(path)[1])


@pytest.mark.parametrize(
    ("level", "expected"), [(0.0, True), (0.0005, True), (0.002, False), (0.5, False)]
)
def test_quiet_means_below_minus_60_dbfs(level: float, expected: bool) -> None:
    samples = np.full(RATE * 3, level, np.float32)
    assert quiet(samples) is expected


def test_one_loud_tenth_of_a_second_is_not_quiet() -> None:
    samples = np.zeros(RATE * 3 + 1000, np.float32)
    samples[-1000:] = 0.1
    assert not quiet(samples)
    assert quiet(np.zeros(0, np.float32))
