"""A sentence that a person wrote anew: kept as a version, undone, and never overwritten unseen."""

import sqlite3

import pytest

from draftmill.database import changes
from draftmill.errors import NotFound
from draftmill.transcripts import corrections, edits, everywhere, sentence_edits, undoing
from draftmill.transcripts.edits import ChangedSince
from draftmill.transcripts.sentence_edits import BadSentence, StaleSentence, save
from tests.transcripts.test_corrections import project, said


def edit(db: sqlite3.Connection, n: int, text: str, revision: int | None = None) -> int:
    saved = save(db, "p1", n, text, revision)
    assert saved.edit_id
    return saved.edit_id


def undo(db: sqlite3.Connection, edit_id: int) -> None:
    undoing.undo(db, "p1", edit_id)


def test_an_edit_is_a_version_of_the_transcript_and_keeps_what_was_heard(db):
    transcript = project(db, "We use draft mill.", "Nobody asked.")
    before = changes.rev(db, "project", "p1")
    saved = save(db, "p1", 1, " We  use Draftmill\n daily. ", 0)
    assert said(db, transcript) == ["We use Draftmill daily.", "Nobody asked."]
    assert saved.sentence.edited
    assert saved.sentence.heard == "We use draft mill."
    assert (saved.sentence.revision, saved.sentence.changed_in) == (1, 1)
    assert changes.rev(db, "project", "p1") > before
    (kept,) = edits.edits_of(db, "p1")
    assert (kept.kind, kept.revision, kept.undone_at) == ("sentence", 1, None)
    assert (kept.was["text"], kept.became["text"]) == (
        "We use draft mill.",
        "We use Draftmill daily.",
    )


def test_edits_are_undone_one_after_the_other_and_undoing_twice_is_undoing_once(db):
    transcript = project(db, "We use draft mill.")
    first, second = edit(db, 1, "We use Draftmill."), edit(db, 1, "We all use Draftmill.")
    with pytest.raises(ChangedSince):
        undo(db, first)
    undo(db, second)
    undo(db, second)
    assert said(db, transcript) == ["We use Draftmill."]
    undo(db, first)
    assert said(db, transcript) == ["We use draft mill."]
    assert not sentence_edits.sentence(db, "p1", 1).edited
    assert sentence_edits.sentence(db, "p1", 1).revision == 4


def test_what_is_there_already_is_no_edit(db):
    project(db, "We use draft mill.")
    assert save(db, "p1", 1, "We use draft mill.", None).edit_id is None
    edit(db, 1, "We use Draftmill.", 0)
    assert save(db, "p1", 1, "We use Draftmill.", 0).edit_id is None  # a double click
    assert len(edits.edits_of(db, "p1")) == 1


def test_what_is_written_back_to_what_was_heard_is_no_edited_sentence(db):
    transcript = project(db, "We use draft mill, Jon.")
    first = edit(db, 1, "We all use draft mill, Jon.")
    corrections.add(db, "p1", "draft mill", "Draftmill")
    back = edit(db, 1, "We use Draftmill, Jon.")
    assert not sentence_edits.sentence(db, "p1", 1).edited
    with pytest.raises(ChangedSince):
        undo(db, first)
    undo(db, back)
    assert sentence_edits.sentence(db, "p1", 1).edited
    undo(db, first)
    assert said(db, transcript) == ["We use Draftmill, Jon."]


def test_who_began_with_an_older_text_is_told_and_nothing_is_overwritten(db):
    transcript = project(db, "We use draft mill.", "Nobody asked.")
    edit(db, 1, "We use Draftmill.", 0)
    with pytest.raises(StaleSentence) as refused:
        save(db, "p1", 1, "We used a draft mill.", 0)
    assert refused.value.typed == "We used a draft mill."
    assert refused.value.present.text == "We use Draftmill."
    edit(db, 2, "Somebody asked.", 0)  # of another sentence it is not older
    assert said(db, transcript) == ["We use Draftmill.", "Somebody asked."]


def test_a_correction_makes_older_texts_of_the_sentences_that_it_changes(db):
    project(db, "We use draft mill.", "Nobody asked.")
    corrections.add(db, "p1", "draft mill", "Draftmill")
    with pytest.raises(StaleSentence):
        save(db, "p1", 1, "We like draft mill.", 0)
    edit(db, 2, "Somebody asked.", 0)


def test_edits_and_corrections_are_undone_in_any_order(db):
    transcript = project(db, "We use draft mill, Jon.")
    edit_id = edit(db, 1, "We all use draft mill, Jon.")
    made = corrections.add(db, "p1", "draft mill", "Draftmill")
    assert said(db, transcript) == ["We all use Draftmill, Jon."]
    undo(db, edit_id)
    assert said(db, transcript) == ["We use Draftmill, Jon."]
    undo(db, made.edit_id)
    assert said(db, transcript) == ["We use draft mill, Jon."]


def test_a_correction_taken_back_leaves_a_persons_words(db):
    transcript = project(db, "We use draft mill.", "The draft mill.")
    made = corrections.add(db, "p1", "draft mill", "Draftmill")
    edit(db, 1, "We use our own draft mill.")  # on purpose
    other = corrections.add(db, "p1", "nobody", "Nobody")
    assert said(db, transcript)[0] == "We use our own draft mill."
    undo(db, made.edit_id)
    assert said(db, transcript) == ["We use our own draft mill.", "The draft mill."]
    assert other.places == 0


