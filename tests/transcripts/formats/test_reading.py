"""Brought files are told apart, and refused with a reason when they are no transcript."""

import random

import pytest

from draftmill.errors import Problem
from draftmill.transcripts import formats
from draftmill.transcripts.formats.decoding import MAX_JSON_BYTES, MAX_TEXT_BYTES
from tests.support.caption_files import ROLLING_VTT, SRT, VTT


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_encodings_are_told_apart(encoding):
    text = "Ein Café für Zoë – und noch ein Satz, damit es genug Text gibt."
    (segment,) = formats.read(text.encode(encoding), "notes.txt").segments
    assert segment.text == text


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
        '{"segments": [{"start": NaN, "end": 2, "text": "x"}]}',
        '{"words": [{}], "segments": null}',
        "[" * 100_000,
        '{"segments": [{"start": ' + "9" * 5000 + ', "end": 2, "text": "x"}]}',
    ],
)
def test_json_that_is_no_transcript_is_refused(text):
    with pytest.raises(formats.UnknownJson):
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
