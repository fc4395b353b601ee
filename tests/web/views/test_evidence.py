"""Where the sentences of a draft stand in the transcript as it is now."""

from draftmill.evidence.records import Source
from draftmill.transcripts.segments import Segment
from draftmill.web.views.evidence import Recording

SAID = [Segment(float(n), n + 1.0, f"Sentence {n}.", n=n) for n in range(3)]


def recording(*segments: Segment) -> Recording:
    return Recording("", "", False, True, {(one.window, one.n): one for one in segments}, {})


def test_a_sentence_is_found_though_one_before_it_was_cut() -> None:
    source = Source.of(SAID[2])
    cut = Segment(0.5, 1.0, "Cut.", n=1)
    later = [Segment(one.start_s, one.end_s, one.text, n=one.n + 1) for one in SAID[1:]]
    assert recording(*SAID).said(source).text == "Sentence 2."
    assert recording(SAID[0], cut, *later).said(source).text == "Sentence 2."


def test_a_sentence_that_begins_nowhere_now_was_changed() -> None:
    assert recording(*SAID).said(Source((0, 2), 2.4, 3.0)).text == ""
