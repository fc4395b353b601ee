"""Odd recordings for tests, made once per run with ffmpeg."""

import atexit
import shutil
import struct
import subprocess
import tempfile
import wave
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
NOISE_S = 60.0
TONE = ("-f", "lavfi", "-i", "sine=440:sample_rate=44100:duration=6")
PICTURE = ("-f", "lavfi", "-i", "testsrc=size=320x180:rate=10:duration=6")
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")


@cache
def folder() -> Path:
    """Where this run's files live; gone when it ends."""
    path = Path(tempfile.mkdtemp(prefix="draftmill-media-"))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


@cache
def made(name: str, *arguments: str) -> Path:
    """The file that ffmpeg writes with these arguments."""
    path = folder() / name
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", *arguments, str(path)]
    subprocess.run(command, check=True, capture_output=True)
    return path


def written(name: str, content: bytes) -> Path:
    path = folder() / name
    path.write_bytes(content)
    return path


def video(name: str = "video.mp4", *more: str) -> Path:
    """Six seconds of picture and tone."""
    return made(name, *TONE, *PICTURE, *H264, "-c:a", "aac", "-shortest", *more)


def copied(name: str, source: Path, *more: str, before: tuple[str, ...] = ()) -> Path:
    """The same streams in another container or with other marks."""
    return made(name, *before, "-i", str(source), "-c", "copy", *more)


def tone(name: str, *more: str) -> Path:
    return made(name, *TONE, *more)


@cache
def noise() -> Path:
    """A minute of noise, of which every moment can be told from every other one."""
    path = folder() / "noise.wav"
    raw = np.random.default_rng(1).standard_normal(int(NOISE_S * RATE))
    smooth = np.convolve(raw, np.ones(8) / 8, "same")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((smooth * 6000).astype("<i2").tobytes())
    return path


@cache
def noise_samples() -> NDArray[np.float32]:
    with wave.open(str(noise()), "rb") as file:
        raw = file.readframes(file.getnframes())
    return (np.frombuffer(raw, "<i2") / 32768).astype(np.float32)


def cut(name: str, source: Path, share: float) -> Path:
    """The first part of a file."""
    content = source.read_bytes()
    return written(name, content[: int(len(content) * share)])


def holed(name: str, source: Path, start: float, end: float) -> Path:
    """A file whose bytes between two shares of its length are something else."""
    content = bytearray(source.read_bytes())
    first, last = int(len(content) * start), int(len(content) * end)
    content[first:last] = np.random.default_rng(2).bytes(last - first)
    return written(name, bytes(content))


def encrypted() -> Path:
    key = ("-encryption_key", "76a6c65c5ea762046bd749a2e632ccbb")
    kid = ("-encryption_kid", "a7e61c373e219033c21091fa607bf3b8")
    return copied("protected.mp4", video(), "-encryption_scheme", "cenc-aes-ctr", *key, *kid)


def with_unknown_track() -> Path:
    """Two sound tracks, of which the first is in a codec that nobody knows."""
    tracks = ("-map", "0:a", "-map", "0:a", "-c:a", "aac", "-f", "mp4")
    content = tone("two.mp4", *tracks).read_bytes()
    return written("unknown.mp4", content.replace(b"mp4a", b"zzzz", 1).replace(b"esds", b"free", 1))


def with_cover(name: str) -> Path:
    """Six seconds of sound with a picture of an album."""
    cover = made(
        "cover.jpg", "-f", "lavfi", "-i", "testsrc=size=64x64:duration=1", "-frames:v", "1"
    )
    codecs = ("-c:v", "mjpeg", "-disposition:v", "attached_pic", "-id3v2_version", "3")
    return made(name, *TONE, "-i", str(cover), "-map", "0:a", "-map", "1:v", *codecs)


def outside_reference(target: Path) -> Path:
    """A QuickTime film whose sound track is said to be in another file, by an alias."""
    content = tone("self.mov", "-c:a", "pcm_s16le").read_bytes()
    start = content.index(b"dref") - 4
    old_length = int.from_bytes(content[start : start + 4])
    reference = _alias(target)
    dref = struct.pack(">I4sII", 16 + len(reference), b"dref", 0, 1) + reference
    grown = content[:start] + dref + content[start + old_length :]
    for kind in (b"dinf", b"minf", b"mdia", b"trak", b"moov"):
        grown = _lengthened(grown, kind, start, len(dref) - old_length)
    return written("outside.mov", grown)


def _lengthened(content: bytes, kind: bytes, before: int, by: int) -> bytes:
    at = content.rindex(kind, 0, before) - 4
    length = int.from_bytes(content[at : at + 4]) + by
    return content[:at] + struct.pack(">I", length) + content[at + 4 :]


def _alias(target: Path) -> bytes:
    """An alias record that names a file beside the film, as QuickTime wrote them."""
    path = str(target).encode()
    record = bytearray(150)
    record[10:15] = b"\x04disk"
    name = target.name.encode()[:63]
    record[50] = len(name)
    record[51 : 51 + len(name)] = name
    record[130:134] = struct.pack(">hh", 1, 1)  # in the same folder
    tail = struct.pack(">hh", 2, len(path)) + path + b"\0" * (len(path) % 2)
    tail += struct.pack(">hh", -1, 0)
    body = bytes(record) + tail
    return struct.pack(">I4sI", 12 + len(body), b"alis", 0) + body
