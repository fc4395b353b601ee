"""Reading a transcription server's answer, which may hold words, segments or only text."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any

from draftmill.speech.recogniser import Heard
from draftmill.transcripts.json_values import number, objects
from draftmill.transcripts.languages import LANGUAGES
from draftmill.transcripts.segments import Word
from draftmill.transcripts.sentences import UNSPACED, ends_sentence

# Servers name the language in English; we keep codes.
_CODES = {name.lower(): code for code, name in LANGUAGES.items()}


def language_of(answer: dict[str, Any]) -> str:
    """The code of the language that the server heard, empty if it did not say."""
    name = str(answer.get("language") or "").lower()
    return _CODES.get(name, name if re.fullmatch(r"[a-z]{2,3}", name) else "")


def heard_in(answer: dict[str, Any], duration_s: float) -> list[Heard]:
    """What a server heard in `duration_s` seconds of sound.

    Words get their spelling and punctuation from the text and their times from the word
    list, which often has no punctuation. Without word times there are only segments; without
    segments the text's sentences share the time by their length.
    """
    segments = [_segment(one, n) for n, one in enumerate(objects(answer.get("segments")))]
    segments = [one for one in segments if one.text.strip()]
    words = _words(answer)
    if not segments:
        text = str(answer.get("text") or "").strip()
        if words:
            text = text or " ".join(word.text.strip() for word in words)
            segments = [Heard(words[0].start_s, words[-1].end_s, text)]
        else:
            return _shared_out(text, duration_s)
    if not words:
        return segments
    unspaced = language_of(answer) in UNSPACED
    return _with_own_words(segments, words) if unspaced else _aligned(segments, words)


def scored(heard: Sequence[Heard]) -> bool:
    """Whether the server gives what the checks need: word times and scores."""
    return any(one.words and one.log_prob is not None for one in heard)


def _segment(one: dict[str, Any], n: int) -> Heard:
    start_s = number(one.get("start")) or 0.0
    end_s = number(one.get("end"))
    return Heard(
        start_s,
        start_s if end_s is None else end_s,
        str(one.get("text") or ""),
        no_speech=number(one.get("no_speech_prob")),
        compression=number(one.get("compression_ratio")),
        log_prob=number(one.get("avg_logprob")),
        chunk=n,
    )


def _words(answer: dict[str, Any]) -> list[Word]:
    found = objects(answer.get("words"))
    if not found:
        found = [w for one in objects(answer.get("segments")) for w in objects(one.get("words"))]
    words = []
    for one in found:
        start_s, end_s = number(one.get("start")), number(one.get("end"))
        text = str(one.get("word") or one.get("text") or "")
        if start_s is None or end_s is None or not text.strip():
            continue
        probability = number(one.get("probability"))
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
