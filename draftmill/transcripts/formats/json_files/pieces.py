"""The objects of a JSON transcript -> pieces: what was said, when, by whom, with its words.

Programs name these things differently, and no name means two things, so one table serves all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from draftmill.transcripts import doubt
from draftmill.transcripts.formats.json_files.times import Time, time_of
from draftmill.transcripts.json_values import number, objects
from draftmill.transcripts.sentences import clean

TEXTS = (
    "punctuated_word", "display", "displayText", "Display", "DisplayText", "text", "Text", "body",
    "transcript", "transcription", "sentence", "word", "Word", "content", "Content", "value", "utf8",
)  # fmt: skip
WORDS = (
    "displayWords",
    "words",
    "Words",
    "items",
    "elements",
    "alignment",
    "segs",
    "tokens",
    "results",
)
BEST = ("alternatives", "nBest", "NBest")
SPEAKERS = (
    "speaker_name", "speakerName", "speaker_info", "participant", "speaker", "speaker_label",
    "speakerLabel", "speakerTag", "speaker_tag", "speaker_id", "speakerId", "spk",
    "ParticipantRole",
)  # fmt: skip
CHANNELS = ("channel", "channel_index", "channel_id", "channelTag", "channel_tag", "channel_label")
CERTAINTIES = ("probability", "score", "confidence", "p", "conf", "Confidence")
NAMES = ("name", "display_name", "speaker_name", "displayName", "label")
MARKS = ("punctuation", "punct")
UNSPOKEN = ("audio_event", "entity", "speaker_change")
LONGEST_NAME = 80  # letters


@dataclass(frozen=True)
class Piece:
    """Something said. `time` is as written; the text of a word may begin with a space."""

    time: Time
    text: str
    words: tuple["Piece", ...] = ()
    speaker: str = ""
    channel: str = ""
    certainty: float = 1.0
    doubtful: bool = False


@dataclass(frozen=True)
class Context:
    """What a piece takes from around it: who speaks, where, and the names behind numbers."""

    speaker: str = ""
    channel: str = ""
    names: Mapping[str, str] = field(default_factory=dict)

    def inside(self, item: dict[str, Any], channel: int | None = None) -> "Context":
        """The context of what lies in an object; `channel` is its place in a list of channels."""
        speaker = speaker_of(item, self.names) or self.speaker
        found = _channel(item) or (self.channel if channel is None else str(channel))
        if (speaker, found) == (self.speaker, self.channel):
            return self
        return replace(self, speaker=speaker, channel=found)


def piece_of(item: dict[str, Any], around: Context) -> Piece | None:
    """What was said in an object, or None if that is nothing."""
    item = _best(item)
    context = around.inside(item)
    words = tuple(_words(item, context))
    text = _text(item) or ""
    if not text and all(word.time.start is None for word in words):
        text, words = "".join(word.text for word in words), ()
    if not clean(text) and not words:
        return None
    return Piece(
        time_of(item), text, words, context.speaker, context.channel, doubtful=_doubtful(item)
    )


def speaker_of(item: dict[str, Any], names: Mapping[str, str]) -> str:
    """Who speaks in an object: a name, or "Speaker 1" where only a number is known."""
    for key in filter(item.__contains__, SPEAKERS):
        value = item[key]
        if isinstance(value, dict):
            value = next((value[name] for name in (*NAMES, "id") if value.get(name)), None)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int | str) or value == "":
            continue
        if key in ("speakerTag", "speaker_tag") and value in (0, "0"):
            continue  # Google counts from 1: nobody was told apart
        known = names.get(str(value))
        return clean(known or _numbered(value))[:LONGEST_NAME]
    return ""


def names_of(root: Mapping[str, Any]) -> dict[str, str]:
    """The names behind the numbers of speakers, where a file lists them."""
    found = {}
    for one in objects(root.get("speakers")):
        name = next((one[key] for key in NAMES if isinstance(one.get(key), str)), "")
        number_ = next((one[key] for key in ("id", "speaker_id", "speaker") if key in one), None)
        if clean(name) and number_ is not None:
            found[str(number_)] = name
    return found


def _numbered(value: int | str) -> str:
    return f"Speaker {value}" if str(value).isdigit() else str(value)


def _channel(item: dict[str, Any]) -> str:
    for key in filter(item.__contains__, CHANNELS):
        value = item[key]
        value = value[0] if isinstance(value, list) and value else value
        if isinstance(value, int | str) and not isinstance(value, bool) and value != "":
            return str(value).removeprefix("ch_")
    return ""


def _best(item: dict[str, Any]) -> dict[str, Any]:
    for name in BEST:
        if found := objects(item.get(name)):
            return found[0] | item
    return item


def _text(item: Mapping[str, Any]) -> str | None:
    return next((item[name] for name in TEXTS if isinstance(item.get(name), str)), None)


def _words(item: dict[str, Any], around: Context) -> Iterator[Piece]:
    found = next((objects(item[name]) for name in WORDS if objects(item.get(name))), [])
    pieces = [_lists_of_watson(item), *(_best(one) for one in found)]
    yield from _joined(pieces[1:] or pieces[0], around)  # type: ignore[arg-type]


def _lists_of_watson(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    """IBM's [["hello", 0.5, 0.9], …]."""
    rows = item.get("timestamps")
    kept = (
        [row for row in rows if isinstance(row, list) and len(row) == 3]
        if isinstance(rows, list)
        else []
    )
    return [dict(zip(("word", "start", "end"), row, strict=True)) for row in kept]


def _joined(items: list[dict[str, Any]], around: Context) -> Iterator[Piece]:
    """The words; punctuation goes to the word before it, a space to the word after it."""
    last: Piece | None = None
    space = ""
    for item in items:
        text, kind = _text(item), item.get("type")
        if text is None or kind in UNSPOKEN or text.startswith("[_"):
            continue
        if kind == "spacing" or (kind in MARKS and not text.strip()):
            space = " "
        elif kind in MARKS:
            last = last and replace(last, text=last.text + text.strip())
            space = " " if text[-1:].isspace() else space
        elif clean(text):
            if last:
                yield last
            last = _word(item, space + text, around.inside(item))
            space = ""
    if last:
        yield last


def _word(item: dict[str, Any], text: str, context: Context) -> Piece:
    sure = next((found for name in CERTAINTIES if (found := _certainty(item.get(name)))), 1.0)
    return Piece(
        time_of(item), text, (), context.speaker, context.channel, min(max(sure, 0.0), 1.0)
    )


def _certainty(value: object) -> float | None:
    try:
        return number(float(value) if isinstance(value, str) else value)
    except ValueError:
        return None


def _doubtful(item: Mapping[str, Any]) -> bool:
    return doubt.doubtful(
        number(item.get("compression_ratio")),
        number(item.get("avg_logprob")),
        number(item.get("no_speech_prob")),
    )
