"""The transcribe stage: a recording's sound, window by window, to timed sentences."""

import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from draftmill.errors import NotFound, Problem
from draftmill.jobs.attempt import Attempt
from draftmill.media.audio import AudioDecoder, AudioReport
from draftmill.media.refusals import TooLong
from draftmill.media.timeline import RATE, Samples
from draftmill.pipeline.transcript_rows import Open, Rows
from draftmill.projects.project import recording_path
from draftmill.settings import Settings
from draftmill.speech import confidence, windows
from draftmill.speech.confidence import NoSpeech, NotEnglish, NothingUnderstood
from draftmill.speech.recogniser import Ear
from draftmill.speech.recognition import Listened, listen
from draftmill.speech.smooth_progress import Pace
from draftmill.speech.windows import Window

SERVER_WORKERS = 2
HINT_CHARACTERS = 200
OFF_BY_S = 0.5
SPOKEN_S = 5.0  # of sure speech: enough that words were to be expected


class NoSound(Problem):
    code = "no_sound"
    default_message = "No sound could be read from this recording."
    default_hint = "Play it to see whether it is damaged, or save it in another format."


@dataclass(frozen=True)
class Asked:
    """What decides how a recording is heard: another answer here makes another transcript."""

    model: str
    server: str
    language: str
    hints: str
    any_language: bool

    @classmethod
    def of(cls, work: Attempt) -> "Asked":
        settings, project, parameters = work.settings, work.project, work.job.parameters
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


def transcribe(work: Attempt) -> None:
    """The stage: transcribe the project's recording and make the transcript the project's.

    What an earlier attempt finished is kept. Raises NoSpeech, NoSound, NotEnglish, TooLong,
    the recogniser's Problems, and jobs.Fenced.
    """
    asked = Asked.of(work)
    rows = Rows.begin(work, asked.hash, asked.model, asked.language)
    if rows.row["completed_at"] and work.project["transcript_id"] == rows.id:
        return
    workers = _workers(work, asked)
    ear = _ear(work.settings, asked, workers)
    ear.language = ear.language or rows.row["language"]
    if ear.english_only and not asked.any_language and asked.language not in ("", "en"):
        raise NotEnglish(
            f"The language is set to “{asked.language}”, and the speech model knows only English."
        )
    ear.fetch(lambda message, size: work.progress(size, None, "bytes", message))
    duration_s = work.project["duration_s"] or None
    with Pace(lambda done: work.progress(done, duration_s, "s"), rows.finished_s()) as pace:
        listening = _Listening(work, asked, rows, ear, workers, pace)
        listening.run()
    _judge(rows, asked, ear, at_least_s=0.0)
    rows.complete(ear.language)


def _workers(work: Attempt, asked: Asked) -> int:
    if work.job.crashes > 0:
        return 1  # the likeliest reason of a crash is memory
    if work.settings.whisper_threads > 0:
        return work.settings.whisper_threads
    from draftmill.speech.whisper import cores

    return SERVER_WORKERS if asked.server else cores()


def _ear(settings: Settings, asked: Asked, workers: int) -> Ear:
    if asked.server:
        from draftmill.speech.server import SpeechServer

        return SpeechServer(settings, asked.language, asked.hints)
    from draftmill.speech.whisper import Whisper

    return Whisper(settings, workers, asked.language, asked.hints)


def _judge(rows: Rows, asked: Asked, ear: Ear, at_least_s: float) -> None:
    """Raise NotEnglish or, at the end, NoSpeech or NothingUnderstood, if it cannot be believed."""
    facts = rows.facts()
    if facts.speech_s < at_least_s:
        return
    if ear.english_only and not asked.any_language and confidence.not_english(facts):
        raise NotEnglish
    if at_least_s:
        return
    if not (rows.sentences() if asked.any_language else rows.believable()):
        raise NothingUnderstood if facts.speech_s >= SPOKEN_S else NoSpeech


def _true_duration(known_s: float, end_s: float, report: AudioReport) -> float | None:
    """The recording's length as decoded, if what the file says is missing or wrong.

    Sound that is whole and ends before the picture, or before another track, changes nothing.
    """
    longer = end_s > known_s + OFF_BY_S
    return end_s if longer or report.ended_early else None


