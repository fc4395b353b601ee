"""Small talks, written for the tests in the manner of real speech: times, speaker, words.

Each segment is [start in seconds, end in seconds, speaker, text].
"""

import json
from dataclasses import replace
from pathlib import Path

from draftmill.material import Material
from draftmill.pipeline.chapters import chapters
from draftmill.transcripts import SOFT, Screenshot, Segment

ENGLISH = ("tech_talk", "meeting", "interview", "captions", "rough")
NAMES = (*ENGLISH, "german")


def segments(name: str) -> list[Segment]:
    talk = _talk(name)
    flags = frozenset((SOFT,) if talk["soft"] else ())
    return [
        Segment(start_s, end_s, text, speaker=speaker, flags=flags, window=0, n=n)
        for n, (start_s, end_s, speaker, text) in enumerate(talk["segments"])
    ]


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


def _talk(name: str) -> dict:
    return json.loads((Path(__file__).parent / f"{name}.json").read_text(encoding="utf-8"))
