"""Recordings whose drafts are measured: the tests' talks, or transcripts in a folder.

What was said is read here by a reader of its own, so that what is measured cannot hide a fault
that Draftmill's reader made.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from draftmill.pipeline.chapters import chapters
from draftmill.transcripts.formats import SUFFIXES, read
from draftmill.writers.material import Material

TALKS = Path(__file__).resolve().parent.parent / "tests" / "support" / "talks"
CLOCK = r"(?:(\d+):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
TIMES = re.compile(rf"{CLOCK}\s*-->\s*{CLOCK}.*")
VOICE = re.compile(r"<v(?:\.\S+)? ([^>]+)>")
TAG = re.compile(r"<[^>]*>|\[[^\]\d]{1,40}\]|[♩♪♫♬]+|\((?:[a-z]+ ?){1,3}\)", re.IGNORECASE)
LABEL = re.compile(r"^\s*(?:>>+\s*|-\s+)?(\w[^:\n]{0,40}):\s+")
TURN = re.compile(r"^\s*(?:>>+|-\s)\s*")


@dataclass(frozen=True)
class Said:
    """One word as the source has it, with its marks. `cue_s` is where its cue begins."""

    text: str
    cue_s: float
    start_s: float
    speaker: str
    turn: bool  # another voice begins with it


@dataclass(frozen=True)
class Source:
    """A recording: what a writer gets, and what was said by another reader."""

    name: str
    material: Material
    said: list[Said]

    @property
    def punctuated(self) -> bool:
        ends = sum(word.text.rstrip("\"'”’)").endswith((".", "!", "?")) for word in self.said)
        return ends * 45 >= len(self.said)

    @property
    def speakers(self) -> set[str]:
        return {word.speaker for word in self.said} - {""}


Cue = tuple[float, float, str, str]  # start, end, speaker, text


def talks() -> Iterator[Source]:
    """The talks that the tests have, in English."""
    from tests.support import talks as kept

    for name in kept.ENGLISH:
        told = json.loads((TALKS / f"{name}.json").read_text(encoding="utf-8"))["segments"]
        yield Source(name, kept.material(name, pictures=6), list(_words(map(tuple, told))))


def folder(path: Path) -> Iterator[Source]:
    """The transcripts below a folder, of any kind that can be brought."""
    for file in sorted(path.rglob("*")):
        if file.suffix.lower() in SUFFIXES:
            yield _brought(file)


def _brought(file: Path) -> Source:
    brought = read(file.read_bytes(), file.name)
    segments = list(brought.segments)
    material = Material(
        title="",
        context="",
        language=brought.language,
        source="transcript",
        file_name=file.name,
        duration_s=brought.duration_s,
        segments=tuple(segments),
        chapters=tuple(chapters(segments, brought.duration_s, brought.language)),
        screenshots=(),
        timed=brought.timed,
    )
    own = list(_cues(file.read_text(encoding="utf-8", errors="replace")))
    cues = own or [(s.start_s, s.end_s, s.speaker, s.text) for s in segments]
    return Source(file.stem, material, list(_words(iter(cues))))


def _cues(text: str) -> Iterator[Cue]:
    """The cues of SubRip and WebVTT; nothing for other formats."""
    span: tuple[float, float] | None = None
    lines: list[str] = []
    found: list[tuple[float, float, str]] = []
    for line in [*text.splitlines(), ""]:
        if match := TIMES.match(line.strip()):
            clock = [
                int((part or "0").ljust(3, "0") if n % 4 == 3 else part or 0)
                for n, part in enumerate(match.groups())
            ]
            span, lines = (_seconds(clock[:4]), _seconds(clock[4:])), []
        elif line.strip() and span:
            lines.append(line.strip())
        elif span:
            found.append((*span, " ".join(lines)))
            span = None
    yield from _labelled(found)


def _seconds(clock: list[int]) -> float:
    return clock[0] * 3600 + clock[1] * 60 + clock[2] + clock[3] / 1000


def _labelled(found: list[tuple[float, float, str]]) -> Iterator[Cue]:
    """The cues with their speakers: a label that comes again and looks like a name."""
    firsts = Counter(match[1] for *_, text in found if (match := LABEL.match(text)))
    small = not any(letter.isupper() for *_, text in found for letter in text)
    names = {name for name, n in firsts.items() if n > 1 and (small or name[0].isupper())}
    speaker = ""
    for start, end, text in found:
        if voice := VOICE.search(text):
            speaker = voice[1]
        elif (match := LABEL.match(text)) and match[1] in names:
            speaker, text = match[1], text[match.end() :]
        elif TURN.match(text):
            speaker = f">> {start}"
        yield start, end, speaker, TURN.sub("", TAG.sub(" ", text))


def _words(cues: Iterator[Cue]) -> Iterator[Said]:
    before = None
    for start, end, speaker, text in cues:
        tokens = text.split()
        letters = sum(len(token) + 1 for token in tokens)
        at = 0
        for token in tokens:
            second = start + (end - start) * at / max(1, letters)
            yield Said(
                token,
                start,
                second,
                "" if speaker.startswith(">>") else speaker,
                speaker != before,
            )
            before = speaker
            at += len(token) + 1
