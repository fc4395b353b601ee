"""The same talk as the JSON of many programs: "Hello there." from 0.5 s, "Good morning." from 30 s.

Each row is the shape that one program writes, after its documentation, cut to what matters.
"""

from typing import Any

SAID = (("Hello", 0.5, 0.9), ("there.", 0.95, 1.3), ("Good", 30.0, 30.4), ("morning.", 30.5, 31.0))
TURNS = ((SAID[:2], "Hello there."), (SAID[2:], "Good morning."))


def words(
    text: str, start: str, end: str, scale: float = 1, **more: Any
) -> list[list[dict[str, Any]]]:
    """The words of both turns under a program's names, times scaled to its unit."""

    def moment(seconds: float) -> float | int:
        return seconds if scale == 1 else round(seconds * scale)

    return [
        [{text: word, start: moment(a), end: moment(b)} | more for word, a, b in turn]
        for turn, _ in TURNS
    ]


def turns(text: str, start: str, end: str, scale: float = 1, **more: Any) -> list[dict[str, Any]]:
    """Both turns as objects; what `more` gives as a pair is shared out between them."""
    return [
        {text: said, start: round(turn[0][1] * scale, 3), end: round(turn[-1][2] * scale, 3)}
        | {name: value[n] for name, value in more.items()}
        for n, (turn, said) in enumerate(TURNS)
    ]


def azure(n: int) -> dict[str, Any]:
    turn, said = TURNS[n]
    length = turn[-1][2] - turn[0][1]
    return {
        "recognitionStatus": "Success", "channel": 0, "speaker": n + 1,
        "offset": f"PT{turn[0][1]}S", "duration": f"PT{length:.2f}S",
        "offsetInTicks": turn[0][1] * 1e7, "durationInTicks": round(length * 1e7),
        "nBest": [{"confidence": 0.9, "lexical": said.lower(), "display": said}],
    }  # fmt: skip


def rev(n: int) -> dict[str, Any]:
    (first, a, b), (last, c, d) = TURNS[n][0]
    return {
        "speaker": n,
        "elements": [
            {"type": "text", "value": first, "ts": a, "end_ts": b, "confidence": 0.9},
            {"type": "punct", "value": " "},
            {"type": "text", "value": last[:-1], "ts": c, "end_ts": d, "confidence": 0.9},
            {"type": "punct", "value": "."},
        ],
    }


def pronounced(labelled: bool) -> list[dict[str, Any]]:
    """AWS's items: times as texts, punctuation apart."""
    items: list[dict[str, Any]] = []
    for n, (turn, _) in enumerate(TURNS):
        label = {"speaker_label": f"spk_{n}"} if labelled else {}
        for word, a, b in turn:
            spoken = {"confidence": "0.99", "content": word.rstrip(".")}
            items.append(
                {
                    "type": "pronunciation",
                    "start_time": str(a),
                    "end_time": str(b),
                    "alternatives": [spoken],
                }
                | label
            )
        items.append(
            {"type": "punctuation", "alternatives": [{"confidence": "0.0", "content": "."}]} | label
        )
    return items


def labels() -> dict[str, Any]:
    rows = [
        {"start_time": str(a), "end_time": str(b), "speaker_label": f"spk_{n}"}
        for n, (turn, _) in enumerate(TURNS)
        for _, a, b in turn
    ]
    return {"speakers": 2, "segments": [{"items": rows[:2]}, {"items": rows[2:]}]}


def spaced(n: int) -> list[dict[str, Any]]:
    (first, a, b), (last, c, d) = TURNS[n][0]
    who = {"speaker_id": f"speaker_{n}"}
    return [
        {"text": first, "start": a, "end": b, "type": "word"} | who,
        {"text": " ", "start": b, "end": c, "type": "spacing"} | who,
        {"text": last, "start": c, "end": d, "type": "word"} | who,
        {"text": " ", "start": d, "end": d, "type": "spacing"} | who,
        {"text": "(laughter)", "start": d, "end": d, "type": "audio_event"} | who,
    ]


