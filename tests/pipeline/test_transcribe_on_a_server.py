"""The transcribe stage with a real transcription server."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from draftmill.errors import Problem
from draftmill.speech import windows
from draftmill.speech.confidence import NothingUnderstood
from draftmill.transcripts.segments import DOUBTFUL
from tests.support.places import SOUNDS
from tests.support.speech_server import (
    Request,
    breaks_off,
    fails,
    says,
    sends,
    speech_server,
    stalls,
)
from tests.support.transcribe_stage import KEY, Made

WORDS = [
    {"word": "Dr", "start": 0.4, "end": 0.6},
    {"word": "Miller", "start": 0.6, "end": 1.0},
    {"word": "measured", "start": 1.0, "end": 1.4},
    {"word": "Twice", "start": 2.0, "end": 2.3},
]
SCORES = {"avg_logprob": -0.2, "compression_ratio": 1.2, "no_speech_prob": 0.01}
NOBODY = {"avg_logprob": -1.3, "compression_ratio": 1.2, "no_speech_prob": 0.95}


def test_words_take_their_times_from_the_list_and_their_marks_from_the_text(stage: Made) -> None:
    made = stage(SOUNDS / "english.opus")
    segments = [{"start": 0, "end": 3, "text": " Dr. Miller measured. Twice!", **SCORES}]
    answer = says("Dr. Miller measured. Twice!", segments=segments, words=WORDS, language="english")
    with speech_server(answer, says("")) as server:  # what follows is asked for again
        first, second = made.asks(server)
    assert (first.text, first.start_s, first.end_s) == ("Dr. Miller measured.", 0.4, 1.4)
    assert (second.text, second.start_s, second.end_s) == ("Twice!", 2.0, 2.3)
    assert made.one("select language from transcripts")[0] == "en"
    assert "left out" not in made.logs()


def test_a_server_is_asked_in_the_way_of_openai(stage: Made) -> None:
    made = stage(SOUNDS / "english.opus", language="de", context="About Kubernetes")
    with speech_server(says("Ja.")) as server:
        made.asks(server, transcribe_model="large", transcribe_hints=True)
    (request,) = server.requests
    assert request.path == "/v1/audio/transcriptions"
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.fields["model"] == ["large"]
    assert request.fields["language"] == ["de"]
    assert request.fields["response_format"] == ["verbose_json"]
    assert request.fields["timestamp_granularities[]"] == ["word", "segment"]
    assert "Kubernetes" in request.fields["prompt"][0]
    assert request.seconds == pytest.approx(11.4, abs=0.5)


def test_a_server_without_a_key_gets_no_authorization(
    stage: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "of-another-service")
    monkeypatch.setenv("OPENAI_ORG_ID", "of-another-service")
    made = stage(SOUNDS / "english.opus")
    with speech_server(says("Yes.")) as server:
        made.run(transcribe_base_url=server.url)
    assert "authorization" not in server.requests[0].headers
    assert "of-another-service" not in str(server.requests[0].headers)


def test_segments_alone_are_the_sentences_and_the_log_says_so(stage: Made) -> None:
    made = stage(SOUNDS / "english.opus")
    segments = [{"start": 1, "end": 2.5, "text": " It is."}, {"start": 3, "end": 4, "text": "And"}]
    with speech_server(says(segments=segments)) as server:
        sentences = made.asks(server)
    assert [(s.text, s.start_s, s.end_s) for s in sentences] == [("It is.", 1, 2.5), ("And", 3, 4)]
    assert "left out" in made.logs()


def test_text_alone_is_shared_out_over_the_window(stage: Made) -> None:
    made = stage(SOUNDS / "english.opus")
    with speech_server(says("It is 3.5 times faster. Nobody knew.")) as server:
        first, second = made.asks(server)
    assert (first.text, second.text) == ("It is 3.5 times faster.", "Nobody knew.")
    assert 0 <= first.start_s < first.end_s <= second.start_s < second.end_s <= 11.4


def test_times_of_later_windows_are_true_times(stage: Made, speech: NDArray[np.float32]) -> None:
    made = stage(np.tile(speech, 6))
    segments = [{"start": 1.0, "end": 2.0, "text": "Here."}]
    with speech_server(says(segments=segments)) as server:
        sentences = made.asks(server)
    starts = [start for (start,) in made.all("select start_s from windows order by n")]
    assert len(starts) > 1
    assert [s.start_s for s in sentences] == pytest.approx([s + 1.0 for s in starts], abs=0.002)


def test_loops_of_a_server_are_kept_out_of_drafts(stage: Made) -> None:
    made = stage(SOUNDS / "english.opus")
    segments = [
        {"start": 0, "end": 2, "text": "Fine.", **SCORES},
        {"start": 2, "end": 4, "text": "Yes yes yes.", **SCORES, "compression_ratio": 3.0},
        {"start": 4, "end": 6, "text": "Bye.", **NOBODY},
    ]
    with speech_server(says(segments=segments)) as server:
        sentences = made.asks(server)
    assert [(s.text, DOUBTFUL in s.flags) for s in sentences] == [
        ("Fine.", False),
        ("Yes yes yes.", True),
    ]


def test_sure_words_are_kept_where_the_server_calls_them_silence(stage: Made) -> None:
    made = stage(SOUNDS / "english.opus")
    segments = [
        {"start": 0.2, "end": 4, "text": "We talk.", **SCORES, "no_speech_prob": 0.95},
        {"start": 4, "end": 6, "text": "Perhaps.", "no_speech_prob": 0.95},
    ]
    with speech_server(says(segments=segments)) as server:
        sentences = made.asks(server)
    assert [(s.text, DOUBTFUL in s.flags) for s in sentences] == [
        ("We talk.", False),
        ("Perhaps.", True),
    ]


def test_speech_that_was_skipped_is_asked_for_again(stage: Made) -> None:
    made = stage(SOUNDS / "english.opus")
    segments = [{"start": 0, "end": 3, "text": " Dr. Miller measured. Twice!", **SCORES}]
    again = [{"start": 0, "end": 2, "text": " We forgot this.", **SCORES}]
    words = [
        {"word": word, "start": 0.5 + n / 2, "end": 0.9 + n / 2}
        for n, word in enumerate(["We", "forgot", "this"])
    ]
    answers = [says(segments=segments, words=WORDS), says(segments=again, words=words)]
    with speech_server(*answers) as server:
        sentences = made.asks(server)
    assert len(server.requests) > 1
    assert server.requests[1].seconds < 5
    assert "We forgot this." in [sentence.text for sentence in sentences]


def test_a_server_that_knows_no_detailed_answers_is_asked_for_plain_ones(stage: Made) -> None:
    made = stage(SOUNDS / "english.opus")
    refusal = fails(400, "response_format 'verbose_json' is not compatible with this model")
    with speech_server(refusal, says("Plain.")) as server:
        assert [segment.text for segment in made.asks(server)] == ["Plain."]
    assert server.requests[1].fields["response_format"] == ["json"]
    assert "timestamp_granularities[]" not in server.requests[1].fields


def test_an_empty_text_is_silence_for_its_window(stage: Made, speech: NDArray[np.float32]) -> None:
    made = stage(np.tile(speech, 6))
    with speech_server(says(""), says("Something.")) as server:
        sentences = made.asks(server, whisper_threads=1)
    assert {segment.text for segment in sentences} == {"Something."}
    assert sentences[0].start_s >= windows.FIRST_S


def test_a_server_that_hears_nothing_at_all_means_nothing_was_understood(stage: Made) -> None:
    made = stage(SOUNDS / "english.opus")
    with speech_server(says("")) as server, pytest.raises(NothingUnderstood):
        made.asks(server)


@pytest.mark.parametrize(
    ("answer", "code", "transient", "said"),
    [
        (fails(401, f"bad key {KEY}"), "transcription_server_key", False, "refused the key"),
        (fails(403), "transcription_server_key", False, "refused"),
        (fails(404), "transcription_server_model", False, "no model “whisper-1”"),
        (fails(413), "transcription_server_size", False, "large"),
        (fails(429), "transcription_server_busy", True, "takes no more requests"),
        (fails(429, code="insufficient_quota"), "transcription_server_credit", False, "no credit"),
        (fails(500, f"oops {KEY}"), "transcription_server_busy", True, "HTTP 500"),
        (fails(503), "transcription_server_busy", True, "HTTP 503"),
        (fails(422, "bad audio"), "transcription_server", False, "bad audio"),
        (sends(b"<html><h1>Welcome to nginx</h1>", "text/html"), "transcription_server_answer", True, "a web page: “Welcome to nginx”"),
        (sends(b'{"text": "Good mor'), "transcription_server_answer", True, "breaks off"),
        (sends(b'{"ok": true}'), "transcription_server_answer", True, "without a transcript"),
        (sends(b"[1, 2]"), "transcription_server_answer", True, "without a transcript"),
        (sends(b"hello"), "transcription_server_answer", True, "not JSON: “hello”"),
        (sends(b""), "transcription_server_answer", True, "nothing at all"),
        (breaks_off, "transcription_server_unreachable", True, "broke off"),
        (stalls, "transcription_server_unreachable", True, "did not answer"),
    ],
)  # fmt: skip
def test_what_goes_wrong_with_a_server_is_named(
    stage: Made, answer: Any, code: str, transient: bool, said: str
) -> None:
    made = stage(SOUNDS / "english.opus")
    with speech_server(answer) as server, pytest.raises(Problem) as failure:
        made.asks(server, transcribe_timeout_s=0.3 if answer is stalls else 60)
    problem = failure.value
    assert (problem.code, problem.transient) == (code, transient)
    assert said in problem.message
    assert problem.hint
    assert KEY not in str(problem)
    assert KEY not in made.logs()


def test_a_busy_servers_wish_when_to_come_back_is_kept(stage: Made) -> None:
    made = stage(SOUNDS / "english.opus")
    with speech_server(fails(429, Retry_After="7")) as server, pytest.raises(Problem) as failure:
        made.asks(server)
    assert failure.value.retry_after_s == 7


def test_a_server_that_is_not_there_is_named_without_its_password(stage: Made) -> None:
    made = stage(SOUNDS / "english.opus")
    with pytest.raises(Problem, match=r"127\.0\.0\.1 cannot be reached") as failure:
        made.run(transcribe_base_url="http://me:secret@127.0.0.1:9/v1")
    assert "secret" not in str(failure.value)
    assert failure.value.transient


def test_an_address_that_is_none_is_refused(stage: Made) -> None:
    made = stage(SOUNDS / "english.opus")
    with pytest.raises(Problem, match="not an address"):
        made.run(transcribe_base_url="localhost:8080")


def test_odd_values_from_a_server_do_no_harm(stage: Made) -> None:
    made = stage(SOUNDS / "english.opus")
    body = (
        b'{"text": "x", "language": ["?"], "segments": [null, 7, {"text": " "},'
        b' {"start": "soon", "end": NaN, "text": "One\\u0000\\ud800 two."},'
        b' {"start": 1e9, "end": -5, "text": "Three.", "avg_logprob": "high"}],'
        b' "words": [{"word": null}, {"start": 1, "end": 2}, "x"]}'
    )
    with speech_server(sends(body)) as server:
        sentences = made.asks(server)
    assert [segment.text for segment in sentences] == ["One two.", "Three."]
    assert all(0 <= s.start_s <= s.end_s <= 11.4 for s in sentences)


def test_windows_of_a_recording_never_reach_a_server_whole(
    stage: Made, speech: NDArray[np.float32]
) -> None:
    made = stage(np.tile(speech, 8))
    with speech_server(says("Part.")) as server:
        made.asks(server)
    longest = max(request.seconds for request in server.requests)
    assert longest <= windows.LONGEST_S
    assert len(server.requests) <= 4  # each has its latency and its price
    assert sum(_seconds(server.requests)) <= 8 * 11.4 + 1


def _seconds(requests: list[Request]) -> list[float]:
    return [request.seconds for request in requests]
