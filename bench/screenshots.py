"""Screenshots of a slide talk with a moving corner, against ffmpeg taking one every 3 seconds.

    .venv/bin/python bench/screenshots.py

BENCH_MINUTES is the length of the talk (10 minutes by default). Prints a line of JSON for each keyframe
interval, and exits with 1 when a bound does not hold: at least 5 times faster with a keyframe
every 2 s, 3 times with one every 10 s, and every slide found exactly once. Both sides start
from the file and end with JPEG files of the video's size; ours also decides which to keep,
makes thumbnails, syncs them to disk and commits their rows. Medians of 3 interleaved rounds.
"""

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from figures import ratios, report, report_rounds

from draftmill.pipeline.screenshots import take_screenshots
from tests.support.slides import film, slide, stand_in

ROUNDS = 3
BOUNDS = {2.0: 5.0, 10.0: 3.0}  # keyframe interval in seconds: times faster
CORNER_FROM = (43 / 64, 26 / 36)  # left of and above this no speaker is seen


def main() -> None:
    minutes = float(os.environ.get("BENCH_MINUTES", "10"))
    shots = _talk(60 * minutes)
    fine = [_compare(shots, keyframe_s, bound) for keyframe_s, bound in BOUNDS.items()]
    sys.exit(0 if all(fine) else 1)


def _talk(seconds: float) -> list[tuple[Image.Image, float]]:
    """Slides that stay 15 to 80 s each, at odd moments; the last one fills up the time."""
    chance = random.Random(7)
    spans: list[float] = []
    while (left := seconds - sum(spans)) > 0.1:
        span = round(chance.uniform(15, 80), 1)
        spans.append(span if left > span + 15 else round(left, 1))
    return [(slide(n), span) for n, span in enumerate(spans, 1)]


def _compare(shots: list[tuple[Image.Image, float]], keyframe_s: float, bound: float) -> bool:
    video = film(shots, rate=25, keyframe_s=keyframe_s, corner=True)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory(dir=ROOT / ".cache") as name:
            folder = Path(name)
            theirs.append(_seconds(partial(_ffmpeg, video, folder)))
        with tempfile.TemporaryDirectory(dir=ROOT / ".cache") as name:
            work = stand_in(Path(name), video)
            ours.append(_seconds(partial(take_screenshots, work)))
            rows = work.db.execute("select * from screenshots order by n").fetchall()
            found = [_slide_of(work.home / row["file"], shots) for row in rows]
            late_s = _latest(rows, found, shots)
    once = sorted(found) == list(range(len(shots)))
    minutes = sum(span for _, span in shots) / 60
    report_rounds(f"ours, keyframes every {keyframe_s:g} s", ours, "s")
    report_rounds(f"ffmpeg, keyframes every {keyframe_s:g} s", theirs, "s")
    held = (
        report_rounds(
            f"times faster, keyframes every {keyframe_s:g} s",
            ratios(theirs, ours),
            "×",
            least=bound,
            note=f"{minutes:.0f} min, {len(shots)} slides, starts right within {late_s:.1f} s",
        ),
        report(f"slides not found exactly once, every {keyframe_s:g} s", 0 if once else 1, most=0),
    )
    return all(held)


def _seconds(run: Callable[[], None]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def _ffmpeg(video: Path, folder: Path) -> None:
    command = [str(shutil.which("ffmpeg")), "-v", "error", "-i", str(video)]
    subprocess.run([*command, "-vf", "fps=1/3", str(folder / "%05d.jpg")], check=True)


def _slide_of(picture: Path, shots: list[tuple[Image.Image, float]]) -> int:
    """The index of the slide that a picture shows."""
    seen = _outside_corner(Image.open(picture))
    return min(
        range(len(shots)),
        key=lambda n: float(np.abs(seen - _outside_corner(shots[n][0])).mean()),
    )


def _outside_corner(image: Image.Image) -> np.ndarray:
    grey = np.asarray(image.convert("L").resize((320, 180)), dtype=np.float32)
    height, width = grey.shape
    grey = grey.copy()
    grey[int(height * CORNER_FROM[1]) :, int(width * CORNER_FROM[0]) :] = 0
    return grey


def _latest(rows: list[Any], found: list[int], shots: list[tuple[Image.Image, float]]) -> float:
    """By how many seconds the worst picture's start differs from its slide's."""
    starts = np.concatenate([[0], np.cumsum([span for _, span in shots])])
    return max(
        (abs(row["time_s"] - starts[n]) for row, n in zip(rows, found, strict=True)), default=0
    )


if __name__ == "__main__":
    main()
