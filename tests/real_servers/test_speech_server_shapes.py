"""Transcription servers as they really answer: the same assertions over every one's shape."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from draftmill.errors import Problem
from draftmill.media.timeline import RATE
from draftmill.settings import Settings
from draftmill.speech.recogniser import Heard
from draftmill.speech.recognition import _flags
from draftmill.speech.server import SpeechServer
from draftmill.transcripts.segments import DOUBTFUL
from tests.support.speech_server import Answer, Exchange, speech_server
from tests.support.speech_server import SpeechServer as Running
from tests.support.speech_server_shapes import (
    ADVICE,
    LOOP,
    SAID,
    SHAPES,
    Refusal,
    Shape,
    refuse,
    sentences_in,
)

KEY = "sk-test-a-secret-key"
SECONDS = 40.0
SOUND = np.zeros(round(SECONDS * RATE), np.float32)

every_shape = pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)


def usual(shape: Shape, *texts: str) -> Answer:
    def answer(exchange: Exchange) -> None:
        shape.answer(exchange, sentences_in(exchange.request.seconds, texts))

    return answer


def always(refusal: Refusal) -> Answer:
    return lambda exchange: refuse(exchange, refusal)


def up_to(most_s: float, shape: Shape) -> Answer:
    def answer(exchange: Exchange) -> None:
        if exchange.request.seconds > most_s:
            refuse(exchange, shape.too_large)
        else:
            usual(shape)(exchange)

    return answer


def client(server: Running) -> SpeechServer:
    return SpeechServer(
        Settings(
            data=Path("unused"),
            transcribe_base_url=server.url,
            transcribe_model="a-model",
            transcribe_api_key=KEY,
            transcribe_timeout_s=30,
        )
    )


Hear = Callable[..., list[Heard]]


def hear(answer: Answer, times: int = 1) -> tuple[list[Heard], Running, SpeechServer]:
    with speech_server(answer) as server:
        ours = client(server)
        try:
            for _ in range(times):
                heard = ours.hear(SOUND, lambda second: None)
        finally:
            ours.close()
    return heard, server, ours


def problem_of(answer: Answer) -> Problem:
    with pytest.raises(Problem) as failure:
        hear(answer)
    return failure.value


def text_of(heard: list[Heard]) -> str:
    return " ".join(" ".join(one.text for one in heard).split())


@every_shape
def test_every_sentence_is_heard_at_its_time_and_nothing_else(shape: Shape) -> None:
    heard, _, _ = hear(usual(shape))
    assert text_of(heard) == " ".join(text for text, _, _ in SAID)
    assert all(0 <= one.start_s <= one.end_s <= SECONDS + 0.1 for one in heard)
    starts = [one.start_s for one in heard]
    assert starts == sorted(starts)
    if shape.timed and len(heard) == len(SAID):
        assert starts == pytest.approx([a * SECONDS for _, a, _ in SAID], abs=0.1)
        assert [h.end_s for h in heard] == pytest.approx([b * SECONDS for *_, b in SAID], abs=0.1)
    elif shape.timed:  # one stretch, whose words have the times
        words = [word for one in heard for word in one.words]
        assert words[0].start_s == pytest.approx(SAID[0][1] * SECONDS, abs=0.1)
        assert words[-1].end_s == pytest.approx(SAID[-1][2] * SECONDS, abs=0.1)


@every_shape
def test_how_it_wants_to_be_asked_is_found_out_once(shape: Shape) -> None:
    _, server, _ = hear(usual(shape), times=3)
    refused = "verbose_json" not in shape.formats or not shape.granularities
    assert len(server.requests) == 3 + refused
    settled = [request.fields["response_format"] for request in server.requests[-3:]]
    assert settled == [[shape.formats[0]]] * 3


@every_shape
def test_its_language_is_a_code_or_unknown(shape: Shape) -> None:
    _, _, ours = hear(usual(shape))
    assert re.fullmatch("(en)?", ours.language)


@every_shape
def test_more_than_it_takes_is_sent_in_parts(shape: Shape) -> None:
    heard, server, _ = hear(up_to(25, shape))
    assert text_of(heard) == " ".join(text for text, _, _ in SAID * 2)
    assert max(one.end_s for one in heard) > SECONDS / 2
    known = len(server.requests)
    assert known <= 5
    lengths = [request.seconds for request in server.requests if request.seconds <= 25]
    assert sum(lengths[-2:]) == pytest.approx(SECONDS, abs=0.1)


@every_shape
def test_what_it_never_takes_is_named_after_few_tries(shape: Shape) -> None:
    requests: list[float] = []

    def refused(exchange: Exchange) -> None:
        requests.append(exchange.request.seconds)
        refuse(exchange, shape.too_large)

    assert problem_of(refused).code == "transcription_server_size"
    assert len(requests) <= 6


@every_shape
def test_a_loop_is_doubted_and_what_was_said_is_not(shape: Shape) -> None:
    heard, _, _ = hear(usual(shape, ADVICE, *[LOOP] * 12))
    doubted = [one for one in heard if DOUBTFUL in _flags(one)]
    if any(one.compression == 1.2 for one in heard):
        return  # the server itself vouches for it, in figures
    if len(heard) > 1:
        # What captions show again and again is one line that stays.
        assert ADVICE not in text_of(doubted)
        assert text_of(heard).count(LOOP) in (1, text_of(doubted).count(LOOP))
    else:
        assert doubted


@every_shape
def test_what_is_said_twice_is_no_loop(shape: Shape) -> None:
    heard, _, _ = hear(usual(shape, "No, no, no, no.", ADVICE, "No, no, no.", ADVICE))
    assert not any(DOUBTFUL in _flags(one) for one in heard)


@every_shape
def test_when_it_has_no_room_it_is_asked_again_later(shape: Shape) -> None:
    problem = problem_of(always(shape.busy))
    assert (problem.code, problem.transient) == ("transcription_server_busy", True)


@every_shape
def test_silence_is_no_text(shape: Shape) -> None:
    def answer(exchange: Exchange) -> None:
        if shape.kind.startswith("text/plain"):
            exchange.send(200, b'{"text": ""}', "application/json")
        else:
            exchange.send(200, b'{"text": "", "segments": [], "words": []}', "application/json")

    heard, _, _ = hear(answer)
    assert heard == []


@every_shape
def test_a_refused_key_is_named_and_never_told(shape: Shape) -> None:
    body = f'{{"error": {{"message": "Incorrect API key provided: {KEY[::-1]}"}}}}'
    problem = problem_of(always(Refusal(401, body)))
    assert problem.code == "transcription_server_key"
    assert KEY not in str(problem)
    assert KEY[::-1] not in str(problem)


@every_shape
def test_the_sound_goes_to_no_other_server(shape: Shape) -> None:
    with speech_server(usual(shape)) as other:

        def elsewhere(exchange: Exchange) -> None:
            exchange.send(307, b"", "text/plain", Location=f"{other.url}/audio/transcriptions")

        problem = problem_of(elsewhere)
    assert problem.code == "transcription_server_address"
    assert not other.requests


@every_shape
def test_what_is_no_transcript_is_named(shape: Shape) -> None:
    problem = problem_of(lambda e: e.send(200, b"<html><h1>Sign in</h1>", "text/html"))
    assert problem.code == "transcription_server_answer"
    assert "Sign in" in str(problem)
