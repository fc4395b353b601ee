"""Sound out of any recording: 16 kHz mono samples on a true clock, in bounded memory."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np

from draftmill.media.audio_tracks import audio_tracks
from draftmill.media.containers import open_media, without_places
from draftmill.media.lengths import breaks_off
from draftmill.media.packets import Track
from draftmill.media.timeline import RATE, AudioBlock, Samples, Timeline

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream

    Sound = Track[AudioStream, AudioFrame]

__all__ = ["RATE", "AudioBlock", "AudioDecoder", "AudioReport", "Samples", "quiet"]

PREROLLS_S = (2.0, 30.0)  # decoders need some packets before they are exact again
QUIET_RMS = 10 ** (-60 / 20)


@dataclass(frozen=True)
class AudioReport:
    """How decoding went. Times in seconds of the recording, None where nothing happened.

    `ended_early_s` says where a recording stops that claims to be at least two seconds longer.
    """

    decoded_s: float = 0.0
    errors: int = 0
    first_error_s: float | None = None
    ended_early_s: float | None = None

    @property
    def ended_early(self) -> bool:
        return self.ended_early_s is not None


def quiet(samples: Samples) -> bool:
    """Whether no tenth of a second is louder than -60 dBFS (RMS)."""
    window = RATE // 10
    whole = len(samples) // window * window
    tenths = [samples[:whole].reshape(-1, window), samples[whole:].reshape(1, -1)]
    return all(
        bool(np.all(np.sqrt(np.mean(np.square(part), axis=1)) < QUIET_RMS))
        for part in tenths
        if part.size
    )


class AudioDecoder:
    """Iterates over the sound of a recording, from `start_s` to its end, as AudioBlocks.

    The blocks join without gaps: where packets were lost, or a track begins late, there is
    silence, so that a sample's place is its time. `report` is complete after the last block.
    `track` counts audio tracks from 0; by default it is the first that can be decoded.
    Raises av.FFmpegError when the file cannot be opened.
    """

    def __init__(self, path: Path, start_s: float = 0.0, *, track: int | None = None) -> None:
        self.path = path
        self.start_s = start_s
        self.track = _first_track(path) if track is None else track
        self.report = AudioReport()

    def __iter__(self) -> Iterator[AudioBlock]:
        timeline: Timeline | None = None
        with _opened(self.path, self.track, max(self.start_s, 0.0)) as track:
            for frame in track.frames(track.packets()):
                time_s = None if frame.pts is None else track.time_of(frame)
                timeline = timeline or _timeline(track, time_s)
                yield from timeline.add(frame, time_s)
                track.reached_s = timeline.position_s
            if timeline:
                yield from timeline.flush()
                track.errors += timeline.errors
        decoded_s = timeline.position_s if timeline else 0.0
        cut = breaks_off(self.path, self.track, decoded_s)
        self.report = AudioReport(
            decoded_s, track.errors, track.first_error_s, decoded_s if cut else None
        )


@contextmanager
def _opened(path: Path, number: int, wanted_s: float) -> "Iterator[Sound]":
    """A track that stands a little before `wanted_s`, or at its beginning."""
    track = _track(path, number, wanted_s)
    try:
        if wanted_s and not _reaches(track, wanted_s):
            track.media.close()
            track = _track(path, number, wanted_s)
        yield track
    finally:
        track.media.close()


def _track(path: Path, number: int, wanted_s: float) -> "Sound":
    media = open_media(path)
    without_places(media.streams.audio[number])
    track: Sound = Track(media, path, media.streams.audio[number], wanted_s)
    track.reached_s = max(0.0, (media.start_time or 0) / 1e6 - track.origin_s)
    return track


def _reaches(track: "Sound", wanted_s: float) -> bool:
    """Seek to a place before a time. Without an index that may lead behind it."""
    for preroll_s in PREROLLS_S:
        with suppress(av.FFmpegError, StopIteration):
            track.seek(wanted_s - preroll_s)
            packet = next(track.media.demux(track.stream))
            time_s = track.time_of(packet)
            if packet.pts is not None and time_s is not None and time_s <= wanted_s:
                track.seek(wanted_s - preroll_s)
                return True
    return False


def _timeline(track: "Sound", time_s: float | None) -> Timeline:
    """A timeline that begins with a frame at `time_s`, or where sound is wanted after it."""
    start_s = max(track.reached_s or 0.0, track.counted_from_s)
    return Timeline(start_s if time_s is None else min(start_s, time_s), track.counted_from_s)


def _first_track(path: Path) -> int:
    tracks = audio_tracks(path)
    return tracks[0].number if tracks else 0
