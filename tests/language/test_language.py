"""Each rule and each word list with the spoken sentence that made it necessary."""

import pytest

from draftmill.language import is_english
from draftmill.language.cleaning import clean
from draftmill.language.phrases import alike, joined, labels, topics
from draftmill.language.standalone import dependent, incomplete
from draftmill.language.tags import tagged
from draftmill.language.topics import announced, announced_part, as_label
from draftmill.language.vectors import meanings
from draftmill.language.words import (
    content_words,
    length_in_words,
    plain,
    shortened,
    spoken_in_order,
    trimmed,
)
from draftmill.transcripts.segments import DOUBTFUL, Segment
from tests.support import talks


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        # fillers, and the commas that belonged to them
        ("We, um, moved the uh data.", "We moved the data."),
        ("We moved the data, uh, to a new cluster.", "We moved the data to a new cluster."),
        ("In the first week, um, we moved it.", "In the first week, we moved it."),
        ("It was fast, um.", "It was fast."),
        ("IT WAS, UM, FAST.", "IT WAS FAST."),
        ("In 2019, um, we moved it.", "In 2019, we moved it."),
        # units and names that only look like sounds
        ("The lining is 40 mm thick.", "The lining is 40 mm thick."),
        ("The battery has 5 Ah.", "The battery has 5 Ah."),
        ("It was one um big problem.", "It was one big problem."),
        ("Er, the ER was full.", "The ER was full."),
        # doubled runs, words begun anew
        ("We had we had two hundred of these.", "We had two hundred of these."),
        ("It took me a, it took me a year.", "It took me a year."),
        ("The the log and, and the the table.", "The log and the table."),
        ("We we're done with it.", "We're done with it."),
        ("He says that that's going to stay.", "He says that that's going to stay."),
        # doubled on purpose, by grammar, or a number
        ("It is very, very slow.", "It is very, very slow."),
        ("The fact that that works is luck.", "The fact that that works is luck."),
        ("Call twenty twenty for help.", "Call twenty twenty for help."),
        ("Slowly, slowly it grew.", "Slowly, slowly it grew."),
        # openings that say nothing, and those that do
        ("Okay, so the log grows.", "The log grows."),
        ("And so, well, the log grows.", "The log grows."),
        ("All right, the log grows.", "The log grows."),
        ("Oh, absolutely, the log grows.", "The log grows."),
        ("So you know, the log grows.", "The log grows."),
        ("So far nobody noticed it.", "So far nobody noticed it."),
        ("So much data is lost.", "So much data is lost."),
        ("Right tools matter.", "Right tools matter."),
        ("Well written code is short.", "Well written code is short."),
        # between commas
        ("On a weekend, you know, that number rose.", "On a weekend, that number rose."),
        ("The log, I mean, the table grows.", "The log, the table grows."),
        ("The planner is, like, wrong.", "The planner is wrong."),
        ("It took, like, ten days.", "It took, like, ten days."),
        ("It took, like, 10 days.", "It took, like, 10 days."),
        ("I like, you know, bread.", "I like bread."),
        # endings that ask for a nod
        ("The idea sounds simple, right.", "The idea sounds simple."),
        ("You sold the company in 2004, right?", "You sold the company in 2004, right?"),
        ("The idea sounds simple, you know.", "The idea sounds simple."),
        ("thick oil slows the pawls you know", "Thick oil slows the pawls."),
        ("Turn right.", "Turn right."),
        # a dash keeps two thoughts apart
        ("The brain -- say it fast -- is old.", "The brain – say it fast – is old."),
        # hedges stay
        ("It is sort of slow, I guess.", "It is sort of slow, I guess."),
        # the pronoun of captions
        ("i think i'm late", "I think I'm late."),
        ("The root of i is a number.", "The root of i is a number."),
        ("iPhones are small.", "iPhones are small."),
        ("um", ""),
    ],
)
def test_cleaning(said: str, expected: str) -> None:
    assert clean(said).text == expected


@pytest.mark.parametrize("name", talks.ENGLISH)
def test_cleaning_only_leaves_words_out(name: str) -> None:
    for segment in talks.segments(name):
        assert spoken_in_order(clean(segment.text).text, segment.text)


def test_stumbles_are_counted() -> None:
    assert clean("We, um, we we made, uh, a plan.").stumbles == 4


STANDS_ALONE = [
    "We had one big Postgres machine, and that machine held everything from customers to seats.",
    "Replication lag is not a number, it's a distribution.",
    "This year we moved every release to a Tuesday.",
    "There are three ways to measure the lag of a replica.",
    "If we fail we try the whole copy again.",
    "We know we can restore the backup in an hour.",
    "Measure the waiting before you buy a faster machine.",
    "A twenty five kilo bag of flour doesn't care how old you are.",
    "The planner thought that a table with ninety million rows was empty.",
]


