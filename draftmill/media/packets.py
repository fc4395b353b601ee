"""One track of a recording, packet by packet: what is broken is passed over and counted."""

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import av
from av.stream import Discard

from draftmill.errors import Problem, named
from draftmill.media.containers import container_of, origin_of

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.frame import Frame
    from av.packet import Packet
    from av.stream import Stream

BROKEN_READS = 50  # running: nothing follows that could be read


class Undecodable(Problem):
    code = "undecodable"
    default_message = "This recording cannot be decoded."
    default_hint = "Play it on your computer first; if that works, save it as MP4, MP3 or WAV."


@contextmanager
def decoding(what: str) -> Iterator[None]:
    """What a decoder or a converter raises in here is an Undecodable that names `what`.

    Missing memory stays what it is.
    """
    try:
        yield
    except av.FFmpegError as error:
        if isinstance(error, MemoryError) or named(error) is not None:
            raise
        raise Undecodable(f"{what} cannot be decoded: {error.strerror}.") from error


StreamT = TypeVar("StreamT", bound="Stream")
FrameT = TypeVar("FrameT", bound="Frame")


def read_only(media: "InputContainer", wanted: "Iterable[Stream]") -> None:
    """Let the demuxer skip every stream but the wanted ones."""
    kept = list(wanted)
    for stream in media.streams:
        stream.discard = Discard.default if stream in kept else Discard.all


def time_of(
    thing: "Frame | Packet[Any]",
    time_base: Fraction | None,
    origin_s: float,
    later: int = 0,
) -> float | None:
    """When a packet or a frame is shown (`later` ticks on), or None where it bears no time."""
    stamp = thing.dts if thing.pts is None else thing.pts
    if stamp is None or not time_base:
        return None
    return (stamp + later) * time_base.numerator / time_base.denominator - origin_s


class Track(Generic[StreamT, FrameT]):
    """One stream of an open recording, the only one that is read. Times are the recording's.

    `read_to_s` is the end of the last packet. What could not be read or decoded is counted in
    `errors`, but nothing before `counted_from_s`: decoders stumble right after a seek. An error
    that bears no time is put down to `reached_s`.
    """

    def __init__(
        self,
        media: "InputContainer",
        path: Path,
        stream: StreamT,
        counted_from_s: float = -math.inf,
    ) -> None:
        self.media = media
        self.stream = stream
        self.time_base = stream.time_base or Fraction(1)
        self.origin_s = origin_of(media, container_of(media, path))
        self.counted_from_s = counted_from_s
        self.reached_s: float | None = None
        self.read_to_s = 0.0
        self.errors = 0
        self.first_error_s: float | None = None
        read_only(media, [stream])

    def seek(self, time_s: float) -> None:
        """Stand before a time, as far as an index tells; without one it may be behind it."""
        self.media.seek(int((time_s + self.origin_s) * 1e6))

    def packets(self) -> "Iterator[Packet[StreamT]]":
        """Packets up to the end of what can be read."""
        broken = 0
        packets: Iterator[Any] = self.media.demux(self.stream)
        while broken < BROKEN_READS:
            try:
                packet = next(packets)
            except StopIteration:
                return
            except av.FFmpegError as error:
                self.count(None, error)
                broken += 1
                packets = self.media.demux(self.stream)
            else:
                broken = 0
                until_s = self.time_of(packet, packet.duration or 0)
                self.read_to_s = max(self.read_to_s, until_s or 0.0)
                yield packet

    def frames(self, packets: "Iterable[Packet[StreamT]]") -> Iterator[FrameT]:
        """What these packets hold."""
        for packet in packets:
            try:
                frames: list[Any] = packet.decode()
            except av.FFmpegError as error:
                self.count(self.time_of(packet), error)
            else:
                yield from frames

    def time_of(self, thing: "FrameT | Packet[StreamT]", later: int = 0) -> float | None:
        return time_of(thing, self.time_base, self.origin_s, later)

    def count(self, time_s: float | None, error: Exception | None = None) -> None:
        """Note what is broken at a time. Raises the error where memory was missing."""
        if isinstance(error, MemoryError):
            raise error
        time_s = self.reached_s if time_s is None else time_s
        if time_s is not None and time_s < self.counted_from_s:
            return
        self.errors += 1
        if self.first_error_s is None:
            self.first_error_s = time_s
