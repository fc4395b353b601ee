"""Transcription servers as they answer: a row each, named after whose shape it is.

Made from their documentation and source; docs/models.md says which were really tried.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.support.speech_server import Exchange

# What is said in each window: sentence, start and end as shares of the window.
SAID = (
    ("Good morning, everybody.", 0.05, 0.3),
    ("Dr. Miller has measured it twice.", 0.35, 0.7),
)
LOOP = "Thank you for watching."
ADVICE = "The oven was broken on Sunday."


@dataclass(frozen=True)
class Refusal:
    status: int
    body: str
    kind: str = "application/json"


@dataclass(frozen=True)
class Shape:
    """One server. `write` makes its answer from sentences with times in seconds.

    `formats` are those that it knows, `refusal` what it says to others, `too_large` what it says
    to more than `most_s` seconds of sound, `busy` when it has no room.
    """

    name: str
    write: Callable[[list[tuple[str, float, float]]], Any]
    timed: bool = True
    kind: str = "application/json"
    formats: tuple[str, ...] = ("verbose_json", "json")
    granularities: bool = True
    refusal: Refusal = field(default_factory=lambda: Refusal(400, '{"error": "no"}'))
    too_large: Refusal = field(
        default_factory=lambda: Refusal(413, "<h1>413 Request Entity Too Large</h1>", "text/html")
    )
    busy: Refusal = field(default_factory=lambda: Refusal(503, '{"error": "busy"}'))

    def answer(self, exchange: Exchange, sentences: list[tuple[str, float, float]]) -> None:
        fields = exchange.request.fields
        asked = fields["response_format"][0]
        if asked not in self.formats or (
            "timestamp_granularities[]" in fields and not self.granularities
        ):
            refuse(exchange, self.refusal)
            return
        made = self.write(sentences)
        body = made if isinstance(made, str) else json.dumps(made)
        exchange.send(200, body.encode(), self.kind)


def refuse(exchange: Exchange, refusal: Refusal) -> None:
    exchange.send(refusal.status, refusal.body.encode(), refusal.kind)


def sentences_in(seconds: float, texts: tuple[str, ...] = ()) -> list[tuple[str, float, float]]:
    """SAID in a window of so many seconds, or the given texts one after the other."""
    if texts:
        each = seconds / len(texts)
        return [(text, n * each, (n + 1) * each) for n, text in enumerate(texts)]
    return [(text, round(a * seconds, 3), round(b * seconds, 3)) for text, a, b in SAID]


def _text(sentences: list[tuple[str, float, float]]) -> str:
    return " ".join(text for text, _, _ in sentences)


def _segments(
    sentences: list[tuple[str, float, float]],
    unit: Callable[[float], Any] = float,
    names: tuple[str, str] = ("start", "end"),
    **more: Any,
) -> list[dict[str, Any]]:
    return [
        {"id": n, names[0]: unit(start), names[1]: unit(end), "text": f" {text}", **more}
        for n, (text, start, end) in enumerate(sentences)
    ]


def _words(
    sentences: list[tuple[str, float, float]], name: str = "word", **more: Any
) -> list[dict[str, Any]]:
    found = []
    for text, start, end in sentences:
        tokens = text.split()
        each = (end - start) / len(tokens)
        for n, token in enumerate(tokens):
            at = start + n * each
            found.append({name: token.strip(".,"), "start": at, "end": at + each, **more})
    return found


SCORES = {"avg_logprob": -0.2, "compression_ratio": 1.2, "no_speech_prob": 0.01}


def _openai(said: list[tuple[str, float, float]]) -> Any:
    return {
        "task": "transcribe", "language": "english", "duration": said[-1][2], "text": _text(said),
        "segments": _segments(said, tokens=[1, 2], **SCORES), "words": _words(said),
    }  # fmt: skip


def _inside(said: list[tuple[str, float, float]], **word: Any) -> list[dict[str, Any]]:
    segments = _segments(said)
    for one, sentence in zip(segments, said, strict=True):
        one["words"] = _words([sentence], **word)
    return segments


def _srt(said: list[tuple[str, float, float]]) -> str:
    def clock(s: float) -> str:
        return f"00:{int(s) // 60:02d}:{s % 60:06.3f}".replace(".", ",")

    return "\n".join(
        f"{n}\n{clock(start)} --> {clock(end)}\n{text}\n"
        for n, (text, start, end) in enumerate(said, 1)
    )


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


def _openai_error(status: int, message: str, code: str = "") -> Refusal:
    error = {"message": message, "type": "invalid_request_error", "code": code}
    return Refusal(status, json.dumps({"error": error}))


def _detail(status: int, detail: Any) -> Refusal:
    return Refusal(status, json.dumps({"detail": detail}))


JSON_ONLY = ("json",)
SHAPES = [
    Shape(
        "OpenAI whisper-1", _openai,
        too_large=_openai_error(413, "413: Maximum content size limit (26214400) exceeded (26214546 bytes read)"),
        busy=_openai_error(429, "Rate limit reached for whisper-1"),
    ),
    Shape(
        "OpenAI gpt-4o-transcribe", lambda said: {"text": _text(said), "usage": {"total_tokens": 9}},
        timed=False, formats=JSON_ONLY,
        refusal=_openai_error(400, "response_format 'verbose_json' is not compatible with model 'gpt-4o-transcribe'. Use 'json' or 'text' instead.", "unsupported_value"),
        too_large=_openai_error(400, "audio duration 1450.3 seconds is longer than 1400 seconds which is the maximum for this model", "invalid_value"),
        busy=_openai_error(429, "Rate limit reached"),
    ),
    Shape(
        "Groq whisper-large-v3", lambda said: {**_openai(said), "x_groq": {"id": "req"}},
        too_large=_openai_error(413, "Request Entity Too Large", "request_too_large"),
        busy=_openai_error(429, "Rate limit reached for model", "rate_limit_exceeded"),
    ),
    Shape(
        "whisper.cpp server 1.7", lambda said: {
            "task": "transcribe", "language": "english", "text": _text(said),
            "segments": _inside(said, t_dtw=-1, probability=0.9),
        },
        too_large=Refusal(413, "", "text/plain"),
    ),
    Shape(
        "speaches 0.8 (faster-whisper-server)", lambda said: {**_openai(said), "language": "en", "words": None, "segments": _inside(said, probability=0.9)},
        too_large=_detail(413, "Request body too large"), busy=_detail(503, "busy"),
    ),
    Shape(
        "LocalAI 2.2x (times in nanoseconds)", lambda said: {"segments": _segments(said, lambda s: round(s * 1e9), tokens=[1]), "text": _text(said)},
        too_large=_openai_error(500, "body size exceeds the given limit"), busy=_openai_error(503, "busy"),
    ),
    Shape(
        "vLLM 0.9", lambda said: {"text": _text(said)}, timed=False, formats=JSON_ONLY,
        refusal=Refusal(400, '{"object":"error","message":"Currently only support response_format `text` or `json`","type":"BadRequestError","code":400}'),
        too_large=Refusal(400, '{"object":"error","message":"Maximum file size exceeded","type":"BadRequestError","code":400}'),
    ),
    Shape(
        "Mistral voxtral (no granularities beside a language)", lambda said: {"model": "voxtral", "text": _text(said), "language": None, "segments": _segments(said, type="transcription_segment")},
        granularities=False, refusal=_detail(422, [{"type": "value_error", "loc": ["body", "timestamp_granularities"], "msg": "timestamp_granularities is not supported"}]),
        too_large=_detail(422, [{"msg": "Audio is too long: at most 900 s"}]),
    ),
    Shape(
        "NVIDIA NIM Parakeet (an error of its own)", lambda said: {"text": _text(said)}, timed=False, formats=JSON_ONLY,
        refusal=Refusal(500, "Internal Server Error", "text/plain"),
        too_large=Refusal(400, '{"error":"Audio file too large"}'),
    ),
    Shape(
        "whisper-asr-webservice 1.9 (plain text)", _text, timed=False, kind="text/plain; charset=utf-8",
        too_large=_detail(413, "too large"),
    ),
    Shape(
        "mlx-audio server (captions for every wish)", _srt, kind="text/plain",
        too_large=_detail(400, "File size exceeds maximum"),
    ),
    Shape(
        "FunASR SenseVoice (milliseconds)", lambda said: {"text": _text(said), "segments": _segments(said, _ms)},
        refusal=_detail(422, "verbose_json"), too_large=_detail(400, "audio length exceeds 60 seconds"),
    ),
    Shape(
        "WhisperX API (times as texts)", lambda said: {"language": "en-US", "segments": _segments(said, lambda s: f"{s:.2f}", speaker="SPEAKER_00")},
        too_large=_detail(400, "The upload is larger than 10 MB"),
    ),
    Shape(
        "Fireworks (words alone)", lambda said: {"task": "transcribe", "language": "en", "text": _text(said), "words": _words(said, hallucination_score=0.1), "segments": None},
        too_large=_openai_error(400, "File too large. Maximum file size is 1GB"),
    ),
    Shape(
        "transformers pipeline behind FastAPI (chunks)", lambda said: {"text": _text(said), "chunks": [{"text": f" {t}", "timestamp": [a, b]} for t, a, b in said]},
        too_large=_detail(500, "Input audio exceeds the maximum length"),
    ),
    Shape(
        "a proxy that wraps (result)", lambda said: {"success": True, "result": {"text": _text(said), "segments": _segments(said, names=("t0", "t1"))}},
        too_large=Refusal(400, "Your request body is too large.", "text/plain"),
    ),
]  # fmt: skip