class _Listening:
    """One attempt's walk through the windows: cut here, hear in threads, commit here.

    At most one window more than there are workers is held; decoding waits for the rest.
    """

    def __init__(
        self, work: Attempt, asked: Asked, rows: Rows, ear: Ear, workers: int, pace: Pace
    ) -> None:
        self.work = work
        self.asked = asked
        self.rows = rows
        self.ear = ear
        self.workers = workers
        self.pace = pace
        self.path = _path(work)
        self.duration_s: float = work.project["duration_s"] or 0.0
        self.in_hand: dict[Future[Listened], tuple[int, float]] = {}
        self.loading: Future[None] | None = None
        self.begin_s = 0.0
        self.settled = False

    def run(self) -> None:
        """Hear every window that is not finished. Commits what is done also when one fails."""
        pool = ThreadPoolExecutor(self.workers, thread_name_prefix="ear")
        try:
            self.loading = pool.submit(self.ear.load)
            for n, window in self._windows():
                self._commit(leave=self.workers - 1)
                self._submit(pool, n, window)
            self._commit(leave=0)
            if not self.ear.scored:
                self.work.log(
                    "The transcription server gives no word times or probabilities:"
                    " the checks for invented and skipped speech are left out"
                )
        except Problem:
            self._commit_the_good()
            raise
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _submit(self, pool: ThreadPoolExecutor, n: int, window: Window) -> None:
        heard = pool.submit(listen, window, self.ear, partial(self.pace.reached, n))
        self.in_hand[heard] = (n, window.duration_s)

    def _commit(self, leave: int) -> None:
        """Commit finished windows; wait for them while more than `leave` are in hand."""
        while self.in_hand:
            wait_s = None if len(self.in_hand) > leave else 0
            done, _ = wait(self.in_hand, timeout=wait_s, return_when=FIRST_COMPLETED)
            if not done:
                return
            for heard in done:
                n, duration_s = self.in_hand.pop(heard)
                self.rows.finish(n, heard.result())
                self.pace.finished(n, duration_s)
            _judge(self.rows, self.asked, self.ear, confidence.EARLY_SPEECH_S)

    def _commit_the_good(self) -> None:
        """One window failed: what the others cost is not thrown away."""
        for heard in [future for future in self.in_hand if future.cancel()]:
            self.in_hand.pop(heard)
        for heard, (n, _) in self.in_hand.items():
            if heard.exception() is None:
                self.rows.finish(n, heard.result())

    def _windows(self) -> Iterator[tuple[int, Window]]:
        """The windows to hear: first those of an earlier attempt, then newly cut ones."""
        for row in self.rows.open():
            window = self._again(row)
            self._settle(window)
            yield row.n, window
        if self.rows.row["windows_cut_at"]:
            return
        first, start_s = self.rows.cut_until()
        self.begin_s = start_s
        decoder = AudioDecoder(self.path, start_s)
        for n, window in enumerate(windows.cut(decoder, self._length), first):
            self._refuse_too_long(window)
            if window.islands:
                self._settle(window)
            self.rows.cut(n, window, self.ear.language if self.settled else "")
            if window.islands:
                yield n, window
            else:
                self.pace.finished(n, window.duration_s)
        count, end_s = self.rows.cut_until()
        if not count:
            raise NoSound
        report = decoder.report
        true_s = _true_duration(self.duration_s, end_s, report)
        self.rows.all_cut(_warnings(report, self.duration_s), true_s)

    def _settle(self, window: Window) -> None:
        """Wait for the model, and decide for a language before the first window is heard."""
        if self.settled:
            return
        if self.loading is not None:
            self.loading.result()
        self.ear.settle(window.part(window.islands[0]) if window.islands else window.samples)
        self.settled = True

    def _length(self, start_s: float) -> float:
        """How long the window that starts here should be: near the end every core gets some."""
        if start_s < self.begin_s + 1:
            return windows.FIRST_S
        if start_s < windows.SHORTEST_S * self.workers:
            return windows.SHORTEST_S  # something to see, and work for everyone, soon
        if not self.duration_s:
            return windows.USUAL_S / 2
        return min(windows.USUAL_S, (self.duration_s - start_s) / (2 * self.workers))

    def _again(self, row: Open) -> Window:
        """A window that was cut before."""
        parts: list[Samples] = []
        for block in AudioDecoder(self.path, row.start_s):
            parts.append(block.samples)
            if block.end_s >= row.end_s:
                break
        wanted = round((row.end_s - row.start_s) * RATE)
        samples = np.concatenate(parts)[:wanted] if parts else np.zeros(0, np.float32)
        return windows.listened(row.start_s, np.pad(samples, (0, wanted - len(samples))))

    def _refuse_too_long(self, window: Window) -> None:
        """For recordings that do not say how long they are."""
        if window.end_s > self.work.settings.max_hours * 3600 + windows.LONGEST_S:
            raise TooLong


def _path(work: Attempt) -> Path:
    path = recording_path(work.settings, work.project)
    if not path.is_file():
        raise NotFound("The recording of this project is no longer there.")
    return path


def _warnings(report: AudioReport, duration_s: float) -> list[str]:
    found = []
    if report.ended_early_s is not None:
        found.append(f"The recording ends early, at {clock(report.ended_early_s)}.")
    if report.errors:
        places = "One place" if report.errors == 1 else f"{report.errors} places"
        found.append(
            f"{places} in the recording could not be read,"
            f" the first at {clock(report.first_error_s or 0.0)}."
        )
    return found


def clock(seconds: float) -> str:
    """A time as people write it: 6:14 or 1:02:03."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02d}:{second:02d}" if hours else f"{minute}:{second:02d}"
