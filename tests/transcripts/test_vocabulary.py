"""A user's own names and terms: kept, applied to new transcripts, and suggested where they are near."""

import time

import pytest

from draftmill.transcripts import (
    correction_plans,
    corrections,
    near_spellings,
    suggestions,
    undoing,
    vocabulary,
)
from draftmill.transcripts.corrections import BadCorrection
from draftmill.transcripts.sentence_edits import save
from draftmill.transcripts.suggestions import names_in
from draftmill.transcripts.vocabulary import BadVocabulary
from tests.transcripts.test_corrections import project, said, transcript


def heard_anew(db, *texts):
    """What a new transcript says when it is complete."""
    later = transcript(db, *texts, done=False)
    vocabulary.spell(db, "p1", texts)
    correction_plans.plan(db, "p1", later).write(db)
    return said(db, later)


def suggested(db):
    return [(one.heard, one.meant, one.count) for one in suggestions.suggestions(db, "p1")]


def test_terms_are_added_many_at_once_spelled_anew_and_removed(db):
    project(db, "Hello.")
    typed = " Kubernetes\r\nmara  keller, C++;\n\n"
    assert vocabulary.add(db, 1, vocabulary.terms_in(typed)) == ["Kubernetes", "mara keller", "C++"]
    assert vocabulary.add(db, 1, ["Mara Keller", "Kubernetes"]) == ["Mara Keller"]
    assert vocabulary.terms_of(db, 1) == ["C++", "Kubernetes", "Mara Keller"]
    assert vocabulary.remove(db, 1, "kubernetes") == "Kubernetes"
    assert vocabulary.remove(db, 1, "kubernetes") == ""
    assert vocabulary.terms_of(db, 2) == []


@pytest.mark.parametrize("term", ["...", "one two three four five", "x" * 81, "x" * 400])
def test_what_is_no_name_is_refused_and_nothing_is_added(db, term):
    project(db, "Hello.")
    with pytest.raises(BadVocabulary):
        vocabulary.add(db, 1, ["Kubernetes", term])
    assert vocabulary.terms_of(db, 1) == []


def test_a_vocabulary_is_bounded(db, monkeypatch):
    project(db, "Hello.")
    monkeypatch.setattr(vocabulary, "MOST_TERMS", 2)
    vocabulary.add(db, 1, ["a", "b"])
    with pytest.raises(BadVocabulary, match="at most 2"):
        vocabulary.add(db, 1, ["c"])
    assert vocabulary.terms_of(db, 1) == ["a", "b"]


def test_a_new_transcript_has_them_as_they_are_spelled_and_each_can_be_taken_back(db):
    project(db, "Nothing.")
    vocabulary.add(db, 1, ["Draftmill", "PyTorch", "Nowhere"])
    texts = ("We use draft mill and pytorch.", "PyTorch is Draftmill's.")
    assert heard_anew(db, *texts) == ["We use Draftmill and PyTorch.", texts[1]]
    made = corrections.of_project(db, "p1")
    assert [(one.heard, one.meant) for one in made] == [
        ("draft mill", "Draftmill"),
        ("pytorch", "PyTorch"),
    ]
    corrections.remove(db, "p1", made[1].id)
    assert heard_anew(db, *texts) == ["We use Draftmill and pytorch.", texts[1]]


def test_what_a_person_corrected_in_the_project_goes_before_the_vocabulary(db):
    project(db, "Nothing.")
    corrections.add(db, "p1", "draft mill", "Draft Mill Ltd")
    vocabulary.add(db, 1, ["Draftmill"])
    assert heard_anew(db, "We use draft mill.") == ["We use Draft Mill Ltd."]


def test_near_spellings_are_suggested_and_nothing_is_changed(db):
    project(
        db, "The cubernetes cluster.", "A kubernetis, and cubernetes.", "Kubernetes is a cluster."
    )
    vocabulary.add(db, 1, ["Kubernetes"])
    assert suggested(db) == [("cubernetes", "Kubernetes", 2), ("kubernetis", "Kubernetes", 1)]
    corrections.add(db, "p1", "cubernetes", "Kubernetes")
    assert suggested(db) == [("kubernetis", "Kubernetes", 1)]


