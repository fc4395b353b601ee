"""What differs between two versions, and one passage of it taken."""

import time

import pytest

from draftmill.drafts import taking, versions
from draftmill.drafts.difference import difference
from draftmill.errors import NotFound
from tests.support.draft_rows import MARA, P, T, generate, save, shown
from tests.support.illustrated_draft import draft

OLD = "One warm cache.\n\nNobody had looked.\n\nWe drew ![it](shot:3) at [0:12](time:12).\n"
NEW = "One warm cache.\n\nNobody at all had looked twice.\n\nWe drew ![it](shot:4) at [0:12](time:12).\n\nThe end."


def marked(old: str, new: str) -> str:
    """The differences with what is gone in {-…-} and what is new in {+…+}."""
    frames = {"same": "{}", "gone": "{{-{}-}}", "new": "{{+{}+}}"}
    passages = [one for one in difference(draft(old), draft(new)) if one.differs]
    return "|".join(
        "".join(frames[piece.kind].format(piece.text) for piece in one.pieces) for one in passages
    )


def test_words_are_marked_and_marks_of_pictures_are_words():
    assert marked(OLD, NEW) == (
        "Nobody {+at all +}had looked{+ twice+}."
        "|We drew {-![it](shot:3)-}{+![it](shot:4)+} at [0:12](time:12)."
        "|{+The end.+}"
    )


def test_words_that_change_together_are_marked_together():
    assert marked("It took forty long minutes.", "It took four short minutes.") == (
        "It took {-forty long-}{+four short+} minutes."
    )


def test_the_title_differs_as_a_paragraph_does():
    title, body = difference(draft("Same.", "One"), draft("Same.", "Two"))
    assert (title.part, title.words, body.differs) == ("title", (1, 1), False)


def test_a_script_without_spaces_differs_by_its_letters():
    assert marked("我们画了图", "我们看了图") == "我们{-画-}{+看+}了图"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a " * 100_000, "b a " * 50_000),
        ("[a" * 100_000, "![0](time:" * 20_000),
    ],
)
def test_a_hostile_text_takes_no_longer_than_its_bound(old: str, new: str):
    begun = time.monotonic()
    assert any(one.differs for one in difference(draft(old), draft(new)))
    assert time.monotonic() - begun < 30  # without a bound: hours


def passage(db, n: int, word: str) -> str:
    """The id of the difference to version `n` in which a word stands."""
    other = next(one for one in versions.versions(db, P, T) if one.n == n)
    return next(one.id for one in difference(shown(db), other) if word in one.old + one.new)


def test_a_paragraph_is_taken_and_the_others_stay_to_the_letter(db):
    save(db, OLD, generate(db, "j1", NEW).tag)
    assert taking.take_passage(db, P, T, MARA, 1, passage(db, 1, "twice")) == 2
    assert shown(db).body == OLD.replace("Nobody had looked.", "Nobody at all had looked twice.")
    taking.take_passage(db, P, T, MARA, 1, passage(db, 1, "The end."))
    assert shown(db).body.endswith("at [0:12](time:12).\n\nThe end.")
    assert (shown(db).n, shown(db).author) == (4, "person")


def test_what_was_taken_once_is_not_taken_twice(db):
    save(db, OLD, generate(db, "j1", NEW).tag)
    chosen = passage(db, 1, "twice")
    taking.take_passage(db, P, T, MARA, 1, chosen)
    assert taking.take_passage(db, P, T, MARA, 1, chosen) is None
    assert shown(db).n == 3


def test_texts_are_compared_before_anything_is_locked(db, monkeypatch):
    save(db, OLD, generate(db, "j1", NEW).tag)
    chosen = passage(db, 1, "twice")
    compare = taking.difference

    def meanwhile(old, new):
        assert not db.in_transaction
        save(db, "Somebody wrote this.", None)
        return compare(old, new)

    monkeypatch.setattr(taking, "difference", meanwhile)
    assert taking.take_passage(db, P, T, MARA, 1, chosen) is None
    assert shown(db).body == "Somebody wrote this."


def test_everything_taken_one_by_one_is_the_other_text(db):
    save(db, OLD, generate(db, "j1", NEW).tag, title="Title j1")
    for _ in range(3):
        other = next(one for one in versions.versions(db, P, T) if one.n == 1)
        first = next(one for one in difference(shown(db), other) if one.differs)
        taking.take_passage(db, P, T, MARA, 1, first.id)
    assert shown(db).body == NEW


def test_a_post_is_taken_and_one_that_the_other_has_not_is_left_out(db):
    kind = "twitter"
    made = generate(db, "j1", '["One.", "Two, said again."]', kind)
    save(db, ["One.", "Two, said.", "Three."], made.tag, "Title j1", {"note": "Rough."}, kind)
    for word in ("again", "Three"):
        other = next(one for one in versions.versions(db, P, kind) if one.n == 1)
        found = difference(shown(db, kind), other)
        chosen = next(one.id for one in found if word in one.old + one.new)
        taking.take_passage(db, P, kind, MARA, 1, chosen)
    assert shown(db, kind).posts == ["One.", "Two, said again."]


def test_of_a_version_that_never_was_nothing_is_taken(db):
    generate(db, "j1", "One.")
    with pytest.raises(NotFound):
        taking.take_passage(db, P, T, MARA, 9, "x")
