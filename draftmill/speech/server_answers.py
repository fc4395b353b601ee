"""Reading a transcription server's answer, which may hold words, segments or only text."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any

from draftmill.model_servers.answers import json_in
from draftmill.speech.answer_times import SpanOf, spans_in
from draftmill.speech.loops import with_loops_marked
from draftmill.speech.recogniser import Heard
from draftmill.transcripts.formats.captions import captions
from draftmill.transcripts.formats.parsed import BadCaptions
from draftmill.transcripts.json_values import number, objects
from draftmill.transcripts.languages import LANGUAGES
from draftmill.transcripts.segments import Word
from draftmill.transcripts.sentences import UNSPACED, ends_sentence

PARTS = {"text", "segments", "words", "chunks"}
ENVELOPES = ("result", "results", "data", "output")  # that some put the transcript into
MOST_BEFORE_TIMES = 2_000  # characters that captions begin with
MOST_WORDS = 6_000  # of a window of five minutes: nobody says more

# Servers name the language in English; we keep codes.
_CODES = {name.lower(): code for code, name in LANGUAGES.items()}


def transcript_in(body: bytes, *, may_be_text: bool) -> dict[str, Any] | None:
    """What a server sent as an object with `text`, `segments` or `words`; None if it is no transcript.

    Some answer with the text itself, with captions, or with the transcript inside of something.
    """
    try:
        answer = json_in(body)
    except ValueError:
        return _plain(body) if may_be_text else None
    inside = [answer]
    if isinstance(answer, dict):
        inside += [answer.get(name) for name in ENVELOPES]
    elif isinstance(answer, str):
        inside = [{"text": answer}]
    return next((one for one in inside if isinstance(one, dict) and one.keys() & PARTS), None)


def _plain(body: bytes) -> dict[str, Any] | None:
    try:
        text = body.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        return None
    if not text or text[0] in "<{[" or not any(map(str.isalpha, text)):
        return None
    if "-->" not in text[:MOST_BEFORE_TIMES]:
        return {"text": text}
    try:
        cues = captions(text).cues
    except BadCaptions:
        return None
    return {"segments": [{"start": c.start_s, "end": c.end_s, "text": c.text} for c in cues]}


def language_of(answer: dict[str, Any]) -> str:
    """The code of the language that the server heard, empty if it did not say."""
    name = str(answer.get("language") or "").lower()
    name = re.split("[-_]", name)[0] if len(name) < 10 else name
    return _CODES.get(name, name if re.fullmatch(r"[a-z]{2,3}", name) else "")


def heard_in(answer: dict[str, Any], duration_s: float) -> list[Heard]:
    """What a server heard in `duration_s` seconds of sound.

    Words get their spelling and punctuation from the text and their times from the word
    list, which often has no punctuation. Without word times there are only segments; without
    segments the text's sentences share the time by their length.
    """
    span_of = spans_in(_timed(answer), duration_s)
    found = [_segment(one, n, span_of) for n, one in enumerate(_segments_of(answer))]
    segments = [one for one in found if one.text.strip()]
    return with_loops_marked(_heard(answer, segments, _words(answer, span_of), duration_s))


def _heard(
    answer: dict[str, Any], segments: list[Heard], words: list[Word], duration_s: float
) -> list[Heard]:
    text = str(answer.get("text") or "").strip()
    if not segments and not words:
        return _shared_out(text, duration_s)
    if not segments:
        text = text or " ".join(word.text.strip() for word in words)
        segments = [Heard(words[0].start_s, words[-1].end_s, text)]
    if not words:
        return segments
    unspaced = language_of(answer) in UNSPACED
    return _with_own_words(segments, words) if unspaced else _aligned(segments, words)


def _segments_of(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return objects(answer.get("segments")) or objects(answer.get("chunks"))


def _words_of(answer: dict[str, Any]) -> list[dict[str, Any]]:
    inside = [word for one in _segments_of(answer) for word in objects(one.get("words"))]
    return (objects(answer.get("words")) or inside)[:MOST_WORDS]


def _timed(answer: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    """What has times in an answer, with its text."""
    items = _segments_of(answer) or _words_of(answer)
    return [(one, str(one.get("text") or one.get("word") or "")) for one in items]


def scored(heard: Sequence[Heard]) -> bool:
    """Whether the server gives what the checks need: word times and scores."""
    return any(one.words and one.log_prob is not None for one in heard)


def _segment(one: dict[str, Any], n: int, span_of: SpanOf) -> Heard:
    start_s, end_s = span_of(one)
    start_s = max(start_s or 0.0, 0.0)
    return Heard(
        start_s,
        start_s if end_s is None else end_s,
        str(one.get("text") or ""),
        no_speech=number(one.get("no_speech_prob")),
        compression=number(one.get("compression_ratio")),
        log_prob=number(one.get("avg_logprob")),
        chunk=n,
    )


def _words(answer: dict[str, Any], span_of: SpanOf) -> list[Word]:
    words = []
    for one in _words_of(answer):
        start_s, end_s = span_of(one)
        text = str(one.get("word") or one.get("text") or "")
        if start_s is None or end_s is None or not text.strip():
            continue
        probability = number(one.get("probability", one.get("score")))
        words.append(Word(start_s, end_s, text, 1.0 if probability is None else probability))
    return sorted(words, key=lambda word: word.start_s)


def _shared_out(text: str, duration_s: float) -> list[Heard]:
    parts = _sentences(text)
    whole = sum(len(part) for part in parts)
    heard, before = [], 0
    for part in parts:
        start_s = duration_s * before / whole
        before += len(part)
        heard.append(Heard(start_s, duration_s * before / whole, part))
    return heard


def _sentences(text: str) -> list[str]:
    tokens = re.sub(r"([。！？])", r"\1 ", text).split()
    parts: list[list[str]] = [[]]
    for token, following in zip(tokens, [*tokens, ""][1:], strict=True):
        parts[-1].append(token)
        if following and ends_sentence(token, following):
            parts.append([])
    return [" ".join(part) for part in parts if part]


def _with_own_words(segments: list[Heard], words: list[Word]) -> list[Heard]:
    first, last = segments[0], segments[-1]
    text = "".join(word.text for word in words)
    return [
        Heard(
            first.start_s, last.end_s, text, tuple(words),
            first.no_speech, first.compression, first.log_prob,
        )
    ]  # fmt: skip


def _aligned(segments: list[Heard], words: list[Word]) -> list[Heard]:
    """The segments' text as words, each with the times of the listed word that it equals."""
    tokens = [(n, token) for n, one in enumerate(segments) for token in one.text.split()]
    matcher = SequenceMatcher(
        None, [_bare(token) for _, token in tokens], [_bare(w.text) for w in words], autojunk=False
    )
    times: list[Word | None] = [None] * len(tokens)
    for block in matcher.get_matching_blocks():
        times[block.a : block.a + block.size] = words[block.b : block.b + block.size]
    result = []
    for n, one in enumerate(segments):
        mine = [at for at, (owner, _) in enumerate(tokens) if owner == n]
        placed = _placed([tokens[at][1] for at in mine], [times[at] for at in mine], one)
        result.append(
            Heard(
                placed[0].start_s, placed[-1].end_s, one.text, tuple(placed),
                one.no_speech, one.compression, one.log_prob, one.chunk,
            )
        )  # fmt: skip
    return result


def _placed(texts: list[str], times: list[Word | None], segment: Heard) -> list[Word]:
    """Words with times; those without share the time between their neighbours."""
    placed: list[Word] = []
    at = 0
    while at < len(texts):
        known = times[at]
        if known is not None:
            placed.append(Word(known.start_s, known.end_s, texts[at], known.probability))
            at += 1
            continue
        upto = at
        while upto < len(texts) and times[upto] is None:
            upto += 1
        following = times[upto] if upto < len(texts) else None
        start_s = placed[-1].end_s if placed else segment.start_s
        end_s = max(start_s, following.start_s if following else segment.end_s)
        each = (end_s - start_s) / (upto - at)
        placed += [
            Word(start_s + each * n, start_s + each * (n + 1), texts[at + n])
            for n in range(upto - at)
        ]
        at = upto
    return placed


def _bare(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())
