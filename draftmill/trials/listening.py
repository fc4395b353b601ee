"""The first seconds of the recording that comes with Draftmill, as the speech model hears them."""

import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np

from draftmill.errors import Problem
from draftmill.media.audio import AudioDecoder
from draftmill.media.timeline import RATE, Samples
from draftmill.models.room import cores
from draftmill.settings import Settings, resources
from draftmill.speech import windows
from draftmill.speech.recogniser import Recogniser
from draftmill.speech.recognition import listen
from draftmill.speech.whisper import BUNDLED
from draftmill.trials.outcome import Trial

SECONDS = 9.0
LIMIT_S = 24.0


class NotHere(Problem):
    code = "speech_model_not_here"
    default_message = "This speech model is not on this machine yet."
    default_hint = (
        "It is downloaded when the first recording needs it, which may take a while. Then try it."
    )


def hear(settings: Settings) -> Trial:
    """Have the speech model hear. Raises the recogniser's Problems, NotHere."""
    recogniser = _recogniser(settings)
    samples = sample()
    recogniser.fetch(lambda message, size: None)
    with closing(recogniser):
        recogniser.load()
        began = time.monotonic()
        recogniser.settle(samples)
        heard = listen(windows.listened(0.0, samples), recogniser, lambda second: None)
        took_s = time.monotonic() - began
    text = " ".join(one.text for one in heard.segments)
    if not text:
        raise Problem("Nothing was heard.", "Choose another speech model.")
    return Trial(text, SECONDS / took_s, took_s)


def sample() -> Samples:
    """The first seconds of the sample's sound."""
    parts: list[Samples] = []
    for block in AudioDecoder(resources() / "static" / "sample" / "sample.mp4"):
        parts.append(block.samples)
        if block.end_s >= SECONDS:
            break
    return np.concatenate(parts)[: round(SECONDS * RATE)]


def _recogniser(settings: Settings) -> Recogniser:
    if settings.listens_on_server:
        from draftmill.speech.server import SpeechServer

        patience_s = min(settings.transcribe_timeout_s, LIMIT_S)
        return SpeechServer(replace(settings, transcribe_timeout_s=patience_s))
    from draftmill.speech.whisper import Whisper

    if not _is_here(settings):
        raise NotHere
    return Whisper(settings, cores())


def _is_here(settings: Settings) -> bool:
    """Whether nothing must be downloaded first. A path that leads nowhere is refused later."""
    name = settings.whisper_model
    if name == BUNDLED or name.startswith((".", "/", "~")) or Path(name).is_dir():
        return True
    cached = f"models--*{name.rpartition('/')[2]}/snapshots/*/model.bin"
    return any((settings.data / "models").glob(cached))
