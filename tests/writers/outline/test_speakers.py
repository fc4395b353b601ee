"""With two or more speakers each quotation names its own, and none is a title."""

import json
import re
from dataclasses import replace

import pytest

from content_actions import CONTENT_TYPES
from draftmill.pipeline.chapters import chapters
from draftmill.transcripts.segments import Segment
from tests.support import talks
from tests.writers.outline.test_writer import draft, posts, quotes, write


@pytest.mark.parametrize("name", ["meeting", "interview"])
@pytest.mark.parametrize("type", list(CONTENT_TYPES))
def test_every_quotation_names_its_speaker(name: str, type: str) -> None:
    written = draft(name, type)
    body = "\n".join(posts(written)) if CONTENT_TYPES[type].shape == "posts" else written.body
    said = {(s.window, s.n): s.speaker for s in talks.material(name).segments}
    for quote in quotes(written):
        (speaker,) = {said[window, n] for window, n in quote["segments"]}
        text = re.escape(quote["quote"])
        assert quote["speaker"] == speaker
        assert re.search(rf"{speaker}: “{text}”|{text}”? — {speaker}", body)


def test_one_speaker_needs_no_name() -> None:
    base = talks.material("tech_talk")
    said = [replace(s, speaker="Dana") for s in base.segments]
    for type in CONTENT_TYPES:
        assert "Dana" not in write(talks.with_segments(base, said), type).body


def test_who_speaks_without_a_name_among_named_people_is_not_quoted() -> None:
    base = talks.material("interview")
    said = [replace(s, speaker="" if s.speaker == "Ruth" else s.speaker) for s in base.segments]
    said = [replace(s, speaker="Sam") if s.n % 9 == 0 else s for s in said]
    material = talks.with_segments(base, said)
    unnamed = {s.n for s in said if not s.speaker}
    for type in CONTENT_TYPES:
        for quote in quotes(write(material, type)):
            assert not {n for _, n in quote["segments"]} & unnamed


def test_with_one_known_speaker_those_without_a_name_are_a_voice_too() -> None:
    base = talks.material("interview")
    said = [replace(s, speaker="Ruth" if s.speaker == "Ruth" else "") for s in base.segments]
    unnamed = {s.n for s in said if not s.speaker}
    assert 0 < len(unnamed) < len(said)
    for type in CONTENT_TYPES:
        for quote in quotes(write(talks.with_segments(base, said), type)):
            assert not {n for _, n in quote["segments"]} & unnamed
            assert quote["speaker"] == "Ruth"


def test_a_name_is_no_title_and_no_topic() -> None:
    lines = ["Thanks, Ramona, for number {}.", "Ramona has offer {} for the heat pump."]
    said = [
        Segment(
            4.0 * n, 4.0 * n + 3, lines[n % 2].format(n), speaker=("Ramona", "Theo")[n % 2], n=n
        )
        for n in range(60)
    ]
    found = chapters(said, 240.0, "en")
    assert not any("Ramona" in chapter.title.split() for chapter in found)
    material = replace(talks.material("meeting"), segments=tuple(said), chapters=tuple(found))
    written = write(material, "blog")
    assert "Ramona" not in written.title
    assert "Ramona" not in written.body.splitlines()[0]


def test_a_post_with_its_name_keeps_the_limit() -> None:
    base = talks.material("interview")
    long = "Ruth Oluwaseun Okafor of the Bakery"
    said = [replace(s, speaker=long if s.speaker == "Ruth" else s.speaker) for s in base.segments]
    thread = json.loads(write(talks.with_segments(base, said), "twitter").body)
    assert all(len(post) <= 280 for post in thread)
