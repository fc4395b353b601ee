"""Songs, introductions and lent voices: what is said and is no thought of its speaker."""

import pytest

from draftmill.language.asides import asides
from draftmill.language.names import is_a_name, speakers_names
from draftmill.language.passages import Reading
from draftmill.transcripts.segments import SUNG, Segment


def said(*texts: str, speaker: str = "") -> list[Segment]:
    return [
        Segment(3.0 * n, 3.0 * n + 2.5, text, speaker=speaker, n=n) for n, text in enumerate(texts)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "They would say that the bridge is far too expensive for a town like ours.",
        "Somebody might say, why do you spend money on paper at all?",
        "My mother always says that a train which sleeps is a train which dreams.",
        "Critics always say the archive should have moved years ago.",
        "Oh, but the poor archive needs a second heat pump this winter.",
        'And she went, "the roof will never hold the snow of a whole winter".',
        "He said, I don't need a library when I have a telephone.",
        "The mayor was like, we never promised anybody a new roof.",
        "If someone tells you that flour never gets old, keep your own bag closed.",
        "The typical reaction is, this is not my department and I have no budget.",
        "Management's answer was always the same, hire cheaper people and buy cheaper parts.",
        "A customer once wrote to us, your software is the reason why I hate Mondays.",
        "My mother whispered, the bread is for the neighbours and not for us.",
        "Quote, the roof will fall before the winter, end quote.",
    ],
)
def test_a_lent_voice_is_not_the_speakers_own(text: str) -> None:
    assert asides(said(text)) == ["lent"]


@pytest.mark.parametrize(
    "text",
    [
        "I would say that patience matters more than flour.",
        "I always say that patience matters more than flour.",
        "The engineer says that the old oil heating won't pass inspection.",
        "Flour matters less than people think.",
        "The answer is, of course, a bigger oven.",
        "She wrote to us, and we bought a bigger oven.",
        'A "planetary gear" sits in the middle of the hub.',
        "The lag said nothing about the size of the table.",
    ],
)
def test_a_report_and_ones_own_opinion_are_no_lent_voice(text: str) -> None:
    assert asides(said(text)) == [""]


def test_a_quotation_is_lent_until_it_is_closed() -> None:
    found = asides(
        said(
            "The letter said: “We have no money for a roof.",
            "Every spring the same people ask for more.",
            "The answer is no.”",
            "The council paid for the roof in the end.",
        )
    )
    assert found == ["lent", "lent", "lent", ""]


TALK = [f"Loaf number {n} was baked in the old oven behind the mill." for n in range(20)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('I bought a 27" monitor for the archive.', ""),
        ('He is 6\'2" and lifts the 50" screen alone.', ""),
        ('The first 27" monitor and the second 32" monitor stand in the archive.', ""),
        ("The word “done means that somebody else has looked at it.", "lent"),
        ('The word "done means that somebody else has looked at it.', "lent"),
    ],
)
def test_a_mark_that_is_never_closed_lends_no_more_than_its_own_sentence(
    text: str, why: str
) -> None:
    assert asides(said(text, *TALK)) == [why, *([""] * len(TALK))]
    late = [*TALK, "He closes it “far too late”” with a second mark."]
    assert asides(said(text, *late)) == [why, *([""] * len(late))]


def test_a_mark_is_closed_by_its_own_kind_and_a_new_one_leaves_the_old_one_open() -> None:
    found = asides(
        said(
            "The word “done means that somebody else has looked at it.",
            'A 27" monitor shows the whole page of a newspaper.',
            "But I never liked the look of it.",
            "“Enough” was said when the roof came down.",
            "A mill without a roof grinds snow.",
        )
    )
    assert found == ["lent", "", "", "", ""]


def test_a_quotation_in_german_marks_ends_at_its_own_mark() -> None:
    found = asides(said("The sign says „no bread“ on the door.", *TALK))
    assert found == [""] * (len(TALK) + 1)


def test_a_lent_voice_goes_on_until_the_speaker_answers_it() -> None:
    found = asides(
        said(
            "The neighbour said, why don't you buy bread like everybody else?",
            "A loaf costs two euros around the corner.",
            "But a loaf of my own costs eighty cents.",
        )
    )
    assert found == ["lent", "lent", ""]


