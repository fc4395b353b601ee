"""Voices told apart: joined conversations of 2, 3 and 4 voices, and what an hour costs.

    .venv/bin/python bench/voices.py

The voices are those of FFmpeg's `flite` source, each made from one person's recordings; the words
are the sample talk's. Each word counts that comes to who said it. Exits with 1 when fewer than 90 %
do where the number was told, when a voice alone is taken for two, or when ten minutes of sound take
more memory than they should: those are the whole stage's, in a process of its own, its decoding and
its commits included.
"""

import itertools
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import wave
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from figures import report
from make_sample import TALK

from draftmill.media.timeline import RATE, Samples
from draftmill.processes.children import LEAN
from draftmill.speech.telling_apart import Labels, Told, labels_of
from draftmill.speech.turns import Votes
from draftmill.speech.voices import Windows, windows_of
from draftmill.speech.windows import listened

VOICES = ("slt", "rms", "awb", "kal16")
LEAST = 90.0
MINUTES, MOST_MB = 10, 350  # of sound, and of memory
SENTENCES = [sentence for slide in TALK for sentence in slide]

Turn = tuple[float, float, int, int]  # begin and end in seconds, the speaker, the words


def main() -> int:
    held, took_s, heard_s = [], 0.0, 0.0
    for count in (2, 3, 4):
        samples, turns = conversation(VOICES[:count])
        began = time.monotonic()
        windows = windows_of(samples, listened(0.0, samples).speech, 0.0, 0)
        took_s, heard_s = took_s + time.monotonic() - began, heard_s + len(samples) / RATE
        right = share(windows, labels_of(windows, Told(exactly=count)), turns)
        guessed = share(windows, labels_of(windows, Told()), turns)
        held.append(
            report(f"words to who said them, {count} voices, number told", right, "%", least=LEAST)
        )
        report(f"words to who said them, {count} voices, number found", guessed, "%")
    alone = [found(name) for name in VOICES]
    held.append(
        report("speakers found in a monologue", max(alone), most=1, note="the most of four")
    )
    report("an hour of sound, heard", took_s / heard_s * 3600, "s", note="all cores")
    held.append(report(f"peak memory, {MINUTES} min, 2 voices", peak_mb(), "MB", most=MOST_MB))
    return 0 if all(held) else 1


def conversation(voices: tuple[str, ...]) -> tuple[Samples, list[Turn]]:
    """All sentences, said by one and then another, with pauses of 0.1 to 0.6 s."""
    chance = random.Random(len(voices))
    parts: list[Samples] = []
    turns: list[Turn] = []
    at, before = 0.0, -1
    for sentence in SENTENCES:
        who = before = chance.choice([n for n in range(len(voices)) if n != before])
        samples = spoken(sentence, voices[who])
        turns.append((at, at + len(samples) / RATE, who, len(sentence.split())))
        parts += [samples, np.zeros(int(chance.uniform(0.1, 0.6) * RATE), np.float32)]
        at += sum(map(len, parts[-2:])) / RATE
    return np.concatenate(parts), turns


def peak_mb() -> float:
    """Megabytes that the stage takes at most for so many minutes of two voices."""
    samples, turns = conversation(VOICES[:2])
    with tempfile.TemporaryDirectory() as folder:
        talk, length_s = Path(folder) / "talk.wav", len(samples) / RATE
        times = range(round(MINUTES * 60 / length_s))
        with wave.open(str(talk), "wb") as file:
            file.setparams((1, 2, RATE, 0, "NONE", ""))
            for _ in times:
                file.writeframes((samples * 32767).astype("<i2").tobytes())
        later = [
            (b + n * length_s, e + n * length_s, who, words)
            for n in times
            for b, e, who, words in turns
        ]
        command = [sys.executable, __file__, str(talk), json.dumps(later)]
        done = subprocess.run(command, check=True, capture_output=True, env=os.environ | LEAN)
        return float(done.stdout)


def stage(talk: Path, turns: list[Turn]) -> float:
    """The same of this process, once it has told the voices of a talk apart."""
    from draftmill.pipeline.voices import tell_voices_apart
    from draftmill.transcripts.segments import Segment, Word, add_segments
    from tests.support.transcribe_stage import Stage

    with tempfile.TemporaryDirectory() as folder:
        made = Stage(Path(folder), talk, duration_s=turns[-1][1], voices="2")
        made.db.execute(
            "insert into transcripts (id, project_id, params_hash, model, language, created_at,"
            " completed_at) values (1, 'p', '', '', 'en', '', '')"
        )
        made.db.execute("update projects set transcript_id = 1")
        said = [
            Segment(begin, end, "Said.", (Word(begin, end, "Said."),)) for begin, end, _, _ in turns
        ]
        add_segments(made.db, 1, 0, said)
        tell_voices_apart(made.work())
        (speakers,) = made.one("select count(distinct speaker) from segments")
        assert speakers == 2
        made.db.close()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def spoken(text: str, voice: str) -> Samples:
    plain = "".join(c for c in text if c.isalnum() or c in " .")
    source = f"flite=text='{plain}':voice={voice}"
    command = [
        "ffmpeg",
        "-v",
        "error",
        "-f",
        "lavfi",
        "-i",
        source,
        "-ar",
        str(RATE),
        "-f",
        "f32le",
        "-",
    ]
    made = subprocess.run(command, check=True, capture_output=True)
    return np.frombuffer(made.stdout, np.float32)


def found(voice: str) -> int:
    samples = np.concatenate([spoken(sentence, voice) for sentence in SENTENCES[:10]])
    windows = windows_of(samples, listened(0.0, samples).speech, 0.0, 0)
    return int(labels_of(windows, Told()).max(initial=0)) + 1


def share(windows: Windows, labels: Labels, turns: list[Turn]) -> float:
    """Of the words those that come to who said them, in percent, by the best naming of the labels."""
    votes = Votes(windows, labels)
    said = [
        (who, votes.at(begin + n * (end - begin) / words, begin + (n + 1) * (end - begin) / words))
        for begin, end, who, words in turns
        for n in range(words)
    ]
    speakers = max(who for who, _ in said) + 1
    names = range(max(speakers, int(labels.max(initial=0)) + 1))
    best = max(
        sum(naming[who] == label for who, label in said)
        for naming in itertools.permutations(names, speakers)
    )
    return 100 * best / len(said)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(stage(Path(sys.argv[1]), json.loads(sys.argv[2])))
    else:
        sys.exit(main())
