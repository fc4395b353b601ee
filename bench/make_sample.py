"""Makes static/sample/: a short talk over slides, spoken by a synthetic voice.

    .venv/bin/python bench/make_sample.py

Needs Debian's `ffmpeg`, and PyPI for the voice (see voice.py). The voice draws its noise from a
fixed seed, so two runs give the same talk; the words spoken are written to sample.txt.
"""

import subprocess
import tempfile
import wave
from pathlib import Path

from sample_slides import all_slides
from slide_show import shown
from voice import speak

SAMPLE = Path(__file__).resolve().parent.parent / "static" / "sample"
PACE = 1.06
LEAD_S, BREATH_S, TOPIC_S, END_S = 0.6, 0.28, 1.0, 1.2
FRAMES_PER_S = 10

# One list per slide. A sentence is written as a careful listener would write it down.
TALK = [
    [
        "Hello, and thank you for coming.",
        "Today I want to talk about why our release took a whole day, and how we made it an hour.",
    ],
    [
        "Last spring, a release at our company took 11 hours.",
        "Three people sat in one room with a checklist of 42 steps.",
        "Most of those steps were, um, somebody waiting for a computer to finish.",
        "A slow release makes every team afraid to change anything.",
    ],
    [
        "So we measured it.",
        "We wrote down the start and the end of every step for two weeks.",
        "The tests were not the problem, you know, they took only 20 minutes.",
        "Waiting for approval by email took 70 percent of the day.",
        "You cannot speed up a process until you know where it waits.",
    ],
    [
        "Then we made three changes.",
        "First, we moved every approval into the code review, where people already look.",
        "Second, we built the package once, and used the same file in testing and in production.",
        "Third, we wrote a small robot that runs the checklist and stops at the first surprise.",
        "Each change took less than a week of work.",
    ],
    [
        "The biggest win came from something boring.",
        "We learned to roll back a release in two minutes.",
        "When going back is easy, going forward stops being scary.",
    ],
    [
        "Today a release takes 50 minutes, and we do four of them every week.",
        "Our error rate fell by half, because small releases are easier to understand than big ones.",
    ],
    [
        "If you remember one thing from this talk, remember this.",
        "Measure the waiting before you buy a faster machine.",
        "Pick the slowest step in your release, write down how long it takes,"
        " and fix that one step this month.",
        "Thank you for listening.",
    ],
]


def main() -> None:
    SAMPLE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        spans = _record(folder)
        _film(folder, spans)
    text = "\n\n".join(" ".join(sentences) for sentences in TALK)
    (SAMPLE / "sample.txt").write_text(text + "\n", encoding="utf-8")
    size = (SAMPLE / "sample.mp4").stat().st_size
    print(f"sample.mp4: {sum(spans):.1f} s, {size / 1e6:.2f} MB, {len(text.split())} words")


def _record(folder: Path) -> list[float]:
    """Speak the talk into voice.wav. Returns how long each slide stays, in seconds."""
    orders = [
        (sentence, PACE, folder / f"{slide}-{n}.wav")
        for slide, sentences in enumerate(TALK)
        for n, sentence in enumerate(sentences)
    ]
    speak(orders)
    spans = []
    with wave.open(str(folder / "voice.wav"), "wb") as voice:
        for slide, sentences in enumerate(TALK):
            before = voice.getnframes() if slide else 0
            if not slide:
                _open_like(voice, folder / "0-0.wav")
                _silence(voice, LEAD_S)
            for n, _ in enumerate(sentences):
                with wave.open(str(folder / f"{slide}-{n}.wav"), "rb") as part:
                    voice.writeframes(part.readframes(part.getnframes()))
                _silence(voice, BREATH_S)
            _silence(voice, END_S if slide == len(TALK) - 1 else TOPIC_S)
            spans.append((voice.getnframes() - before) / voice.getframerate())
    return spans


def _open_like(voice: wave.Wave_write, path: Path) -> None:
    with wave.open(str(path), "rb") as part:
        voice.setparams(part.getparams())


def _silence(voice: wave.Wave_write, seconds: float) -> None:
    voice.writeframes(bytes(2 * round(seconds * voice.getframerate())))


def _film(folder: Path, spans: list[float]) -> None:
    """Lay the slides under the voice: H.264 and AAC, ready to stream."""
    command = shown(folder, zip(all_slides(), spans, strict=True))
    hold = f"fps={FRAMES_PER_S},tpad=stop_mode=clone:stop_duration=60"  # the last slide stays
    hold += ",scale=out_color_matrix=bt709:out_range=tv"
    command += ["-i", folder / "voice.wav", "-vf", hold, "-t", f"{sum(spans):.3f}"]
    command += ["-c:v", "libx264", "-preset", "slow", "-crf", "22", "-tune", "stillimage"]
    command += ["-pix_fmt", "yuv420p", "-g", str(5 * FRAMES_PER_S)]
    command += ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]
    command += ["-c:a", "aac", "-b:a", "72k", "-ac", "1", "-ar", "44100"]
    command += ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags", "+bitexact"]
    command += ["-movflags", "+faststart", SAMPLE / "sample.mp4"]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
