"""Drafts without a model: the speaker's own words, laid out for four kinds of content."""

import functools
import json
import re
from dataclasses import replace
from typing import Any

import pytest

from content_actions import CONTENT_TYPES
from draftmill.clock import clock
from draftmill.drafts.post_length import length
from draftmill.drafts.written import Written
from draftmill.language.words import bare_words, spoken_in_order
from draftmill.transcripts.segments import DOUBTFUL, Segment
from draftmill.writers.markdown import escaped
from draftmill.writers.material import Material
from draftmill.writers.outline import writer
from tests.support import talks


class Quiet:
    """A Work that nobody watches: the writer only reports to it."""

    def progress(self, *args: object, **named: object) -> None: ...


def write(material: Material, type: str, instructions: str = "") -> Written:
    work: Any = Quiet()
    return writer.write(work, material, CONTENT_TYPES[type], instructions)


@functools.cache
def draft(name: str, type: str) -> Written:
    """A talk's draft, written once for all tests that only read it."""
    return write(talks.material(name), type)


def posts(written: Written) -> list[str]:
    found: list[str] = json.loads(written.body)
    return found


def note(written: Written) -> str:
    return str(written.fields["note"])


def quotes(written: Written) -> list[dict[str, Any]]:
    found: Any = written.evidence["quotes"]
    return list(found)


ALL = [(name, type) for name in talks.NAMES for type in CONTENT_TYPES]


@pytest.mark.parametrize(("name", "type"), ALL)
def test_every_quotation_was_said_there_in_that_order(name: str, type: str) -> None:
    material = talks.material(name)
    said = {(s.window, s.n): s for s in material.segments}
    written = write(material, type)
    body = " ".join(posts(written)) if CONTENT_TYPES[type].shape == "posts" else written.body
    for quote in quotes(written):
        segments = [said[window, n] for window, n in quote["segments"]]
        assert spoken_in_order(quote["quote"], " ".join(s.text for s in segments))
        assert quote["start_s"] == segments[0].start_s
        assert quote["end_s"] == segments[-1].end_s
        assert quote["quote"] in body.replace("\\", "")


@pytest.mark.parametrize(("name", "type"), ALL)
def test_no_sentence_is_used_twice(name: str, type: str) -> None:
    used = [tuple(place) for q in quotes(draft(name, type)) for place in q["segments"]]
    assert len(set(used)) == len(used)


@pytest.mark.parametrize(("name", "type"), ALL)
def test_posts_and_titles_keep_their_limits(name: str, type: str) -> None:
    content = CONTENT_TYPES[type]
    written = draft(name, type)
    assert written.title
    assert not content.title_limit or len(written.title) <= content.title_limit
    if content.shape == "posts":
        assert 1 <= len(posts(written)) <= content.max_posts
        assert all(length(post, content.count) <= content.limit for post in posts(written))


@pytest.mark.parametrize("type", list(CONTENT_TYPES))
def test_it_calls_itself_an_outline_in_one_line_outside_the_text(type: str) -> None:
    written = draft("tech_talk", type)
    assert "own words" in note(written)
    assert "\n" not in note(written)
    assert "model" not in written.body


def test_the_blog_opens_with_the_facts_and_has_a_heading_a_chapter() -> None:
    material = talks.material("tech_talk", pictures=6)
    written = write(material, "blog")
    assert written.title == "How we moved our database to a new cluster without any downtime"
    assert written.body.startswith(
        "This 7-minute recording covers the old system, replication lag and the night of the"
        " switch, in 3 chapters.\n"
    )
    headings = re.findall(r"^## (.+)$", written.body, re.M)
    assert headings == [chapter.title for chapter in material.chapters]
    for chapter in material.chapters:
        second = int(chapter.start_s)
        assert f"[{clock(second)}](time:{second})" in written.body


