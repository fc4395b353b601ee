"""An outline keeps to what it was given: the limits of a person's own type, every slide of a short talk."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from content_actions import CONTENT_TYPES
from draftmill.transcripts.chapters import Chapter
from draftmill.writers.outline import writer
from tests.support import talks
from tests.writers.outline.test_writer import Quiet, write


@pytest.mark.parametrize("limit", [20, 50, 80, 300])
@pytest.mark.parametrize("most", [1, 2, 4])
def test_no_post_is_longer_than_its_type_allows_and_two_say_something(
    limit: int, most: int
) -> None:
    base = CONTENT_TYPES["twitter" if most > 1 else "linkedin"]
    content = replace(base, limit=limit, max_posts=most, count="plain")
    work: Any = Quiet()
    written = writer.write(work, talks.material("interview"), content, "")
    posts = json.loads(written.body)
    assert 1 <= len(posts) <= most
    assert all(len(post) <= limit for post in posts)
    if limit == 300:
        assert written.evidence["quotes"]


def test_the_chapters_of_a_single_post_begin_at_the_beginning() -> None:
    body = json.loads(write(talks.material("interview"), "linkedin").body)[0]
    times = re.findall(r"^(\d+:\d\d) ", body, re.M)
    assert times[0] == "0:00"
    assert "0:00" not in times[1:]


def test_every_slide_of_a_short_recording_is_shown_once() -> None:
    base = talks.material("tech_talk", pictures=5)
    said = tuple(s for s in base.segments if 10 < s.start_s < 90)
    chapters = (Chapter(1, 10.0, 40.0, "One"), Chapter(2, 40.0, 90.0, "Two"))
    spans = [(0.0, 6.0), (6.0, 39.0), (40.0, 41.5), (41.5, 88.0), (95.0, 99.0)]
    shots = tuple(
        replace(shot, time_s=start_s, end_s=end_s)
        for shot, (start_s, end_s) in zip(base.screenshots, spans, strict=True)
    )
    material = replace(base, segments=said, chapters=chapters, screenshots=shots, duration_s=100.0)
    body = write(material, "blog").body
    assert sorted(re.findall(r"shot:(\d+)", body)) == [str(shot.n) for shot in shots]
    assert body.index("shot:1)") < body.index("## Two") < body.index("shot:5)")
