"""The transcribe stage: a recording's sound, window by window, to timed sentences."""

import hashlib
import json
from contextlib import closing
from dataclasses import asdict, dataclass

from draftmill.jobs.attempt import Attempt
from draftmill.jobs.engines import engine_of
from draftmill.jobs.policies import INGEST
from draftmill.media.packets import decoding
from draftmill.media.timeline import Samples
from draftmill.pipeline.conversation import conversation, samples_between
from draftmill.pipeline.listening import Listening, path_of, refuse_another_language
from draftmill.pipeline.transcript_rows import Rows
from draftmill.settings import Settings
from draftmill.speech import confidence, tracks
from draftmill.speech.confidence import NoSpeech, NotEnglish, NothingUnderstood
from draftmill.speech.recogniser import Recogniser
from draftmill.speech.smooth_progress import Pace
from draftmill.speech.tracks import Choice, Part
from draftmill.transcripts.segments import Segment
from draftmill.transcripts.vocabulary import terms_of

SERVER_WORKERS = 2
TRACKS = "tracks"  # what was chosen of them
COMPARING = "Comparing the sound tracks"
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
        engine = engine_of(settings, INGEST, "media")
        about = f"{project['title']}. {project['context']}"[:HINT_CHARACTERS]
        names = ", ".join(terms_of(attempt.db, project["user_id"]))[:HINT_CHARACTERS]
        hints = f"{about} {names}"
        return cls(
            model=engine.model,
            server=engine.server,
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
    with closing(recogniser), decoding("The sound of this recording"):
        choice = _choice(attempt, asked)
        total_s = (attempt.project["duration_s"] or 0.0) * len(choice.parts) or None
        with Pace(lambda done: attempt.progress(done, total_s, "s"), rows.finished_s()) as pace:
            Listening(
                attempt, rows, recogniser, workers, pace, choice.parts, asked.any_language
            ).run()
        said = _understood(attempt, rows, recogniser, choice, asked.any_language)
        together = _together(attempt, said) if len(choice.parts) > 1 else None
    _refuse_nothing(rows, asked.any_language)
    for warning in choice.warnings:
        attempt.warn(warning)
    rows.complete(recogniser.language, together)


def _choice(attempt: Attempt, asked: Asked) -> Choice:
    """Which tracks are heard, found out once: later attempts go on with the same ones."""
    kept = attempt.checkpoint(TRACKS, asked.hash)
    if kept:
        return Choice(tuple(Part(**part) for part in kept["parts"]), tuple(kept["warnings"]))
    choice = tracks.choose(
        path_of(attempt),
        attempt.project["duration_s"] or 0.0,
        asked.language,
        lambda done, total: attempt.progress(done, total or None, "s", COMPARING),
    )
    if len(choice.parts) > 1 or choice.warnings or choice.notes:
        attempt.keep(TRACKS, asked.hash, asdict(choice))
    for note in choice.notes:
        attempt.log(note)
    return choice


def _understood(
    attempt: Attempt, rows: Rows, recogniser: Recogniser, choice: Choice, any_language: bool
) -> dict[int, list[Segment]]:
    """The sentences of each track. Raises NotEnglish where none of them is in English.

    One track in another language does not fail the others: it is left out, and that is said.
    """
    if any_language:
        return rows.of_tracks()
    foreign = [
        part
        for part in choice.parts
        if recogniser.english_only and confidence.not_english(rows.facts(part.track))
    ]
    if len(foreign) == len(choice.parts):
        refuse_another_language(rows.facts(), recogniser)
        return rows.of_tracks()
    for part in foreign:
        attempt.warn(f"Left out: track {part.track + 1}, which does not sound like English.")
    left_out = {part.track for part in foreign}
    return {n: said for n, said in rows.of_tracks().items() if n not in left_out}


def _together(attempt: Attempt, said: dict[int, list[Segment]]) -> list[Segment]:
    """The sentences of several tracks in the order of time."""
    path = path_of(attempt)

    def listen(track: int, start_s: float, end_s: float) -> Samples:
        attempt.touch()
        return samples_between(path, track, start_s, end_s)

    return conversation(said, listen)


def _workers(attempt: Attempt, asked: Asked) -> int:
    if attempt.job.crashes > 0:
        return 1  # the likeliest reason of a crash is memory
    if attempt.settings.whisper_threads > 0:
        return attempt.settings.whisper_threads
    from draftmill.models.room import cores

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
