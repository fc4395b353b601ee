"""An outline knows what it rests on: every quotation with its sentences, every label with its chapter."""

import json
from dataclasses import replace
from typing import Any

import pytest

from content_actions import CONTENT_TYPES
from draftmill.drafts.written import Written
from draftmill.evidence.records import blocks_in
from draftmill.language.words import spoken_in_order
from draftmill.writers.outline import writer
from tests.support import talks

SEGMENTS = {(s.window, s.n): s for s in talks.segments("tech_talk")}


class Quiet:
    """A Work that nobody watches."""

    def progress(self, *args: object, **named: object) -> None: ...


def write(type: str) -> Written:
    work: Any = Quiet()
    return writer.write(work, talks.material("tech_talk", pictures=6), CONTENT_TYPES[type], "")


@pytest.mark.parametrize("type", list(CONTENT_TYPES))
def test_what_an_outline_quotes_was_said_in_the_sentences_that_it_names(type: str) -> None:
    claims = [claim for block in blocks_in(write(type).evidence) for claim in block.claims]
    said = [claim for claim in claims if claim.status == "said"]
    assert said
    for claim in said:
        segments = [SEGMENTS[source.segment or (-1, -1)] for source in claim.sources]
        assert spoken_in_order(claim.text, " ".join(segment.text for segment in segments))
        assert [(s.start, s.end) for s in claim.sources] == [(s.start_s, s.end_s) for s in segments]


@pytest.mark.parametrize("type", list(CONTENT_TYPES))
def test_nothing_in_an_outline_needs_a_check(type: str) -> None:
    found = blocks_in(write(type).evidence)
    assert {block.status for block in found} <= {"said", "supported"}
    assert len({block.hash for block in found}) == len(found)


def test_a_heading_rests_on_the_opening_of_its_chapter_and_its_picture() -> None:
    material = talks.material("tech_talk", pictures=6)
    headings = [b for b in blocks_in(write("blog").evidence) if b.kind == "heading"]
    assert [block.claims[0].text for block in headings] == [c.title for c in material.chapters]
    for block, chapter in zip(headings, material.chapters, strict=True):
        (source,) = block.claims[0].sources
        assert source.start == chapter.start_s
        shot = material.screenshots[(block.frame or 0) - 1]
        assert shot.time_s <= chapter.start_s < shot.end_s


def test_evidence_is_the_same_after_it_was_stored() -> None:
    evidence = write("linkedin").evidence
    assert blocks_in(json.loads(json.dumps(evidence))) == blocks_in(evidence)
    assert [b["status"] for b in json.loads(json.dumps(evidence))["blocks"]] == ["supported"]


def test_an_outline_of_nothing_has_no_sources() -> None:
    work: Any = Quiet()
    bare = replace(talks.material("rough"), segments=(), chapters=(), file_name="")
    written = writer.write(work, bare, CONTENT_TYPES["blog"], "")
    assert all(not c.sources for block in blocks_in(written.evidence) for c in block.claims)
