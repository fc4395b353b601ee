"""The transcribe stage against faster-whisper in one call on the same samples.

    .venv/bin/python bench/transcribe.py

BENCH_MINUTES shortens the recording (15 minutes by default, which take about 7). Our side
decodes, cuts, listens and commits, its model's loading included; the other side gets decoded
samples and a loaded model, with the same model, precision, beam and options, with one thread, and
once, on half of the length, with the library's own number. Every run is a process of its own; one
more tells by parts where our time goes. Prints lines of JSON, and exits with 1 when a bound does
not hold: wall time at most 0.55 of one call with one thread (median of 3 interleaved rounds), no
more word errors than noise makes, and at most 400 MB of memory for three times the length, heard by
two workers.
"""

import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from figures import ratios, report, report_rounds
from stages import watched

from draftmill.processes.children import LEAN

ROUNDS = 3
FASTER = 0.55
NOISE = 0.015  # of word errors: two ways to cut the same talk differ by as much, either way
MOST_MB = 400
WORKERS = 2  # where the memory is measured
SIDES = ("ours", "one thread")


def main() -> int:
    from long_recording import long_recording

    minutes = float(os.environ.get("BENCH_MINUTES", "15"))
    talk = long_recording(minutes)
    runs: dict[str, list[dict[str, Any]]] = {side: [] for side in SIDES}
    for _ in range(ROUNDS):
        for side in SIDES:
            runs[side].append(run(side, talk))
    wall_s = {side: [one["wall_s"] for one in runs[side]] for side in SIDES}
    errors = {side: word_errors(talk, runs[side][0]["text"]) for side in SIDES}
    for side in SIDES:
        speed = f"{minutes * 60 / statistics.median(wall_s[side]):.0f} × real time"
        report_rounds(f"{side}, {minutes:g} min", wall_s[side], "s", note=speed)
        report(f"word errors, {side}", errors[side])
    half = long_recording(minutes / 2)
    few_s = {side: run(side, half)["wall_s"] for side in ("ours", "default threads")}
    against = few_s["ours"] / few_s["default threads"]
    report("ours against default threads", against, "×", note=f"{minutes / 2:g} min")
    for part, percent in run("by part", half)["shares"].items():
        report(f"of the time of our threads, {part}", percent, "%", note=f"{minutes / 2:g} min")
    peak_mb = run("ours", long_recording(minutes * 3))["peak_mb"]
    more_errors = errors["ours"] - errors["one thread"]
    held = (
        report_rounds(
            "ours against one thread",
            ratios(wall_s["ours"], wall_s["one thread"]),
            "×",
            most=FASTER,
        ),
        report("word errors, ours less one thread's", more_errors, most=NOISE),
        report(f"peak memory, {minutes * 3:g} min, {WORKERS} workers", peak_mb, "MB", most=MOST_MB),
    )
    return 0 if all(held) else 1


def run(side: str, talk: Path) -> dict[str, Any]:
    """One measured run: `wall_s` seconds, `peak_mb`, and the `text`."""
    command = [sys.executable, __file__, side, str(talk)]
    lean = LEAN if side in ("ours", "by part") else {}  # as every attempt has it
    environ = os.environ | lean
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environ)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def word_errors(talk: Path, heard: str) -> float:
    import jiwer

    said = talk.with_suffix(".txt").read_text(encoding="utf-8")
    return float(jiwer.wer(plain(said), plain(heard)))


def plain(text: str) -> str:
    """Words only: neither case nor punctuation nor the spelling of small numbers is an error."""
    text = re.sub(r"\b3\b", "three", text.lower())
    return " ".join(re.sub(r"[^\w\s']", " ", text).split())


def child(side: str, talk: Path) -> None:
    if side == "by part":
        times = watched()
        ours(talk)
        print(json.dumps({"shares": times.shares()}))
        return
    wall_s, text = ours(talk) if side == "ours" else one_call(side, talk)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"wall_s": wall_s, "peak_mb": peak_mb, "text": text}))


def ours(talk: Path) -> tuple[float, str]:
    from draftmill.pipeline.transcribe import transcribe
    from draftmill.transcripts.segments import segments_of
    from tests.support.transcribe_stage import Stage

    with tempfile.TemporaryDirectory() as folder:
        made = Stage(Path(folder), talk, duration_s=length_s(talk))
        began = time.perf_counter()
        transcribe(made.work(whisper_threads=WORKERS))
        wall_s = time.perf_counter() - began
        (transcript_id,) = made.one("select transcript_id from projects")
        text = " ".join(segment.text for segment in segments_of(made.db, transcript_id))
        made.db.close()
        return wall_s, text


def one_call(side: str, talk: Path) -> tuple[float, str]:
    import numpy as np
    from faster_whisper import WhisperModel

    from draftmill.media.audio import AudioDecoder
    from draftmill.settings import Settings
    from draftmill.speech.whisper import COMPUTE_TYPE, OPTIONS, model_folder

    samples = np.concatenate([block.samples for block in AudioDecoder(talk)])
    folder = str(model_folder(Settings(), lambda message, size: None))
    threads = {"cpu_threads": 1} if side == "one thread" else {}
    model = WhisperModel(folder, device="cpu", compute_type=COMPUTE_TYPE, **threads)
    began = time.perf_counter()
    segments, _ = model.transcribe(samples, **OPTIONS)
    text = " ".join(segment.text.strip() for segment in segments)
    return time.perf_counter() - began, text


def length_s(talk: Path) -> float:
    from draftmill.media.containers import open_media

    with open_media(talk) as media:
        return (media.duration or 0) / 1e6


if __name__ == "__main__":
    if len(sys.argv) == 3:
        child(sys.argv[1], Path(sys.argv[2]))
    else:
        sys.exit(main())
