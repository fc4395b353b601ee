"""The four drafts of a recording do not say the same things, and a short one leaves nothing out."""

import re
from dataclasses import replace

from draftmill.writers.material import Material
from tests.pipeline.test_chapters import joined_talks
from tests.support import talks
from tests.writers.outline.test_writer import draft, note, posts, quotes, write


def places(material: Material, type: str) -> set[tuple[int, ...]]:
    return {tuple(at) for quote in quotes(write(material, type)) for at in quote["segments"]}


def test_where_there_is_enough_no_sentence_stands_in_two_drafts() -> None:
    said, _ = joined_talks("tech_talk", "interview", "meeting")
    said = [replace(s, n=n) for n, s in enumerate(said)]
    material = replace(talks.material("tech_talk"), segments=tuple(said))
    found = [places(material, type) for type in ("newsletter", "twitter", "linkedin")]
    assert all(found)
    assert sum(map(len, found)) == len(set.union(*found))


def test_the_points_of_the_newsletter_are_no_posts_of_the_thread() -> None:
    for name in ("tech_talk", "interview"):
        material = talks.material(name)
        assert not places(material, "newsletter") & places(material, "twitter")


def test_a_short_recording_shows_each_slide_once_and_all_that_reads_well() -> None:
    material = talks.material("rough", pictures=5)
    written = write(material, "blog")
    assert sorted(re.findall(r"shot:(\d+)", written.body)) == ["1", "2", "3", "4", "5"]
    assert "The rain barrel was empty until the middle of June." in written.body
    assert "Tomatoes hate wet leaves more than they hate dry soil." in written.body


def test_captions_without_punctuation_make_no_posts_and_their_passages_end_nowhere() -> None:
    thread, post = draft("captions", "twitter"), draft("captions", "linkedin")
    assert quotes(thread) == quotes(post) == []
    assert len(posts(thread)) <= 2
    assert "aptions without punctuation" in note(thread)
    blog = draft("captions", "blog")
    passages = re.findall(r"^> (.+?) \[", blog.body, re.M)
    assert passages
    assert all(text.startswith("… ") and text.endswith(" …") for text in passages)
    assert not any(mark in text.strip("… ") for text in passages for mark in ".!?")
