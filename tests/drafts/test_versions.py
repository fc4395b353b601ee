"""Versions of a draft: whose text is shown, and that nothing is lost."""

import pytest

from draftmill.database import changes
from draftmill.database.connection import transaction
from draftmill.drafts import editing, versions
from draftmill.drafts.editing import StaleBase
from draftmill.errors import NotFound
from tests.support.draft_rows import MARA, P, T, age, bodies, generate, save, shown


def test_a_first_generated_version_is_shown(db):
    made = generate(db, "j1", "Hello.")
    assert shown(db) == made
    assert (made.n, made.author, made.based_on, made.model) == (1, "writer", None, "a-model")
    assert (made.fields, made.evidence) == ({"note": "Rough."}, {"quotes": [1]})
    assert changes.rev(db, "draft", "p1/blog") > 0


def test_a_job_adds_its_version_once(db):
    assert generate(db, "j1", "Hello.") == generate(db, "j1", "Hello again.")
    assert bodies(db) == ["Hello."]


def test_a_version_is_undone_with_its_transaction(db):
    with pytest.raises(ZeroDivisionError), transaction(db):
        save(db, "Mine.", "")
        1 / 0  # noqa: B018
    assert versions.current(db, P, T) is None


def test_generating_again_moves_a_draft_that_nobody_edited(db):
    generate(db, "j1", "One.")
    generate(db, "j2", "Two.")
    assert shown(db).body == "Two."
    assert versions.offered(db, P, T) is None


def test_generating_never_moves_a_draft_off_an_edit_but_offers_the_new_version(db):
    save(db, "Mine.", generate(db, "j1", "One.").tag)
    assert versions.offered(db, P, T) is None
    made = generate(db, "j2", "Two.")
    assert shown(db).body == "Mine."
    assert versions.offered(db, P, T) == made
    newer = generate(db, "j3", "Three.")
    assert versions.offered(db, P, T) == newer


def test_an_offer_stays_while_the_person_goes_on_editing(db):
    save(db, "Mine.", generate(db, "j1", "One.").tag)
    made = generate(db, "j2", "Two.")
    age(db, 60)
    save(db, "Mine, longer.", shown(db).tag)
    assert shown(db).n > made.n
    assert versions.offered(db, P, T).n == made.n


def test_an_offer_that_was_used_is_shown_and_the_edit_stays_among_the_versions(db):
    save(db, "Mine.", generate(db, "j1", "One.").tag)
    made = generate(db, "j2", "Two.")
    assert editing.use_offered(db, P, T, MARA) == made
    assert shown(db) == made
    assert versions.offered(db, P, T) is None
    assert bodies(db) == ["Two.", "Mine.", "One."]
    save(db, "Two, mine.", shown(db).tag)
    assert versions.offered(db, P, T) is None


def test_where_nothing_is_offered_there_is_nothing_to_use(db):
    generate(db, "j1", "One.")
    with pytest.raises(NotFound):
        editing.use_offered(db, P, T, MARA)


def test_restoring_makes_a_new_version_by_the_person(db):
    save(db, "Mine.", generate(db, "j1", "One.").tag)
    restored = editing.restore(db, P, T, 1, MARA)
    assert (restored.n, restored.author, restored.body) == (3, "person", "One.")
    assert (restored.based_on, restored.evidence) == (1, {"quotes": [1]})
    assert shown(db) == restored
    assert bodies(db) == ["One.", "Mine.", "One."]
    assert editing.restore(db, P, T, 1, MARA) == restored


def test_a_version_that_does_not_exist_is_not_found(db):
    generate(db, "j1", "One.")
    with pytest.raises(NotFound):
        versions.version(db, P, T, 7)
    with pytest.raises(NotFound):
        editing.restore(db, P, "twitter", 1, MARA)


def test_types_of_a_project_are_apart(db):
    generate(db, "j1", "One.")
    generate(db, "j2", '["A", "B"]', type="twitter")
    assert versions.version(db, P, "twitter", 1).posts == ["A", "B"]
    assert shown(db).posts == []


def test_a_draft_is_described_by_its_facts(db):
    assert editing.describe(db, P, T) is None
    generate(db, "j1", "## Two words\n\nAnd [three more words](https://x.y/z) ![pic](shot:1).")
    described = editing.describe(db, P, T)
    assert (described.words, described.posts, described.author) == (6, 0, "writer")
    save(db, "Just mine.", shown(db).tag)
    generate(db, "j2", "Two.")
    described = editing.describe(db, P, T)
    assert (described.words, described.author, described.n) == (2, "person", 2)
    assert described.offered
    assert described.updated_at == shown(db).updated_at


def test_every_verb_records_a_change_of_the_draft(db):
    def rev() -> int:
        return changes.rev(db, "draft", "p1/blog")

    seen = [rev()]
    base = generate(db, "j1", "One.").tag
    seen.append(rev())
    save(db, "Mine.", base)
    seen.append(rev())
    with pytest.raises(StaleBase):
        save(db, "Other.", base)
    seen.append(rev())
    generate(db, "j2", "Two.")
    seen.append(rev())
    editing.use_offered(db, P, T, MARA)
    seen.append(rev())
    editing.restore(db, P, T, 1, MARA)
    seen.append(rev())
    assert seen == sorted(set(seen))


def test_versions_stay_when_their_job_is_purged(db):
    generate(db, "j1", "One.")
    db.execute("delete from jobs")
    assert shown(db).job_id is None
    assert bodies(db) == ["One."]
