"""Articles and newsletters: title, marks and quotations of an answer are put in order."""

import pytest

from content_actions import ContentType
from draftmill.drafts.written import Written
from draftmill.evidence.records import Flaw, blocks_in
from draftmill.writers.model import cut_answers
from tests.support.model_server import ModelServer, answers
from tests.support.model_writer import (
    BLOG,
    LINKEDIN,
    NEWSLETTER,
    Watched,
    long_material,
    problem,
    wrote,
)

# Articles


def article(work: Watched, server: ModelServer, reply: str, content: ContentType = BLOG) -> Written:
    server.otherwise = answers(reply)
    return wrote(work, content)


@pytest.mark.parametrize(
    "reply",
    [
        "# Queues in SQLite\n\nA text.",
        "Sure! Here is your blog post:\n\n# Queues in SQLite\n\nA text.",
        "```markdown\n# Queues in SQLite\n\nA text.\n```",
        "**Title:** Queues in SQLite\n\nA text.",
        "# **Queues in SQLite**\n---\nA text.",
        "## Queues in SQLite\n\nA text.",
        "**Queues in SQLite**\n\nA text.",
        "Queues in SQLite\n================\n\nA text.",
        "# Queues in SQLite\n\nA text.\n\n(Word count: 312)",
    ],
)
def test_the_title_is_taken_off(work: Watched, server: ModelServer, reply: str) -> None:
    written = article(work, server, reply)
    assert (written.title, written.body) == ("Queues in SQLite", "A text.")
    assert written.model == "writer-7b"


def test_an_article_without_a_title_takes_its_first_sentence(
    work: Watched, server: ModelServer
) -> None:
    written = article(work, server, "Queues are tables. They always were.")
    assert written.title == "Queues are tables."
    assert written.body == "Queues are tables. They always were."


def test_a_second_top_heading_becomes_a_section(work: Watched, server: ModelServer) -> None:
    written = article(work, server, "# One\n\nText.\n\n# Two\n\nMore.")
    assert written.body == "Text.\n\n## Two\n\nMore."


SECTIONS = """{"title": "Queues in SQLite", "sections": [
  {"heading": "The weekend", "body": "We built it all in one weekend."},
  {"heading": "The lesson", "paragraphs": ["Keep the truth in one table.", "And look at the numbers."]}
], "tone": "friendly"}"""


def test_an_answer_in_json_is_read_in_its_order(work: Watched, server: ModelServer) -> None:
    written = article(work, server, SECTIONS)
    assert written.title == "Queues in SQLite"
    assert written.body == (
        "## The weekend\n\nWe built it all in one weekend.\n\n## The lesson\n\n"
        "- Keep the truth in one table.\n- And look at the numbers."
    )


@pytest.mark.parametrize(
    "reply",
    [
        "Could you please provide the transcript? I don't see any material.",
        "# Storage\n\nStorage engines store.",
    ],
)
def test_what_is_no_draft_of_a_long_recording_is_refused(
    work: Watched, server: ModelServer, reply: str
) -> None:
    for content in (BLOG, LINKEDIN):
        server.otherwise = answers(reply)
        written = wrote(work, content, material=long_material(2, 20))
        assert written.model == "extractive"
        assert "The model" in str(written.fields["note"])


def test_an_article_needs_no_empty_lines_below_its_headings(
    work: Watched, server: ModelServer
) -> None:
    written = article(work, server, "# T\n\n## A\nText of A.\n\n## B\nText of B.")
    assert "Text of A." in written.body
    assert "Text of B." in written.body


def test_an_answer_in_json_is_read_in_japanese_too(work: Watched, server: ModelServer) -> None:
    reply = '{"title": "列", "sections": [{"body": "週末に全部作りました。"}, {"body": "表は一つだけです。"}]}'
    written = article(work, server, reply)
    assert written.body == "週末に全部作りました。\n\n表は一つだけです。"


def test_headings_alone_are_no_article(work: Watched, server: ModelServer) -> None:
    server.otherwise = answers("# Queues\n\n## The weekend")
    assert problem(work).code == "model_reply_empty"


def test_no_citation_stays_in_the_text(work: Watched, server: ModelServer) -> None:
    reply = "# T\n\nIt took one weekend [sentence 2]. Nothing was lost (see s3)."
    body = article(work, server, reply).body
    assert body.startswith("It took one weekend. Nothing was lost.")


def test_a_cut_answer_is_kept_whatever_stands_around_it(work: Watched, server: ModelServer) -> None:
    text = " ".join(f"The queue of point {n} is kept in one table." for n in range(20))
    for cut in (
        f"Sure, here is your post:\n\n# Queues\n\n{text} And",
        f"```markdown\n# Queues\n\n{text} And",
        f"**Queues**\n\n{text} And",
    ):
        assert text in cut_answers.whole_by_its_form(cut, BLOG)