def test_each_chapter_shows_the_picture_of_its_time_and_no_picture_comes_twice() -> None:
    material = talks.material("tech_talk", pictures=6)
    shown = [int(n) for n in re.findall(r"\(shot:(\d+)\)", write(material, "blog").body)]
    assert len(shown) == len(set(shown)) == len(material.chapters)
    for n, chapter in zip(shown, material.chapters, strict=True):
        shot = material.screenshots[n - 1]
        assert shot.end_s > chapter.start_s
        assert shot.time_s < chapter.end_s


def test_one_slide_for_a_whole_talk_is_shown_once() -> None:
    assert write(talks.material("tech_talk", pictures=1), "blog").body.count("shot:") == 1


def test_passages_read_as_spoken_by_someone_who_speaks_well() -> None:
    body = draft("tech_talk", "blog").body
    assert "> " in body
    for rough in (" um", " uh", "you know", "And every", "we had we had", "Next slide", "?"):
        assert rough not in body


def test_a_meeting_of_single_sentences_has_points_instead_of_passages() -> None:
    assert "\n- Volunteers have to sit through three evenings" in draft("meeting", "blog").body


def test_the_newsletter_has_subject_preview_five_points_and_three_other_subjects() -> None:
    written = draft("tech_talk", "newsletter")
    assert written.title == "How we moved our database to a new cluster"
    assert 0 < len(str(written.fields["preview"])) <= 140
    subjects: Any = written.fields["subjects"]
    assert len(subjects) == len({s.casefold() for s in (*subjects, written.title)}) - 1 == 3
    assert all(len(subject) <= 60 for subject in subjects)
    points = written.body.split("**In this recording**")[0]
    assert len(re.findall(r"^- ", points, re.M)) == 5


def test_the_thread_opens_with_what_the_recording_is_about() -> None:
    first, *rest = posts(draft("interview", "twitter"))
    assert "This 4-minute recording covers" in first
    assert len(rest) >= 8
    assert rest[-1].startswith("0:01 ")


def test_too_few_good_sentences_make_a_short_thread_that_says_so() -> None:
    written = draft("rough", "twitter")
    assert len(posts(written)) <= 5
    assert "read well alone" in note(written)
    assert "Rough speech" in note(written)


def test_good_speech_is_not_called_rough() -> None:
    assert "Rough" not in note(draft("interview", "blog"))


def test_captions_without_full_stops_say_that_their_ends_are_guesses() -> None:
    assert "no full stops" in note(draft("captions", "twitter"))


def test_a_doubtful_sentence_is_never_used() -> None:
    base = talks.material("tech_talk")
    doubted = [replace(s, flags=frozenset({DOUBTFUL})) for s in base.segments]
    for type in CONTENT_TYPES:
        written = write(talks.with_segments(base, doubted), type)
        assert quotes(written) == []
        assert "Postgres" not in written.body
    one = [replace(s, flags=s.flags | ({DOUBTFUL} if s.n == 7 else set())) for s in base.segments]
    assert all(
        [0, 7] not in quote["segments"]
        for type in CONTENT_TYPES
        for quote in quotes(write(talks.with_segments(base, one), type))
    )


def test_a_passage_has_one_speaker() -> None:
    material = talks.material("interview")
    speakers = {(s.window, s.n): s.speaker for s in material.segments}
    for quote in quotes(write(material, "blog")):
        assert len({speakers[window, n] for window, n in quote["segments"]}) == 1


def test_a_corrected_word_is_quoted_as_corrected() -> None:
    base = talks.material("tech_talk")
    said = [replace(s, text=s.text.replace("Postgres", "MariaDB")) for s in base.segments]
    assert "MariaDB" in write(talks.with_segments(base, said), "blog").body


def test_the_persons_title_comes_first() -> None:
    material = talks.material("tech_talk", title="Nine minutes")
    assert {write(material, type).title for type in CONTENT_TYPES} == {"Nine minutes"}


