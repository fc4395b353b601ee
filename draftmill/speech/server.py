"""A transcription server instead of the built-in model: OpenAI's audio/transcriptions."""

import io
import wave
from typing import Any, Literal

import numpy as np
import openai

from draftmill.media.timeline import RATE, Samples
from draftmill.model_servers.answers import json_in
from draftmill.model_servers.failures import UNREADABLE
from draftmill.model_servers.server import transcribing
from draftmill.settings import Settings
from draftmill.speech import server_answers
from draftmill.speech.recogniser import Heard, HeardUntil, Say

Format = Literal["verbose_json", "json"]


class SpeechServer:
    """A server that OpenAI, whisper.cpp, faster-whisper-server, Groq and others speak like."""

    english_only = False

    def __init__(self, settings: Settings, language: str = "", hints: str = "") -> None:
        self.name = settings.transcribe_model
        self.language = language
        self.scored = False
        self._asked_language = language
        self._hints = hints
        self._server = transcribing(settings)
        self._client: openai.OpenAI | None = None
        self._format: Format = "verbose_json"

    def fetch(self, say: Say) -> None:
        """Look at the address. Raises a ServerProblem."""
        self._server.check_address()

    def load(self) -> None:
        """Make the client, which is safe to use from several threads."""
        self._client = self._server.client()

    def settle(self, samples: Samples) -> None:
        """The server finds the language, window by window."""

    def close(self) -> None:
        """Close the connections to the server."""
        if self._client is not None:
            self._client.close()

    def hear(self, samples: Samples, heard_until: HeardUntil) -> list[Heard]:
        """Send samples, and read what the server made of them. Raises a ServerProblem."""
        duration_s = len(samples) / RATE
        answer = self._ask(wav(samples))
        if not self.language:
            self.language = server_answers.language_of(answer)
        heard = server_answers.heard_in(answer, duration_s)
        self.scored = self.scored or server_answers.scored(heard)
        heard_until(duration_s)
        return heard

    def _ask(self, sound: bytes) -> dict[str, Any]:
        with self._server.problems():
            try:
                body = self._post(sound, self._format)
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                if self._format == "json" or not _dislikes_format(error.response.text):
                    raise
                self._format = "json"
                body = self._post(sound, self._format)
        return self._read(body)

    def _read(self, body: bytes) -> dict[str, Any]:
        try:
            answer = json_in(body)
        except ValueError:
            answer = None
        if isinstance(answer, dict) and answer.keys() & {"text", "segments", "words"}:
            return answer
        came = _instead(body, whole=answer is not None)
        quotation = self._server.quoted(body[:2000].decode("utf-8", "replace"))
        raise self._server.problem(UNREADABLE, came + quotation)

    def _post(self, sound: bytes, answer_format: Format) -> bytes:
        if self._client is None:
            self.load()
        assert self._client is not None
        detail: dict[str, Any] = {}
        no_key: dict[str, Any] = {"Authorization": openai.Omit()}
        if answer_format == "verbose_json":
            detail["timestamp_granularities"] = ["word", "segment"]
        raw = self._client.audio.transcriptions.with_raw_response.create(
            file=("window.wav", sound, "audio/wav"),
            model=self.name,
            response_format=answer_format,
            language=self._asked_language or openai.omit,
            prompt=self._hints or openai.omit,
            extra_headers=None if self._server.key else no_key,
            **detail,
        )
        return bytes(raw.http_response.content)


def wav(samples: Samples) -> bytes:
    """A 16-bit WAV file: the one format that every server reads without a converter."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return file.getvalue()


def _dislikes_format(said: str) -> bool:
    return any(name in said for name in ("response_format", "verbose_json", "granularit"))


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
