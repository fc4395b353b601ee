"""Versions of a draft: whose text is shown, and that nothing is lost."""

import sqlite3
from dataclasses import dataclass

import pytest

from draftmill.clock import now
from draftmill.database import changes
from draftmill.database.connection import transaction
from draftmill.drafts import editing
from draftmill.drafts.editing import BadDraft, DraftTooLong, StaleBase
from draftmill.errors import NotFound
from draftmill.writers.material import Written

P, T, MARA = "p1", "blog", 1


@dataclass(frozen=True)
class Job:
    id: str
    project_id: str = P
    type: str = T
    user_id: int = MARA


@pytest.fixture
def db(db: sqlite3.Connection) -> sqlite3.Connection:
    db.execute(
        "insert into users (id, email, password_hash, role, created_at)"
        " values (1, 'mara@example.org', '', 'owner', ?)",
        (now(),),
    )
    db.execute(
        "insert into projects (id, user_id, title, source, sha256, created_at)"
        " values (?, 1, '', 'media', '', ?)",
        (P, now()),
    )
    return db


def generate(db: sqlite3.Connection, job_id: str, body: str, type: str = T) -> editing.Version:
    at = now()
    db.execute(
        "insert or ignore into jobs (id, project_id, user_id, type, queue, status, origin_id,"
        " created_at, updated_at) values (?, ?, 1, ?, 'writing', 'succeeded', ?, ?, ?)",
        (job_id, P, type, job_id, at, at),
    )
    written = Written(f"Title {job_id}", body, "a-model", {"note": "Rough."}, {"quotes": [1]})
    with transaction(db):
        return editing.add_generated(db, Job(job_id, type=type), written)


def save(db: sqlite3.Connection, body, based_on, title="Mine", fields=None) -> editing.Saved:
    return editing.save(db, P, T, MARA, title, body, fields or {}, based_on)


def shown(db: sqlite3.Connection) -> editing.Version:
    version = editing.current(db, P, T)
    assert version is not None
    return version


def bodies(db: sqlite3.Connection) -> list[str]:
    return [version.body for version in editing.versions(db, P, T)]


def age(db: sqlite3.Connection, minutes: float) -> None:
    """Let all versions have been saved so many minutes ago."""
    db.execute("update draft_versions set updated_at = ?", (now(-60 * minutes),))


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
    assert editing.current(db, P, T) is None


def test_generating_again_moves_a_draft_that_nobody_edited(db):
    generate(db, "j1", "One.")
    generate(db, "j2", "Two.")
    assert shown(db).body == "Two."
    assert editing.offered(db, P, T) is None


def test_generating_never_moves_a_draft_off_an_edit_but_offers_the_new_version(db):
    save(db, "Mine.", generate(db, "j1", "One.").tag)
    assert editing.offered(db, P, T) is None
    made = generate(db, "j2", "Two.")
    assert shown(db).body == "Mine."
    assert editing.offered(db, P, T) == made
    newer = generate(db, "j3", "Three.")
    assert editing.offered(db, P, T) == newer


def test_an_offer_stays_while_the_person_goes_on_editing(db):
    save(db, "Mine.", generate(db, "j1", "One.").tag)
    made = generate(db, "j2", "Two.")
    age(db, 60)
    save(db, "Mine, longer.", shown(db).tag)
    assert shown(db).n > made.n
    assert editing.offered(db, P, T).n == made.n


def test_an_offer_that_was_used_is_shown_and_the_edit_stays_among_the_versions(db):
    save(db, "Mine.", generate(db, "j1", "One.").tag)
    made = generate(db, "j2", "Two.")
    assert editing.use_offered(db, P, T, MARA) == made
    assert shown(db) == made
    assert editing.offered(db, P, T) is None
    assert bodies(db) == ["Two.", "Mine.", "One."]
    save(db, "Two, mine.", shown(db).tag)
    assert editing.offered(db, P, T) is None


def test_where_nothing_is_offered_there_is_nothing_to_use(db):
    generate(db, "j1", "One.")
    with pytest.raises(NotFound):
        editing.use_offered(db, P, T, MARA)


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
    assert editing.offered(db, P, T) == made


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
        editing.version(db, P, T, 7)
    with pytest.raises(NotFound):
        editing.restore(db, P, "twitter", 1, MARA)


def test_types_of_a_project_are_apart(db):
    generate(db, "j1", "One.")
    generate(db, "j2", '["A", "B"]', type="twitter")
    assert editing.version(db, P, "twitter", 1).posts == ["A", "B"]
    assert shown(db).posts == []


def test_posts_are_saved_as_a_list(db):
    saved = save(db, ["One.\r\nTwo.", "Café 🎉"], "").version
    assert saved.posts == ["One.\nTwo.", "Café 🎉"]
    assert editing.describe(db, P, T).posts == 2


@pytest.mark.parametrize("body", [["a", 1], ["a", None], [["a"]]])
def test_posts_that_are_not_texts_are_refused(db, body):
    with pytest.raises(BadDraft):
        save(db, body, "")
    assert editing.current(db, P, T) is None


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
