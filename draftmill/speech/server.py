"""A transcription server instead of the built-in model: OpenAI's audio/transcriptions."""

import io
import math
import wave
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from draftmill.media.timeline import RATE, Samples
from draftmill.model_servers.answers import json_in
from draftmill.model_servers.failures import BROKEN_DOWN, REFUSED, TOO_LARGE, UNREADABLE
from draftmill.model_servers.line import Line, Refused
from draftmill.model_servers.server import ServerProblem, transcribing
from draftmill.settings import Settings
from draftmill.speech import server_answers
from draftmill.speech.recogniser import Heard, HeardUntil, Lengths, Say

MANNER_REFUSED = (400, 415, 422, 500, 501)
SHORTEST_PART_S = 10.0  # what is refused as too large is halved down to this
CUT_FRAME = RATE // 10
# Long ones: each request has its latency and often its least price, and the server its own steps.
LENGTHS = Lengths(early_s=30.0, usual_s=90.0)


@dataclass(frozen=True)
class _Manner:
    """A way of asking: what the answer shall look like, and whether words shall have times."""

    answer: Literal["verbose_json", "json"]
    word_times: bool = False


FULL = _Manner("verbose_json", word_times=True)
WITHOUT_WORDS = _Manner("verbose_json")
PLAIN = _Manner("json")


class SpeechServer:
    """A server that OpenAI, whisper.cpp, faster-whisper-server, Groq and others speak like."""

    english_only = False
    lengths = LENGTHS

    def __init__(self, settings: Settings, language: str = "", hints: str = "") -> None:
        self.name = settings.transcribe_model
        self.language = language
        self.scored = False
        self._asked_language = language
        self._hints = hints
        self._server = transcribing(settings)
        self._line: Line | None = None
        self._manner = FULL
        self._settled = False  # whether this manner was answered
        self._most_s = math.inf  # of sound that it takes at once

    def fetch(self, say: Say) -> None:
        """Look at the address. Raises a ServerProblem."""
        self._server.check_address()

    def load(self) -> None:
        """Open the line, which several threads may use."""
        self._line = self._server.line()

    def settle(self, samples: Samples) -> None:
        """The server finds the language, window by window."""

    def close(self) -> None:
        """Close the connections to the server."""
        if self._line is not None:
            self._line.close()

    def hear(self, samples: Samples, heard_until: HeardUntil) -> list[Heard]:
        """Send samples, and read what the server made of them. Raises a ServerProblem."""
        duration_s = len(samples) / RATE
        if duration_s > self._most_s:
            return self._in_halves(samples, heard_until)
        try:
            answer = self._ask(wav(samples))
        except ServerProblem as problem:
            if problem.failure != TOO_LARGE or duration_s < 2 * SHORTEST_PART_S:
                raise
            self._most_s = min(self._most_s, 0.75 * duration_s)
            return self._in_halves(samples, heard_until)
        if not self.language:
            self.language = server_answers.language_of(answer)
        heard = server_answers.heard_in(answer, duration_s)
        self.scored = self.scored or server_answers.scored(heard)
        heard_until(duration_s)
        return heard

    def _in_halves(self, samples: Samples, heard_until: HeardUntil) -> list[Heard]:
        """The same in two parts, cut where it is quietest."""
        middle = _quietest(samples)
        middle_s = middle / RATE
        first = self.hear(samples[:middle], heard_until)
        second = self.hear(samples[middle:], lambda second_s: heard_until(middle_s + second_s))
        return first + [one.later(middle_s) for one in second]

    def _ask(self, sound: bytes) -> dict[str, Any]:
        with self._server.problems():
            while True:
                manner = self._manner
                try:
                    body, kind = self._post(sound, manner)
                except Refused as error:
                    other = self._other_manner(manner, error)
                    if other is None:
                        raise
                    self._manner = other
                else:
                    break
        answer = self._read(body, kind)
        self._settled = True
        return answer

    def _other_manner(self, manner: _Manner, error: Refused) -> _Manner | None:
        """How to ask instead, where this manner may be what the server refuses.

        Servers tell it by many a status and in many words, some by an error of their own.
        """
        if self._settled or manner == PLAIN or error.response.status_code not in MANNER_REFUSED:
            return None
        failure = self._server.problem_of(error).failure
        if failure not in (REFUSED, BROKEN_DOWN):
            return None
        words_alone = "granularit" in error.response.text and manner == FULL
        return WITHOUT_WORDS if words_alone else PLAIN

    def _read(self, body: bytes, kind: str) -> dict[str, Any]:
        answer = server_answers.transcript_in(body, may_be_text="json" not in kind)
        if answer is not None:
            return answer
        try:
            whole = json_in(body) is not None
        except ValueError:
            whole = False
        quotation = self._server.quoted(body[:2000].decode("utf-8", "replace"))
        raise self._server.problem(UNREADABLE, _instead(body, whole=whole) + quotation)

    def _post(self, sound: bytes, manner: _Manner) -> tuple[bytes, str]:
        """The answer, and what kind of text its header calls it."""
        if self._line is None:
            self.load()
        assert self._line is not None
        fields: dict[str, Any] = {"model": self.name, "response_format": manner.answer}
        if self._asked_language:
            fields["language"] = self._asked_language
        if self._hints:
            fields["prompt"] = self._hints
        if manner.word_times:
            fields["timestamp_granularities[]"] = ["word", "segment"]
        sent = ("window.wav", sound, "audio/wav")
        answer = self._line.send("audio/transcriptions", fields, sent)
        return bytes(answer.content), answer.headers.get("content-type", "")


def wav(samples: Samples) -> bytes:
    """A 16-bit WAV file: the one format that every server reads without a converter."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return file.getvalue()


def _quietest(samples: Samples) -> int:
    """Where in the middle third a cut hurts least: where it is quietest, as near the middle as can be."""
    third = len(samples) // 3
    frames = samples[third : third + third // CUT_FRAME * CUT_FRAME].reshape(-1, CUT_FRAME)
    loudness = np.square(frames).mean(axis=1).round(6)
    from_middle = np.abs(np.arange(len(frames)) - len(frames) / 2)
    best = int(np.lexsort((from_middle, loudness))[0])
    return third + best * CUT_FRAME + CUT_FRAME // 2


def _instead(body: bytes, *, whole: bool) -> str:
    """What came instead of a transcript. `whole` is JSON that can be read."""
    start = body.lstrip()[:1]
    if not start:
        return "nothing at all"
    if start == b"<":
        return "a web page"
    if start not in (b"{", b"["):
        return "something that is not JSON"
    return "JSON without a transcript" if whole else "JSON that breaks off"