@pytest.mark.parametrize("text", STANDS_ALONE)
def test_a_whole_thought_stands_alone(text: str) -> None:
    assert dependent(text) == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Somebody had brought cake.", "short"),
        ("What would you do with a broken replica?", "question"),
        ("Can you give us a sense for the results of the model.", "question"),
        ("I was going to what was I going to say about gardens.", "question"),
        ("Can everybody see my screen and the slides.", "housekeeping"),
        ("Next slide please, and then the graph of the year.", "housekeeping"),
        ("Thanks everyone for coming to the talk this morning.", "housekeeping"),
        ("My name is Dana and I work on the storage team.", "housekeeping"),
        ("The show is sponsored by a maker of mattresses.", "housekeeping"),
        ("Ruth, it's great to have you on the show.", "housekeeping"),
        ("Let's talk about the night of the switch.", "housekeeping"),
        ("I want to show you the three things we learned.", "housekeeping"),
        ("The first lesson is about the lag of replicas.", "housekeeping"),
        ("Just to make sure I understand the size of the model.", "housekeeping"),
        ("Today I want to talk about how we moved our database.", "housekeeping"),
        ("As you can see, the replica falls behind the primary.", "pointing"),
        ("The compost goes over there behind the garden house.", "pointing"),
        ("In this graph the lag of the replica grows.", "pointing"),
        ("Heating is the next big one, the engineer says.", "pointing"),
        ("The numbers here show the lag of the replica.", "pointing"),
        ("It measured the lag with the clock of the replica.", "opening"),
        ("That leaves us with a million for everything else.", "opening"),
        ("They wanted more than a million for the roof.", "opening"),
        ("Which means the paper in the archive suffers.", "opening"),
        ("But there was no bigger machine at the provider.", "opening"),
        ("The rest we found with a comparison job.", "opening"),
        ("Two of them moved away from the city.", "opening"),
        ("How you can go from a big model to a small model.", "opening"),
        ("So that the expression of the power makes sense.", "opening"),
        ("To your point about the roof, the beams are old.", "opening"),
        ("I think that we, I personally want a bigger roof.", "restart"),
        ("At least in the data from the training of the model.", "opening"),
        ("We moved the reservations of the customers to the.", "dangling"),
        ("We moved the customers and the seats and the stations are.", "dangling"),
        ("We moved the customers to the new- the other cluster.", "broken off"),
        ("The whole idea of a queue in front of the write.", "no verb"),
        ("We're taking we took the bigger machines.", "restart"),
        ("The of the customers came back to the shop.", "restart"),
        ("If someone builds an interesting learning component.", "fragment"),
        ("In general, be able to predict when models would fail.", "fragment"),
        ("He's like, there's a hole in the barrel.", "opening"),
        ("The neighbour was like, there is a hole in the barrel.", "retold"),
        ("The garden was yeah, that was fun for the kids.", "retold"),
        ("I think it is the best way to bake bread at home.", "pronoun"),
        ("Next year we'll do it all again with a better barrel.", "pronoun"),
        ("We had two hundred of these broken reservations every day.", "reference"),
        ("I still look at that table in the new cluster.", "reference"),
        ("I was so very much there with him.", "empty"),
    ],
)
def test_what_does_not_stand_alone(text: str, reason: str) -> None:
    assert dependent(text) == reason


def test_a_sentence_that_points_back_may_follow_another() -> None:
    assert incomplete("That service is four hundred lines of Go.") == ""
    assert incomplete("It measured the lag with the clock of the replica.") == ""
    assert incomplete("Which, okay, is fair enough.") == "retold"


def test_other_languages_are_held_to_length_marks_and_questions_only() -> None:
    assert dependent("Das kostet ungefähr vier Millionen Euro.", english=False) == ""
    assert dependent("Was können wir also sofort tun?", english=False) == "question"
    assert dependent("我们在二月的一个星期天早上三点开始搬家。", english=False) == ""


def test_the_tagger_reads_contractions_and_plural_nouns() -> None:
    assert ("n't", "XX0") in tagged("The cluster doesn't help us.")
    assert ("writes", "NN2") in tagged("The second lesson is about dual writes.")
    assert tagged("") == ()


def test_labels_name_what_is_said_here_and_not_elsewhere() -> None:
    bread = ["Sourdough bread needs time.", "A sourdough starter is alive.", "Sourdough is sour."]
    lag = ["Replication lag grows.", "We measure replication lag.", "The replication lag fell."]
    assert labels([bread, lag]) == ["Sourdough bread", "Replication lag"]


def test_a_label_is_one_phrase_and_no_speakers_name() -> None:
    said = ["Ramona Diaz came.", "Everybody thanked Ramona Diaz.", "Oil is thick."] * 3
    assert labels([said]) == ["Ramona Diaz"]
    assert labels([said], frozenset({"ramona", "diaz"})) == ["Oil"]
    both = ["The oven is hot.", "The dough is cold.", "An oven needs dough."] * 3
    assert " and " not in labels([both])[0]


