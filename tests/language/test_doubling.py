"""What is said twice: a stumble loses one, what grammar doubles stays as it was said."""

import pytest

from bench.draft_oracles import Sought
from bench.draft_texts import Said
from draftmill.language.cleaning import clean
from draftmill.language.standalone import dependent, incomplete


@pytest.mark.parametrize(
    "said",
    [
        "We gave the garden to her, her brother sold it.",
        "When I first saw you, you were standing in the rain.",
        "If a customer asks you, you say that the price is final.",
        "I told you, you can't do that.",
        "I told you, you're late.",
        "You can hear it, it starts to click.",
        "Those who can, can learn it in a week.",
        "What he was, was a thief.",
        "The people who work here, here is what they told us.",
        "Help me if you can, you can start with the roof.",
        "What we do we do well.",
        "My neighbour moved in in April.",
        "You can log in in seconds with a code.",
        "He gave up up there in the mountains.",
        "Whoever will will find a way.",
    ],
)
def test_a_word_that_ends_one_clause_and_begins_the_next_stays(said: str) -> None:
    assert clean(said).text == said


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("It, it works on Monday.", "It works on Monday."),
        ("We stayed because it, it rained.", "We stayed because it rained."),
        ("We waited, and, and the, the roof held.", "We waited, and the roof held."),
        ("I, I think we we're done.", "I think we're done."),
        ("You can, you can start with the roof.", "You can start with the roof."),
    ],
)
def test_what_can_end_no_clause_is_a_stumble(said: str, expected: str) -> None:
    assert clean(said).text == expected


@pytest.mark.parametrize(
    "said",
    [
        "My neighbour moved in in April with a tub and two dogs.",
        "The garden gate, in, in the middle of the night, opened.",
        "The teachers told you you can leave the garden gate open.",
    ],
)
def test_where_nobody_can_tell_it_is_not_quoted(said: str) -> None:
    assert incomplete(clean(said).text) == "restart"


def test_across_a_comma_it_may_be_quoted() -> None:
    assert dependent("We gave the garden to her, her brother sold it within one year.") == ""


def test_the_benchmark_forgives_no_word_that_ends_a_clause() -> None:
    def lost(said: str, quote: str) -> list[str]:
        words = [Said(text, n, n, "", False) for n, text in enumerate(said.split())]
        sought = Sought(words)
        return sought.left_out(sought.places_of(quote.split()))

    assert lost("We gave it to her, her brother sold it.", "we gave it to her brother") == ["her"]
    assert lost("We gave it to the, the brother.", "we gave it to the brother") == []
