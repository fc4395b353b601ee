"""Transcripts to take away: captions and text that can be read back."""

from itertools import pairwise

import pytest

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


JAPANESE = (
    "今日は地球温暖化について話しますが、その前に少しだけ私たちの研究室の歴史についてお話しさせてください。"
    "それから、去年の夏に北海道で行ったKubernetesの実験の結果を紹介し、最後に皆さんからの「質問」にお答えします。"
)
THAI = (
    "วันนี้เราพูดถึงกรุงเทพมหานครและประวัติศาสตร์ของเมืองนี้ที่ยาวนานกว่าสองร้อยปี และอนาคตของเมืองนี้ในอีกห้าสิบปีข้างหน้า"
)


@pytest.mark.parametrize("text", [JAPANESE, THAI, "我们用 OpenAI 的模型来写摘要，" * 12])
@pytest.mark.parametrize("group", [0, 1, 3])  # letters that the recogniser heard as a word; 0: none
def test_captions_of_letters_without_spaces_get_none_and_end_between_letters(
    text: str, group: int
) -> None:
    said = [text[n : n + group].strip() for n in range(0, len(text), group)] if group else []
    words = tuple(Word(n * 0.3, n * 0.3 + 0.2, one) for n, one in enumerate(said) if one)
    vtt = formats.to_vtt([Segment(0.0, 40.0, text, words)])
    cues = [block.split("\n")[1:] for block in vtt.strip().split("\n\n")[1:]]
    shown = [line for cue in cues for line in cue]
    assert len(cues) >= 2
    assert all(len(cue) <= 2 for cue in cues)
    wide = 1 if text == THAI else 2
    assert max(map(len, shown)) * wide <= 64
    left = text
    for line in shown:
        assert left.startswith(line)
        assert line[0] not in "、。，」\u0e31\u0e34\u0e35\u0e48\u0e49"
        assert line[-1] not in "「เแโใไ"
        left = left[len(line) :].lstrip()
    assert left == ""
    assert "Kubernetes" in vtt or text != JAPANESE


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
