"""What a recording says about its audio tracks: who is on them, and in which language."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from av.stream import Disposition

from draftmill.media.containers import has_decoder, open_media

if TYPE_CHECKING:
    from av.audio.stream import AudioStream

LONGEST_TITLE = 60
TITLES = ("title", "name", "handler_name")
# What programs write where nobody gave a name.
NO_NAME = re.compile(
    r"^\W*(?:track|audio|stereo|mono|surround|sound|simple|main|default|obs|unnamed|\d|[.: _#-]"
    r"|aac|opus|und|[257]\.[01])*\W*$|handler|core media|mainconcept",
    re.IGNORECASE,
)
BESIDE = re.compile(r"commentary|audio.?descri|descriptive|visually impaired", re.IGNORECASE)
BESIDE_FLAGS = Disposition.comment | Disposition.visual_impaired | Disposition.descriptions


@dataclass(frozen=True)
class AudioTrack:
    """`number` counts audio tracks from 0. `title` is empty unless a person gave it.

    `language` is its tag, empty for none. `beside` is talk about the recording, or for who
    cannot see it: a commentary, a description.
    """

    number: int
    title: str = ""
    language: str = ""
    default: bool = False
    beside: bool = False

    @property
    def name(self) -> str:
        return self.title or f"Track {self.number + 1}"


def audio_tracks(path: Path) -> list[AudioTrack]:
    """The tracks that can be decoded; phones record some in codecs of their own.

    Raises av.FFmpegError when the file cannot be opened.
    """
    with open_media(path) as media:
        streams = [(n, s) for n, s in enumerate(media.streams.audio) if has_decoder(s)]
        return [_described(number, stream) for number, stream in streams]


def _described(number: int, stream: "AudioStream") -> AudioTrack:
    told = {name.lower(): " ".join(text.split()) for name, text in stream.metadata.items()}
    titles = [told[name][:LONGEST_TITLE] for name in TITLES if told.get(name)]
    language = told.get("language", "").lower().split("-")[0]
    beside = bool(stream.disposition & BESIDE_FLAGS) or any(map(BESIDE.search, titles))
    return AudioTrack(
        number=number,
        title=next((title for title in titles if not NO_NAME.search(title)), ""),
        language="" if language in ("und", "mul", "zxx", "mis", "qaa") else language,
        default=bool(stream.disposition & Disposition.default),
        beside=beside,
    )