def test_a_day_and_a_month_label_nothing() -> None:
    said = [
        "Thursday was long.",
        "We met on Thursday in April.",
        "April rains fill the barrel.",
    ] * 3
    assert not {"Thursday", "April"} & set(labels([said]))


def test_no_two_labels_are_alike_and_empty_speech_has_none() -> None:
    same = ["The rain barrel is empty.", "A rain barrel fills up."]
    found = labels([same, same, ["Yeah.", "You know what I mean."]])
    assert found[0] == "Rain barrel"
    assert found[1] != found[0]
    assert found[2] == ""


def test_topics_carry_their_article_and_share_no_word() -> None:
    said = ["The comparison job runs at night.", "We built the comparison job.", "Oil is thick."]
    found = topics(said, 3)
    assert "the comparison job" in found
    assert not any(alike(a, b) for a in found for b in found if a is not b)
    assert joined(["A", "B", "C"]) == "A, B and C"


@pytest.mark.parametrize(
    ("said", "topic"),
    [
        (
            "So today I want to talk about how we moved our database without downtime.",
            "How we moved our database without downtime",
        ),
        (
            "I'll talk about why our release took a day, and how we made it an hour.",
            "Why our release took a day, and how we made it an hour",
        ),
        ("Today's talk is about gear hubs in winter, because oil is thick.", "Gear hubs in winter"),
        ("I want to talk about that today.", ""),
        ("I'll tell you a bit about when I was first talking to bakers.", ""),
        ("Today I want to talk about a much simpler piece of math.", ""),
        ("People always talk about the weather in spring.", ""),
        (
            "In this video we're going to look at how a gear hub works inside and",
            "How a gear hub works inside",
        ),
        ("We moved our database.", ""),
        (
            "So today is about the variance of an estimator and why we divide by n minus 1.",
            "The variance of an estimator and why we divide by n minus 1",
        ),
        ("Today we're making a proper risotto with mushrooms.", "A proper risotto with mushrooms"),
        ("We're making a proper mess of it.", ""),
    ],
)
def test_the_announced_topic_is_the_title(said: str, topic: str) -> None:
    assert announced([Segment(0, 5, said)]) == topic
    assert announced([Segment(0, 5, said, flags=frozenset({DOUBTFUL}))]) == ""


@pytest.mark.parametrize(
    ("said", "topic"),
    [
        (
            "Good, next item is the opening hours during construction.",
            "the opening hours during construction",
        ),
        ("Okay so the second lesson, and this one hurts, is about dual writes.", "dual writes"),
        ("Last item, volunteers.", "volunteers"),
        ("now let's talk about oil because most people never change it", "oil"),
        ("Let's talk about what he said.", ""),
        ("The next thing is in terms of where the money goes.", ""),
        ("The best thing is bread.", ""),
        ("Let's move on to Thursday.", ""),
        ("Let's go to a break.", ""),
        ("Let's start with a joke.", ""),
        ("Let's turn to page 42.", ""),
        ("Let's talk about the landing page.", "the landing page"),
    ],
)
def test_an_announced_part_gives_a_chapter_its_name(said: str, topic: str) -> None:
    assert announced_part([Segment(0, 5, said)]) == topic


def test_a_label_needs_no_article() -> None:
    assert as_label("the night of the switch") == "Night of the switch"


def test_vectors_are_unit_or_zero() -> None:
    found = meanings(["bread and flour", "you know what I mean", ""])
    assert [round(float(row @ row), 3) for row in found] == [1.0, 0.0, 0.0]


def test_english_is_told_by_code_or_by_its_small_words() -> None:
    assert is_english("en-US", [])
    assert not is_english("de", ["the the the"])
    assert is_english("", ["We moved the database to a new cluster."])
    assert not is_english("", ["Wir haben die Datenbank auf einen neuen Rechner gebracht."])


def test_titles_are_cut_where_they_still_read_well() -> None:
    title = "How we moved our database to a new cluster without any downtime"
    assert trimmed(title, 60) == "How we moved our database to a new cluster"
    assert trimmed("Donaudampfschifffahrtsgesellschaft", 12) == "Donaudampfs…"
    assert shortened("one two three", 9) == "one two…"
    assert shortened("one two", 0) == "one two"


def test_words_are_compared_without_case_and_marks() -> None:
    assert content_words("The Log’s “size” isn't it, 42!") == ["log", "size", "42"]
    assert length_in_words("我们今天搬家") == 4
    assert plain("a\u202e\x07 b\n c") == "a b c"
    assert spoken_in_order("We moved", "We, um, moved.")
    assert not spoken_in_order("moved we", "We, um, moved.")


def test_a_stretch_of_captions_keeps_its_openings_and_gets_no_marks() -> None:
    assert clean("and um i i think it's oil you know", ended=False).text == (
        "and I think it's oil you know"
    )
