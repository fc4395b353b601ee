"""Brought transcripts: what is read, what is kept, and what is refused with a reason."""

import json
import random
from itertools import pairwise

import pytest

from draftmill.errors import Problem
from draftmill.transcripts import formats
from draftmill.transcripts.chapters import Chapter
from draftmill.transcripts.formats.decoding import MAX_JSON_BYTES, MAX_TEXT_BYTES
from draftmill.transcripts.segments import DOUBTFUL, SOFT, Segment, Word

SRT = """1
00:00:01,000 --> 00:00:03,000
Hello <i>there</i>, my

2
00:00:03,000 --> 00:00:05,500
friend. How are you?

3
00:00:08,000 --> 00:00:09,000
[Music]

4
00:00:10,000 --> 00:00:12,000
I am fine.
"""

VTT = """WEBVTT

NOTE made by hand

intro
00:01.000 --> 00:03.000 align:start
<v Ada Lovelace>Hello there.

00:03.000 --> 00:05.000
<v Grace>Hi Ada, tea &amp; cake?
"""

ROLLING_VTT = """WEBVTT
Kind: captions
Language: en

00:00:00.160 --> 00:00:02.389 align:start position:0%
~
hello<00:00:00.480><c> and</c><00:00:00.640><c> welcome</c>

00:00:02.389 --> 00:00:02.399 align:start position:0%
hello and welcome
~

00:00:02.399 --> 00:00:04.789 align:start position:0%
hello and welcome
to<00:00:02.560><c> the</c><00:00:03.000><c> show</c>

00:00:04.789 --> 00:00:04.799 align:start position:0%
to the show
~
""".replace("~", " ")


def texts(brought: formats.Brought) -> list[str]:
    return [segment.text for segment in brought.segments]


def starts(brought: formats.Brought) -> list[float]:
    return [segment.start_s for segment in brought.segments]


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


@pytest.mark.parametrize(
    "text",
    [
        "[00:00:05] Hello there.\n[00:00:12] Yes.\n[00:01:00] Well, no.",
        "(0:05) Hello there.\n(0:12) Yes.\n(1:00) Well, no.",
        "0:05 - Hello there.\n0:12 - Yes.\n1:00 - Well, no.",
        "0:05\nHello there.\n0:12\nYes.\n1:00\nWell, no.",
        "[00:05.000 --> 00:07.000]  Hello there.\n[00:12.000 --> 00:13.000]  Yes.\n[01:00.000 --> 01:02.000]  Well, no.",
    ],
)
def test_stamps_in_plain_text_are_kept(text):
    brought = formats.read(text, "notes.txt")
    assert brought.timed
    assert list(zip(starts(brought), texts(brought), strict=True)) == [
        (5.0, "Hello there."),
        (12.0, "Yes."),
        (60.0, "Well, no."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "0:05 Ada: Hello there.\n0:12 Bob: Yes.\n0:20 Ada: Well, no.",
        "[00:00:05] Ada: Hello there.\n[00:00:12] Bob: Yes.\n[00:00:20] Ada: Well, no.",
        "Ada (0:05)\nHello there.\n\nBob (0:12)\nYes.\n\nAda (0:20)\nWell, no.",
        "Ada (0:05):\nHello there.\n\nBob (0:12):\nYes.\n\nAda (0:20):\nWell, no.",
        "Ada  0:05\nHello there.\n\nBob  0:12\nYes.\n\nAda  0:20\nWell, no.",
        "Ada | 00:05\nHello there.\nBob | 00:12\nYes.\nAda | 00:20\nWell, no.",
    ],
)
def test_speakers_with_times_are_kept(text):
    said = [(s.start_s, s.speaker, s.text) for s in formats.read(text).segments]
    assert said == [(5.0, "Ada", "Hello there."), (12.0, "Bob", "Yes."), (20.0, "Ada", "Well, no.")]


def test_a_clock_time_that_was_said_is_no_stamp():
    brought = formats.read(
        "[0:05] We met at\n10:30 in the morning.\n[0:12] It rained.\n[0:20] We left.\n[0:30] Bye."
    )
    assert starts(brought)[0] == 5.0
    assert texts(brought)[0] == "We met at 10:30 in the morning."
    assert starts(brought)[-1] == 30.0


