"""A transcription server instead of the built-in model: OpenAI's audio/transcriptions."""

import io
import json
import wave
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import numpy as np

from draftmill.media.timeline import RATE, Samples
from draftmill.pipeline.server_problems import BadAnswer, WrongAddress, problem_of
from draftmill.settings import Settings
from draftmill.speech import server_answers
from draftmill.speech.recogniser import Heard, HeardUntil, Say

if TYPE_CHECKING:
    from openai import OpenAI

CONNECT_S = 10.0
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
        self._settings = settings
        self._client: OpenAI | None = None
        self._format: Format = "verbose_json"

    def fetch(self, say: Say) -> None:
        """Look at the address. Raises WrongAddress."""
        parts = urlsplit(self._settings.transcribe_base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise WrongAddress

    def load(self) -> None:
        """Make the client, which is safe to use from several threads."""
        import httpx2
        from openai import Omit, OpenAI

        # What the environment holds for OpenAI itself is nothing to tell another server.
        headers: dict[str, Any] = {"OpenAI-Organization": Omit(), "OpenAI-Project": Omit()}
        self._client = OpenAI(
            base_url=self._settings.transcribe_base_url,
            api_key=self._settings.transcribe_api_key or "none",
            timeout=httpx2.Timeout(self._settings.transcribe_timeout_s, connect=CONNECT_S),
            max_retries=0,  # the job tries again, and says so
            default_headers=headers,
        )

    def settle(self, samples: Samples) -> None:
        """The server finds the language, window by window."""

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
        import openai

        try:
            body = self._post(sound, self._format)
        except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
            if self._format == "json" or not _dislikes_format(error.response.text):
                raise problem_of(error, self._settings) from error
            self._format = "json"
            return self._ask(sound)
        except openai.OpenAIError as error:
            raise problem_of(error, self._settings) from error
        return _parsed(body, self._settings)

    def _post(self, sound: bytes, answer_format: Format) -> bytes:
        import openai

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
            extra_headers=None if self._settings.transcribe_api_key else no_key,
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


def _parsed(body: bytes, settings: Settings) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError as error:
        raise BadAnswer.of(body, settings) from error
    if not isinstance(answer, dict) or not answer.keys() & {"text", "segments", "words"}:
        raise BadAnswer.of(body, settings)
    return answer
