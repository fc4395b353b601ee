"""What a file is, found out before anything else trusts it, in a process that may die of it."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from draftmill.media import disguises, refusals
from draftmill.processes import children
from draftmill.processes.limits import Limits
from draftmill.settings import Settings, resources

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet
    from av.stream import Stream

LIMIT_S = 10.0
LIMITS = Limits(cpu_s=10, memory=2 * 2**30)  # of which libraries alone take a quarter
LENGTH_PATIENCE_S = 4.0
PATIENCE_S = 2.0
SOUND_S = 0.5
PACKETS = 500
TOO_MUCH = "The file could not be examined: that takes more memory than it may have."


@dataclass(frozen=True)
class Probe:
    """A recording's facts. Times in seconds on the recording's own clock.

    `duration_s` is where the recording ends, `start_s` where its first stream begins.
    `width` and `height` are of the upright picture, 0 without one. `cut` means that it ends
    before its header says so.
    """

    container: str
    media_type: str
    suffix: str
    duration_s: float
    start_s: float
    has_video: bool
    width: int
    height: int
    audio_tracks: int
    cut: bool = False


def probe(path: Path, max_hours: float, pixels: int = Settings.max_pixels) -> Probe:
    """Look into a recording. Raises a refusals.RefusedRecording that says what is wrong.

    It may take long, eat memory or crash on a hostile file: see probe_in_child.
    """
    disguises.refuse(path)
    import av

    from draftmill.media.containers import open_media

    try:
        media = open_media(path, pixels)
    except av.MemoryError:
        raise
    except av.FFmpegError:
        raise disguises.why_unreadable(path) from None
    with media:
        return _examine(media, path, max_hours, pixels)


def _examine(media: "InputContainer", path: Path, max_hours: float, pixels: int) -> Probe:
    from draftmill.media.containers import container_of, origin_of
    from draftmill.media.lengths import length_of

    container = container_of(media, path)
    start_s = (media.start_time or 0) / 1e6 - origin_of(media, container)
    tracks = len(media.streams.audio)
    _check_sound(path, tracks)
    width, height = _upright_size(path, pixels)
    length = length_of(media, path, LENGTH_PATIENCE_S)
    if length.end_s - start_s > max_hours * 3600:
        raise refusals.TooLong(
            f"The recording is {length.end_s / 3600:.1f} hours long;"
            f" this Draftmill accepts {max_hours:g} hours."
        )
    return Probe(
        container=container.name,
        media_type=container.video_type if width else container.audio_type,
        suffix=container.video_suffix if width else container.audio_suffix,
        duration_s=round(length.end_s, 3),
        start_s=round(max(0.0, start_s), 3),
        has_video=bool(width),
        width=width,
        height=height,
        audio_tracks=tracks,
        cut=length.cut,
    )


def _check_sound(path: Path, tracks: int) -> None:
    """Random bytes open as MP3, and now and then a packet of them decodes: most have to."""
    if disguises.is_protected(path):
        raise refusals.Encrypted()
    if not tracks:
        raise refusals.NoAudioTrack()
    if not any(_sounds(path, track) for track in range(tracks)):
        raise refusals.NoSamples()


def _sounds(path: Path, track: int) -> bool:
    from draftmill.media.containers import has_decoder, open_media, without_places

    decoded_s = 0.0
    good = bad = 0
    with open_media(path) as media:
        stream = media.streams.audio[track]
        if not has_decoder(stream):
            return False
        without_places(stream)
        for packet, frames in _first_packets(media, stream):
            if packet is not None and packet.has_sidedata("encryption_info"):
                raise refusals.Encrypted()
            seconds = sum(frame.samples / max(1, frame.sample_rate) for frame in frames or ())
            decoded_s += seconds
            good += seconds > 0
            bad += frames is None
            if decoded_s >= SOUND_S and good > bad:
                break
    return good > bad


def _upright_size(path: Path, pixels: int) -> tuple[int, int]:
    """Width and height of the picture as it should be seen; zeros without a moving one that fits."""
    from draftmill.media.containers import has_decoder, open_media

    with open_media(path, pixels) as media:
        stream = next((s for s in media.streams.video if not _is_cover(s)), None)
        if stream is None or not has_decoder(stream):
            return 0, 0
        stream.codec_context.thread_count = 1
        for _, frames in _first_packets(media, stream):
            for frame in frames or ():
                turned = frame.rotation % 180 != 0
                return (frame.height, frame.width) if turned else (frame.width, frame.height)
    return 0, 0


def _first_packets(
    media: "InputContainer", stream: "Stream"
) -> "Iterator[tuple[Packet[Any] | None, list[Any] | None]]":
    """Packets with their frames, for two seconds at most; None is what could not be read."""
    import av

    deadline = time.monotonic() + PATIENCE_S
    packets: Iterator[Packet[Any]] = media.demux(stream)
    for _ in range(PACKETS):
        packet = frames = None
        try:
            packet = next(packets)
            frames = packet.decode()
        except StopIteration:
            return
        except av.FFmpegError:
            pass
        yield packet, frames
        if time.monotonic() > deadline:
            return


def _is_cover(stream: "Stream") -> bool:
    from av.stream import Disposition

    covers = Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.still_image
    return bool(stream.disposition & covers)


def probe_in_child(path: Path, settings: Settings, limit_s: float = LIMIT_S) -> Probe:
    """`probe` in a process with limits of time, processor and memory: files are hostile.

    Raises a refusals.RefusedRecording; ProbeFailed when the process hung or died.
    """
    try:
        answer = json.loads(
            children.run_helper(
                "probe",
                str(path.absolute()),
                str(settings.max_hours),
                str(settings.max_pixels),
                cwd=resources(),
                limit_s=limit_s,
            )
        )
    except subprocess.TimeoutExpired:
        raise refusals.ProbeFailed() from None
    except ValueError:
        raise refusals.ProbeFailed(
            "The file could not be examined: the program that read it ended unexpectedly."
        ) from None
    if "refusal" in answer:
        raise refusals.BY_CODE[answer["refusal"]](answer["message"], answer["hint"])
    return Probe(**answer)


def main_probe(path: str, max_hours: str, pixels: str) -> int:
    """The verb `probe`: print the facts, or the refusal, as one line of JSON."""
    children.die_with_parent()
    LIMITS.set()
    try:
        answer: dict[str, object] = asdict(probe(Path(path), float(max_hours), int(pixels)))
    except MemoryError:
        answer = {"refusal": refusals.ProbeFailed.code, "message": TOO_MUCH}
        answer["hint"] = refusals.ProbeFailed.default_hint
    except refusals.RefusedRecording as refusal:
        answer = {"refusal": refusal.code, "message": refusal.message, "hint": refusal.hint}
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
    return 0
