"""Small talks, written for the tests in the manner of real speech: times, speaker, words.

Each segment is [start in seconds, end in seconds, speaker, text].
"""

import functools
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from draftmill.pipeline.chapters import chapters
from draftmill.projects.screenshots import Screenshot
from draftmill.transcripts.formats import read
from draftmill.transcripts.segments import Segment
from draftmill.writers.material import Material

ENGLISH = ("tech_talk", "meeting", "interview", "captions", "rough")
NAMES = (*ENGLISH, "german")
LONG = (
    "river",
    "pricing",
    "swim",
)  # captions, a meeting of three, an interview: a quarter of an hour each
CAPTIONS = ("captions", "river")


def segments(name: str) -> list[Segment]:
    said = _talk(name)["segments"]
    if name in CAPTIONS:
        cues = [f"{_stamp(start)} --> {_stamp(end)}\n{text}\n" for start, end, _, text in said]
        return [
            replace(s, n=n) for n, s in enumerate(read("\n".join(["WEBVTT\n", *cues])).segments)
        ]
    return [
        Segment(start_s, end_s, text, speaker=speaker, n=n)
        for n, (start_s, end_s, speaker, text) in enumerate(said)
    ]


@functools.cache
def material(name: str, *, pictures: int = 0, title: str = "") -> Material:
    """A talk as writers get it, with pictures spread evenly over it."""
    talk = _talk(name)
    said = segments(name)
    step = talk["duration_s"] / max(1, pictures)
    return Material(
        title=title,
        context="",
        language=talk["language"],
        source="media",
        file_name=f"{name}.mp4",
        duration_s=talk["duration_s"],
        segments=tuple(said),
        chapters=tuple(chapters(said, talk["duration_s"], talk["language"])),
        screenshots=tuple(
            Screenshot(n + 1, n * step, (n + 1) * step, f"{n + 1}.jpg", 1280, 720)
            for n in range(pictures)
        ),
    )


def with_segments(base: Material, said: list[Segment]) -> Material:
    """The same material with other words."""
    return replace(base, segments=tuple(said))


def _stamp(seconds: float) -> str:
    return f"00:{int(seconds) // 60:02d}:{seconds % 60:06.3f}"


def _talk(name: str) -> dict[str, Any]:
    talk: dict[str, Any] = json.loads(
        (Path(__file__).parent / f"{name}.json").read_text(encoding="utf-8")
    )
    return talk