BODIES = {
    "a picture that exists": ("![A slide](shot:2)", "![A slide](shot:2)"),
    "a picture that does not": ("Before.\n\n![A slide](shot:9)\n\nAfter.", "Before.\n\nAfter."),
    "a picture twice": ("![A](shot:2) and ![B](shot:2)", "![A](shot:2) and"),
    "a foreign picture": ("See ![x](https://evil.example/?q=1) here.", "See  here."),
    "a nested picture": ("See ![a ![b](http://evil.example)](shot:9) here.", "See  here."),
    "a picture by reference": ("See ![x][1].\n\n[1]: http://evil.example/a.png\n", "See ."),
    "html": ("A <b>bold</b> <script src=x>alert(1)</script> text.", "A bold alert(1) text."),
    "html in pieces": ("A <scr<b>ipt>text</scr</b>ipt>.", "A text."),
    "code": (
        "```\nVec<T> [0:10]\n```\n\nand `List<int>` too",
        "```\nVec<T> [0:10]\n```\n\nand `List<int>` too",
    ),
    "a time": ("At [0:20](time:20).", "At [0:20](time:20)."),
    "a time with another label": (
        "At [9:99](time:20) and [there](time:20).",
        "At [9:99](time:20) and [there](time:20).",
    ),
    "a wrong label": ("At [5:00](time:20).", "At [0:20](time:20)."),
    "a time as a clock": ("At [0:20](time:0:20).", "At [0:20](time:20)."),
    "a bare time": ("At [0:20].", "At [0:20](time:20)."),
    "a time beyond the end": (
        "At [9:00](time:540), [then](time:540) and [9:00].",
        "At , then and .",
    ),
    "no time at all": ("At [now](time:soon) and [x](time:nan).", "At now and x."),
    "a known link": (
        "[The talk](https://queues.example/talk)",
        "[The talk](https://queues.example/talk)",
    ),
    "an invented link": ("[The docs](https://docs.example/x)", "The docs"),
    "a script link": ("[Click](javascript:alert(1))", "Click"),
    "an automatic link": ("See <https://docs.example/x> there.", "See  there."),
    "a link by reference": ("See [the docs][1].\n\n[1]: https://docs.example\n", "See the docs."),
}


@pytest.mark.parametrize("case", BODIES.values(), ids=BODIES.keys())
def test_marks_lead_only_to_what_exists(
    work: Watched, server: ModelServer, case: tuple[str, str]
) -> None:
    reply, body = case
    assert article(work, server, f"# T\n\n{reply}\n\nEnd.").body == f"{body}\n\nEnd."


def test_what_only_the_parser_sees_is_escaped(work: Watched, server: ModelServer) -> None:
    written = article(
        work, server, "# T\n\n[a](<http://evil.example/ b>) ![c](<http://evil.example/ d>)"
    )
    assert "](" not in written.body


def test_quotations_rest_on_what_was_said_and_invented_ones_are_marked(
    work: Watched, server: ModelServer
) -> None:
    reply = (
        "# T\n\n> It never lost a single job in two years.\n\nShe says “we rewrote it all in Rust”."
    )
    written = article(work, server, reply)
    said, invented = blocks_in(written.evidence)
    assert (said.status, invented.status) == ("said", "weak")
    assert [source.start for source in said.claims[0].sources] == [20.0]
    assert "we rewrote it all in Rust" in [flaw.text for flaw in invented.claims[0].problems]
    assert written.body.endswith("She says “we rewrote it all in Rust”.")


def test_a_title_with_a_number_that_nobody_said_says_so(work: Watched, server: ModelServer) -> None:
    written = article(work, server, "# It lost 37 jobs in two years\n\nIt never lost a single job.")
    assert written.fields["doubts"] == [["37", ""]]


def test_a_time_that_is_not_that_of_its_words_is_put_right_and_told(
    work: Watched, server: ModelServer
) -> None:
    reply = "# T\n\n“It never lost a single job in two years.” [0:41](time:41)\n\nEnd."
    written = article(work, server, reply)
    assert written.body == ("“It never lost a single job in two years.” [0:20](time:20)\n\nEnd.")
    (claim,) = blocks_in(written.evidence)[0].claims
    assert claim.problems == (Flaw("corrected", "0:41", "0:20"),)
    assert claim.status == "said"


# Newsletters

ISSUE = """Subject: One table is enough
Alternative: Two years without a lost job
Alternative: Queues, the boring way
Preview: What a weekend in SQLite taught us.

Keep the truth in one table.
"""


def test_a_newsletter_has_subject_alternatives_and_preview(
    work: Watched, server: ModelServer
) -> None:
    written = article(work, server, ISSUE, NEWSLETTER)
    assert written.title == "One table is enough"
    assert written.fields == {
        "subjects": ["Two years without a lost job", "Queues, the boring way"],
        "preview": "What a weekend in SQLite taught us.",
    }
    assert written.body == "Keep the truth in one table."


def test_a_subject_that_is_too_long_gives_way_to_an_alternative(
    work: Watched, server: ModelServer
) -> None:
    written = article(work, server, ISSUE.replace("One table", "One table " * 9), NEWSLETTER)
    assert written.title == "Two years without a lost job"
    assert len(server.requests) == 1


def test_without_a_short_one_the_model_is_asked_once(work: Watched, server: ModelServer) -> None:
    long = "Subject: " + "very long " * 10 + "\n\nA text."
    server.then(answers(long), answers('"One table is enough"'))
    assert wrote(work, NEWSLETTER).title == "One table is enough"
    assert "60 characters" in server.requests[1].system


def test_a_subject_that_stays_too_long_is_cut_at_a_word(work: Watched, server: ModelServer) -> None:
    server.otherwise = answers("Subject: " + "very long " * 10 + "\n\nA text.")
    title = wrote(work, NEWSLETTER).title
    assert len(title) <= 60
    assert title.endswith("…")
    assert len(server.requests) == 2


def test_a_missing_preview_is_the_first_sentence(work: Watched, server: ModelServer) -> None:
    written = article(
        work, server, "Subject: S\n\n**Keep** it [simple](time:1). And so on.", NEWSLETTER
    )
    assert written.fields["preview"] == "Keep it simple."
