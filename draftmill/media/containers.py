"""The media containers that Draftmill opens, and the one way in which it opens them."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.stream import Stream


@dataclass(frozen=True)
class Container:
    """How recordings in one container are called.

    `free_clock`: its clock begins anywhere. `states_length`: its header says how long it is,
    otherwise FFmpeg guesses from the size.
    """

    name: str
    video_type: str
    audio_type: str
    video_suffix: str
    audio_suffix: str
    free_clock: bool = False
    states_length: bool = True


def _sound(name: str, media_type: str, suffix: str, states_length: bool = True) -> Container:
    return Container(name, media_type, media_type, suffix, suffix, states_length=states_length)


# The keys are FFmpeg's demuxer names. Nothing here can refer to another file or address.
CONTAINERS: dict[str, Container] = {
    "mov": Container("mp4", "video/mp4", "audio/mp4", ".mp4", ".m4a"),
    "matroska": Container("matroska", "video/x-matroska", "audio/x-matroska", ".mkv", ".mka"),
    "avi": Container("avi", "video/x-msvideo", "video/x-msvideo", ".avi", ".avi"),
    "mpegts": Container(
        "mpegts", "video/mp2t", "video/mp2t", ".ts", ".ts", free_clock=True, states_length=False
    ),
    "mpeg": Container(
        "mpeg", "video/mpeg", "video/mpeg", ".mpg", ".mpg", free_clock=True, states_length=False
    ),
    "flv": Container("flv", "video/x-flv", "video/x-flv", ".flv", ".flv", free_clock=True),
    "asf": Container("asf", "video/x-ms-wmv", "audio/x-ms-wma", ".wmv", ".wma"),
    "mxf": Container("mxf", "application/mxf", "application/mxf", ".mxf", ".mxf"),
    "dv": Container("dv", "video/x-dv", "video/x-dv", ".dv", ".dv", states_length=False),
    "ogg": Container("ogg", "video/ogg", "audio/ogg", ".ogv", ".ogg"),
    "mp3": _sound("mp3", "audio/mpeg", ".mp3"),
    "wav": _sound("wav", "audio/wav", ".wav"),
    "w64": _sound("w64", "audio/x-w64", ".w64"),
    "flac": _sound("flac", "audio/flac", ".flac"),
    "aac": _sound("aac", "audio/aac", ".aac", states_length=False),
    "aiff": _sound("aiff", "audio/aiff", ".aiff"),
    "caf": _sound("caf", "audio/x-caf", ".caf"),
    "au": _sound("au", "audio/basic", ".au"),
    "amr": _sound("amr", "audio/amr", ".amr", states_length=False),
    "ac3": _sound("ac3", "audio/ac3", ".ac3", states_length=False),
    "eac3": _sound("eac3", "audio/eac3", ".eac3", states_length=False),
    "wv": _sound("wavpack", "audio/x-wavpack", ".wv"),
    "ape": _sound("ape", "audio/x-ape", ".ape"),
}
WEBM = Container("webm", "video/webm", "audio/webm", ".webm", ".webm")

# Without these a crafted "recording" reads other files (ffconcat), fetches addresses (HLS)
# or listens to the network (SDP). External tracks of a mov stay shut by `enable_drefs`.
MOST_PIXELS = 50_000_000  # of one picture, unless a setting says otherwise
SAFE_OPTIONS = {
    "protocol_whitelist": "file",
    "format_whitelist": ",".join([*CONTAINERS, "webm"]),
    "enable_drefs": "0",
    "use_absolute_path": "0",
}


def open_media(path: Path, pixels: int = MOST_PIXELS) -> "InputContainer":
    """Open a recording and nothing else. Raises av.FFmpegError; the caller closes it.

    A picture of more `pixels` is never decoded, not even to find out what it is: a few
    thousand bytes can hold one of a gigabyte.
    """
    import av

    most = {"max_pixels": str(pixels)}
    # An absolute path can never be taken for the name of a protocol ("concat:…").
    media = av.open(
        str(path.absolute()), mode="r", options=SAFE_OPTIONS | most, metadata_errors="replace"
    )
    for stream in media.streams.video:
        if has_decoder(stream):
            stream.codec_context.options = most
    return media


def container_of(media: "InputContainer", path: Path) -> Container:
    """Which of CONTAINERS an open recording is in."""
    names = media.format.name.split(",")
    if "webm" in names:
        with path.open("rb") as file:
            return WEBM if b"webm" in file.read(64) else CONTAINERS["matroska"]
    return next(CONTAINERS[name] for name in names if name in CONTAINERS)


def origin_of(media: "InputContainer", container: Container) -> float:
    """The container's time, in seconds, that is the recording's 0.

    Containers with an absolute clock keep their own 0, also when their first packet comes
    later: players show those times. Broadcast clocks begin anywhere, so theirs is the start.
    """
    start_s = (media.start_time or 0) / 1e6
    return start_s if container.free_clock else min(0.0, start_s)


def has_decoder(stream: "Stream") -> bool:
    """Whether a stream can be decoded here; phones record second tracks in codecs of their own."""
    return stream.codec_context is not None


def without_places(stream: "AudioStream") -> None:
    """Forget where a stream's loudspeakers stand, where they are put in no usual order.

    PyAV frees the list of such an order twice, with every frame: the process dies of it.
    Call it before the first packet is decoded.
    """
    from av.audio.layout import AudioLayout

    context = stream.codec_context
    layout = context.layout
    if " channels (" in layout.name:
        # From now on the list belongs to `layout` alone, which frees it once.
        context.layout = AudioLayout(f"{layout.nb_channels} channels")
