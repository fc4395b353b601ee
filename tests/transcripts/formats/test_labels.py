"""Who says what, by the labels before texts: nobody is given a sentence that another one said."""

import pytest

from draftmill.transcripts import formats

ADA = "Ada Lovelace"


def captions(*texts: str) -> str:
    cues = (f"00:{n:02}:01.000 --> 00:{n:02}:04.000\n{text}" for n, text in enumerate(texts))
    return "WEBVTT\n\n" + "\n\n".join(cues)


def said(text: str) -> list[tuple[str, str]]:
    return [(one.speaker, one.text) for one in formats.read(text).segments]


@pytest.mark.parametrize(
    "name",
    [
        "john smith",
        "李雷",
        "O'Neil",
        "Dr. A. B.",
        "Dr. Maria del Carmen Ruiz (she/her)",
        "user@example.org",
        "+49 170 5550100",
        "iPhone (2)",
        "🦊 fox",
        "~*kim*~",
        "van der berg, j.",
        "Ada Lovelace | Analytical Engines",
        "محمد علي",
        "x" * 60,
        "Will",
        "7",
    ],
)
def test_where_every_caption_has_a_label_it_is_a_name_whatever_its_letters(name: str) -> None:
    twice = [f"{ADA}: Hello.", f"{name}: Hi there.", f"{ADA}: Good.", f"{name}: Then we go."]
    assert said(captions(*twice)) == [
        (ADA, "Hello."),
        (name, "Hi there."),
        (ADA, "Good."),
        (name, "Then we go."),
    ]
    assert said(captions(*twice[:3])) == [(ADA, "Hello."), (name, "Hi there."), (ADA, "Good.")]


def test_labels_with_wide_colons_are_read() -> None:
    assert said(captions("李雷：大家好。", "韩梅梅：你好。", "李雷：我们开始吧。")) == [
        ("李雷", "大家好。"),
        ("韩梅梅", "你好。"),
        ("李雷", "我们开始吧。"),
    ]


def test_nearly_every_caption_with_a_label_is_enough() -> None:
    labelled = [f"{('ann', 'bob')[n % 2]}: Sentence {n}." for n in range(12)]
    assert said(captions(*labelled, "And more."))[-2:] == [
        ("bob", "Sentence 11."),
        ("bob", "And more."),
    ]


def test_after_a_label_that_is_not_understood_nobody_knows_who_speaks() -> None:
    texts = [
        "Ada: Hello.",
        "We begin.",
        "john smith: I broke it.",
        "It is cold.",
        "We eat.",
        "Ada: Oh.",
    ]
    assert said(captions(*texts, "Well, so it is.")) == [
        ("Ada", "Hello."),
        ("Ada", "We begin."),
        ("", "john smith: I broke it."),
        ("", "It is cold."),
        ("", "We eat."),
        ("Ada", "Oh."),
        ("Ada", "Well, so it is."),
    ]


@pytest.mark.parametrize(
    "texts",
    [
        ["Hello.", "Note: this matters.", "Bye."],
        ["Note: this matters.", "One thing: the oven is hot."],
        ["Note: this matters.", "Note: that too.", "Note: all of it."],
        ["One thing: it is hot.", "Another thing: it is old.", "One thing: it is ours."],
        ["So he said: go.", "And she said: stay.", "So he said: fine."],
        ["Step 1: knead.", "Step 2: bake.", "Step 1: again."],
        ["My point is: it works.", "We bake.", "We eat.", "My point is: it is good."],
        ["We met at 12:30 today.", "At 12:30 we ate."],
    ],
)
def test_remarks_of_one_person_are_no_speakers(texts: list[str]) -> None:
    assert {speaker for speaker, _ in said(captions(*texts))} == {""}
    assert " ".join(text for _, text in said(captions(*texts))) == " ".join(texts)


def test_a_remark_is_part_of_what_its_speaker_says() -> None:
    text = captions("Ada: Hello.", "Bob: Hi.", "Ada: Right.", "Note: I stay.", "Bob: Fine.")
    assert ("Ada", "Note: I stay.") in said(text)


@pytest.mark.parametrize(
    "text",
    [
        "Me: Hello there.\nThem: Hi.\nMe: We begin.\nThem: Good.",
        "me: Hello there.\nthem: Hi.\nme: We begin.\nthem: Good.",
        "Me: Hello there.\n\nThem: Hi.\n\nMe: We begin.\n\nThem: Good.",
    ],
)
def test_the_two_sides_of_a_call_are_told_apart(text: str) -> None:
    sides = [(speaker.casefold(), sentence) for speaker, sentence in said(text)]
    assert sides == [
        ("me", "Hello there."),
        ("them", "Hi."),
        ("me", "We begin."),
        ("them", "Good."),
    ]
