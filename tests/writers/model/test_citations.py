"""Sentences that a model cites by number: kept as evidence, shown as times, never left in a text."""

import json
from dataclasses import replace
from typing import Any

import pytest

from content_actions import ContentType
from draftmill.evidence.records import blocks_in
from tests.support.model_server import ModelServer, answers
from tests.support.model_writer import (
    BLOG,
    LINKEDIN,
    MATERIAL,
    NEWSLETTER,
    TWITTER,
    Watched,
    wrote,
)

ARTICLE = """# Queues [s1]

It took one weekend [s2]. Nobody slept [s2][s3].

> It never lost a single job in two years. [s3]

## The lesson [s5]
Keep the truth in one table.

- A point of a list [s4-s5]
- Another one, of nothing [s99]
"""


def cited(written: Any) -> list[tuple[str, list[int]]]:
    return [
        (one["text"], [n for _, n in one["segments"]]) for one in written.evidence.get("cited", [])
    ]


def test_a_paragraph_ends_with_the_time_of_what_it_cites_first(
    work: Watched, server: ModelServer
) -> None:
    server.otherwise = answers(ARTICLE)
    written = wrote(work)
    assert written.title == "Queues"
    assert written.body == (
        "It took one weekend. Nobody slept. [0:10](time:10)\n\n"
        "> It never lost a single job in two years. [0:20](time:20)\n\n"
        "## The lesson\nKeep the truth in one table.\n\n"
        "- A point of a list [0:30](time:30)\n- Another one, of nothing"
    )
    assert cited(written) == [
        ("# Queues", [0]),
        ("It took one weekend. Nobody slept.", [1, 2]),
        ("> It never lost a single job in two years.", [2]),
        ("## The lesson", [4]),
        ("- A point of a list", [3, 4]),
    ]
    said = [block for block in blocks_in(written.evidence) if block.status == "said"]
    assert [source.start for source in said[0].claims[0].sources] == [20.0]


def test_a_subject_line_shows_no_time(work: Watched, server: ModelServer) -> None:
    server.otherwise = answers(
        "Subject: One weekend [s2]\nAlternative: No job lost [s3]\nPreview: Two years [s3].\n\nText [s4]."
    )
    written = wrote(work, NEWSLETTER)
    assert written.title == "One weekend"
    assert written.fields["subjects"] == ["No job lost"]
    assert written.fields["preview"] == "Two years."
    assert written.body == "Text. [0:30](time:30)"


@pytest.mark.parametrize("content", [TWITTER, LINKEDIN], ids=lambda content: content.type)
def test_posts_show_neither_numbers_nor_times(
    work: Watched, server: ModelServer, content: ContentType
) -> None:
    server.otherwise = answers(json.dumps(["It took a weekend. [s2]", "It lost no job [s3, s4]."]))
    written = wrote(work, content)
    assert "[" not in "".join(json.loads(written.body))
    assert [numbers for _, numbers in cited(written)] == [[1], [2, 3]]


DRESSES = (
    *(
        "[s2]",
        "[S2]",
        "[s2][s3]",
        "[s2, s3]",
        "[s2 and s3]",
        "[s2; s4\u2013s5]",
        "[[s2]]",
        "`[s2]`",
    ),
    *("(s2)", "\u3010s2\u3011", "[^s2]", "[s2](s2)", "[s2](time:10)"),
    pytest.param(f"[s2][s{'9' * 5_000}]", id="more digits than a number has"),
)


@pytest.mark.parametrize("mark", DRESSES)
def test_a_number_goes_in_whatever_dress(work: Watched, server: ModelServer, mark: str) -> None:
    server.otherwise = answers(f"# T\n\nIt took one weekend {mark}.\n\n{mark} We built it.")
    body = wrote(work).body
    assert body == "It took one weekend. [0:10](time:10)\n\nWe built it. [0:10](time:10)"


def test_what_only_looks_like_a_number_stays(work: Watched, server: ModelServer) -> None:
    body = "We store it in Amazon (S3), at s3.example.\n\n```\nrows[s2]\n```"
    server.otherwise = answers(f"# T\n\n{body}")
    assert wrote(work).body == body


def test_without_times_nothing_is_shown_but_the_evidence_is_kept(
    work: Watched, server: ModelServer
) -> None:
    server.otherwise = answers("# T\n\nIt took one weekend [s2].")
    written = wrote(work, material=replace(MATERIAL, timed=False))
    assert written.body == "It took one weekend."
    assert cited(written) == [("It took one weekend.", [1])]


def test_a_time_that_the_model_wrote_itself_is_not_doubled(
    work: Watched, server: ModelServer
) -> None:
    server.otherwise = answers("# T\n\nIt took one weekend [0:20](time:20) [s2].", "stop")
    assert wrote(work, BLOG).body == "It took one weekend [0:20](time:20)."
