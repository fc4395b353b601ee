"""Makes an hour's talk in .cache/, with what was said in it, for benchmarks.

    .venv/bin/python bench/long_recording.py [MINUTES]

Sentences are put together from a small grammar and spoken by the synthetic voice at changing
paces; after about 20 minutes they come again, in another order and pitch, so that no two
minutes are the same. Prints the path of the recording; beside it
lies a .txt with the words. Needs Debian's `ffmpeg`. Made once, taken from the cache afterwards.
"""

import random
import subprocess
import sys
import tempfile
import wave
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from slide_show import shown
from voice import CACHE, speak

from tests.support.slides import slide

Samples = NDArray[np.int16]

RATE = 22_050
POOL = 280  # sentences spoken; a longer talk says them again, in another order and voice
PACES = (0.92, 1.0, 1.06, 1.15)
TOPIC_SENTENCES = 14
PAUSES_S = (0.25, 0.35, 0.5, 0.9)
TOPIC_PAUSE_S = 1.6

SUBJECTS = (
    "the support team",
    "our second office",
    "a new customer",
    "the person on call",
    "every manager I asked",
    "the oldest server we own",
    "a student from the evening class",
    "the people in the warehouse",
)
VERBS = (
    "noticed",
    "wrote down",
    "explained",
    "measured",
    "kept asking about",
    "found a way around",
    "spent a week on",
    "learned to live with",
)
OBJECTS = (
    "the slow report",
    "a broken printer",
    "the morning queue",
    "three missing invoices",
    "an alarm that nobody understood",
    "the long list of open questions",
    "a very small change in the plan",
    "the cost of waiting",
)
REASONS = (
    "because nobody had time to look at it before lunch",
    "and the result was better than we expected",
    "while the rest of us were still talking about the budget",
    "although the numbers said something else",
    "until somebody opened the window and asked a simple question",
    "so that the next person would not have to guess",
    "and that is when the whole room became quiet",
    "before the first train left the station",
)
OPENINGS = ("In the end", "Last winter", "After a month", "On a Tuesday", "Most of the time", "")
TOPICS = (
    "Now let us talk about how we plan our week.",
    "The next part is about money.",
    "I would like to tell you a story about trust.",
    "Let us look at what went wrong.",
    "Here is the part that surprised me most.",
    "This brings me to the way we hire people.",
)


def long_recording(minutes: float = 60.0) -> Path:
    """The recording of about `minutes`: an mp4 with slides, its words beside it as .txt."""
    path = CACHE / "long" / f"talk-{minutes:g}.mp4"
    if not (path.exists() and path.with_suffix(".txt").exists()):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            _make(path, minutes * 60, Path(folder))
    return path


def sentences(seed: int = 1) -> Iterator[str]:
    """Sentences without end; every TOPIC_SENTENCES-th begins a topic."""
    chance = random.Random(seed)
    for n in count():
        yield _sentence(chance) if n % TOPIC_SENTENCES else chance.choice(TOPICS)


def _sentence(chance: random.Random) -> str:
    opening = chance.choice(OPENINGS)
    parts = [chance.choice(part) for part in (SUBJECTS, VERBS, OBJECTS, REASONS)]
    text = " ".join([f"{opening}," if opening else "", *parts]).strip()
    return text[0].upper() + text[1:] + "."


def _make(path: Path, seconds: float, folder: Path) -> None:
    chance = random.Random(2)
    pool = _spoken(min(POOL, 2 + int(seconds / 4)))
    said: list[str] = []
    topics_s: list[float] = []
    with wave.open(str(folder / "voice.wav"), "wb") as voice:
        voice.setparams((1, 2, RATE, 0, "NONE", ""))
        while voice.getnframes() < seconds * RATE:
            again = len(said) >= len(pool)
            text, samples = chance.choice(pool) if again else pool[len(said)]
            if text in TOPICS:
                _silence(voice, TOPIC_PAUSE_S)
                topics_s.append(voice.getnframes() / RATE)
            voice.writeframes(_varied(samples, chance.uniform(0.94, 1.06) if again else 1.0))
            _silence(voice, chance.choice(PAUSES_S))
            said.append(text)
        length_s = voice.getnframes() / RATE
    _film(path, folder, topics_s, length_s)
    path.with_suffix(".txt").write_text("\n".join(said) + "\n", encoding="utf-8")


def _spoken(many: int) -> list[tuple[str, Samples]]:
    """That many sentences, as text and 16-bit samples; spoken once, for talks of every length."""
    folder = CACHE / "sentences"
    folder.mkdir(parents=True, exist_ok=True)
    texts = list(islice(sentences(), many))
    files = [folder / f"{n}.wav" for n in range(many)]
    lines = [(text, PACES[n % len(PACES)], files[n]) for n, text in enumerate(texts)]
    speak([line for line in lines if not line[2].exists()])
    pool = []
    for text, file in zip(texts, files, strict=True):
        with wave.open(str(file), "rb") as part:
            pool.append((text, np.frombuffer(part.readframes(part.getnframes()), dtype=np.int16)))
    return pool


def _varied(samples: Samples, speed: float) -> bytes:
    """The same words a little faster and higher, or slower and lower."""
    at = np.arange(0, len(samples) - 1, speed)
    return bytes(np.interp(at, np.arange(len(samples)), samples).astype(np.int16))


def _silence(voice: wave.Wave_write, seconds: float) -> None:
    voice.writeframes(bytes(2 * round(seconds * RATE)))


def _film(path: Path, folder: Path, topics_s: list[float], length_s: float) -> None:
    """A slide for each topic, and the voice."""
    starts = [0.0, *topics_s[1:]]
    ends = [*starts[1:], length_s]
    slides = (
        (slide(n), end - start) for n, (start, end) in enumerate(zip(starts, ends, strict=True), 1)
    )
    command = shown(folder, slides, level=1)
    command += ["-i", folder / "voice.wav", "-t", f"{length_s:.3f}"]
    command += ["-vf", "format=yuv420p,fps=5,tpad=stop_mode=clone:stop_duration=60"]
    command += ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "stillimage", "-g", "50"]
    command += ["-c:a", "aac", "-b:a", "64k", "-movflags", "+faststart", folder / "talk.mp4"]
    subprocess.run(command, check=True)
    (folder / "talk.mp4").replace(path)


if __name__ == "__main__":
    print(long_recording(float(sys.argv[1]) if len(sys.argv) > 1 else 60.0))
