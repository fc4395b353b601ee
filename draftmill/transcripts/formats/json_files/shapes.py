"""The table of programs: how each one's JSON is known, and where in it lies what was said."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from draftmill.transcripts.formats.json_files.pieces import Context, Piece, names_of, piece_of
from draftmill.transcripts.formats.json_files.times import MS, TICK, S
from draftmill.transcripts.json_values import objects


@dataclass(frozen=True)
class Shape:
    """One program's JSON. A path names members; "*" is each of a list, "%" each of an
    object, "" the whole.

    `sign` tells the program; of `paths` the one counts that holds the most letters. `usual` is
    the unit that decides where the file does not.
    """

    program: str
    sign: str
    paths: tuple[str, ...]
    usual: float | None = None


SHAPES = (
    Shape("Azure batch", "recognizedPhrases.*", ("recognizedPhrases.*",), TICK),
    Shape("Azure fast transcription", "phrases.*", ("phrases.*",), MS),
    Shape("Azure", "NBest.*", ("",), TICK),
    Shape(
        "Azure Video Indexer", "videos.*.insights.transcript.*", ("videos.*.insights.transcript.*",)
    ),
    Shape(
        "Deepgram",
        "results.channels.*",
        ("results.utterances.*", "results.channels.*.alternatives.0"),
        S,
    ),
    Shape("Deepgram live", "channel.alternatives.*", ("channel.alternatives.0",), S),
    Shape("AWS Transcribe", "results.items.*", ("results.audio_segments.*", "results"), S),
    Shape("AWS Call Analytics", "Transcript.*.Content", ("Transcript.*",), MS),
    Shape("Speechmatics", "results.*.start_time", ("",), S),
    Shape("Google", "results.*.alternatives.*", ("results.*",), S),
    Shape("Google", "response.results.*", ("response.results.*",), S),
    Shape("Google", "results.%.transcript.results.*", ("results.%.transcript.results.*",), S),
    Shape("Rev", "monologues.*", ("monologues.*",), S),
    Shape("Gladia", "result.transcription.utterances.*", ("result.transcription.utterances.*",), S),
    Shape("Gladia", "transcription.utterances.*", ("transcription.utterances.*",), S),
    Shape("Gladia", "prediction.*", ("prediction.*",), S),
    Shape("whisper.cpp", "transcription.*", ("transcription.*",), MS),
    Shape("pyannote", "output.turnLevelTranscription.*", ("output.turnLevelTranscription.*",), S),
    Shape("Fireflies", "data.transcript.sentences.*", ("data.transcript.sentences.*",), S),
    Shape("Otter", "speech.transcripts.*", ("speech.transcripts.*",)),
    Shape("Alibaba", "transcripts.*.sentences.*", ("transcripts.*.sentences.*",), MS),
    Shape("ElevenLabs", "transcripts.*.words.*", ("transcripts.*",), S),
    Shape("FunASR", "sentence_info.*", ("sentence_info.*",), MS),
    Shape("AssemblyAI", "utterances.*", ("utterances.*", "")),
    # openai-whisper, faster-whisper, WhisperX, MLX, Groq, OpenAI, Podcasting 2.0, Premiere, …
    Shape("Whisper", "segments.*", ("segments.*",), S),
    Shape("AssemblyAI", "sentences.*", ("sentences.*", "")),
    Shape("AssemblyAI", "paragraphs.*.text", ("paragraphs.*", "")),
    Shape("Transformers", "chunks.*", ("speakers.*", "chunks.*"), S),
    Shape("Vosk", "result.*.word", ("result",), S),
    Shape("Soniox", "tokens.*", ("",), MS),
    Shape("YouTube", "events.*.segs.*", ("events.*",), MS),
    Shape("Bilibili", "body.*.content", ("body.*",), S),
    Shape("Sonix", "transcript.*.text", ("transcript.*",), S),
    Shape("words", "words.*", ("",), None),
)
LIST = Shape("a list", "", ("*",), S)
REFUSED = {
    "diarization.*": "This JSON says who speaks when, but not what is said.",
    "output.diarization.*": "This JSON says who speaks when, but not what is said.",
    "timeline.*": "This JSON of Zoom says who speaks when, but not what is said.",
    "audio_filepath": "This JSON lists recordings for NeMo and holds no times of what is said.",
    "compositions.*": "This is a project of Descript, not a transcript.",
    "text": "This JSON holds a text without times.",
}


def shape_of(root: dict[str, Any]) -> Shape | None:
    """The program whose JSON this is."""
    return next((shape for shape in SHAPES if any(_reached(root, shape.sign))), None)


def refusal_of(root: object) -> str | None:
    """Why the JSON of a known program is no transcript."""
    first = next(iter(objects(root)), {}) if isinstance(root, list) else root
    return next((why for sign, why in REFUSED.items() if any(_reached(first, sign))), None)


def pieces_in(root: object, shape: Shape) -> list[Piece]:
    """What was said, from the place that holds the most of it."""
    names = names_of(root) if isinstance(root, dict) else {}
    places = ([*_pieces(root, path, Context(names=names))] for path in shape.paths)
    return max(places, key=letters_of)


def letters_of(pieces: list[Piece]) -> int:
    """How many letters the pieces hold, to tell which of two accounts is whole."""
    return sum(
        sum(map(str.isalnum, piece.text or "".join(word.text for word in piece.words)))
        for piece in pieces
        if piece.time.start is not None or any(w.time.start is not None for w in piece.words)
    )


def _pieces(root: object, path: str, around: Context) -> Iterator[Piece]:
    for value, context in _walked(root, path.split(".") if path else [], around):
        items = [{"words": value}] if isinstance(value, list) else [value]
        for item in objects(items):
            if piece := piece_of(item, context):
                yield piece


def _reached(root: object, path: str) -> Iterator[bool]:
    """True for each value at a path that is something."""
    for value, _ in _walked(root, path.split("."), Context()):
        yield value not in (None, "", [], {})


def _walked(value: object, steps: list[str], around: Context) -> Iterator[tuple[object, Context]]:
    if not steps:
        yield value, around
        return
    step, *rest = steps
    if isinstance(value, list):
        inside = enumerate(value) if step == "*" else enumerate(value[:1]) if step == "0" else ()
        for _, one in inside:
            yield from _walked(one, rest, around)
    elif isinstance(value, dict) and step == "%":
        for one in value.values():
            yield from _walked(one, rest, around)
    elif isinstance(value, dict) and step in value:
        context = around.inside(value)
        if step == "channels" and rest[:1] == ["*"] and isinstance(value[step], list):
            for n, one in enumerate(value[step]):
                yield from _walked(one, rest[1:], context.inside({}, n))
        else:
            yield from _walked(value[step], rest, context)