def test_a_biography_that_is_read_is_no_passage() -> None:
    found = asides(
        said(
            "Our next speaker comes all the way from Ghana.",
            "Ama Boateng is a professor of soil science at the University of Accra.",
            "Two of her fields lie below the level of the sea.",
            "She received her doctorate from Wageningen and has won the Golden Spade.",
            "Salt is the slowest flood there is.",
        )
    )
    assert found == ["introduction"] * 4 + [""]


def test_one_professor_in_a_talk_is_no_biography() -> None:
    text = "Nernst was a professor of physics in Berlin when he measured the heat of metals."
    assert asides(said("Heat is slow.", text, "Metals are quick.")) == ["", "", ""]


@pytest.mark.parametrize(
    "text",
    [
        "I'm Sam, your host, and this is another episode about gardens.",
        "With me today is the author of three books about rain.",
        "Please welcome Ama Boateng to the stage.",
        "I'm an engineer at a company that sells train tickets.",
        "Good morning, everybody.",
        "Go to pagewell dot com and use the code lines for fifteen percent off.",
        "Hi team, this is a quick update on the state of the Lisbon office.",
        "Don't go anywhere, we'll be right back after this short break.",
        "I'm Rosa and today we cook a risotto with mushrooms from the forest.",
        "If you enjoyed the garden, leave us a five star review.",
    ],
)
def test_greetings_and_introductions_are_no_passages(text: str) -> None:
    assert asides(said(text)) == ["introduction"]


@pytest.mark.parametrize(
    "text",
    [
        "We replaced the old library with new code in three weeks.",
        "The service was written in dot net before the migration.",
    ],
)
def test_a_talk_about_code_is_no_advertising(text: str) -> None:
    assert asides(said(text)) == [""]


def test_songs_are_no_passages_with_notes_or_by_their_chorus() -> None:
    verse = ("The river runs to the town.", "The town runs to the sea.")
    found = asides(said(*verse, "Nobody ever asked the rain.", *verse, "Gardens need water."))
    assert found == ["sung", "sung", "", "sung", "sung", ""]
    marked = [Segment(0, 2, "Gardens need water.", flags=frozenset({SUNG}))]
    assert asides(marked) == ["sung"]


def test_who_is_called_again_and_again_has_a_name_and_those_sentences_are_not_quoted() -> None:
    talk = said(
        "Omar, you bake bread at night in the mill behind the church.",
        "The oven needs four hours until its stones are hot.",
        "Omar Haddad, is there a bread that you refuse to bake?",
        "I never quarrelled about the flour with you, Omar.",
        "Today, you need a licence for an oven of that size.",
        "Today, you pay for the water, too.",
    )
    assert {"omar", "haddad"} == speakers_names(talk)
    assert speakers_names(said("My guest tonight is the baker Omar Haddad.")) == {"omar", "haddad"}
    assert [s.whole for s in Reading(talk, english=True).sentences[:4]] == [
        False,
        True,
        False,
        False,
    ]


def test_a_long_line_that_comes_three_times_is_a_refrain_and_what_is_between_is_sung() -> None:
    line = "The river takes the winter to the sea."
    verses = ("My father left the mill in May.", "The snow was on the wheel.", "He never wrote.")
    song = said(line, *verses, line, *verses[:1], line, "Mills need water all the year.")
    assert asides(song) == ["sung"] * 7 + [""]
    twice = said(line, *verses, line, "Mills need water all the year.")
    assert asides(twice) == [""] * 6
    apart = [
        text for n in range(3) for text in (line, *(f"Loaf {n} {m} is dark." for m in range(9)))
    ]
    assert asides(said(*apart)) == [""] * 30


def test_a_quotation_that_is_spoken_out_ends_where_it_is_said_to_end() -> None:
    found = asides(
        said(
            "The letter began, quote, the roof will fall.",
            "The beams are older than the church, end quote.",
            "The council paid for the roof in May.",
        )
    )
    assert found == ["lent", "lent", ""]


def test_who_speaks_and_who_is_greeted_has_a_name_that_is_no_topic() -> None:
    names = speakers_names(
        [
            Segment(0, 2, "My guest today is Ruth Okafor.", speaker="Dana Hill"),
            Segment(2, 4, "Thanks, Priya, that was the budget."),
        ]
    )
    assert {"dana", "hill", "ruth", "okafor", "priya"} <= names
    assert is_a_name("Ruth's starter", names)
    assert not is_a_name("sourdough starter", names)
