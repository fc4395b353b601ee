"""Sentences are rebuilt from words with times, as a recogniser gives them."""

import math

import pytest

from draftmill.transcripts.segments import SOFT, Word
from draftmill.transcripts.sentences import clean, glued, sane, sentences


def spoken(text: str, start_s: float = 0.0, word_s: float = 0.3) -> list[Word]:
    """A word every `word_s` seconds, `<2.5>` for a pause of so many seconds."""
    words = []
    for token in text.split():
        if token.startswith("<"):
            start_s += float(token.strip("<>"))
            continue
        words.append(Word(start_s, start_s + word_s - 0.05, token))
        start_s += word_s
    return words


def texts(text: str) -> list[str]:
    return [sentence.text for sentence in sentences(spoken(text))]


def test_a_sentence_ends_at_an_end_mark() -> None:
    assert texts("We measured twice. Was it worth it? Oh yes! Good") == [
        "We measured twice.",
        "Was it worth it?",
        "Oh yes!",
        "Good",
    ]


@pytest.mark.parametrize(
    "whole",
    [
        "Dr. Miller and Prof. Chen were right.",
        "Then Mr. Jones called Mrs. Smith at home.",
        "We use a cache, e.g. the one for pages, i.e. the small one.",
        "In the U.S. Senate nobody had heard of it.",
        "The U.S. office found the same bug.",
        "It became 3.5 times faster.",
        "It costs $4.99 a month.",
        "See Fig. 3 and No. 7 on the next page.",
        "George W. Bush said that, and J. R. R. Tolkien did not.",
        "She got her Ph.D. Friday night.",
        "We start at 9 a.m. Monday and stop at 5 p.m. every day.",
        "It is Python vs. Ruby again.",
        "Miller et al. showed it first.",
        "We sell apples, pears, etc. to everyone.",
        "It was Acme Inc. Chicago that paid.",
        "And then... well, it broke.",
        "St. Louis is on the river.",
    ],
)
def test_an_abbreviation_does_not_end_a_sentence(whole: str) -> None:
    assert texts(whole) == [whole]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("He moved to the U.S.", "It was cold there."),
        ("We sell apples, pears, etc.", "Nobody minds."),
        ("We begin at 9 a.m.", "The room is upstairs."),
        ("Did it work? No.", "It did not."),
        ("That was in 2019.", "Everything changed."),
        ("The answer is 42.", "Nobody knows why."),
        ("So do I.", "And you?"),
        ("We chose plan B.", "It was worse."),
        ("He worked for Acme Inc.", "They paid well."),
        ("And then it broke...", "Everybody laughed."),
        ('He said "stop."', "Nobody did."),
        ("(It was late.)", "We went home."),
    ],
)
def test_an_end_mark_before_a_new_sentence_ends_one(first: str, second: str) -> None:
    assert texts(f"{first} {second}")[-2:] == [first.split("? ")[-1], second]


def test_a_long_pause_ends_a_sentence_softly() -> None:
    first, second = sentences(spoken("so we sat down and <1.5> nobody said a word."))
    assert (first.text, second.text) == ("so we sat down and", "nobody said a word.")
    assert first.flags == {SOFT}
    assert not second.flags


def test_a_short_pause_ends_nothing() -> None:
    assert len(sentences(spoken("so we sat down and <1.1> nobody said a word."))) == 1


def test_more_than_forty_words_are_cut_at_a_comma_softly() -> None:
    clause = "and then we went on with the next table, "
    parts = sentences(spoken(clause * 8 + "until it was done."))
    assert len(parts) == 2
    assert all(len(part.words) <= 48 for part in parts)
    assert parts[0].text.endswith("table,")
    assert parts[0].flags == {SOFT}
    assert parts[1].flags == frozenset()


def test_a_cut_at_a_comma_leaves_no_crumbs() -> None:
    text = " ".join(["word"] * 38) + " table, it was done today."
    assert len(sentences(spoken(text))) == 1


def test_endless_words_without_marks_are_cut_at_the_longest_pause() -> None:
    text = " ".join(["on"] * 60) + " <1.0> " + " ".join(["on"] * 60)
    assert [len(part.words) for part in sentences(spoken(text))] == [60, 60]


def test_a_sentence_begins_with_its_first_word_and_ends_with_its_last() -> None:
    _, second = sentences(spoken("One two. <0.8> Three four."))
    assert second.start_s == pytest.approx(1.4)
    assert second.end_s == pytest.approx(1.95)
    assert [word.text for word in second.words] == ["Three", "four."]


def test_no_word_is_lost_or_doubled() -> None:
    words = spoken("Dr. Miller, e.g. in the U.S. office, said <2> stop. No. 7 is " + "a, " * 90)
    assert [word for part in sentences(words) for word in part.words] == words


def test_no_words_make_no_sentences() -> None:
    assert sentences([]) == []


def test_languages_without_spaces_are_written_together() -> None:
    words = spoken("今日は いい 天気 です。 明日 も。")
    assert [s.text for s in sentences(words, spaced=False)] == ["今日はいい天気です。", "明日も。"]


def test_pieces_that_go_on_with_a_word_are_glued_to_it() -> None:
    pieces = [" about", " 3", ".5", " times", " re", "-used", " 50", "%"]
    heard = [Word(n, n + 1, text, 0.9 - n / 10) for n, text in enumerate(pieces)]
    joined = glued(heard)
    assert [word.text.strip() for word in joined] == ["about", "3.5", "times", "re-used", "50%"]
    assert (joined[1].start_s, joined[1].end_s) == (1, 3)
    assert joined[1].probability == pytest.approx(0.7)


def test_pieces_of_languages_without_spaces_stay_apart() -> None:
    heard = [Word(0, 1, "今日"), Word(1, 2, "は")]
    assert glued(heard, spaced=False) == heard


def test_times_are_made_to_run_forward_inside_their_window() -> None:
    heard = [
        Word(5.0, 9.0, "early"),
        Word(12.0, 11.0, "backward"),
        Word(11.0, 13.0, "earlier"),
        Word(math.nan, math.inf, "odd"),
        Word(19.0, 25.0, "late"),
    ]
    times = [(word.start_s, word.end_s) for word in sane(heard, 10.0, 20.0)]
    assert times == [(10.0, 10.0), (12.0, 12.0), (12.0, 13.0), (12.0, 12.0), (19.0, 20.0)]


def test_words_without_text_are_left_out() -> None:
    heard = [Word(0, 1, " "), Word(1, 2, "\x00"), Word(2, 3, " yes ")]
    assert [word.text for word in sane(heard, 0, 10)] == ["yes"]


def test_text_from_outside_is_made_one_clean_line() -> None:
    assert clean(" a\nb\x00\x1b[31m \ud800 c\u00a0d ") == "a b[31m c d"
