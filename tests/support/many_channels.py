"""Recordings of many channels, written by hand: no layout named, or one in no usual order."""

import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.support import media_files as files

RATE = 48_000
PCM = bytes.fromhex("0100000000001000800000aa00389b71")


def talk(seconds: float = 4.0, seed: int = 1) -> NDArray[np.float32]:
    """Something that is loud and quiet by turns, like syllables: no two seeds are alike."""
    chance = np.random.default_rng(seed)
    count = int(seconds * RATE)
    syllables = np.repeat(chance.random(int(seconds * 5) + 1) ** 2, RATE // 5)[:count]
    voice = np.convolve(chance.standard_normal(count), np.ones(12) / 12, "same")
    return (0.3 * syllables * voice).astype(np.float32)


def in_channel(sound: NDArray[np.float32], channel: int, of: int) -> NDArray[np.float32]:
    """Samples × channels with sound in one of them."""
    channels = np.zeros((len(sound), of), np.float32)
    channels[:, channel] = sound
    return channels


def wav(name: str, channels: NDArray[np.float32]) -> Path:
    """A WAV file that names no loudspeakers (mask 0)."""
    count = channels.shape[1]
    data = (channels * 32767).astype("<i2").tobytes()
    form = struct.pack("<HHIIHH", 0xFFFE, count, RATE, 2 * RATE * count, 2 * count, 16)
    form += struct.pack("<HHI", 22, 16, 0) + PCM
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form
    body += b"data" + struct.pack("<I", len(data)) + data
    return files.written(name, b"RIFF" + struct.pack("<I", len(body)) + body)


def caf(name: str, channels: NDArray[np.float32], labels: list[int]) -> Path:
    """A CAF file that says by labels where each channel's loudspeaker stands."""
    count = channels.shape[1]
    data = b"\0\0\0\0" + (channels * 32767).astype(">i2").tobytes()
    places = b"".join(struct.pack(">IIfff", label, 0, 0, 0, 0) for label in labels)
    chunks = {
        b"desc": struct.pack(">d4sIIIII", RATE, b"lpcm", 0, 2 * count, 1, count, 16),
        b"chan": struct.pack(">III", 0, 0, count) + places,
        b"data": data,
    }
    body = b"".join(kind + struct.pack(">q", len(part)) + part for kind, part in chunks.items())
    return files.written(name, b"caff" + struct.pack(">HH", 1, 0) + body)