def test_instructions_without_a_model_are_answered() -> None:
    assert "instructions" in note(write(talks.material("tech_talk"), "blog", "shorter"))
    assert "instructions" not in note(write(talks.material("tech_talk"), "blog", "  "))


def test_another_language_gets_a_sane_outline() -> None:
    written = draft("german", "blog")
    assert written.body.startswith("This 2-minute recording has 3 chapters.\n")
    assert "## Der zweite Punkt ist das Wasser" in written.body
    assert "Ein großer Laubbaum verdunstet" in written.body
    assert "Rough" not in note(written)
    untitled = write(replace(talks.material("german"), file_name="Kühle_Stadt.mp4"), "blog")
    assert untitled.title == "Wie unsere Stadt im Sommer kühl bleiben kann"


def test_times_that_are_only_estimates_are_not_shown() -> None:
    base = replace(talks.material("tech_talk"), source="transcript", timed=False)
    for type in CONTENT_TYPES:
        assert not re.search(r"time:|\d:\d\d", write(base, type).body)
    assert "(time:" in write(replace(base, timed=True), "blog").body


@pytest.mark.parametrize("type", list(CONTENT_TYPES))
def test_a_recording_of_one_word_or_none_still_makes_a_draft(type: str) -> None:
    bare = replace(talks.material("rough"), segments=(), chapters=(), file_name="")
    assert write(bare, type).title == "Untitled"
    one = replace(bare, segments=(Segment(0, 1, "Hello."),), duration_s=1.0)
    assert write(one, type).body


HOSTILE = "The *bold* <script>alert(1)</script> [link](javascript:x) and `code` | cost us # 5_000 _euros_."


@pytest.mark.parametrize("type", ["blog", "newsletter"])
def test_marks_in_speech_are_text(type: str) -> None:
    from markdown_it import MarkdownIt

    base = talks.material("tech_talk")
    said = [replace(s, text=HOSTILE) if s.n % 2 else s for s in base.segments]
    html = MarkdownIt().render(write(talks.with_segments(base, said), type).body)
    assert "<script" not in html
    assert "javascript:x&quot;" not in html
    assert "<em>" not in html
    assert "<code>" not in html


@pytest.mark.parametrize(
    "text",
    [
        HOSTILE,
        "# no heading",
        "- no list",
        "+ no list",
        "1. no list",
        "2024) no list",
        "=== no line",
        "--- no line",
        "> no quotation",
        "![no](picture)",
        "&lt;no entity&gt; &#60;",
        "back\\slash \\* star",
        "snake_case_name and _em_",
        "~~no~~ **no** __no__",
        "a  \nb\tc\x00d\u202ee",
        "<http://example.com>",
    ],
)
def test_escaped_text_renders_as_the_text_it_was(text: str) -> None:
    from html import unescape

    from markdown_it import MarkdownIt

    html = MarkdownIt().enable("table").enable("strikethrough").render(escaped(text))
    inner = re.fullmatch(r"<p>(.*)</p>\n", html, re.S)
    assert inner
    assert "<" not in inner[1]
    expected = " ".join(re.sub(r"[\x00\u202e]", " ", text).split())
    assert unescape(inner[1]) == expected


def test_a_linkedin_post_drops_sentences_until_it_fits() -> None:
    content = replace(CONTENT_TYPES["linkedin"], limit=500)
    work: Any = Quiet()
    written = writer.write(work, talks.material("interview"), content, "")
    assert len(posts(written)[0]) <= 500
    assert all(quote["quote"] in posts(written)[0] for quote in quotes(written))


def test_nothing_needs_the_words_to_be_different() -> None:
    base = talks.material("tech_talk")
    same = [replace(s, text="We moved the whole database to a new cluster.") for s in base.segments]
    for type in CONTENT_TYPES:
        written = write(talks.with_segments(base, same), type)
        used = [" ".join(bare_words(quote["quote"])) for quote in quotes(written)]
        assert len(used) <= 1