def test_a_text_that_mentions_a_time_is_not_timed():
    text = "We began.\n\n10:30 was late for us.\n\nStill, all came.\n\nThen we ate.\n\nIt was good."
    assert not formats.read(text).timed


def test_plain_text_without_times_has_estimated_ones_that_are_marked():
    brought = formats.read("It has two\nlines. And more.\n\nA second paragraph.", "notes.txt")
    assert (brought.format, brought.timed) == ("txt", False)
    assert texts(brought) == ["It has two lines.", "And more.", "A second paragraph."]
    assert starts(brought) == sorted(starts(brought))
    assert all(segment.words == () for segment in brought.segments)


def test_names_before_colons_become_speakers_only_when_they_return():
    brought = formats.read("Ada: Hello.\nBob: Yes.\n\nAda: Well.\nNote: I stay.\nBob: Fine.")
    assert [(s.speaker, s.text) for s in brought.segments] == [
        ("Ada", "Hello."),
        ("Bob", "Yes."),
        ("Ada", "Well."),
        ("Ada", "Note: I stay."),
        ("Bob", "Fine."),
    ]


def test_openai_whisper_json_keeps_its_words():
    data = {
        "text": " Hello, draft mill works.",
        "language": "en",
        "segments": [
            {
                "start": 0.0,
                "end": 2.0,
                "text": " Hello, draft",
                "words": [
                    {"word": " Hello,", "start": 0.1, "end": 0.4, "probability": 0.9},
                    {"word": " draft", "start": 0.5, "end": 0.9, "probability": 0.8},
                ],
            },
            {"start": 2.0, "end": 4.0, "text": " mill works."},
        ],
    }
    brought = formats.read(json.dumps(data), "talk.json")
    (segment,) = brought.segments
    assert (brought.format, brought.language) == ("json", "en")
    assert segment.text == "Hello, draft mill works."
    assert segment.words[:2] == (Word(0.1, 0.4, "Hello,", 0.9), Word(0.5, 0.9, "draft", 0.8))


def test_a_bare_list_of_segments_is_read():
    data = [
        {"start": 1.5, "end": 2.0, "text": " Hi there."},
        {"start": 2, "end": 3, "text": "Bye."},
    ]
    assert starts(formats.read(json.dumps(data))) == [1.5, 2.0]


def test_whisper_cpp_json_has_milliseconds_and_pieces_of_words():
    data = {
        "result": {"language": "en"},
        "transcription": [
            {
                "offsets": {"from": 500, "to": 2000},
                "text": " Draftmill works.",
                "tokens": [
                    {"text": "[_BEG_]", "offsets": {"from": 500, "to": 500}, "p": 0.9},
                    {"text": " Draft", "offsets": {"from": 600, "to": 900}, "p": 0.9},
                    {"text": "mill", "offsets": {"from": 900, "to": 1100}, "p": 0.5},
                    {"text": " works", "offsets": {"from": 1200, "to": 1600}, "p": 0.9},
                    {"text": ".", "offsets": {"from": 1600, "to": 1600}, "p": 0.9},
                ],
            },
            {"offsets": {"from": 2000, "to": 3000}, "text": " Bye."},
        ],
    }
    first, second = formats.read(json.dumps(data)).segments
    assert [(w.text, w.start_s, w.end_s) for w in first.words] == [
        ("Draftmill", 0.6, 1.1),
        ("works.", 1.2, 1.6),
    ]
    assert (second.text, second.start_s) == ("Bye.", 2.0)


def test_words_beside_segments_take_the_punctuation_of_the_text():
    data = {
        "language": "english",
        "words": [
            {"word": "Hi", "start": 0.1, "end": 0.4},
            {"word": "there", "start": 0.5, "end": 0.9},
            {"word": "Bye", "start": 2.1, "end": 2.4},
        ],
        "segments": [
            {"start": 0.0, "end": 2.0, "text": " Hi there."},
            {"start": 2.0, "end": 3.0, "text": " Bye."},
        ],
    }
    brought = formats.read(json.dumps(data))
    assert [(s.start_s, s.end_s, s.text) for s in brought.segments] == [
        (0.1, 0.9, "Hi there."),
        (2.1, 2.4, "Bye."),
    ]


