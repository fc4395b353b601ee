"""The first seconds of the recording that comes with Draftmill, as the speech model hears them."""

import time
from contextlib import closing
from dataclasses import replace

import numpy as np

from draftmill.errors import Problem
from draftmill.media.audio import AudioDecoder
from draftmill.media.timeline import RATE, Samples
from draftmill.models.room import cores
from draftmill.settings import Settings, resources
from draftmill.speech import windows
from draftmill.speech.recogniser import Recogniser
from draftmill.speech.recognition import listen
from draftmill.trials.outcome import Trial

SECONDS = 9.0
LIMIT_S = 24.0


def hear(settings: Settings) -> Trial:
    """Have the speech model hear. Raises the recogniser's Problems."""
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

    return Whisper(settings, cores())
