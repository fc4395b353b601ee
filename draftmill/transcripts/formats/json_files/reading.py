"""The JSON of any known program -> cues in seconds, words kept, and the language it names."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from draftmill.transcripts.formats.cues import Cue
from draftmill.transcripts.formats.json_files.aligned import shared_out, with_marks
from draftmill.transcripts.formats.json_files.parsing import UnknownJson, parsed
from draftmill.transcripts.formats.json_files.pieces import Piece
from draftmill.transcripts.formats.json_files.quirks import prepared
from draftmill.transcripts.formats.json_files.shapes import (
    LIST,
    Shape,
    letters_of,
    pieces_in,
    refusal_of,
    shape_of,
)
from draftmill.transcripts.formats.json_files.times import MS, S, Said, Time, unit_of
from draftmill.transcripts.json_values import number, objects
from draftmill.transcripts.languages import LANGUAGES
from draftmill.transcripts.segments import Word
from draftmill.transcripts.sentences import PAUSE_S, clean, ends_sentence, glued

LANGUAGE_NAMES = ("language", "language_code", "languageCode", "locale", "detected_language")
CODES = {name.lower(): code for code, name in LANGUAGES.items()}
LOOKED_AT = 100  # lines, to tell which program wrote them
TEXT_SHARE = 0.8  # of the letters of a text that its words hold at least
LENGTHS = {"audio_duration": S, "duration": S, "audioDuration": S, "durationMilliseconds": MS}


def json_cues(text: str) -> tuple[list[Cue], str]:
    """The cues of a JSON transcript in the order of time, and its language or "".

    Raises UnknownJson.
    """
    root = prepared(parsed(text))
    pieces, shape = _pieces(root)
    if not letters_of(pieces):
        raise UnknownJson(refusal_of(root))
    unit = unit_of(list(_said(pieces)), _length(root), shape.usual)
    cues = _with_loose_words(_cues(pieces, unit), root, unit)
    return sorted(cues, key=lambda cue: cue.start_s), _language(root)


def _pieces(root: object) -> tuple[list[Piece], Shape]:
    if isinstance(root, dict):
        if shape := shape_of(root):
            return pieces_in(root, shape), shape
        return [], LIST
    pieces = pieces_in(root, LIST)
    if letters_of(pieces):
        return pieces, LIST
    documents = [one for one in objects(root) if one.get("is_final") is not False]
    shape = next(filter(None, map(shape_of, documents[:LOOKED_AT])), None)
    if shape is None:
        return [], LIST
    # A whole transcript on each line.
    return [piece for one in documents for piece in pieces_in(one, shape)], shape


def _said(pieces: Sequence[Piece]) -> Iterator[Said]:
    for piece in pieces:
        for one in [word for word in piece.words if word.time.end is not None] or [piece]:
            yield Said(one.time, _letters(one.text))


def _cues(pieces: Sequence[Piece], unit: float) -> list[Cue]:
    channels = {piece.channel for piece in pieces if piece.channel}
    apart = len(channels) > 1
    parts = [part for piece in pieces for part in _parts(piece, unit, apart)]
    cues: list[Cue] = []
    before_s = 0.0
    for n, part in enumerate(parts):
        part = replace(part, speaker=_voice(part, apart))
        following = next((p.time for p in parts[n + 1 : n + 4] if p.time.start is not None), Time())
        cues.append(_cue(part, unit, before_s, following))
        if part.time.start is not None:
            before_s = cues[-1].end_s
    return [cue for cue in cues if cue.text]


def _voice(piece: Piece, many_channels: bool) -> str:
    """Who speaks. Channels that were recorded apart are as many voices."""
    if not many_channels or not piece.channel:
        return piece.speaker
    channel = f"Channel {piece.channel}"
    numbered = piece.speaker.startswith("Speaker ")
    return f"{channel}, {piece.speaker}" if numbered else piece.speaker or channel


def _cue(piece: Piece, unit: float, before_s: float, following: Time) -> Cue:
    """A cue in seconds. Text without a time stands between its neighbours."""
    start, end = _seconds(piece.time, unit)
    if start is None:
        start, end = before_s, _seconds(following, unit)[0]
    words = tuple(_timed(piece.words, unit))
    if end is None:
        end = words[-1].end_s if words else start
    text = clean(piece.text) or " ".join(word.text for word in words)
    fit = with_marks(words, text)
    return Cue(start, max(start, end), text, fit, piece.speaker, piece.doubtful)


def _seconds(time: Time, unit: float) -> tuple[float | None, float | None]:
    if time.start is None:
        return None, None
    scale = unit if time.unit is None else time.unit
    end = None if time.end is None else max(time.end * scale, 0.0)
    return max(time.start * scale, 0.0), end


def _timed(pieces: Sequence[Piece], unit: float) -> list[Word]:
    """Whole words. Where any begins with a space, one without goes on with the word before.

    A word without a time takes its neighbour's.
    """
    words: list[Word] = []
    for piece in pieces:
        start, end = _seconds(piece.time, unit)
        if start is None:
            if not words:
                continue
            start = end = words[-1].end_s
        words.append(Word(start, max(start, end or start), piece.text, piece.certainty))
    spaced = any(word.text[:1].isspace() for word in words)
    joined = ((word, clean(word.text)) for word in glued(words, spaced))
    return [word._replace(text=text) for word, text in joined if text]


def _parts(piece: Piece, unit: float, apart: bool) -> Iterator[Piece]:
    """A piece cut where its words change their voice.

    One without times of its own takes those of its words; and where channels speak at the same
    time (`apart`), it is cut at its sentences too.
    """
    timeless = piece.time.start is None
    voices = {word.speaker for word in piece.words}
    if not piece.words or (len(voices) < 2 and not (timeless and apart)):
        yield _of_run(piece.words, piece, piece.text) if timeless and piece.words else piece
        return
    run: list[Piece] = []
    for word in piece.words:
        if run and (word.speaker != run[-1].speaker or (apart and _ends(run[-1], word, unit))):
            yield _of_run(run, piece)
            run = []
        run.append(word)
    yield _of_run(run, piece)


def _of_run(run: Sequence[Piece], whole: Piece, text: str = "") -> Piece:
    times = [word.time for word in run if word.time.start is not None]
    span = (
        Time(times[0].start, times[-1].end or times[-1].start, times[0].unit) if times else Time()
    )
    if text and _letters(text) * TEXT_SHARE > sum(_letters(word.text) for word in run):
        run = ()  # the words are not all that was said
    elif not with_marks([Word(0, 0, clean(word.text)) for word in run], clean(text)):
        text = ""
    speaker = run[0].speaker if run else whole.speaker
    return replace(whole, text=text, words=tuple(run), time=span, speaker=speaker)


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _ends(word: Piece, following: Piece, unit: float) -> bool:
    """Whether something else begins after a word: a sentence, or speech after a pause."""
    if ends_sentence(word.text.strip(), following.text.strip()):
        return True
    end, start = _seconds(word.time, unit)[1], _seconds(following.time, unit)[0]
    return end is not None and start is not None and start - end > PAUSE_S


def _with_loose_words(cues: list[Cue], root: object, unit: float) -> list[Cue]:
    """Words that stand beside the segments given to these, where both hold the same letters."""
    if not isinstance(root, dict) or any(cue.words for cue in cues):
        return cues
    place: dict[str, Any] = root["results"] if isinstance(root.get("results"), dict) else root
    shape = Shape("", "", ("",), None)
    beside = pieces_in({"words": place.get("words") or place.get("items")}, shape)
    words = [word for piece in beside for word in _timed(piece.words, unit)]
    return shared_out(words, cues) if words else cues


def _length(root: object) -> float | None:
    """The length of the recording in seconds, where the file tells it."""
    if not isinstance(root, dict):
        return None
    for place in (root, root.get("metadata"), root.get("file"), root.get("job")):
        for name, unit in LENGTHS.items():
            if isinstance(place, dict) and (found := number(place.get(name))):
                return found * unit
    return None


def _language(root: object) -> str:
    """The code of the language that a file names somewhere near its top."""
    if isinstance(root, list):
        root = next(iter(objects(root)), {})
    places = [root, *root.values()] if isinstance(root, dict) else []
    for place in filter(None, places):
        for name in LANGUAGE_NAMES:
            named = place.get(name) if isinstance(place, dict) else None
            code = re.split(r"[-_]", named.lower())[0] if isinstance(named, str) else ""
            if code := CODES.get(code, code if code in LANGUAGES else ""):
                return code
    return ""