def test_doubtful_segments_of_whisper_are_flagged_and_silence_is_dropped():
    data = [
        {"start": 0, "end": 2, "text": "Good.", "avg_logprob": -0.2, "compression_ratio": 1.2},
        {"start": 2, "end": 4, "text": "Bad bad bad.", "compression_ratio": 2.9},
        {"start": 4, "end": 6, "text": "Worse.", "avg_logprob": -1.4},
        {"start": 6, "end": 8, "text": "Thanks for watching.", "no_speech_prob": 0.95},
    ]
    said = [(s.text, DOUBTFUL in s.flags) for s in formats.read(json.dumps(data)).segments]
    assert said == [("Good.", False), ("Bad bad bad.", True), ("Worse.", True)]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_encodings_are_told_apart(encoding):
    text = "Ein Café für Zoë – und noch ein Satz, damit es genug Text gibt."
    (segment,) = formats.read(text.encode(encoding), "notes.txt").segments
    assert segment.text == text


def test_letters_are_composed_and_control_characters_are_gone():
    (segment,) = formats.read("Cafe\u0301 \x1b[31mred\u202e and\ud800 more text.").segments
    assert segment.text.startswith("Café ")
    assert not set(segment.text) & {"\x1b", "\u202e", "\ud800"}


def test_the_language_is_told_from_the_text():
    assert formats.read("Guten Tag, das ist ein kurzer Text über das Backen.").language == "de"
    assert formats.read("Good day, this is a short text about baking bread.").language == "en"


def test_languages_without_spaces_keep_their_sentences():
    vtt = "WEBVTT\n\n00:01.000 --> 00:03.000\nこれはパンの話です。とても\n\n00:03.000 --> 00:05.000\nおいしいです。\n"
    assert texts(formats.read(vtt)) == ["これはパンの話です。", "とてもおいしいです。"]


@pytest.mark.parametrize("content", [b"", b" \n\t\n", "", b"\xef\xbb\xbf", b"\0\0\0\0"])
def test_an_empty_transcript_is_refused(content):
    with pytest.raises(formats.EmptyTranscript):
        formats.read(content, "notes.txt")


def test_captions_of_music_alone_are_refused_as_empty():
    with pytest.raises(formats.EmptyTranscript):
        formats.read("1\n00:00:01,000 --> 00:00:03,000\n[Music]\n")


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04" + b"word/document.xml" * 20, "Word"),
        (b"{\\rtf1 Hello}", "rich text"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 64, "Word"),
        (b"ID3\x04" + bytes(range(256)), "recording"),
        (b"\0\0\0\x20ftypisom" + b"\0" * 64, "recording"),
        (b"<!DOCTYPE html><html><body>Hello</body></html>", "web page"),
        (random.Random(7).randbytes(5000), "not text"),
        (b"text\0with\0zeros\0" * 50 + b"x", "not text"),
    ],
)
def test_other_files_are_refused_by_what_they_are(content, word):
    with pytest.raises(formats.NotATranscript, match=word) as refusal:
        formats.read(content, "transcript.txt")
    assert refusal.value.status == 422
    assert refusal.value.hint


def test_a_text_in_an_unknown_encoding_is_refused():
    with pytest.raises(formats.UnknownEncoding):
        formats.read("Съешь же ещё этих мягких французских булок".encode("cp1251"), "a.txt")


@pytest.mark.parametrize(
    "content", [b"a " * (MAX_TEXT_BYTES // 2 + 1), b" " * (MAX_JSON_BYTES + 1)]
)
def test_a_transcript_that_is_too_large_is_refused(content):
    with pytest.raises(formats.TranscriptTooLarge) as refusal:
        formats.read(content, "a.txt")
    assert refusal.value.status == 413


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "{}",
        '{"segments": []}',
        '{"segments": [1, null, "x"]}',
        '{"segments": [{"start": "0", "end": [], "text": 7}]}',
        '{"segments": [{"start": -1, "end": 2, "text": "x"}]}',
        '{"segments": [{"start": NaN, "end": 2, "text": "x"}]}',
        '{"words": [{}], "segments": null}',
        "[" * 100_000,
        '{"segments": [{"start": ' + "9" * 5000 + ', "end": 2, "text": "x"}]}',
    ],
)
def test_json_that_is_no_transcript_is_refused(text):
    with pytest.raises(formats.NotWhisperJson):
        formats.read(text, "talk.json")


