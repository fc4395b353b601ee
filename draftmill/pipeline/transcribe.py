"""The transcribe stage: a recording's sound, window by window, to timed sentences."""

import hashlib
import json
from contextlib import closing
from dataclasses import dataclass

from draftmill.jobs.attempt import Attempt
from draftmill.media.packets import decoding
from draftmill.pipeline.listening import Listening, refuse_another_language
from draftmill.pipeline.transcript_rows import Rows
from draftmill.settings import Settings
from draftmill.speech.confidence import NoSpeech, NotEnglish, NothingUnderstood
from draftmill.speech.recogniser import Recogniser
from draftmill.speech.smooth_progress import Pace

SERVER_WORKERS = 2
HINT_CHARACTERS = 200
SPOKEN_S = 5.0  # of sure speech: enough that words were to be expected


@dataclass(frozen=True)
class Asked:
    """What decides how a recording is heard: another answer here makes another transcript."""

    model: str
    server: str
    language: str
    hints: str
    any_language: bool

    @classmethod
    def of(cls, attempt: Attempt) -> "Asked":
        settings, project, parameters = attempt.settings, attempt.project, attempt.job.parameters
        server = settings.transcribe_base_url
        hints = f"{project['title']}. {project['context']}"[:HINT_CHARACTERS]
        return cls(
            model=settings.transcribe_model if server else settings.whisper_model,
            server=server,
            language=str(parameters.get("language", project["language"]) or "").lower(),
            hints=" ".join(hints.split()) if settings.transcribe_hints else "",
            any_language=str(parameters.get("any_language", "")).lower() in ("1", "true", "on"),
        )

    @property
    def hash(self) -> str:
        return hashlib.sha256(json.dumps(vars(self), sort_keys=True).encode()).hexdigest()


def transcribe(attempt: Attempt) -> None:
    """The stage: transcribe the project's recording and make the transcript the project's.

    What an earlier attempt finished is kept. Raises NoSpeech, NoSound, NotEnglish, TooLong,
    Undecodable, the recogniser's Problems, and running.Fenced.
    """
    asked = Asked.of(attempt)
    rows = Rows.begin(attempt, asked.hash, asked.model, asked.language)
    if rows.row["completed_at"] and attempt.project["transcript_id"] == rows.id:
        return
    workers = _workers(attempt, asked)
    recogniser = _recogniser(attempt.settings, asked, workers)
    recogniser.language = recogniser.language or rows.row["language"]
    if recogniser.english_only and not asked.any_language and asked.language not in ("", "en"):
        raise NotEnglish(
            f"The language is set to “{asked.language}”, and the speech model knows only English."
        )
    recogniser.fetch(lambda message, size: attempt.progress(size, None, "bytes", message))
    duration_s = attempt.project["duration_s"] or None
    pace = Pace(lambda done: attempt.progress(done, duration_s, "s"), rows.finished_s())
    with closing(recogniser), pace, decoding("The sound of this recording"):
        Listening(attempt, rows, recogniser, workers, pace, asked.any_language).run()
    if not asked.any_language:
        refuse_another_language(rows.facts(), recogniser)
    _refuse_nothing(rows, asked.any_language)
    rows.complete(recogniser.language)


def _workers(attempt: Attempt, asked: Asked) -> int:
    if attempt.job.crashes > 0:
        return 1  # the likeliest reason of a crash is memory
    if attempt.settings.whisper_threads > 0:
        return attempt.settings.whisper_threads
    from draftmill.speech.whisper import cores

    return SERVER_WORKERS if asked.server else cores()


def _recogniser(settings: Settings, asked: Asked, workers: int) -> Recogniser:
    if asked.server:
        from draftmill.speech.server import SpeechServer

        return SpeechServer(settings, asked.language, asked.hints)
    from draftmill.speech.whisper import Whisper

    return Whisper(settings, workers, asked.language, asked.hints)


def _refuse_nothing(rows: Rows, any_language: bool) -> None:
    """Raise NoSpeech or NothingUnderstood where no sentence came out that can be believed."""
    if not (rows.sentences() if any_language else rows.believable()):
        raise NothingUnderstood if rows.facts().speech_s >= SPOKEN_S else NoSpeech
