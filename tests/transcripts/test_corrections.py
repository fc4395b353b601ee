"""A misheard name, corrected once and everywhere."""

import json
import sqlite3

import pytest

from draftmill.clock import now
from draftmill.database import changes
from draftmill.database.connection import connect, transaction
from draftmill.errors import NotFound
from draftmill.transcripts import correction_plans, corrections, undoing
from draftmill.transcripts.chapters import Chapter, chapters_of
from draftmill.transcripts.corrected_text import Correction, apply
from draftmill.transcripts.corrections import BadCorrection
from draftmill.transcripts.segments import Segment, Word, add_segments, segments_of

DRAFTMILL = Correction("draft mill", "Draftmill")


def sentence(text: str, start_s: float = 0.0) -> Segment:
    words = tuple(
        Word(start_s + n, start_s + n + 0.9, token, 0.9) for n, token in enumerate(text.split())
    )
    return Segment(start_s, words[-1].end_s, text, words)


def project(db: sqlite3.Connection, *texts: str, project_id: str = "p1") -> int:
    """A project with a finished transcript of these sentences, and its id."""
    db.execute(
        "insert or ignore into users (id, email, password_hash, role, created_at)"
        " values (1, 'mara@example.org', '', 'owner', ?)",
        (now(),),
    )
    db.execute(
        "insert into projects (id, user_id, title, source, sha256, created_at)"
        " values (?, 1, '', 'media', ?, ?)",
        (project_id, project_id, now()),
    )
    return transcript(db, *texts, project_id=project_id)


def transcript(db: sqlite3.Connection, *texts: str, project_id: str = "p1", done=True) -> int:
    (transcript_id,) = db.execute(
        "insert into transcripts (project_id, params_hash, model, created_at, completed_at)"
        " values (?, '', '', ?, ?) returning id",
        (project_id, now(), now() if done else None),
    ).fetchone()
    add_segments(db, transcript_id, 0, [sentence(text, n * 10.0) for n, text in enumerate(texts)])
    if done:
        db.execute(
            "update projects set transcript_id = ? where id = ?", (transcript_id, project_id)
        )
    return transcript_id


def applied(db: sqlite3.Connection, transcript_id: int, project_id: str = "p1") -> int:
    """The last commit of a transcribe stage; the number of places."""
    plan = correction_plans.plan(db, project_id, transcript_id)
    with transaction(db):
        assert plan.holds(db)
        plan.write(db)
    return plan.places


def said(db: sqlite3.Connection, transcript_id: int) -> list[str]:
    found = segments_of(db, transcript_id)
    for segment in found:
        assert " ".join(word.text for word in segment.words) == segment.text
    return [segment.text for segment in found]


@pytest.mark.parametrize(
    ("text", "corrected"),
    [
        ("We use draft mill.", "We use Draftmill."),
        ("We use Draft-Mill, daily.", "We use Draftmill, daily."),
        ("We use DRAFTMILL!", "We use Draftmill!"),
        ("We use draft- mill now", "We use Draftmill now"),
        ('"Draft mill" is a name', '"Draftmill" is a name'),
        ("draft mill's users", "Draftmill's users"),
        ("draft mill’s users", "Draftmill’s users"),
        ("a draft mill-based team", "a Draftmill-based team"),
        ("draft mill/draft mill", "Draftmill/Draftmill"),
        ("d r a f t mill", "d r a f t mill"),
        ("The draft. Mill it.", "The draft. Mill it."),
        ("a draft, mill it", "a draft, mill it"),
        ("aircraft millstones", "aircraft millstones"),
        ("overdraft mill", "overdraft mill"),
        ("draft mills", "draft mills"),
        ("Draftmill is right", "Draftmill is right"),
    ],
)
def test_names_are_found_without_case_spaces_and_hyphens_as_whole_words(text, corrected):
    segment = apply(sentence(text), [DRAFTMILL])
    assert segment.text == corrected
    assert " ".join(word.text for word in segment.words) == segment.text