def test_times_beyond_reason_are_refused():
    with pytest.raises(formats.BadTimes):
        formats.read("WEBVTT\n\n99999999:00:00.000 --> 99999999:00:01.000\nHello.\n")


@pytest.mark.parametrize(
    "text", ["WEBVTT\n", "WEBVTT\n\n00:99.000 --> x\nHello.", "WEBVTT\n\nNOTE x"]
)
def test_captions_without_cues_are_refused(text):
    with pytest.raises(formats.BadCaptions):
        formats.read(text, "a.vtt")


def test_damaged_files_are_read_or_refused_and_never_fail():
    chance = random.Random(3)
    for source in (SRT, VTT, ROLLING_VTT, '[{"start": 1, "end": 2, "text": "Hi."}]', "[0:05] Hi."):
        for _ in range(60):
            letters = list(source)
            for _ in range(chance.randrange(1, 12)):
                letters[chance.randrange(len(letters))] = chance.choice('\n<>:-{}[]"\0é0,.')
            try:
                brought = formats.read("".join(letters))
            except Problem:
                continue
            for segment in brought.segments:
                assert 0 <= segment.start_s <= segment.end_s
                assert segment.text.strip()


def sentence(text: str, start_s: float, **more) -> Segment:
    words = tuple(
        Word(start_s + n * 0.4, start_s + n * 0.4 + 0.3, token)
        for n, token in enumerate(text.split())
    )
    return Segment(start_s, words[-1].end_s, text, words, **more)


def test_captions_hold_two_lines_and_their_cuts_follow_the_words():
    long = sentence("This is a sentence that goes on and on " * 6 + "until it ends.", 10.0)
    vtt = formats.to_vtt([long, sentence("Short.", 60.0)])
    cues = [block.split("\n") for block in vtt.strip().split("\n\n")[1:]]
    assert len(cues) > 3
    assert all(len(lines) <= 3 for lines in cues)
    assert all(len(line) <= 46 for lines in cues for line in lines[1:])
    assert " ".join(" ".join(lines[1:]) for lines in cues) == f"{long.text} Short."
    times = [lines[0].split(" --> ") for lines in cues]
    assert all(end <= start for (_, end), (start, _) in pairwise(times))


def test_written_captions_are_read_back_the_same():
    said = [
        sentence("Hello there, a < b & c --> d.", 1.0, speaker="Ada <script>"),
        sentence("And then we went on.", 5.5, speaker="Bob"),
    ]
    back = formats.read(formats.to_vtt(said)).segments
    assert [(s.text, s.speaker, s.start_s) for s in back] == [
        (s.text, s.speaker, s.start_s) for s in said
    ]
    again = formats.read(formats.to_srt([sentence("One two three.", 3661.25)])).segments
    assert [(s.text, s.start_s) for s in again] == [("One two three.", 3661.25)]


def test_captions_hold_no_markup_that_was_said():
    hostile = [sentence("<script>alert(1)</script> 1 --> 2", 1.0, speaker="<v x>")]
    assert "<script" not in formats.to_vtt(hostile)
    srt = formats.to_srt(hostile)
    assert "<" not in srt
    assert srt.count("-->") == 1


def test_text_has_chapters_speakers_and_times():
    said = [
        sentence("Hello there.", 1.0, speaker="Ada"),
        sentence("Hi.", 3.0, speaker="Bob"),
        sentence("The end.", 3700.0, speaker="Bob"),
    ]
    text = formats.to_txt(said, [Chapter(0, 0.0, 60.0, "Begin"), Chapter(1, 60.0, 4000.0, "End")])
    assert text == (
        "# Begin\n\n[00:00:01] Ada: Hello there.\n\n[00:00:03] Bob: Hi.\n\n"
        "# End\n\n[01:01:40] Bob: The end.\n"
    )
    assert formats.to_txt(said[:1], timed=False) == "Ada: Hello there.\n"
    assert formats.to_txt([]) == ""