def google(start: str, end: str, tag: str, *, tagged: bool = True) -> list[dict[str, Any]]:
    return [
        {
            "alternatives": [
                {
                    "transcript": said,
                    "words": [
                        {"word": word, start: f"{a:.3f}s", end: f"{b:.3f}s"}
                        | ({tag: n + 1} if tagged else {})
                        for word, a, b in turn
                    ],
                }
            ]
        }
        for n, (turn, said) in enumerate(TURNS)
    ]


def flat(rows: list[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return [one for row in rows for one in row]


W = words("word", "start", "end")
DEEPGRAM = [
    [
        one
        | {"punctuated_word": one["word"], "word": one["word"].lower().rstrip("."), "speaker": n}
        for one in row
    ]
    for n, row in enumerate(W)
]
VOSK = [{"conf": 1.0, **one} for one in flat(W)]
RECALL = [
    [
        {"text": word, "start_timestamp": {"relative": a}, "end_timestamp": {"relative": b}}
        for word, a, b in turn
    ]
    for turn, _ in TURNS
]
AB = ("A", "B")
NAMES = ("Ada", "Bob")
NUMBERS = ("Speaker 0", "Speaker 1")
FROM_ONE = ("Speaker 1", "Speaker 2")
NOBODY = ("", "")

# Program, its JSON, who speaks in it.
SHAPES: list[tuple[str, Any, tuple[str, str]]] = [
    ("openai-whisper", {"language": "en", "text": "x", "segments": turns("text", "start", "end", words=W)}, NOBODY),
    ("faster-whisper list", turns("text", "start", "end"), NOBODY),
    ("verbose_json", {"task": "transcribe", "duration": 31.0, "segments": turns("text", "start", "end"), "words": flat(W)}, NOBODY),
    ("verbose_json words alone", {"text": "Hello there. Good morning.", "words": [w | {"word": w["word"].rstrip(".")} for w in flat(W)]}, NOBODY),
    ("whisper in milliseconds", {"segments": turns("text", "start", "end", 1000)}, NOBODY),
    ("times as strings", {"segments": [{k: str(v) for k, v in one.items()} for one in turns("text", "start", "end")]}, NOBODY),
    ("OpenAI diarized_json", {"duration": 31.0, "segments": turns("text", "start", "end", speaker=AB)}, AB),
    ("WhisperX", {"segments": turns("text", "start", "end", words=W, speaker=("SPEAKER_00", "SPEAKER_01")), "word_segments": flat(W)}, ("SPEAKER_00", "SPEAKER_01")),
    ("whisper.cpp", {"transcription": [{"offsets": {"from": round(t[0][1] * 1000), "to": round(t[-1][2] * 1000)}, "text": f" {s}"} for t, s in TURNS]}, NOBODY),
    ("Transformers", {"text": "x", "chunks": [{"timestamp": [t[0][1], t[-1][2]], "text": s} for t, s in TURNS]}, NOBODY),
    ("Podcasting 2.0", {"version": "1.0.0", "segments": turns("body", "startTime", "endTime", speaker=NAMES)}, NAMES),
    ("Deepgram", {"metadata": {"duration": 31.2, "channels": 1}, "results": {"channels": [{"alternatives": [{"transcript": "Hello there. Good morning.", "words": flat(DEEPGRAM)}]}]}}, NUMBERS),
    ("Deepgram utterances", {"results": {"channels": [{"alternatives": [{"transcript": "", "words": []}]}], "utterances": turns("transcript", "start", "end", words=DEEPGRAM, speaker=(0, 1))}}, NUMBERS),
    ("Deepgram channels", {"results": {"channels": [{"alternatives": [{"transcript": s, "words": W[n]}]} for n, (_, s) in enumerate(TURNS)]}}, ("Channel 0", "Channel 1")),
    ("AWS Transcribe", {"jobName": "x", "results": {"transcripts": [{"transcript": "x"}], "items": pronounced(True)}}, ("spk_0", "spk_1")),
    ("AWS, labels apart", {"results": {"items": pronounced(False), "speaker_labels": labels()}}, ("spk_0", "spk_1")),
    ("AWS audio segments", {"results": {"items": pronounced(True), "audio_segments": [{"id": n, "transcript": s, "start_time": str(t[0][1]), "end_time": str(t[-1][2]), "speaker_label": f"spk_{n}", "items": [0]} for n, (t, s) in enumerate(TURNS)]}}, ("spk_0", "spk_1")),
    ("AWS Call Analytics", {"Transcript": [{"BeginOffsetMillis": round(t[0][1] * 1000), "EndOffsetMillis": round(t[-1][2] * 1000), "Content": s, "ParticipantRole": ("AGENT", "CUSTOMER")[n]} for n, (t, s) in enumerate(TURNS)]}, ("AGENT", "CUSTOMER")),
    ("Google v1", {"results": google("startTime", "endTime", "speakerTag")}, FROM_ONE),
    ("Google v2", {"results": google("startOffset", "endOffset", "speakerLabel")}, FROM_ONE),
    ("Google, all words again", {"results": [*google("startTime", "endTime", "speakerTag", tagged=False), {"alternatives": [{"words": [w for r in google("startTime", "endTime", "speakerTag") for w in r["alternatives"][0]["words"]]}]}]}, FROM_ONE),
    ("Google, seconds and nanos", {"response": {"results": [{"alternatives": [{"transcript": s, "words": [{"word": w, "startTime": {"seconds": str(int(a)), "nanos": round(a % 1 * 1e9)}, "endTime": {"seconds": str(int(b)), "nanos": round(b % 1 * 1e9)}} for w, a, b in t]}]} for t, s in TURNS]}}, NOBODY),
    ("Rev", {"monologues": [rev(0), rev(1)], "speakers": [{"id": 0, "name": "Ada"}, {"id": 1, "name": "Bob"}]}, NAMES),
    ("AssemblyAI", {"audio_duration": 31, "words": flat(words("text", "start", "end", 1000)), "utterances": turns("text", "start", "end", 1000, speaker=AB)}, AB),
    ("AssemblyAI words", {"audio_duration": 31, "words": [w | {"speaker": AB[n]} for n, r in enumerate(words("text", "start", "end", 1000)) for w in r], "utterances": None}, AB),
    ("AssemblyAI sentences", {"sentences": turns("text", "start", "end", 1000, speaker=AB)}, AB),
    ("Azure batch", {"duration": "PT31S", "recognizedPhrases": [azure(0), azure(1)]}, FROM_ONE),
    ("Azure batch, ISO times alone", {"recognizedPhrases": [{k: v for k, v in azure(n).items() if "Ticks" not in k} for n in (0, 1)]}, FROM_ONE),
    ("Azure fast", {"durationMilliseconds": 31000, "phrases": [{"offsetMilliseconds": round(t[0][1] * 1000), "durationMilliseconds": round((t[-1][2] - t[0][1]) * 1000), "text": s, "speaker": n} for n, (t, s) in enumerate(TURNS)]}, NUMBERS),
    ("Azure fast, earlier", {"duration": 31000, "phrases": [{"offset": round(t[0][1] * 1000), "duration": round((t[-1][2] - t[0][1]) * 1000), "text": s} for t, s in TURNS]}, NOBODY),
    ("Azure lines", [{"DisplayText": s, "Offset": round(t[0][1] * 1e7), "Duration": round((t[-1][2] - t[0][1]) * 1e7)} for t, s in TURNS], NOBODY),
    ("Azure Video Indexer", {"videos": [{"insights": {"transcript": [{"text": s, "speakerId": n, "instances": [{"start": f"0:00:{t[0][1]:05.2f}", "end": f"0:00:{t[-1][2]:05.2f}"}]} for n, (t, s) in enumerate(TURNS)]}}]}, NUMBERS),
    ("ElevenLabs", {"language_code": "eng", "text": "Hello there. (laughter) Good morning.", "words": spaced(0) + spaced(1)}, ("speaker_0", "speaker_1")),
    ("Gladia", {"result": {"metadata": {"audio_duration": 31.0}, "transcription": {"full_transcript": "x", "utterances": turns("text", "start", "end", words=W, speaker=(0, 1))}}}, NUMBERS),
    ("Speechmatics", {"format": "2.9", "results": [{"type": "punctuation" if w == "." else "word", "start_time": a, "end_time": b, "alternatives": [{"content": w, "speaker": f"S{n + 1}"}]} for n, (t, _) in enumerate(TURNS) for x, a, b in t for w in ([x[:-1], "."] if x.endswith(".") else [x])]}, ("S1", "S2")),
    ("Otter", {"speech": {"transcripts": turns("transcript", "start_offset", "end_offset", 1000, speaker_id=(1, 2)), "speakers": [{"id": 1, "speaker_name": "Ada"}, {"id": 2, "speaker_name": "Bob"}]}}, FROM_ONE),
    ("Vosk", {"result": VOSK, "text": "Hello there. Good morning."}, NOBODY),
    ("NeMo", {"sentences": turns("sentence", "start_time", "end_time", speaker=("speaker_0", "speaker_1"))}, ("speaker_0", "speaker_1")),
    ("pyannote", {"output": {"diarization": [], "turnLevelTranscription": turns("text", "start", "end", speaker=("S0", "S1"))}}, ("S0", "S1")),
    ("Soniox", {"tokens": [{"text": piece, "start_ms": round(a * 1000), "end_ms": round(b * 1000), "speaker": str(n + 1)} for n, (t, _) in enumerate(TURNS) for w, a, b in t for piece in (f" {w[:2]}", w[2:])]}, FROM_ONE),
    ("Premiere", {"segments": [{"start": t[0][1], "duration": t[-1][2] - t[0][1], "speaker": f"id{n}", "words": [{"text": w, "start": a, "duration": b - a, "type": "word"} for w, a, b in t]} for n, (t, _) in enumerate(TURNS)], "speakers": [{"id": "id0", "name": "Ada"}, {"id": "id1", "name": "Bob"}]}, NAMES),
    ("Fireflies", {"sentences": turns("text", "start_time", "end_time", speaker_name=NAMES)}, NAMES),
    ("Recall", [{"participant": {"id": 7 + n, "name": NAMES[n]}, "words": RECALL[n]} for n in (0, 1)], NAMES),
    ("IBM Watson", {"results": [{"final": True, "alternatives": [{"transcript": s, "timestamps": [list(w) for w in t]}]} for t, s in TURNS]}, NOBODY),
    ("Alibaba", {"transcripts": [{"channel_id": 0, "sentences": turns("text", "begin_time", "end_time", 1000)}]}, NOBODY),
    ("FunASR", [{"key": "a", "text": "x", "sentence_info": turns("text", "start", "end", 1000, spk=(0, 1))}], NUMBERS),
    ("YouTube", {"wireMagic": "pb3", "events": [{"tStartMs": 0, "dDurationMs": 31000}, *({"tStartMs": round(t[0][1] * 1000), "dDurationMs": round((t[-1][2] - t[0][1]) * 1000), "segs": [{"utf8": s}]} for t, s in TURNS)]}, NOBODY),
    ("youtube-transcript-api", [{"text": s, "start": t[0][1], "duration": t[-1][2] - t[0][1]} for t, s in TURNS], NOBODY),
    ("Bilibili", {"body": turns("content", "from", "to")}, NOBODY),
]  # fmt: skip