def test_words_that_become_one_take_the_first_start_and_the_last_end():
    segment = apply(sentence("So \"draft mill's, yes"), [DRAFTMILL])
    assert segment.words[1] == Word(1.0, 2.9, "\"Draftmill's,", 0.9)
    assert (segment.start_s, segment.end_s) == (0.0, 3.9)


def test_a_word_that_becomes_two_shares_its_time():
    segment = apply(sentence("Ask Jon now"), [Correction("jon", "Jonathan Smith")])
    assert [(w.text, w.start_s, w.end_s) for w in segment.words] == [
        ("Ask", 0.0, 0.9),
        ("Jonathan", 1.0, 1.554),
        ("Smith", 1.554, 1.9),
        ("now", 2.0, 2.9),
    ]


def test_words_of_the_same_number_keep_their_times():
    segment = apply(sentence("Ask Jon Smyth now"), [Correction("jon smyth", "John Smith")])
    assert [(w.text, w.start_s) for w in segment.words][1:3] == [("John", 1.0), ("Smith", 2.0)]


def test_a_sentence_without_word_times_is_corrected():
    segment = apply(Segment(1.0, 2.0, "We use draft mill."), [DRAFTMILL])
    assert (segment.text, segment.words) == ("We use Draftmill.", ())


@pytest.mark.parametrize(
    ("heard", "meant", "text", "corrected"),
    [
        (
            "mill",
            "Draft Mill",
            "The mill and the Draft Mill.",
            "The Draft Mill and the Draft Mill.",
        ),
        ("sea plus plus", "C++", "I like sea plus plus, vitamin C.", "I like C++, vitamin C."),
        ("C++", "Cpp", "I like C++, and vitamin C.", "I like Cpp, and vitamin C."),
        ("o'brien", "O’Brien", "obrien and O'Brien's", "O’Brien and O’Brien's"),
        ("Müller", "Mueller", "bei MÜLLER", "bei Mueller"),
        ("ドラフト", "ドラフトミル", "これはドラフトです", "これはドラフトミルです"),
    ],
)
def test_a_correction_applied_twice_changes_nothing_more(heard, meant, text, corrected):
    once = apply(sentence(text), [Correction(heard, meant)])
    assert once.text == corrected
    assert apply(once, [Correction(heard, meant)]) == once


def test_a_correction_reaches_every_sentence_and_counts_the_places(db):
    transcript_id = project(db, "We use draft mill.", "Nothing here.", "Draft mill and Draft-Mill.")
    assert corrections.add(db, "p1", " draft mill ", "Draftmill").places == 3
    assert said(db, transcript_id) == [
        "We use Draftmill.",
        "Nothing here.",
        "Draftmill and Draftmill.",
    ]
    (revision,) = db.execute("select revision from transcripts").fetchone()
    assert revision == 1
    assert changes.rev(db, "project", "p1") == 1


def test_chapter_titles_are_corrected_too(db):
    transcript_id = project(db, "We use draft mill.")
    db.execute(
        "insert into chapters (transcript_id, n, start_s, end_s, title) values (?, 0, 0, 9, ?)",
        (transcript_id, "Why draft mill"),
    )
    corrections.add(db, "p1", "draft mill", "Draftmill")
    assert chapters_of(db, transcript_id) == [Chapter(0, 0.0, 9.0, "Why Draftmill")]


def test_a_name_that_was_not_heard_is_remembered_and_changes_nothing(db):
    transcript_id = project(db, "Nothing here.")
    assert corrections.add(db, "p1", "draft mill", "Draftmill").places == 0
    assert said(db, transcript_id) == ["Nothing here."]
    assert db.execute("select revision from transcripts").fetchone()[0] == 0
    assert [(c.heard, c.meant) for c in corrections.of_project(db, "p1")] == [
        ("draft mill", "Draftmill")
    ]


