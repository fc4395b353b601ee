"""Saving a draft: spells of editing, stale bases, and what is refused."""

from itertools import pairwise

import pytest

from draftmill.database import changes
from draftmill.drafts import editing, versions
from draftmill.drafts.checking import BadDraft, DraftTooLong
from draftmill.drafts.editing import StaleBase
from tests.support.draft_rows import MARA, P, T, age, began, bodies, generate, save, shown


def test_an_editing_spell_is_one_version(db):
    tag = generate(db, "j1", "One.").tag
    for text in ("M", "Mi", "Mine."):
        tag = save(db, text, tag).version.tag
    assert bodies(db) == ["Mine.", "One."]
    assert (shown(db).author, shown(db).based_on) == ("person", 1)


def test_a_spell_ends_after_ten_minutes(db):
    first = save(db, "Mine.", generate(db, "j1", "One.").tag)
    age(db, 11)
    save(db, "Mine, later.", first.version.tag)
    assert bodies(db) == ["Mine, later.", "Mine.", "One."]
    age(db, 9)
    save(db, "Mine, still.", shown(db).tag)
    assert bodies(db) == ["Mine, still.", "Mine.", "One."]


def test_a_spell_ends_after_a_quarter_of_an_hour_without_a_pause_too(db):
    save(db, "Mine.", generate(db, "j1", "One.").tag)
    began(db, 14)
    save(db, "Mine, still.", shown(db).tag)
    began(db, 16)
    save(db, "Mine, later.", shown(db).tag)
    save(db, "Mine, later still.", shown(db).tag)
    assert bodies(db) == ["Mine, later still.", "Mine, still.", "One."]


