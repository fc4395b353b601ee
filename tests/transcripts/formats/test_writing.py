"""Transcripts to take away: captions and text that can be read back."""

from itertools import pairwise

from draftmill.transcripts import formats
from draftmill.transcripts.chapters import Chapter
from draftmill.transcripts.segments import Segment, Word


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
