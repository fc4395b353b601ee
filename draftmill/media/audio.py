"""Sound out of any recording: 16 kHz mono samples on a true clock, in bounded memory."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
from av.stream import Discard

from draftmill.media.containers import container_of, has_decoder, open_media, origin_of
from draftmill.media.lengths import breaks_off, claimed_end_s
from draftmill.media.timeline import RATE, AudioBlock, Samples, Timeline

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.packet import Packet

__all__ = ["RATE", "AudioBlock", "AudioDecoder", "AudioReport", "Samples", "audio", "quiet"]

PREROLLS_S = (2.0, 30.0)  # decoders need some packets before they are exact again
BROKEN_READS = 50
QUIET_RMS = 10 ** (-60 / 20)
SAMPLE_S = 30.0
SAMPLES_AT = (0.1, 0.5, 0.8)


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


def audio(path: Path, start_s: float = 0.0) -> Iterator[AudioBlock]:
    """The sound of a recording from `start_s` on. Use AudioDecoder where its report is wanted."""
    return iter(AudioDecoder(path, start_s))


class AudioDecoder:
    """Iterates over the sound of a recording, from `start_s` to its end, as AudioBlocks.

    The blocks join without gaps: where packets were lost, or a track begins late, there is
    silence, so that a sample's place is its time. `report` is complete after the last block.
    `track` counts audio tracks from 0; by default the one with the most speech is taken.
    Raises av.FFmpegError when the file cannot be opened.
    """

    def __init__(self, path: Path, start_s: float = 0.0, *, track: int | None = None) -> None:
        self.path = path
        self.start_s = start_s
        self.track = most_spoken_track(path) if track is None else track
        self.report = AudioReport()

    def __iter__(self) -> Iterator[AudioBlock]:
        with _opened(self.path, self.track, self.start_s) as media:
            decoding = _Decoding(self, media)
            yield from decoding.blocks()
        self.report = decoding.report()


def only(media: "InputContainer", wanted: object) -> None:
    """Let the demuxer skip every stream but the wanted one."""
    for stream in media.streams:
        stream.discard = Discard.default if stream is wanted else Discard.all


@contextmanager
def _opened(path: Path, track: int, start_s: float) -> Iterator["InputContainer"]:
    """A container that stands a little before `start_s`, or at its beginning."""
    media = open_media(path)
    try:
        if start_s > 0 and not _seek(media, path, track, start_s):
            media.close()
            media = open_media(path)
        only(media, media.streams.audio[track])
        yield media
    finally:
        media.close()


def _seek(media: "InputContainer", path: Path, track: int, start_s: float) -> bool:
    origin_s = origin_of(media, container_of(media, path))
    stream = media.streams.audio[track]
    only(media, stream)
    for preroll_s in PREROLLS_S:
        offset = int((start_s - preroll_s + origin_s) * 1e6)
        with suppress(av.FFmpegError, StopIteration):
            media.seek(offset)
            packet = next(media.demux(stream))
            if (
                packet.pts is not None
                and float(packet.pts * packet.time_base) <= start_s + origin_s
            ):
                media.seek(offset)
                return True
    return False


class _Decoding:
    """One run of an AudioDecoder over an open container."""

    def __init__(self, decoder: AudioDecoder, media: "InputContainer") -> None:
        self.media = media
        self.path = decoder.path
        self.track = decoder.track
        self.stream = media.streams.audio[decoder.track]
        self.origin_s = origin_of(media, container_of(media, decoder.path))
        self.first_s = max(0.0, (media.start_time or 0) / 1e6 - self.origin_s)
        self.wanted_s = max(decoder.start_s, 0.0)
        self.errors = 0
        self.first_error_s: float | None = None
        self.timeline: Timeline | None = None

    def blocks(self) -> Iterator[AudioBlock]:
        for packet in self._packets():
            for frame in self._decode(packet):
                time_s = self._time_of(frame)
                if self.timeline is None:
                    self.timeline = self._begin(time_s)
                yield from self.timeline.add(frame, time_s)
        if self.timeline is not None:
            yield from self.timeline.flush()

    def _begin(self, time_s: float | None) -> Timeline:
        start_s = max(self.first_s, self.wanted_s)
        first_s = start_s if time_s is None else min(start_s, time_s)
        return Timeline(first_s, self.wanted_s)

    def _packets(self) -> Iterator["Packet[AudioStream]"]:
        """Packets up to the end of what can be read; a broken place is passed over."""
        broken = 0
        packets = self.media.demux(self.stream)
        while broken < BROKEN_READS:
            try:
                packet = next(packets)
            except StopIteration:
                return
            except av.FFmpegError as error:
                self._count(error, None)
                broken += 1
                packets = self.media.demux(self.stream)
            else:
                broken = 0
                yield packet

    def _decode(self, packet: "Packet[AudioStream]") -> "list[AudioFrame]":
        try:
            return packet.decode()
        except av.FFmpegError as error:
            self._count(error, self._time_of(packet))
            return []

    def _count(self, error: av.FFmpegError, time_s: float | None) -> None:
        if isinstance(error, MemoryError):
            raise error
        if time_s is None:
            time_s = self.timeline.position_s if self.timeline else self.first_s
        if time_s < self.wanted_s:
            return  # decoders stumble right after a seek
        self.errors += 1
        if self.first_error_s is None:
            self.first_error_s = time_s

    def _time_of(self, thing: "AudioFrame | Packet[AudioStream]") -> float | None:
        if thing.pts is None or thing.time_base is None:
            return None
        return float(thing.pts * thing.time_base) - self.origin_s

    def report(self) -> AudioReport:
        decoded_s = self.timeline.position_s if self.timeline else 0.0
        cut = breaks_off(self.path, self.track, decoded_s)
        return AudioReport(decoded_s, self.errors, self.first_error_s, decoded_s if cut else None)


def most_spoken_track(path: Path) -> int:
    """The audio track with the most speech in three samples of half a minute, counted from 0."""
    status = path.stat()
    return _most_spoken_track(path, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=8)
def _most_spoken_track(path: Path, size: int, changed: int) -> int:
    with open_media(path) as media:
        tracks = [n for n, stream in enumerate(media.streams.audio) if has_decoder(stream)]
        if len(tracks) < 2:
            return tracks[0] if tracks else 0
        duration_s = claimed_end_s(media, path) or 0.0
    return max(tracks, key=lambda track: _speech_s(path, track, duration_s))


def _speech_s(path: Path, track: int, duration_s: float) -> float:
    """Seconds of speech that a voice detector hears in three samples of one track."""
    from faster_whisper.vad import get_speech_timestamps

    total = 0
    for share in SAMPLES_AT if duration_s > len(SAMPLES_AT) * SAMPLE_S else (0.0,):
        samples = _sample(path, track, duration_s * share)
        total += sum(part["end"] - part["start"] for part in get_speech_timestamps(samples))
    return total / RATE


def _sample(path: Path, track: int, start_s: float) -> Samples:
    length_s = SAMPLE_S if start_s else len(SAMPLES_AT) * SAMPLE_S
    blocks = AudioDecoder(path, start_s, track=track)
    wanted = takewhile(lambda block: block.start_s < start_s + length_s, blocks)
    return np.concatenate([np.zeros(0, np.float32), *(block.samples for block in wanted)])
