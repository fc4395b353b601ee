"""Pictures out of any video: keyframes, frames at given times, true times, upright."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import av
import numpy as np
from av.stream import Disposition
from av.video.reformatter import VideoReformatter
from PIL import Image

from draftmill.media import colours
from draftmill.media.containers import MOST_PIXELS, open_media
from draftmill.media.lengths import claimed_end_s
from draftmill.media.packets import Track
from draftmill.media.stills import COLUMNS, ROWS, Cells

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

WIDEST = 1280
EXACT_S = 0.001
PREROLLS_S = (0.0, 3.0, 30.0)  # without an index a seek may land behind the keyframe
TURNS = {
    90: Image.Transpose.ROTATE_90,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_270,
}


def picture_stream(media: "InputContainer", pixels: int = MOST_PIXELS) -> "VideoStream | None":
    """The largest moving picture of a recording that has no more `pixels`: cover art does not count."""
    fitting = [s for s in _moving(media) if 0 < s.width * s.height <= pixels]
    return max(fitting, key=lambda s: s.width * s.height, default=None)


def has_moving_picture(media: "InputContainer") -> bool:
    """Whether there is one, however large."""
    return bool(_moving(media))


def _moving(media: "InputContainer") -> "list[VideoStream]":
    return [
        stream
        for stream in media.streams.video
        if not stream.disposition & (Disposition.attached_pic | Disposition.timed_thumbnails)
        and stream.codec_context is not None
        and stream.time_base
    ]


class Video(Track["VideoStream", "VideoFrame"]):
    """The pictures of one recording, with their times in seconds from its start.

    `keyframes()` or `at()` and `every()` are for a Video of their own: the first needs a decoder
    that answers at once, the others one that uses all cores. `claimed_s` is the end that the
    header states (0.0 if none). Raises av.FFmpegError when the file cannot be opened and
    ValueError when it has no moving picture of at most so many `pixels`.
    """

    def __init__(self, path: Path, *, only_keyframes: bool, pixels: int = MOST_PIXELS) -> None:
        media = open_media(path, pixels)
        stream = picture_stream(media, pixels)
        if stream is None:
            media.close()
            raise ValueError("There is no moving picture.")
        super().__init__(media, path, stream)
        self.claimed_s = claimed_end_s(media, path) or 0.0
        self._reformatter = VideoReformatter()
        self._shrinker = VideoReformatter()
        context = stream.codec_context
        context.thread_type = "SLICE" if only_keyframes else "AUTO"
        context.skip_frame = "NONKEY" if only_keyframes else "NONREF"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.media.close()

    def keyframes(self, apart_s: float) -> "Iterator[tuple[float, VideoFrame]]":
        """Keyframes that are at least `apart_s` apart. Nothing between them is decoded."""
        yield from self._decoded(self._key_packets(apart_s))

    def at(self, times: Sequence[float]) -> "Iterator[tuple[float, VideoFrame]]":
        """What is shown at each of these rising times, as (time of the frame, frame).

        Only frames that others are made from are decoded, so a time may be a few frames off.
        """
        waiting = list(reversed(times))
        shown: tuple[float, VideoFrame] | None = None
        for time_s, frame in self._from(times[0]):
            while waiting and time_s > waiting[-1] + EXACT_S:
                waiting.pop()
                if shown:
                    yield shown
            shown = time_s, frame
            if waiting and abs(time_s - waiting[-1]) <= EXACT_S:
                waiting.pop()
                yield shown
            if not waiting:
                return
        if shown:
            yield from [shown] * len(waiting)

    def _from(self, time_s: float) -> "Iterator[tuple[float, VideoFrame]]":
        """Frames from a keyframe on that is not after `time_s`, if one can be reached."""
        for preroll_s in PREROLLS_S:
            with suppress(av.FFmpegError):
                self.seek(time_s - preroll_s + EXACT_S)
                frames = self._decoded(self.packets())
                first = next(frames, None)
                if first and first[0] <= time_s + EXACT_S:
                    yield first
                    yield from frames
                    return

    def every(self, step_s: float) -> "Iterator[tuple[float, VideoFrame]]":
        """What is shown every `step_s` seconds and at the end, as (that time, frame)."""
        shown: VideoFrame | None = None
        due_s = last_s = 0.0
        for time_s, frame in self._decoded(self.packets()):
            if shown is None:
                due_s = time_s
            while shown is not None and time_s > due_s + EXACT_S:
                yield due_s, shown
                due_s += step_s
            shown, last_s = frame, time_s
        if shown is not None:
            yield max(last_s, due_s - step_s + EXACT_S), shown

    def cells(self, frame: "VideoFrame") -> Cells:
        """A frame as 64 x 36 grey values, in one row."""
        small = self._shrinker.reformat(
            frame,
            COLUMNS,
            ROWS,
            "gray",
            src_colorspace=colours.matrix_of(frame),
            interpolation="AREA",
            threads=1,
        )
        cells: Cells = small.to_ndarray().reshape(-1).astype(np.uint8)
        return cells

    def image(self, frame: "VideoFrame") -> Image.Image:
        """A frame as people see it: upright, in sRGB, with square pixels, at most 1280 wide.

        Raises av.FFmpegError where its colours cannot be read.
        """
        turn = round(frame.rotation / 90) * 90 % 360
        shape = self._pixel_shape()
        wide = max(1.0, float(frame.width * shape)) if shape > 0 else float(frame.width)
        shrink = min(1.0, WIDEST / (frame.height if turn in (90, 270) else wide))
        size = max(1, round(wide * shrink)), max(1, round(frame.height * shrink))
        image = self._in_srgb(frame, *size)
        return image.transpose(TURNS[turn]) if turn else image

    def _pixel_shape(self) -> Fraction:
        """How much wider than high a pixel is: the container may know better than the codec."""
        context = self.stream.codec_context
        return self.stream.sample_aspect_ratio or context.sample_aspect_ratio or Fraction(1)

    def _in_srgb(self, frame: "VideoFrame", width: int, height: int) -> Image.Image:
        """A frame in another size, over white where it is transparent."""
        kind = colours.of(frame)
        see_through = any(part.is_alpha for part in frame.format.components)
        pixels = "rgb48le" if not kind.plain else "rgba" if see_through else "rgb24"
        sized = self._reformatter.reformat(
            frame,
            width,
            height,
            pixels,
            src_colorspace=colours.matrix_of(frame),
            interpolation="BICUBIC",
            threads=1,
        )
        if not kind.plain:
            return Image.fromarray(colours.srgb(sized.to_ndarray(), kind))
        picture = Image.fromarray(sized.to_ndarray())
        return _over_white(picture) if see_through else picture

    def _key_packets(self, apart_s: float) -> "Iterator[Packet[VideoStream]]":
        last_s: float | None = None
        for packet in self.packets():
            if packet.size:
                time_s = self.time_of(packet)
                if not packet.is_keyframe or time_s is None:
                    continue
                if last_s is not None and 0 <= time_s - last_s < apart_s - EXACT_S:
                    continue
                last_s = time_s
            yield packet

    def _decoded(
        self, packets: "Iterable[Packet[VideoStream]]"
    ) -> "Iterator[tuple[float, VideoFrame]]":
        for frame in self.frames(packets):
            time_s = self.time_of(frame)
            if frame.is_corrupt:
                self.count(time_s)
            elif time_s is not None:
                yield max(0.0, time_s), frame


def _over_white(picture: Image.Image) -> Image.Image:
    white = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(white, picture).convert("RGB")