def test_a_later_transcription_has_the_correction(db):
    project(db, "We use draft mill.")
    corrections.add(db, "p1", "draft mill", "Draftmill")
    later = transcript(db, "Again draft mill, and Draftmill.", done=False)
    assert applied(db, later) == 1
    assert said(db, later) == ["Again Draftmill, and Draftmill."]
    assert applied(db, later) == 0


def test_a_transcript_in_the_making_waits_for_its_last_commit(db):
    project(db, "We use draft mill.")
    making = transcript(db, "Again draft mill.", done=False)
    corrections.add(db, "p1", "draft mill", "Draftmill")
    assert said(db, making) == ["Again draft mill."]


def test_other_projects_are_left_alone(db):
    project(db, "We use draft mill.")
    other = project(db, "They use draft mill.", project_id="p2")
    corrections.add(db, "p1", "draft mill", "Draftmill")
    assert said(db, other) == ["They use draft mill."]
    assert corrections.of_project(db, "p2") == []


def test_a_correction_can_be_corrected(db):
    transcript_id = project(db, "We use draft mill.")
    corrections.add(db, "p1", "draft mill", "Draftmil")
    assert corrections.add(db, "p1", "Draftmil", "Draftmill").places == 1
    assert said(db, transcript_id) == ["We use Draftmill."]
    later = transcript(db, "Again draft mill.", done=False)
    applied(db, later)
    assert said(db, later) == ["Again Draftmill."]


def test_the_same_words_corrected_anew_change_what_the_first_correction_made(db):
    transcript_id = project(db, "We use draft mill.")
    corrections.add(db, "p1", "draft mill", "Graftmill")
    assert corrections.add(db, "p1", "Draft Mill", "Draftmill").places == 1
    assert said(db, transcript_id) == ["We use Draftmill."]
    later = transcript(db, "Again draft mill.", done=False)
    applied(db, later)
    assert said(db, later) == ["Again Draftmill."]


def test_a_correction_can_be_turned_back(db):
    transcript_id = project(db, "We use draft mill.")
    corrections.add(db, "p1", "draft mill", "Graftmill")
    corrections.add(db, "p1", "Graftmill", "draft mill")
    assert said(db, transcript_id) == ["We use draft mill."]


def test_a_removed_correction_is_not_applied_again(db):
    transcript_id = project(db, "We use draft mill.")
    corrections.add(db, "p1", "draft mill", "Draftmill")
    (known,) = corrections.of_project(db, "p1")
    corrections.remove(db, "p1", known.id)
    later = transcript(db, "Again draft mill.", done=False)
    assert applied(db, later) == 0
    assert said(db, transcript_id) == ["We use draft mill."]


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("", "Draftmill"),
        ("  ", "Draftmill"),
        ("...", "Draftmill"),
        ("draft mill", ""),
        ("draft mill", " \n"),
        ("draft mill", "!?"),
        ("one two three four five", "x"),
        ("x" * 81, "x"),
        ("x", "y" * 81),
        ("x", "a b c d e f g h i"),
    ],
)
def test_what_is_no_correction_is_refused_and_leaves_nothing(db, heard, meant):
    project(db, "We use draft mill.")
    with pytest.raises(BadCorrection) as refusal:
        corrections.add(db, "p1", heard, meant)
    assert (refusal.value.status, refusal.value.code) == (422, "bad_correction")
    assert corrections.of_project(db, "p1") == []


def test_marks_around_what_was_heard_do_not_matter(db):
    transcript_id = project(db, "We use draft mill.")
    assert corrections.add(db, "p1", '"draft mill,"', "Draft\nmill\0").places == 1
    assert said(db, transcript_id) == ["We use Draft mill."]


def test_a_project_holds_a_bounded_number_of_corrections(db, monkeypatch):
    project(db, "Nothing here.")
    monkeypatch.setattr(corrections, "MOST_CORRECTIONS", 2)
    corrections.add(db, "p1", "a", "b")
    corrections.add(db, "p1", "c", "d")
    with pytest.raises(BadCorrection):
        corrections.add(db, "p1", "e", "f")
    assert len(corrections.of_project(db, "p1")) == 2


