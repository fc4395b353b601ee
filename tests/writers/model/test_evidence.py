"""Quotations in a draft are in the transcript word for word, or lose their marks."""

import pytest

from draftmill.transcripts.segments import Segment, Word
from draftmill.writers.model.evidence import Checked, check, listen

SAID = (
    Segment(5.0, 9.0, "So, um, we built the queue, you know, on SQLite."),
    Segment(10.0, 14.0, "And it it never lost a a single job."),
    Segment(20.0, 24.0, "I like the real-time part, and it doesn't cost much."),
    Segment(30.0, 34.0, "We are we are very, very happy with it."),
)


def found(quotation: str) -> float | None:
    return listen(SAID).find(quotation)


@pytest.mark.parametrize(
    ("quotation", "start_s"),
    [
        ("we built the queue, you know, on SQLite", 5.0),
        ("WE BUILT the queue -- you know -- on sqlite!", 5.0),
        ("I like the real time part", 20.0),
        ("it doesn’t cost much", 20.0),
    ],
)
def test_case_and_punctuation_do_not_matter(quotation: str, start_s: float) -> None:
    assert found(quotation) == start_s


@pytest.mark.parametrize(
    "quotation",
    [
        "we built the queue on SQLite",
        "It never lost a single job",
        "on SQLite. It never lost a single job. I like the real-time part",
        "We are very, very happy",
    ],
)
def test_fillers_and_doubled_words_may_be_left_out(quotation: str) -> None:
    assert found(quotation) is not None


@pytest.mark.parametrize(
    "quotation",
    [
        "we built a queue on SQLite",
        "I the real-time part",
        "we built on SQLite",
        "it does cost much",
        "a single job never lost it",
        "",
        "…",
    ],
)
def test_other_words_may_not(quotation: str) -> None:
    assert found(quotation) is None


def test_an_ellipsis_joins_parts_in_the_order_in_which_they_were_said() -> None:
    assert found("we built the queue … I like the real-time part") == 5.0
    assert found("we built the queue [...] very happy with it") == 5.0
    assert found("I like the real-time part … we built the queue") is None


def test_the_time_is_that_of_the_first_word_when_words_have_times() -> None:
    words = (Word(1.0, 1.5, "Hello"), Word(2.0, 2.5, "big,"), Word(3.0, 3.5, "world."))
    said = listen([Segment(1.0, 4.0, "Hello big, world.", words=words)])
    assert said.find("big world") == 2.0


def test_a_quotation_that_was_said_stays_and_is_listed_with_its_time() -> None:
    body = "He says “we built the queue on SQLite” with pride."
    checked = check(body, SAID)
    assert checked.body == body
    assert [(q.text, q.start_s) for q in checked.quotations] == [
        ("we built the queue on SQLite", 5.0)
    ]
    assert checked.unverified == ()


@pytest.mark.parametrize(
    "marked",
    [
        "“we rewrote everything in Rust”",
        '"we rewrote everything in Rust"',
        "«we rewrote everything in Rust»",
        "„we rewrote everything in Rust“",
        "‘we rewrote everything in Rust’",
    ],
)
def test_a_quotation_that_was_not_said_loses_its_marks_and_is_named(marked: str) -> None:
    checked = check(f"He says {marked}, proudly.", SAID)
    assert checked.body == "He says we rewrote everything in Rust, proudly."
    assert checked.unverified == ("we rewrote everything in Rust",)
    assert checked.quotations == ()


def test_fewer_than_four_words_in_quotation_marks_are_a_term() -> None:
    body = 'The so-called "outbox pattern" and “exactly once” delivery.'
    assert check(body, SAID) == Checked(body)


def test_inches_and_apostrophes_are_no_quotations() -> None:
    body = "A 5\" disk and a 3\" disk, the teams' work and the '90s."
    assert check(body, SAID) == Checked(body)


def test_a_quotation_may_run_over_a_line_but_not_over_a_paragraph() -> None:
    assert check("“we built the\nqueue on SQLite”", SAID).quotations[0].start_s == 5.0
    body = "An unclosed “ mark here.\n\nAnd another paragraph closes ” it."
    assert check(body, SAID).body == body


def test_a_block_that_was_said_stays_with_its_credit_and_time() -> None:
    body = "> It never lost a single job.\n> — Ada, [0:10](time:10)\n\nMore."
    checked = check(body, SAID)
    assert checked.body == body
    assert [q.start_s for q in checked.quotations] == [10.0]


def test_a_block_that_was_not_said_becomes_plain_text() -> None:
    checked = check("Before.\n\n> It lost every single job.\nand more of it\n\nAfter.", SAID)
    assert checked.body == "Before.\n\nIt lost every single job.\nand more of it\n\nAfter."
    assert checked.unverified == ("It lost every single job. and more of it",)


def test_a_dash_inside_a_block_hides_no_invented_words() -> None:
    checked = check("> It never lost a single job – unlike Postgres\n", SAID)
    assert checked.unverified == ("It never lost a single job – unlike Postgres",)


def test_a_block_may_frame_what_was_said() -> None:
    body = "> “It never lost a single job,” she said.\n"
    assert check(body, SAID).body == body


def test_code_is_no_quotation() -> None:
    body = '```\nprint("one two three four five")\n```\n\nand `"one two three four"` here'
    assert check(body, SAID) == Checked(body)


def test_scripts_without_spaces_are_compared_by_character() -> None:
    said = [Segment(3.0, 8.0, "今日は新しいデータベースについて話します。")]
    assert check("彼は「新しいデータベースについて」と述べた。", said).quotations[0].start_s == 3.0
    assert check("彼は「古いデータベースは要りません」と述べた。", said).unverified


def test_an_invented_quotation_cannot_stand_across_far_places() -> None:
    assert found("we built the queue happy with it") is None
