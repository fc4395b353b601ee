"""The times of words in a sentence that a person wrote anew."""

import pytest

from draftmill.transcripts.retimed import pairs, retimed
from draftmill.transcripts.segments import Word
from tests.support.time_bounds import LINEAR, growth


def said(text: str) -> list[Word]:
    return [Word(n, n + 0.9, word, 0.5) for n, word in enumerate(text.split())]


@pytest.mark.parametrize(
    ("old", "new", "times"),
    [
        ("we use it", "we use it", [(0, 0.9), (1, 1.9), (2, 2.9)]),
        ("we use draft mill now", "We use Draftmill now", [(0, 0.9), (1, 1.9), (2, 3.9), (4, 4.9)]),
        ("we draftmill now", "we draft mill now", [(0, 0.9), (1, 1.5), (1.5, 1.9), (2, 2.9)]),
        ("a b", "a big b", [(0, 0.9), (0.9, 1), (1, 1.9)]),
        ("a b c", "c", [(2, 2.9)]),
        ("a b", "a b too", [(0, 0.9), (1, 1.9), (1.9, 1.9)]),
        ("all of it", "nothing", [(0, 2.9)]),
        ("the the cat", "the the big cat", [(0, 0.9), (1, 1.9), (1.9, 2), (2, 2.9)]),
    ],
)
def test_words_that_stay_keep_their_times_and_others_share_the_gap(old, new, times):
    made = retimed(said(old), new)
    assert " ".join(word.text for word in made) == new
    assert [word[:2] for word in made] == times


def test_what_a_person_wrote_is_certain_and_what_was_heard_as_likely_as_before():
    made = retimed(said("we use draft mill"), "we use Draftmill")
    assert [word.probability for word in made] == [0.5, 0.5, 1.0]


def test_a_script_without_spaces_is_compared_letter_by_letter():
    made = retimed([Word(0, 1, "你好"), Word(1, 2, "世界")], "你好新世界")
    assert "".join(word.text for word in made) == "你好新世界"
    assert made[0].start_s == 0
    assert made[3].start_s == 1


def test_without_words_there_are_no_times():
    assert retimed((), "written in a file of captions") == ()


@pytest.mark.parametrize(("old", "new"), [("a", "a b"), ("a b", "b a"), ("a", "b")])
def test_it_takes_time_in_proportion(old, new):
    assert growth(lambda n: pairs((f"{old} " * n).split(), (f"{new} " * n).split()), 2_000) < LINEAR
    assert (
        growth(lambda n: pairs([*map(str, range(n))], [*map(str, range(n, 0, -1))]), 2_000) < LINEAR
    )