def test_rows_keep_their_shape(db):
    transcript_id = project(db, "We use draft mill.")
    corrections.add(db, "p1", "draft mill", "Draftmill")
    (words,) = db.execute("select words from segments").fetchone()
    assert json.loads(words)[2] == [2.0, 3.9, "Draftmill.", 0.9]
    assert segments_of(db, transcript_id)[0].n == 0


def test_who_corrects_meanwhile_is_not_overwritten(db, tmp_path, monkeypatch):
    transcript_id = project(db, "We use draft mill with Jon.")
    plan, other = corrections.plan_more, connect(tmp_path / "draftmill.db", 10)

    def planned(*arguments):
        made = plan(*arguments)
        monkeypatch.setattr(corrections, "plan_more", plan)
        assert corrections.add(other, "p1", "Jon", "John").places == 1
        return made

    monkeypatch.setattr(corrections, "plan_more", planned)
    assert corrections.add(db, "p1", "draft mill", "Draftmill").places == 1
    other.close()
    assert said(db, transcript_id) == ["We use Draftmill with John."]
    assert db.execute("select revision from transcripts").fetchone()[0] == 2


def test_a_plan_does_not_hold_once_there_is_another_correction(db):
    later = project(db, "We use draft mill.")
    plan = correction_plans.plan(db, "p1", later)
    assert plan.holds(db)
    corrections.add(db, "p1", "nobody", "Nobody")
    assert not plan.holds(db)


@pytest.mark.parametrize("length", [400, 200_000])
def test_a_name_is_measured_before_anything_is_done_with_it(db, length):
    project(db, "We use draft mill.")
    with pytest.raises(BadCorrection):
        corrections.add(db, "p1", "a" + "\u0301" * length, "a")


def test_a_correction_taken_back_leaves_what_was_heard_and_the_others(db):
    transcript_id = project(db, "Cooper Netties is made by goo gull.", "Nothing here.")
    before = segments_of(db, transcript_id)
    assert corrections.add(db, "p1", "Cooper Netties", "Kubernetes").places == 1
    assert corrections.add(db, "p1", "goo gull", "Google").places == 1
    first, second = corrections.of_project(db, "p1")
    assert corrections.remove(db, "p1", first.id).places == 1
    text, _ = (segment.text for segment in segments_of(db, transcript_id))
    assert text == "Cooper Netties is made by Google."
    assert corrections.remove(db, "p1", second.id).places == 1
    assert segments_of(db, transcript_id) == before
    assert corrections.of_project(db, "p1") == []


def test_a_correction_of_a_correction_taken_back_leaves_what_was_heard(db):
    transcript_id = project(db, "We use draft mill.")
    corrections.add(db, "p1", "draft mill", "Draftmil")
    corrections.add(db, "p1", "draft mill", "Draftmill")
    for one in corrections.of_project(db, "p1"):
        corrections.remove(db, "p1", one.id)
    assert [segment.text for segment in segments_of(db, transcript_id)] == ["We use draft mill."]


def test_only_a_correction_of_the_project_is_taken_back(db):
    project(db, "We use draft mill.")
    corrections.add(db, "p1", "draft mill", "Draftmill")
    (one,) = corrections.of_project(db, "p1")
    project(db, "Other.", project_id="p2")
    with pytest.raises(NotFound):
        corrections.remove(db, "p2", one.id)
    assert len(corrections.of_project(db, "p1")) == 1


def test_a_second_press_finds_what_the_first_one_did(db):
    heard = project(db, "We use draft mill.", "Draft mill is nice.")
    made = corrections.add(db, "p1", "draft mill", "Draftmill")
    assert corrections.add(db, "p1", "draft mill", "Draftmill") == made
    assert made.places == 2
    undoing.undo(db, "p1", made.edit_id)
    assert said(db, heard) == ["We use draft mill.", "Draft mill is nice."]
    assert corrections.add(db, "p1", "draft mill", "Draftmill").places == 2
