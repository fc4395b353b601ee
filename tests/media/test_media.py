"""Recordings of every kind are measured, refused or heard as they are."""

import os
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from draftmill.media import refusals
from draftmill.media.audio import RATE, AudioDecoder, Samples, audio, most_spoken_track, quiet
from draftmill.media.containers import open_media
from draftmill.media.lengths import length_of
from draftmill.media.probe import Probe, probe, probe_in_child
from draftmill.settings import Settings
from tests.support import media_files as files
from tests.support.places import SOUNDS
from tests.support.tripwires import listening, watched

SETTINGS = Settings()


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


# What must open nothing else

PLAYLISTS = {
    "concat": "ffconcat version 1.0\nfile {file}\n",
    "hls": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{file}\n#EXT-X-ENDLIST\n",
    "hls of an address": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:{port}/a.ts\n",
    "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio {port} RTP/AVP 0\n",
    "dash": '<?xml version="1.0"?>\n<MPD type="static"><BaseURL>http://127.0.0.1:{port}/</BaseURL></MPD>',
    "pls": "[playlist]\nFile1={file}\nNumberOfEntries=1\n",
}


@pytest.mark.parametrize("kind", PLAYLISTS)
@pytest.mark.parametrize("name", ["talk.mp4", "talk.wav"])
def test_a_playlist_in_disguise_opens_nothing_else(kind: str, name: str) -> None:
    secret = files.tone("secret.wav")
    with watched(secret) as file, listening() as (port, address):
        text = PLAYLISTS[kind].format(file=secret, port=port)
        crafted = files.written(name, text.encode())
        with pytest.raises(refusals.DisguisedPlaylist):
            probe(crafted, 12)
        with pytest.raises(av.FFmpegError):
            list(AudioDecoder(crafted, track=0))
        assert not file.touched
        assert not address.touched


def test_a_film_with_sound_elsewhere_opens_nothing_else() -> None:
    secret = files.tone("secret.wav")
    crafted = files.outside_reference(secret)
    with watched(secret) as file, av.open(str(crafted), options={"enable_drefs": "1"}):
        assert file.touched  # the film is crafted well
    with watched(secret) as file:
        try:
            probe(crafted, 12)
            list(AudioDecoder(crafted))
        except (refusals.RefusedRecording, av.FFmpegError):
            pass
        assert not file.touched


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


# What is heard


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
    longest = max(len(block.samples) for block in audio(long))
    assert longest <= 30 * RATE


def test_the_track_with_speech_is_heard() -> None:
    talk = SOUNDS / "english.opus"
    tracks = ("-f", "lavfi", "-i", "anoisesrc=duration=6:amplitude=0.2", "-i", str(talk))
    both = files.made("tracks.mka", *tracks, "-map", "0", "-map", "1:a", "-c:a", "libopus")
    assert most_spoken_track(both) == 1


def test_a_track_that_cannot_be_decoded_is_passed_over() -> None:
    path = files.with_unknown_track()
    assert probe(path, 12).audio_tracks == 2
    assert most_spoken_track(path) == 1
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
