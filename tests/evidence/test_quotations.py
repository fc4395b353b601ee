"""Quotations in a draft are in the transcript word for word, or are marked."""

import time
from collections.abc import Sequence

import pytest

from draftmill.evidence.blocks import blocks_of
from draftmill.evidence.drafts import check_draft
from draftmill.evidence.quotations import quotations_in
from draftmill.evidence.recording import Recording
from draftmill.evidence.records import Claim, Flaw
from draftmill.evidence.spoken import listen
from draftmill.transcripts.segments import Segment, Word
from tests.support import talks

SAID = (
    Segment(5.0, 9.0, "So, um, we built the queue, you know, on SQLite."),
    Segment(10.0, 14.0, "And it it never lost a a single job."),
    Segment(20.0, 24.0, "I like the real-time part, and it doesn't cost much."),
    Segment(30.0, 34.0, "We are we are very, very happy with it."),
)

TECH = listen(talks.segments("tech_talk"))


def found(quotation: str) -> float | None:
    place = listen(SAID).find(quotation)
    return None if place is None else place.start_s


def claims(body: str, said: Sequence[Segment] = SAID) -> list[Claim]:
    recording = Recording(tuple(said))
    return [claim for block in check_draft(recording, body) for claim in block.claims]


def false_quotations(body: str, said: Sequence[Segment] = SAID) -> list[str]:
    return [f.text for claim in claims(body, said) for f in claim.problems if f.kind == "quotation"]


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
    assert found("I like the real-time part [...] very happy with it") == 20.0
    assert found("I like the real-time part … we built the queue") is None


def test_the_time_is_that_of_the_first_word_when_words_have_times() -> None:
    words = (Word(1.0, 1.5, "Hello"), Word(2.0, 2.5, "big,"), Word(3.0, 3.5, "world."))
    said = listen([Segment(1.0, 4.0, "Hello big, world.", words=words)])
    place = said.find("big world")
    assert place
    assert place.start_s == 2.0


def test_pieces_that_lie_far_apart_or_are_by_two_speakers_are_no_quotation() -> None:
    said = [
        Segment(0.0, 4.0, "We started small.", speaker="Ada"),
        Segment(5.0, 9.0, "Then it grew.", speaker="Ada"),
        Segment(10.0, 12.0, "And it broke.", speaker="Ben"),
        Segment(50.0, 54.0, "Now it is boring.", speaker="Ada"),
    ]
    assert listen(said).find("We started small … it grew")
    assert not listen(said).find("We started small … it broke")
    assert not listen(said).find("Then it grew. And it broke.")
    assert not listen(said).find("Then it grew … Now it is boring")


@pytest.mark.parametrize(
    "quotation",
    [
        "[The queue] never lost a single job",
        "[W]e built the queue",
        "we built the queue [at Acme] on SQLite",
        "I like the real-time part, and [the queue] doesn't cost much",
        "It never lost [even] a single job",
    ],
)
def test_an_editors_brackets_are_no_fault(quotation: str) -> None:
    assert found(quotation) is not None


def test_brackets_do_not_join_what_lies_apart() -> None:
    assert found("we built the queue [and] very happy with it") is None


@pytest.mark.parametrize(
    ("spoken", "written"),
    [
        ("two point four million for the roof", "2.4 million for the roof"),
        ("it has forty one steps", "it has 41 steps"),
        ("forty percent of three hundred dollars", "40% of $300"),
        ("in twenty twenty eight we move", "in 2028 we move"),
        ("nine hundred thousand and a hundred more", "900,000 and 100 more"),
        ("two hundred and fifty people", "250 people"),
        ("one and a half million", "1.5 million"),
    ],
)
def test_a_number_may_be_spelled_otherwise(spoken: str, written: str) -> None:
    said = [Segment(1.0, 4.0, f"Well, {spoken}.")]
    assert listen(said).find(written)
    assert listen([Segment(1.0, 4.0, written)]).find(spoken)
    assert not listen(said).find(written.translate(str.maketrans("123456789", "234567891")))


def test_a_quotation_that_was_said_rests_on_its_sentence() -> None:
    (claim,) = claims("He says, “we built the queue on SQLite”.")
    assert claim.status == "said"
    assert [source.start for source in claim.sources] == [5.0]
    assert claim.problems == ()


@pytest.mark.parametrize(
    "marked",
    [
        "“we lost a job in Rust”",
        '"we lost a job in Rust"',
        "«we lost a job in Rust»",
        "„we lost a job in Rust“",
        "‘we lost a job in Rust’",
        "*we lost a job in Rust*",
    ],
)
def test_a_quotation_that_was_not_said_is_marked_with_what_was_said(marked: str) -> None:
    (claim,) = claims(f"He says {marked}, proudly.")
    assert claim.status == "weak"
    flaw = Flaw("quotation", "we lost a job in Rust", "It never lost a single job.")
    assert flaw in claim.problems


def test_a_few_words_in_quotation_marks_must_be_said_or_written_by_the_owner() -> None:
    body = "They are “very happy” with what he calls a “total mess” of a “job queue”."
    assert false_quotations(body) == ["total mess", "job queue"]
    recording = Recording(SAID, remarks=("Ada built the job queue.",))
    (block,) = check_draft(recording, body)
    assert [f.text for f in block.claims[0].problems if f.kind == "quotation"] == ["total mess"]


def test_inches_and_apostrophes_are_no_quotations() -> None:
    assert not false_quotations("A 5\" disk and a 3\" disk, the teams' work and the '90s.")


def test_a_quotation_may_run_over_a_line_but_not_over_a_paragraph() -> None:
    assert claims("“we built the\nqueue on SQLite”")[0].status == "said"
    assert not false_quotations("An unclosed “ mark here.\n\nAnd another paragraph closes ” it.")


