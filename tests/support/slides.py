"""Videos of slides for tests and benchmarks, made with ffmpeg and kept in .cache/films."""

import hashlib
import json
import math
import os
import random
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from draftmill import storage
from draftmill.database.connection import connect, transaction
from draftmill.settings import Settings
from tests.support import fresh_database
from tests.support.places import ROOT

FILMS = ROOT / ".cache" / "films"
SIZE = (1280, 720)
CORNER = (240, 180)
WORDS = [
    "plan",
    "build",
    "measure",
    "learn",
    "release",
    "test",
    "queue",
    "budget",
    "people",
    "risk",
    "change",
    "start",
]


def slide(n: int, bullets: int = 4, size: tuple[int, int] = SIZE) -> Image.Image:
    """Slide number `n`: a heading and some bullets, like no other slide."""
    chance = random.Random(n)
    image = Image.new("RGB", SIZE, "#fbfaf7")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 24, SIZE[1]), fill="#3b5b7a")
    draw.text((80, 60), f"{n}. {_phrase(chance, 2)}", "#1f2730", ImageFont.load_default(60))
    for line in range(bullets):
        words = _phrase(random.Random(f"{n}/{line}"), 5)
        draw.text((100, 190 + line * 84), f"- {words}", "#303a44", ImageFont.load_default(38))
    return image.resize(size) if size != SIZE else image


def _phrase(chance: random.Random, words: int) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(words))


def film(
    shots: Sequence[tuple[Image.Image, float]],
    *,
    rate: int = 10,
    keyframe_s: float = 2.0,
    corner: bool = False,
    suffix: str = ".mp4",
    arguments: Sequence[str] = (),
) -> Path:
    """A silent H.264 video that shows each image for its seconds, in its size.

    Keyframes come every `keyframe_s` seconds and nowhere else. With `corner` a speaker moves
    in the lower right corner. `arguments` are ffmpeg's, put before the output file.
    """
    frames = round(keyframe_s * rate)
    codec = ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p"]
    codec += ["-x264-params", f"keyint={frames}:min-keyint={frames}:scenecut=0"]
    return made(shots, rate, corner, suffix, [*codec, *arguments])


def made(
    shots: Sequence[tuple[Image.Image, float]],
    rate: int,
    corner: bool,
    suffix: str,
    arguments: Sequence[str],
) -> Path:
    """The video of these shots with these arguments of ffmpeg, made now or taken from the cache."""
    images = [hashlib.sha256(image.tobytes()).hexdigest() for image, _ in shots]
    spans = [seconds for _, seconds in shots]
    key = json.dumps([images, spans, shots[0][0].size, rate, corner, list(arguments)])
    path = FILMS / (hashlib.sha256(key.encode()).hexdigest()[:20] + suffix)
    if not path.exists():
        _make(path, shots, rate, corner, arguments)
    return path


def _make(
    path: Path,
    shots: Sequence[tuple[Image.Image, float]],
    rate: int,
    corner: bool,
    arguments: Sequence[str],
) -> None:
    folder = FILMS / f"making-{path.stem}-{os.getpid()}"
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["ffconcat version 1.0"]
    for n, (image, seconds) in enumerate(shots):
        image.save(folder / f"{n}.png", compress_level=1)
        lines += [f"file {n}.png", f"duration {seconds}"]
    lines.append(f"file {len(shots) - 1}.png")  # without a next file the last one is dropped
    (folder / "shots.txt").write_text("\n".join(lines))
    total = sum(seconds for _, seconds in shots)
    hold = f"format=yuv420p,fps={rate},tpad=stop_mode=clone:stop_duration={total}"
    command = ["ffmpeg", "-v", "error", "-y", "-f", "concat", "-i", str(folder / "shots.txt")]
    if corner:
        command += ["-stream_loop", "-1", "-i", str(_speaker(folder, rate))]
        command += ["-filter_complex", f"[0:v]{hold}[a];[a][1:v]overlay=W-w-20:H-h-20:shortest=0"]
    else:
        command += ["-vf", hold]
    command += ["-t", str(total), *arguments, str(folder / f"film{path.suffix}")]
    subprocess.run(command, check=True)
    (folder / f"film{path.suffix}").replace(path)
    for left in folder.iterdir():
        left.unlink()
    folder.rmdir()


def _speaker(folder: Path, rate: int) -> Path:
    """A clip of 41 s: a head that sways, nods, talks, and holds still now and then."""
    count = 41 * rate
    for n in range(count):
        image = Image.new("RGB", CORNER, "#4b5563")
        draw = ImageDraw.Draw(image)
        turn = 2 * math.pi * n / count
        calm = max(0.0, math.sin(2 * turn))
        x = 120 + calm * (22 * math.sin(5 * turn) + 18 * math.sin(13 * turn))
        y = 84 + 8 * calm * math.sin(17 * turn)
        draw.ellipse((x - 70, 130, x + 70, 260), fill="#23344d")
        draw.ellipse((x - 38, y - 48, x + 38, y + 48), fill="#e0b394")
        draw.ellipse(
            (x - 12, y + 14, x + 12, y + 20 + 8 * abs(math.sin(71 * turn))), fill="#7a2f2f"
        )
        image.save(folder / f"s{n:03d}.png", compress_level=1)
    clip = folder / "speaker.nut"
    command = ["ffmpeg", "-v", "error", "-framerate", str(rate), "-i", str(folder / "s%03d.png")]
    subprocess.run([*command, "-pix_fmt", "yuv420p", "-c:v", "rawvideo", str(clip)], check=True)
    return clip


class StandIn:
    """A stage's Work over a real database, for a project whose recording is this file."""

    job = SimpleNamespace(parameters={})  # one of all stages

    def __init__(self, data: Path, recording: Path | None) -> None:
        self.settings = Settings(data=data)
        fresh_database.make(self.settings.database)
        self.db = connect(self.settings.database)
        self.home = storage.folder_of(self.settings, "p1")
        self.folder = self.home / "job-1"
        self.folder.mkdir(parents=True)
        self.warnings: list[str] = []
        self.reports: list[tuple[float, float | None, str]] = []
        if recording is not None:
            (self.home / "recording").symlink_to(recording)
        self.db.execute(
            "insert into users (id, email, password_hash, role, created_at)"
            " values (1, 'a@example.org', '', 'owner', '')"
        )
        self.db.execute(
            "insert into projects (id, user_id, title, source, file, sha256, created_at)"
            " values ('p1', 1, 'Talk', 'media', ?, '', '')",
            ("recording" if recording else None,),
        )

    @property
    def project(self) -> sqlite3.Row:
        row: sqlite3.Row = self.db.execute("select * from projects").fetchone()
        return row

    @contextmanager
    def fenced(self) -> Iterator[sqlite3.Connection]:
        with transaction(self.db) as db:
            yield db

    def progress(
        self, done: float, total: float | None = None, unit: str = "", message: str = ""
    ) -> None:
        self.reports.append((done, total, unit))

    def warn(self, message: str) -> None:
        self.warnings.append(message)


def stand_in(data: Path, recording: Path | None) -> Any:
    """A Work as far as the screenshots stage needs one, with its files below `data`."""
    return StandIn(data, recording)
