"""Captions become sentences: speakers, times and words are kept, what rolls is joined."""

from draftmill.transcripts import formats
from draftmill.transcripts.segments import SOFT
from tests.support.caption_files import ROLLING_VTT, SRT, VTT, starts, texts


def test_subrip_captions_become_sentences_with_their_times():
    brought = formats.read(SRT.encode(), "talk.srt")
    assert (brought.format, brought.timed) == ("srt", True)
    assert texts(brought) == ["Hello there, my friend.", "How are you?", "I am fine."]
    assert starts(brought)[0] == 1.0
    assert 3.0 < starts(brought)[1] < 5.5
    assert brought.duration_s == 12.0


def test_subrip_without_numbers_or_with_points_is_read():
    bare = "00:00:01,000 --> 00:00:03,000\nHello there.\n\n00:00:03,000 --> 00:00:05,000\nBye.\n"
    assert texts(formats.read(bare)) == ["Hello there.", "Bye."]
    assert texts(formats.read(bare.replace(",", "."))) == ["Hello there.", "Bye."]


def test_voices_of_webvtt_become_speakers():
    brought = formats.read(VTT, "talk.vtt")
    assert [(s.speaker, s.text) for s in brought.segments] == [
        ("Ada Lovelace", "Hello there."),
        ("Grace", "Hi Ada, tea & cake?"),
    ]


def test_one_cue_with_two_voices_is_two_turns():
    two = "WEBVTT\n\n00:01.000 --> 00:03.000\n<v Ada>Hello.\n<v Grace>Hi.\n"
    assert [(s.speaker, s.text) for s in formats.read(two).segments] == [
        ("Ada", "Hello."),
        ("Grace", "Hi."),
    ]


def test_rolling_captions_are_joined_and_keep_their_word_stamps():
    (segment,) = formats.read(ROLLING_VTT, "auto.vtt").segments
    assert segment.text == "hello and welcome to the show"
    assert [(w.text, w.start_s) for w in segment.words] == [
        ("hello", 0.16),
        ("and", 0.48),
        ("welcome", 0.64),
        ("to", 2.399),
        ("the", 2.56),
        ("show", 3.0),
    ]
    assert segment.flags == {SOFT}


def test_rolling_subrip_lines_are_joined_and_true_repeats_stay():
    lines = ["hello and", "welcome to", "the show", "no no no"]
    pairs = zip(["", *lines], lines, strict=False)
    srt = "".join(
        f"{n}\n00:00:0{n},000 --> 00:00:0{n + 2},000\n{old}\n{new}\n\n".replace(
            "\n\n" + new, "\n" + new
        )
        for n, (old, new) in enumerate(pairs, 1)
    )
    assert " ".join(texts(formats.read(srt))) == "hello and welcome to the show no no no"


def test_growing_captions_are_joined():
    said = ["we", "went", "home", "and", "then", "we", "slept"]
    srt = "".join(
        f"{n}\n00:00:0{n},000 --> 00:00:0{n + 1},000\n{' '.join(said[:n])}\n\n"
        for n in range(1, len(said) + 1)
    )
    assert " ".join(texts(formats.read(srt))) == "we went home and then we slept"


def test_captions_that_do_not_roll_keep_repeated_lines():
    srt = "".join(
        f"{n}\n00:00:{n:02d},000 --> 00:00:{n + 1:02d},000\n{text}\n\n"
        for n, text in enumerate(["Yes.", "Yes.", "I see.", "It is.", "We go.", "No.", "Ok."], 1)
    )
    assert texts(formats.read(srt))[:2] == ["Yes.", "Yes."]


def test_captions_without_marks_are_cut_softly_into_readable_lengths():
    said = (
        "so today we talk about bread and i think the most important thing is the flour"
        " because without good flour you can not make good bread and now let's look at the oven"
        " it has to be really hot so we heat it for an hour "
    ) * 4
    brought = formats.read(said)
    assert all(SOFT in segment.flags for segment in brought.segments)
    assert all(len(segment.text.split()) <= 45 for segment in brought.segments)
    assert len(brought.segments) > 8
    assert " ".join(texts(brought)) == said.strip()
    assert not any(text.endswith((" the", " a", " of", " to")) for text in texts(brought))


def test_a_soft_cut_prefers_a_pause():
    first, second = (
        ["we", "went", "to", "the", "market"],
        ["we", "bought", "bread", "and", "cheese", "for", "lunch"],
    )
    words = [(word, n * 0.4) for n, word in enumerate(first)]
    words += [(word, 3.0 + n * 0.4) for n, word in enumerate(second)]
    cues = "".join(f"00:00:{at:06.3f} --> 00:00:{at + 0.3:06.3f}\n{word}\n\n" for word, at in words)
    assert texts(formats.read(f"WEBVTT\n\n{cues}")) == [" ".join(first), " ".join(second)]