def test_a_block_that_was_said_has_a_credit_and_a_time() -> None:
    recording = Recording(SAID, remarks=("Ada speaks of queues.",))
    body = "> It never lost a single job.\n> — Ada, [0:10](time:10)\n"
    ((claim,),) = [block.claims for block in check_draft(recording, body)]
    assert (claim.status, [source.start for source in claim.sources]) == ("said", [10.0])


def test_a_block_that_was_not_said_is_marked() -> None:
    assert false_quotations("Before.\n\n> It lost every single job.\nand more of it\n\nAfter.") == [
        "It lost every single job. and more of it"
    ]


def test_a_dash_inside_a_block_hides_no_invented_words() -> None:
    assert false_quotations("> It never lost a single job – unlike Postgres\n") == [
        "It never lost a single job – unlike Postgres"
    ]


def test_a_block_may_frame_what_was_said() -> None:
    assert not false_quotations("> “It never lost a single job,” she said.\n")


def test_code_is_no_quotation() -> None:
    assert not false_quotations(
        '```\nprint("one two three")\n```\n\nand `"one two three four"` here'
    )


def test_scripts_without_spaces_are_compared_by_character() -> None:
    said = [Segment(3.0, 8.0, "今日は新しいデータベースについて話します。")]
    assert not false_quotations("彼は「新しいデータベースについて」と述べた。", said)
    assert false_quotations("彼は「古いデータベースは要りません」と述べた。", said)


def test_an_invented_quotation_cannot_stand_across_far_places() -> None:
    assert found("we built the queue happy with it") is None


@pytest.mark.parametrize(
    "changed",
    [
        "the checkout page … went down",
        "Replication lag is … a number",
        "Foreign keys were [not] everywhere",
        "So we had [93] big Postgres machine",
        "There was [a] bigger machine",
    ],
)
def test_neither_dots_nor_brackets_turn_what_was_said(changed: str) -> None:
    assert TECH.find(changed) is None


@pytest.mark.parametrize(
    "edited",
    [
        "Foreign keys were … everywhere",
        "[The] foreign keys were everywhere",
        "the checkout page [itself] never went down",
    ],
)
def test_dots_and_brackets_that_leave_the_sense_are_right(edited: str) -> None:
    assert TECH.find(edited)


@pytest.mark.parametrize(
    "marked",
    [
        "»we lost a job in Rust«",
        "›we lost a job in Rust‹",
        "‹we lost a job in Rust›",
        "« we lost a job in Rust »",
        "«\N{NO-BREAK SPACE}we lost a job in Rust\N{NO-BREAK SPACE}»",
        "‚we lost a job in Rust‘",
        "„we lost a job in Rust”",
        '„we lost a job in Rust"',
        "'we lost a job in Rust'",
        "「we lost a job in Rust」",
        "『we lost a job in Rust』",
    ],
)
def test_marks_of_every_kind_quote(marked: str) -> None:
    for text in (f"He says {marked}, proudly.", f"He says {marked.replace(' ', chr(10), 3)}."):
        assert false_quotations(text) == ["we lost a job in Rust"]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("'The teams' work is done,' he said.", ["The teams' work is done,"]),
        ("'Give 'em hell,' she said.", ["Give 'em hell,"]),
        ("The '70s had a 'total mess' of rock 'n' roll.", ["total mess"]),
        ("“A total mess\n\n“and one more mess,” he said.", ["A total mess “and one more mess,"]),
    ],
)
def test_a_quotation_ends_where_it_ends(text: str, quoted: list[str]) -> None:
    assert [one.words for one in quotations_in(blocks_of([text])[0])] == quoted


@pytest.mark.parametrize(
    "text",
    [
        "Don't do what the dogs' owners did in the '90s and ‘80s: rock 'n' roll, 'tis 'em, y'all's.",
        "L'été d'un homme, 's avonds, O'Brien's and the teams’ work isn’t theirs’.",
        'Settings › Models › More, 5\' 10" tall, 6\' 2" wide, a 27" monitor and a 30" one.',
    ],
)
def test_no_apostrophe_opens_a_quotation(text: str) -> None:
    assert not quotations_in(blocks_of([text])[0])


@pytest.mark.parametrize(
    "body",
    [
        "He says: “We lost\n\nevery job.” And so on.",
        "He says: “We lost\n\n“every job.” And so on.",
        'He says: "We lost\n\nevery job." And so on.',
        "He says: «We lost\n\nevery job.» And so on.",
        ["1/2 He says: “We lost", "2/2 every job.” And so on."],
    ],
)
def test_a_quotation_goes_on_in_the_next_paragraph_or_post(body: str | list[str]) -> None:
    found = [[one.words for one in quotations_in(block)] for block in blocks_of(body)]
    assert found == [["We lost"], ["every job."]]


def test_a_quotation_that_goes_on_is_judged_anew_when_its_end_is_gone() -> None:
    whole, ended = blocks_of("“We lost\n\nevery job.”"), blocks_of("“We lost\n\nevery job.")
    assert whole[0].text == ended[0].text
    assert whole[0].hash != ended[0].hash
    assert not quotations_in(ended[0])


@pytest.mark.parametrize(
    "unit",
    ["“a ", "'a b ", "'as' as' as' ", "'x 'em 'em ", "» a «»a ", '"a ', "“a\n\n", "「a", "as' a "],
)
def test_marks_take_time_in_proportion_to_their_text(unit: str) -> None:
    def seconds(body: str | list[str]) -> float:
        began = time.process_time()
        for block in blocks_of(body):
            quotations_in(block)
        return time.process_time() - began

    for body in ([f"{unit}" * 20_000], [unit] * 5_000):
        assert seconds(body) < 3
