"""How long a recording is: what its header claims, and what its packets say."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import av

from draftmill.media.containers import Container, container_of, open_media, origin_of
from draftmill.media.packets import read_only, time_of

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.stream import Stream

TAIL_S = 3.0
CUT_S = 2.0  # a recording that ends this much before its claimed end was cut
MPEG_HEADERS = (b"Xing", b"Info", b"VBRI")


@dataclass(frozen=True)
class Walk:
    """Where packets end, in seconds of the recording. `complete`: they were read to the last.

    Where time ran out, `end_s` is estimated from those that were `seen_s`.
    """

    end_s: float
    seen_s: float
    complete: bool


@dataclass(frozen=True)
class Length:
    """`end_s` is the best answer; `cut` says that the header had promised more."""

    end_s: float
    cut: bool


def length_of(media: "InputContainer", path: Path, patience_s: float) -> Length:
    """Measure a recording within about `patience_s` seconds, or believe or estimate it."""
    deadline = time.monotonic() + patience_s
    claimed_s = claimed_end_s(media, path)
    if claimed_s is not None:
        tail = _walk(media, path, deadline, from_s=claimed_s - TAIL_S)
        if tail.complete and tail.end_s >= claimed_s - CUT_S:
            return Length(tail.end_s, cut=False)
    with open_media(path) as again:
        walk = _walk(again, path, deadline)
        if walk.complete:
            return Length(walk.end_s, cut=claimed_s is not None and walk.end_s < claimed_s - CUT_S)
        # A header is believed unless packets were seen to go on after its end.
        believed = claimed_s is not None and walk.seen_s <= claimed_s + CUT_S
        return Length(claimed_s if believed and claimed_s else walk.end_s, cut=False)


def claimed_end_s(media: "InputContainer", path: Path) -> float | None:
    """Where the header says that the recording ends, or None where it only can be guessed."""
    container = container_of(media, path)
    if media.duration is None or media.duration <= 0 or not _states_length(media, container, path):
        return None
    duration_s = media.duration / 1e6
    start_s = (media.start_time or 0) / 1e6
    if container.name not in ("matroska", "webm"):  # theirs is the last timestamp, not a span
        duration_s += start_s
    if container.name == "wav":
        duration_s *= _claimed_share(path)
    return duration_s - origin_of(media, container)


def breaks_off(path: Path, track: int, decoded_s: float) -> bool:
    """Whether a recording whose audio ended at `decoded_s` claims to be longer than it is.

    An audio track that is just shorter than the picture is no damage.
    """
    with open_media(path) as media:
        claimed_s = claimed_end_s(media, path)
        if claimed_s is None or decoded_s >= claimed_s - CUT_S:
            return False
        if len(media.streams) > 1:
            track_end_s = _claimed_track_end(media, path, track)
            if track_end_s is not None and decoded_s >= track_end_s - CUT_S:
                return False
        deadline = time.monotonic() + 2 * TAIL_S
        return _walk(media, path, deadline, from_s=claimed_s - TAIL_S).end_s < claimed_s - CUT_S


def _claimed_track_end(media: "InputContainer", path: Path, track: int) -> float | None:
    stream = media.streams.audio[track]
    if stream.duration is None or stream.time_base is None:
        return None
    end_s = float(((stream.start_time or 0) + stream.duration) * stream.time_base)
    return end_s - origin_of(media, container_of(media, path))


def _claimed_share(path: Path) -> float:
    """How many times its real size a RIFF file claims to have: FFmpeg believes the real one."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(8)
    claimed = int.from_bytes(head[4:8], "little") + 8
    streamed = claimed >= 0xFFFFFFF0  # its writer could not come back to say how long it became
    return claimed / size if head[:4] == b"RIFF" and claimed > size and not streamed else 1.0


def _states_length(media: "InputContainer", container: Container, path: Path) -> bool:
    if container.name != "mp3":
        return container.states_length
    packet = next(media.demux(media.streams.audio[0]), None)
    if packet is None or packet.pos is None or packet.pos < 0:
        return False
    with path.open("rb") as file:
        file.seek(max(0, packet.pos - 2000))
        return any(mark in file.read(2000) for mark in MPEG_HEADERS)


def _walk(
    media: "InputContainer", path: Path, deadline: float, from_s: float | None = None
) -> Walk:
    """Read packets from `from_s` (or from where we are) to the end, as far as time allows."""
    origin_s = origin_of(media, container_of(media, path))
    wanted = _timed_streams(media, whole=from_s is None)
    end_s = 0.0
    try:
        if from_s is not None:
            media.seek(int(max(from_s + origin_s, min(origin_s, 0.0)) * 1e6))
        for n, packet in enumerate(media.demux(*wanted)):
            until_s = time_of(packet, packet.time_base, origin_s, packet.duration or 0)
            end_s = max(end_s, until_s or 0.0)
            if n % 256 == 255 and time.monotonic() > deadline:
                read = (packet.pos or 0) / max(1, media.size)
                return Walk(end_s / read if read > 0 else end_s, end_s, complete=False)
    except av.FFmpegError:
        pass  # a broken end is an end
    return Walk(end_s, end_s, complete=True)


def _timed_streams(media: "InputContainer", whole: bool) -> "list[Stream]":
    """The streams worth reading: with an index, sound alone saves reading the pictures."""
    sound_only = whole and "mov" in media.format.name
    wanted: list[Stream] = [
        stream
        for stream in media.streams
        if stream.type == "audio" or (stream.type == "video" and not sound_only)
    ]
    read_only(media, wanted)
    return wanted
