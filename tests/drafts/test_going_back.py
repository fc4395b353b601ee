"""Going on with another version: the offered one as it is, any other as a new one."""

import pytest

from draftmill.drafts import editing
from draftmill.errors import NotFound
from tests.support.draft_rows import MARA, P, T, bodies, generate, save, shown


def test_the_offered_version_is_taken_as_it_is(db):
    save(db, "Mine.", generate(db, "j1", "One.").tag)
    made = generate(db, "j2", "Two.")
    assert editing.go_back(db, P, T, made.n, MARA) == made
    assert shown(db) == made
    assert bodies(db) == ["Two.", "Mine.", "One."]


def test_an_older_version_comes_back_as_a_new_one_by_the_person(db):
    save(db, "Mine.", generate(db, "j1", "One.").tag)
    back = editing.go_back(db, P, T, 1, MARA)
    assert (back.n, back.author, back.body) == (3, "person", "One.")
    assert shown(db) == back


def test_a_version_that_never_was_does_not_come_back(db):
    generate(db, "j1", "One.")
    with pytest.raises(NotFound):
        editing.go_back(db, P, T, 9, MARA)
    assert shown(db).body == "One."