def test_a_removed_correction_comes_back_in_its_place(db):
    transcript = project(db, "We use draft mill.")
    corrections.add(db, "p1", "draft mill", "Draftmil")
    corrections.add(db, "p1", "nobody", "Nobody")
    before = corrections.of_project(db, "p1")
    removed = corrections.remove(db, "p1", before[0].id)
    assert said(db, transcript) == ["We use draft mill."]
    undo(db, removed.edit_id)
    assert said(db, transcript) == ["We use Draftmil."]
    assert corrections.of_project(db, "p1") == before


def test_a_removed_correction_does_not_come_back_beside_another_of_the_same_words(db):
    project(db, "We use draft mill.")
    made = corrections.add(db, "p1", "draft mill", "Draftmil")
    (known,) = corrections.of_project(db, "p1")
    removed = corrections.remove(db, "p1", known.id)
    corrections.add(db, "p1", "Draft-Mill", "Draftmill")
    for edit_id in (made.edit_id, removed.edit_id):
        with pytest.raises(ChangedSince):
            undo(db, edit_id)
    assert [c.meant for c in corrections.of_project(db, "p1")] == ["Draftmill"]


@pytest.mark.parametrize("text", ["", " \n", "...", "\0", "x" * 2001])
def test_what_is_no_sentence_is_refused(db, text):
    project(db, "We use draft mill.")
    with pytest.raises(BadSentence):
        save(db, "p1", 1, text)
    assert edits.edits_of(db, "p1") == []


@pytest.mark.parametrize("n", [0, 2, 10**18])
def test_there_is_no_other_sentence(db, n):
    project(db, "We use draft mill.")
    with pytest.raises(NotFound):
        save(db, "p1", n, "x")


def test_only_a_change_of_the_project_is_undone(db):
    project(db, "We use draft mill.")
    project(db, "We use draft mill.", project_id="p2")
    edit_id = edit(db, 1, "We use Draftmill.")
    with pytest.raises(NotFound):
        undoing.undo(db, "p2", edit_id)


def test_a_bounded_number_of_changes_is_kept(db, monkeypatch):
    project(db, "We use draft mill.")
    monkeypatch.setattr(edits, "MOST_EDITS", 2)
    made = [edit(db, 1, f"We use draft mill {n}.") for n in range(4)]
    assert [kept.id for kept in edits.edits_of(db, "p1")] == made[:1:-1]


def test_of_a_sentence_written_anew_only_some_words_are_looked_for_elsewhere(db):
    old, new = (" ".join(f"{word}{n} k{n}" for n in range(40)) for word in ("heard", "meant"))
    project(db, old, "Nothing.")
    made = edits.edit_of(db, "p1", edit(db, 1, new))
    asked: list[str] = []
    db.set_trace_callback(asked.append)
    assert everywhere.offers(db, made) == []
    db.set_trace_callback(None)
    assert len(asked) == everywhere.MOST_SOUGHT


def test_as_many_places_are_shown_as_would_change(db):
    transcript = project(db, "Draftmill here, draft mill there, Draft-mill.", "A draft mill.")
    found = everywhere.places_of(db, transcript, "draft mill", "Draftmill")
    assert found.count == 3
    assert [(one.n, one.heard) for one in found.places] == [
        (1, "draft mill"),
        (1, "Draft-mill"),
        (2, "draft mill"),
    ]
    assert (found.places[0].before, found.places[0].after) == (
        "Draftmill here, ",
        " there, Draft-mill.",
    )


@pytest.mark.parametrize(
    ("was", "became", "heard", "meant"),
    [
        (
            "東京大学の田中先生です。",
            "東京大学の中田先生です。",
            "田中",
            "中田",
        ),  # two letters changed places
        ("佐藤先生です", "佐籐先生です", "佐藤", "佐籐"),  # one letter is in too many words
        (
            "今日はクバネティスを使う",
            "今日はクーバネティスを使う",
            "クバネティス",
            "クーバネティス",
        ),
        ("今日はKubernetisを使う。", "今日はKubernetesを使う。", "Kubernetis", "Kubernetes"),
        ("我们 使用 张三的 模型", "我们 使用 章三的 模型", "张三", "章三"),
        ("วันนี้เราพูดถึงกรุงเทบ", "วันนี้เราพูดถึงกรุงเทพ", "งเทบ", "งเทพ"),
        ("We use post gress, daily.", "We use Postgres daily.", "post gress", "Postgres"),
    ],
)
def test_a_name_is_looked_for_elsewhere_also_where_no_spaces_part_words(
    db, was: str, became: str, heard: str, meant: str
) -> None:
    project(db, was, f"Also {heard} here.", f"{heard}{heard}")
    (offer,) = everywhere.offers(db, edits.edit_of(db, "p1", edit(db, 1, became)))
    assert (offer.heard, offer.meant) == (heard, meant)
    assert offer.count == (1 if " " in heard or heard.isascii() else 3)
