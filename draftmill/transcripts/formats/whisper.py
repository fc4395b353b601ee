"""The JSON that Whisper programs write -> cues, words kept.

openai-whisper and faster-whisper give `segments` with seconds, whisper.cpp `transcription`
with `offsets` in milliseconds, OpenAI's verbose_json a list of `words` beside the segments.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from draftmill.errors import Problem
from draftmill.transcripts import doubt
from draftmill.transcripts.formats.cues import Cue
from draftmill.transcripts.json_values import number, objects
from draftmill.transcripts.segments import Word
from draftmill.transcripts.sentences import clean, glued


class NotWhisperJson(Problem):
    code = "json_unreadable"
    default_message = "This JSON is not a transcript that Draftmill knows."
    default_hint = "Bring the JSON that Whisper or whisper.cpp wrote, or a .txt, .srt or .vtt file."


def whisper(text: str) -> tuple[list[Cue], str]:
    """The cues of Whisper's JSON in the order of time, and its language or "".

    Raises NotWhisperJson.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise NotWhisperJson("This file is not valid JSON; its end may be missing.") from None
    segments = _segments(data)
    loose = _words(data.get("words")) if isinstance(data, dict) else []
    cues = [cue for segment in segments if (cue := _cue(segment))]
    if loose and not any(cue.words for cue in cues):
        cues = _shared_out(loose, cues)
    if not cues:
        raise NotWhisperJson
    return sorted(cues, key=lambda cue: cue.start_s), _language(data)


def _segments(data: object) -> list[dict[str, Any]]:
    found: object = data
    if isinstance(data, dict):
        found = data.get("transcription", data.get("segments", data.get("chunks")))
    return objects(found)


def _cue(segment: dict[str, Any]) -> Cue | None:
    """One segment, or None when it has no text or no times."""
    span, text = _span(segment), segment.get("text")
    if span is None or not isinstance(text, str) or not clean(text):
        return None
    words = _words(segment.get("words")) or _tokens(segment.get("tokens"))
    if not _same_letters("".join(word.text for word in words), text):
        words = []
    speaker = segment.get("speaker")
    return Cue(
        *span,
        text=clean(text),
        words=tuple(words),
        speaker=clean(speaker)[:80] if isinstance(speaker, str) else "",
        doubtful=doubt.doubtful(
            number(segment.get("compression_ratio")),
            number(segment.get("avg_logprob")),
            number(segment.get("no_speech_prob")),
        ),
    )


def _span(item: dict[str, Any]) -> tuple[float, float] | None:
    """Start and end in seconds, whatever the program calls them."""
    offsets, stamp = item.get("offsets"), item.get("timestamp")
    if isinstance(offsets, dict):
        pair, unit = [offsets.get("from"), offsets.get("to")], 0.001
    elif isinstance(stamp, list) and len(stamp) == 2:
        pair, unit = stamp, 1.0
    else:
        pair, unit = [item.get("start"), item.get("end")], 1.0
    start, end = number(pair[0]), number(pair[1])
    if start is None or start < 0:
        return None
    return start * unit, max(start, start if end is None else end) * unit


def _words(items: object) -> list[Word]:
    """Whisper's `words`: objects with word, start, end. A word without times takes its neighbour's."""
    found: list[Word] = []
    for item in objects(items):
        text = item.get("word", item.get("text"))
        if not isinstance(text, str) or not clean(text):
            continue
        at = found[-1].end_s if found else None
        span = _span(item) or (None if at is None else (at, at))
        if span is None:
            continue
        probability = number(item.get("probability", item.get("score")))
        found.append(Word(*span, text, 1.0 if probability is None else probability))
    return _cleaned(found)


def _tokens(items: object) -> list[Word]:
    """whisper.cpp's `tokens`: pieces of words, with marks such as [_BEG_] among them."""
    found = []
    for item in objects(items):
        text, span = item.get("text"), _span(item)
        if not isinstance(text, str) or text.startswith("[_") or span is None:
            continue
        probability = number(item.get("p"))
        found.append(Word(*span, text, 1.0 if probability is None else probability))
    return _cleaned(found)


def _cleaned(words: Sequence[Word]) -> list[Word]:
    """Whole words: where any begins with a space, one without goes on with the word before."""
    spaced = any(word.text[:1].isspace() for word in words)
    return [
        Word(word.start_s, word.end_s, text, min(max(word.probability, 0.0), 1.0))
        for word in glued(words, spaced)
        if (text := clean(word.text))
    ]


def _shared_out(words: Sequence[Word], cues: Sequence[Cue]) -> list[Cue]:
    """OpenAI's words, which stand beside the segments and lost their marks, given their text back.

    The segments' own words carry the punctuation; both lists hold the same letters.
    """
    marked = [token for cue in cues for token in cue.text.split()]
    timed = list(_marked(words, marked))
    if not timed:
        return list(cues) or [
            Cue(words[0].start_s, words[-1].end_s, " ".join(w.text for w in words), tuple(words))
        ]
    shared, at = [], 0
    for cue in cues:
        count = len(cue.text.split())
        own = tuple(timed[at : at + count])
        at += count
        shared.append(Cue(own[0].start_s, own[-1].end_s, cue.text, own, cue.speaker, cue.doubtful))
    return shared


def _marked(words: Sequence[Word], marked: Sequence[str]) -> Iterator[Word]:
    """The tokens with marks, with the times of the words of the same letters; nothing if they differ."""
    if not _same_letters("".join(word.text for word in words), "".join(marked)):
        return
    n, left = 0, ""
    for token in marked:
        start = n
        left += _letters(token)
        while n < len(words) and left and left.startswith(_letters(words[n].text)):
            left = left[len(_letters(words[n].text)) :]
            n += 1
        used = words[start:n] or words[max(start - 1, 0) : max(start, 1)]
        yield Word(used[0].start_s, used[-1].end_s, token, min(word.probability for word in used))


def _language(data: object) -> str:
    if not isinstance(data, dict):
        return ""
    result = data.get("result")
    named = result.get("language") if isinstance(result, dict) else data.get("language")
    return named if isinstance(named, str) and named.isalpha() and len(named) in (2, 3) else ""


def _same_letters(one: str, other: str) -> bool:
    return _letters(one) == _letters(other)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()
