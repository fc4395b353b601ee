"""Sentences joined again: a pause or a comma is no end where the source has its own."""

from dataclasses import replace

from draftmill.language.joining import Whole, is_punctuated, wholes
from draftmill.language.passages import Reading
from draftmill.transcripts.segments import SOFT, TURN, Segment, Word


def said(*texts: str, speaker: str = "") -> list[Segment]:
    return [
        Segment(2.0 * n, 2.0 * n + 1.5, text, (Word(2.0 * n, 2.0 * n + 1, text),), speaker, n=n)
        for n, text in enumerate(texts)
    ]


def texts(found: list[Whole]) -> list[str]:
    return [whole.segment.text for whole in found]


def test_what_a_pause_cut_is_one_sentence_again_with_all_its_segments() -> None:
    whole, after = wholes(said("So we moved the database,", "and nobody noticed.", "It was May."))
    assert whole.segment.text == "So we moved the database, and nobody noticed."
    assert (whole.segment.start_s, whole.segment.end_s) == (0.0, 3.5)
    assert [part.n for part in whole.parts] == [0, 1]
    assert len(whole.segment.words) == 2
    assert whole.opens and whole.ends and after.opens


def test_a_name_after_a_pause_goes_on_and_a_new_sentence_without_a_full_stop_before_it_does_not() -> (
    None
):
    assert texts(wholes(said("We moved to", "Berlin in May."))) == ["We moved to Berlin in May."]
    before, new = wholes(said("We moved the data", "Then we slept."))
    assert not before.ends
    assert not new.opens  # nobody wrote that it begins here


def test_nobody_goes_on_with_another_speakers_sentence() -> None:
    asked = [replace(s, speaker="Ada") for s in said("I thought that we")]
    answered = [replace(s, speaker="Ben", start_s=3.0, end_s=4.0) for s in said("Yes, we did.")]
    before, after = wholes([*asked, *answered])
    assert not before.ends
    assert after.opens


def test_nobody_goes_on_where_somebody_without_a_name_begins() -> None:
    before, after = said("We could move the market to the", "Church was full every Saturday.")
    turn = replace(after, flags=frozenset({TURN}))
    assert texts(wholes([before, after])) == [f"{before.text} {after.text}"]
    assert [(one.opens, one.ends) for one in wholes([before, turn])] == [
        (True, False),
        (True, True),
    ]


def test_a_passage_has_one_voice_also_where_nobody_has_a_name() -> None:
    spent, never = said(
        "The council has spent the whole reserve on the new bridge.",
        "The council never spent a single euro on the bridge.",
    )
    turn = replace(never, flags=frozenset({TURN}))
    assert len(Reading([spent, never], english=True).stretches(0, 2)) == 1
    assert len(Reading([spent, turn], english=True).stretches(0, 2)) == 2


def test_what_goes_on_after_an_interruption_begins_no_sentence() -> None:
    ada = [replace(s, speaker="Ada") for s in said("We moved it and", "", "it took nine months.")]
    mixed = [ada[0], replace(ada[1], speaker="Ben", text="Right."), ada[2]]
    assert [whole.opens for whole in wholes(mixed)] == [True, True, False]


def test_captions_without_punctuation_stay_as_they_were_cut() -> None:
    cut = [replace(s, flags=frozenset({SOFT})) for s in said("so we moved it", "and it was fine")]
    assert not is_punctuated(cut)
    assert texts(wholes(cut)) == ["so we moved it", "and it was fine"]


def test_a_stretch_without_marks_in_a_text_that_has_them_ends_nowhere() -> None:
    stretch = [f"and then we moved part {n} of the whole database over to there" for n in range(30)]
    found = wholes(said("We began in May.", *stretch, "we were done.", *["It was over."] * 40))
    assert found[0].ends
    inside = found[1 : 1 + len(found) - 41]
    assert not any(whole.opens and whole.ends for whole in inside)


def test_sentences_in_small_letters_may_begin_so() -> None:
    found = wholes(said("we moved it in may.", "it took nine months.", "nobody noticed."))
    assert all(whole.opens and whole.ends for whole in found)


def test_chinese_is_joined_without_a_space() -> None:
    assert texts(wholes(said("我们在二月开始，", "三月完成。"))) == ["我们在二月开始，三月完成。"]


def test_labels_of_a_transcript_that_was_brought_long_ago_are_names() -> None:
    found = wholes(said("ANNA: We moved it,", "ANNA: all of it.", "BEN: When?", "ANNA: In May."))
    assert [(one.segment.speaker, one.segment.text) for one in found] == [
        ("ANNA", "We moved it, all of it."),
        ("BEN", "When?"),
        ("ANNA", "In May."),
    ]
    assert [part.n for part in found[0].parts] == [0, 1]
