"""Labels of every spelling and in every place: none stays in the text."""

import json
from collections.abc import Callable

import pytest

from draftmill.transcripts import formats
from draftmill.transcripts.formats.cues import NOISE
from draftmill.transcripts.segments import SUNG, TURN, Segment
from tests.transcripts.formats.test_labels import captions, said

TALK = [("Ada", "Hello."), ("Ben", "Hi there."), ("Ada", "Good."), ("Ben", "Then we go.")]

SPELLINGS: dict[str, Callable[[str, str], str]] = {
    "brackets": lambda name, text: f"[{name}] {text}",
    "brackets and a colon": lambda name, text: f"[{name}]: {text}",
    "numbered": lambda name, text: f"[SPEAKER_0{len(name)}{name}] {text}",
    "parentheses": lambda name, text: f"({name}) {text}",
    "bold": lambda name, text: f"**{name}:** {text}",
    "no space": lambda name, text: f"{name.upper()}:{text}",
    "a dash": lambda name, text: f"{name} - {text}",
    "an arrow": lambda name, text: f"> {name}: {text}",
}


def rolling(*texts: str) -> str:
    """Captions one right after the other."""
    cues = (f"00:00:{3 * n:02}.000 --> 00:00:{3 * n + 3:02}.000\n{t}" for n, t in enumerate(texts))
    return "WEBVTT\n\n" + "\n\n".join(cues)


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
def test_a_label_that_begins_most_captions_is_a_name(spelling: Callable[[str, str], str]) -> None:
    found = said(captions(*(spelling(name, text) for name, text in TALK)))
    assert [text for _, text in found] == [text for _, text in TALK]
    assert found[0][0] == found[2][0] != found[1][0] == found[3][0]


def test_a_role_with_a_small_letter_is_a_name_where_it_begins_most_captions() -> None:
    turns = [f"{('The chair', 'A guest')[n % 2]}: Sentence {n}." for n in range(12)]
    assert {speaker for speaker, _ in said(captions(*turns))} == {"The chair", "A guest"}


def test_somebody_who_begins_within_a_caption_begins_a_turn() -> None:
    assert said(rolling(">> We begin. >> Can you", "hear me? >> Yes.")) == [
        ("", "We begin."),
        ("", "Can you hear me?"),
        ("", "Yes."),
    ]


def test_a_dash_on_each_line_of_a_caption_begins_a_turn() -> None:
    first = "- We sold the house.\n- My brother, by St. Paul's - the small one - never agreed."
    assert said(rolling(first, "- Who cares?\n- I do.", "- He waited - for hours.")) == [
        ("", "We sold the house."),
        ("", "My brother, by St. Paul's - the small one - never agreed."),
        ("", "Who cares?"),
        ("", "I do."),
        ("", "He waited - for hours."),
    ]


def test_what_somebody_without_a_name_begins_with_is_marked() -> None:
    found = flags_of(">> We sold it. It was old.", "- Who cares?\n- I do.", "Ada: Me.", "Ada: Yes.")
    assert [TURN in one.flags for one in found] == [True, False, True, True, False, False]


def test_captions_wrapped_anew_keep_their_speakers_apart() -> None:
    text = " ".join(f"{name.upper()}: {said}" for name, said in TALK * 4).split()
    wrapped = [" ".join(text[n : n + 5]) for n in range(0, len(text), 5)]
    assert said(rolling(*wrapped)) == [(name.upper(), text) for name, text in TALK * 4]


def test_in_captions_without_a_capital_a_label_that_returns_is_a_name() -> None:
    texts = ["ada: so we begin", "and it works", "ben: yes", "it does", "ada: good", "ben: bye"]
    assert {speaker for speaker, _ in said(rolling(*texts))} == {"ada", "ben"}
    assert not any(":" in text for _, text in said(rolling(*texts)))


def test_a_name_that_the_file_gives_need_not_stand_in_the_text_too() -> None:
    rows = [
        {"start": n, "end": n + 1, "speaker": name, "text": f"{name}: {text}"}
        for n, (name, text) in enumerate(TALK)
    ]
    found = formats.read(json.dumps({"segments": rows})).segments
    assert [(one.speaker, one.text) for one in found] == TALK


def test_a_dash_and_a_bracket_now_and_then_are_what_was_said() -> None:
    texts = [
        "We waited - for hours.",
        "It rained.",
        "(We had no roof) It rained in.",
        "It stopped.",
    ]
    assert [text for _, text in said(captions(*texts))] == texts


def flags_of(*texts: str) -> list[Segment]:
    return list(formats.read(captions(*texts)).segments)


def test_what_stands_between_notes_is_sung() -> None:
    song, speech = flags_of("♪ The river runs to town. ♪", "The dam was built in 1912.")
    assert (song.text, SUNG in song.flags) == ("The river runs to town.", True)
    assert SUNG not in speech.flags


def test_laughter_within_a_sentence_is_left_out_and_what_nobody_understood_is_a_gap() -> None:
    found = flags_of("We bought (laughter) a roof.", "It cost [inaudible 00:01:02] thousand.")
    assert [one.text for one in found] == ["We bought a roof.", "It cost … thousand."]
    assert not NOISE.search("We bought (in May) a roof.")