@pytest.mark.parametrize("word", ["word{} ", "字{}"])
def test_what_vanishes_at_once_can_be_had_back(db, word):
    text = "".join(word.format(chr(0x4E00 + n)) for n in range(100))
    save(db, text, generate(db, "j1", "One.").tag)
    most = text[: len(text) * 3 // 4]
    save(db, most, shown(db).tag)
    assert bodies(db) == [most, "One."], "a quarter of it"
    save(db, "Another text, as long as it is.", shown(db).tag)
    assert bodies(db) == ["Another text, as long as it is.", text, most, "One."]
    save(db, "Another sentence.", shown(db).tag)
    assert bodies(db) == ["Another sentence.", text, most, "One."], "few words"


def test_what_vanishes_bit_by_bit_can_be_had_back(db):
    words = [f"word{n}" for n in range(400)]
    save(db, " ".join(words), generate(db, "j1", "One.").tag)
    for left in (300, 225, 168, 126, 94, 70, 52, 39, 29, 21, 15):
        save(db, " ".join(words[:left]), shown(db).tag)
    assert shown(db).words == 15
    kept = sorted(len(body.split()) for body in bodies(db))
    assert kept[-1] == 400, "also what was taken away before the spell ended"
    assert all(0.5 * longer < shorter for shorter, longer in pairwise(kept[1:]))


def test_what_was_taken_away_in_a_spell_can_be_had_back_when_another_version_is_shown(db):
    words = [f"word{n}" for n in range(400)]
    save(db, " ".join(words), generate(db, "j1", "One.").tag)
    save(db, " ".join(words[:300]), shown(db).tag)
    editing.go_back(db, P, T, 1, MARA)
    assert [len(body.split()) for body in bodies(db)] == [1, 400, 300, 1]


@pytest.mark.parametrize("new", ["new{}", "another{}"])
def test_what_is_replaced_bit_by_bit_can_be_had_back(db, new):
    words = [f"word{n}" for n in range(400)]
    save(db, " ".join(words), generate(db, "j1", "One.").tag)
    for n in (100, 200, 300, 400):
        text = [new.format(at) if at < n else word for at, word in enumerate(words)]
        save(db, " ".join(text), shown(db).tag)
    assert max(sum(word in body for word in words) for body in bodies(db)) >= 300


@pytest.mark.parametrize("word", ["word{} ", "字{}"])
def test_a_long_text_that_is_replaced_by_one_as_long_can_be_had_back(db, word):
    text = "".join(word.format(chr(0x4E00 + n % 4000)) for n in range(120_000))
    other = "".join(word.format(chr(0x6000 + n % 4000)) for n in range(120_000)).replace("字", "他")
    save(db, text, generate(db, "j1", "One.").tag)
    save(db, f"More. {text}", shown(db).tag)
    assert len(bodies(db)) == 2
    save(db, other.replace("word", "text"), shown(db).tag)
    assert len(bodies(db)) == 3


def test_of_a_long_text_what_vanishes_can_be_had_back_too(db):
    text = "A word. " * 30_000
    save(db, text, generate(db, "j1", "One.").tag)
    save(db, text[:190_000], shown(db).tag)
    save(db, text[:120_000], shown(db).tag)
    assert [len(body) for body in bodies(db)] == [120_000, 240_000, 190_000, 4]


def test_posts_that_change_places_end_no_spell(db):
    posts = ["One of several posts. " * 3, "Two. " * 20, "Three, which is another one. " * 3]
    save(db, posts, "", type="twitter")
    save(db, posts[::-1], shown(db, "twitter").tag, type="twitter")
    assert shown(db, "twitter").n == 1
    save(db, posts[:1], shown(db, "twitter").tag, type="twitter")
    assert shown(db, "twitter").n == 2


def test_a_clock_that_was_set_back_begins_a_new_version(db):
    save(db, "Mine.", generate(db, "j1", "One.").tag)
    age(db, -30)
    save(db, "Mine, later.", shown(db).tag)
    assert bodies(db) == ["Mine, later.", "Mine.", "One."]


def test_saving_unchanged_text_makes_no_version_and_no_change(db):
    made = generate(db, "j1", "One.")
    rev = changes.latest(db)
    saved = save(db, "One.", made.tag, title="Title j1", fields={"note": "Rough."})
    assert (saved.changed, saved.version) == (False, made)
    assert changes.latest(db) == rev
    save(db, "Mine.", made.tag)
    assert not save(db, "Mine.", "stale").changed


def test_a_save_on_a_stale_base_is_refused_and_kept(db):
    base = generate(db, "j1", "One.").tag
    theirs = save(db, "Theirs.", base).version
    with pytest.raises(StaleBase) as refusal:
        save(db, "Mine.", base)
    assert refusal.value.status == 409
    assert (refusal.value.stored.body, refusal.value.stored.based_on) == ("Mine.", 1)
    assert refusal.value.current == theirs == shown(db)
    assert bodies(db) == ["Mine.", "Theirs.", "One."]


def test_two_tabs_on_one_version_do_not_overwrite_each_other_within_a_spell(db):
    base = save(db, "Start.", generate(db, "j1", "One.").tag).version.tag
    save(db, "First tab.", base)
    with pytest.raises(StaleBase):
        save(db, "Second tab.", base)
    assert shown(db).body == "First tab."
    assert "Second tab." in bodies(db)


def test_the_same_stale_text_sent_again_is_kept_once(db):
    base = generate(db, "j1", "One.").tag
    save(db, "Theirs.", base)
    for _ in range(3):
        with pytest.raises(StaleBase):
            save(db, "Mine.", base)
    assert bodies(db) == ["Mine.", "Theirs.", "One."]


@pytest.mark.parametrize("tag", ["", "9-abc", "x", "1", "99999999999999999999-a", "-", "1-\ud800"])
def test_any_other_base_is_stale(db, tag):
    generate(db, "j1", "One.")
    with pytest.raises(StaleBase):
        save(db, "Mine.", tag)
    assert "Mine." in bodies(db)


def test_a_save_without_a_base_goes_onto_the_current_version_as_a_new_one(db):
    generate(db, "j1", "One.")
    save(db, "Mine.", None)
    save(db, "Mine, again.", None)
    assert bodies(db) == ["Mine, again.", "Mine.", "One."]
    assert shown(db).body == "Mine, again."


def test_a_draft_can_begin_with_a_person(db):
    assert save(db, "Mine.", "").version.n == 1
    made = generate(db, "j1", "One.")
    assert shown(db).body == "Mine."
    assert versions.offered(db, P, T) == made


def test_posts_are_saved_as_a_list(db):
    saved = save(db, ["One.\r\nTwo.", "Café 🎉"], "", type="twitter").version
    assert saved.posts == ["One.\nTwo.", "Café 🎉"]
    assert editing.describe(db, P, "twitter").posts == 2


@pytest.mark.parametrize("body", [["a", 1], ["a", None], [["a"]]])
def test_posts_that_are_not_texts_are_refused(db, body):
    with pytest.raises(BadDraft):
        save(db, body, "")
    assert versions.current(db, P, T) is None


@pytest.mark.parametrize(
    ("title", "body", "fields"),
    [
        ("x" * 501, "a", {}),
        ("a", "x" * 1_000_001, {}),
        ("a", "é" * 500_001, {}),
        ("a", "b", {"preview": "x" * 20_001}),
    ],
)
def test_what_is_too_long_is_refused(db, title, body, fields):
    with pytest.raises(DraftTooLong):
        save(db, body, "", title=title, fields=fields)


def test_fields_that_json_cannot_hold_are_refused(db):
    with pytest.raises(BadDraft):
        save(db, "a", "", fields={"preview": object()})


def test_hostile_letters_are_stored_safely(db):
    saved = save(db, "a\ud800b\0c\r\nd", "", title=" Two\nlines\t", fields={"preview": "\udfff"})
    assert (saved.version.body, saved.version.title) == ("a?bc\nd", "Two lines")
    assert shown(db) == saved.version