def test_a_transcript_is_looked_through_in_pieces_and_after_an_edit_only_where_it_changed(
    db, monkeypatch
):
    monkeypatch.setattr(near_spellings, "PIECE", 2)
    texts = ["A cubernetes.", "Nothing.", "The kubernetis.", "And cubernetes."]
    transcript_id = project(db, *texts)
    vocabulary.add(db, 1, ["Kubernetes"])
    assert not suggestions.look(db, "p1").done
    save(db, "p1", 1, "A pod.")  # in a piece that was looked through
    assert not suggestions.look(db, "p1").done
    looked = suggestions.look(db, "p1")
    assert looked.done
    both = [("kubernetis", "Kubernetes", 1), ("cubernetes", "Kubernetes", 1)]
    assert [(one.heard, one.meant, one.count) for one in looked.suggestions] == both
    looked_at = []
    monkeypatch.setattr(
        near_spellings,
        "near_in",
        lambda rows, names, most, near=near_spellings.near_in: (
            looked_at.extend(rows) or near(rows, names, most)
        ),
    )
    made = save(db, "p1", 4, "And Kubernetes.")
    assert suggested(db) == both[:1]
    undoing.undo(db, "p1", made.edit_id)
    assert suggested(db) == both
    assert {row["n"] for row in looked_at} == {3}
    vocabulary.add(db, 1, ["Nothings"])
    assert ("Nothing", "Nothings", 1) in suggested(db)
    vocabulary.remove(db, 1, "Kubernetes")
    assert suggested(db) == [("Nothing", "Nothings", 1)]
    assert said(db, transcript_id)[2] == "The kubernetis."


def test_what_was_dismissed_is_not_suggested_again_also_in_a_new_transcript(db):
    project(db, "The cubernetes cluster.", "A kubernetis.")
    vocabulary.add(db, 1, ["Kubernetes"])
    suggestions.dismiss(db, "p1", "Cubernetes", "Kubernetes")
    assert suggested(db) == [("kubernetis", "Kubernetes", 1)]
    transcript(db, "One cubernetes more.")
    assert suggested(db) == []
    vocabulary.add(db, 1, ["Cubernets"])  # another term is another matter
    assert suggested(db) == [("cubernetes", "Cubernets", 1)]
    with pytest.raises(BadCorrection):
        suggestions.dismiss(db, "p1", "", "Kubernetes")


def test_names_of_the_context_are_suggested(db):
    transcript_id = project(db, "Mara Kellar is here.", "So is Tom.", "He sells cellars.")
    context = "An interview with Mara Keller and Tim."
    db.execute("update projects set context = ?", (context,))
    assert ("Mara Kellar", "Mara Keller", 1) in suggested(db)
    assert {meant for _, meant, _ in suggested(db)} <= {"Mara Keller", "Keller"}
    assert said(db, transcript_id)[0] == "Mara Kellar is here."


@pytest.mark.parametrize(
    ("context", "names"),
    [
        ("A talk by Mara Keller, at PyData.", ["Mara Keller", "Mara", "Keller", "PyData"]),
        ("we met. The team of iOS developers", ["iOS"]),
        ("", []),
    ],
)
def test_names_are_words_with_a_capital(context, names):
    assert names_in(context) == names


def test_a_full_vocabulary_is_looked_for_in_ten_hours_of_talk_in_no_time(db):
    project(db, "Nothing.")
    vocabulary.add(db, 1, [f"Term{n}x" for n in range(vocabulary.MOST_TERMS - 1)])
    texts = [f"Sentence {n} has what Herr Meier said to us that evening." for n in range(9_000)]
    begun = time.monotonic()
    vocabulary.spell(db, "p1", [*texts, "Then term7X was named."])
    assert time.monotonic() - begun < 6  # each for itself in each sentence: 11 s
    assert [one.meant for one in corrections.of_project(db, "p1")] == ["Term7x"]
