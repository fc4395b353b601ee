"""One attempt's walk through a recording: cut in windows, hear them in threads, commit them."""

from collections.abc import Iterator, Sequence
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
from draftmill.speech import confidence, windows
from draftmill.speech.confidence import Facts, NotEnglish
from draftmill.speech.recogniser import Recogniser
from draftmill.speech.recognition import Listened, listen
from draftmill.speech.smooth_progress import Pace
from draftmill.speech.tracks import Part
from draftmill.speech.windows import Window

OFF_BY_S = 0.5


class NoSound(Problem):
    code = "no_sound"
    default_message = "No sound could be read from this recording."
    default_hint = "Play it to see whether it is damaged, or save it in another format."


def refuse_another_language(facts: Facts, recogniser: Recogniser) -> None:
    """Raise NotEnglish where an English-only model made English out of something else."""
    if recogniser.english_only and confidence.not_english(facts):
        raise NotEnglish


@dataclass(eq=False)
class Listening:
    """One attempt's walk through the windows: cut here, hear in threads, commit here.

    `parts` are the tracks to hear, one after the other, each with its windows. At most one window more than there are workers is held; decoding waits for the rest.
    """

    attempt: Attempt
    rows: Rows
    recogniser: Recogniser
    workers: int
    pace: Pace
    parts: Sequence[Part]
    any_language: bool

    def __post_init__(self) -> None:
        self.path = path_of(self.attempt)
        self.speakers = {part.track: part.speaker for part in self.parts}
        self.duration_s: float = self.attempt.project["duration_s"] or 0.0
        self.in_hand: dict[Future[Listened], tuple[int, float, str]] = {}
        self.loading: Future[None] | None = None
        self.begin_s = 0.0
        self.settled = False
        self.facts = self.rows.facts()

    def run(self) -> None:
        """Hear every window that is not finished. Commits what is done also when one fails."""
        pool = ThreadPoolExecutor(self.workers, thread_name_prefix="recogniser")
        try:
            self.loading = pool.submit(self.recogniser.load)
            for n, window, track in self._windows():
                self._commit(leave=self.workers - 1)
                self._submit(pool, n, window, self.speakers.get(track, ""))
            self._commit(leave=0)
            if not self.recogniser.scored:
                self.attempt.log(
                    "The transcription server gives no word times or probabilities:"
                    " the checks for invented and skipped speech are left out"
                )
        except Problem:
            self._commit_the_good()
            raise
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _submit(self, pool: ThreadPoolExecutor, n: int, window: Window, speaker: str) -> None:
        heard = pool.submit(listen, window, self.recogniser, partial(self.pace.reached, n))
        self.in_hand[heard] = (n, window.duration_s, speaker)

    def _commit(self, leave: int) -> None:
        """Commit finished windows; wait for them while more than `leave` are in hand."""
        while self.in_hand:
            wait_s = None if len(self.in_hand) > leave else 0
            done, _ = wait(self.in_hand, timeout=wait_s, return_when=FIRST_COMPLETED)
            if not done:
                return
            for heard in done:
                n, duration_s, speaker = self.in_hand.pop(heard)
                listened = heard.result().by(speaker)
                self.rows.finish(n, listened)
                self.pace.finished(n, duration_s)
                self.facts += listened.facts
            self._refuse_another_language_early()

    def _refuse_another_language_early(self) -> None:
        if self.any_language or len(self.parts) > 1:
            return
        if self.facts.speech_s >= confidence.EARLY_SPEECH_S:
            refuse_another_language(self.facts, self.recogniser)

    def _commit_the_good(self) -> None:
        """One window failed: what the others cost is not thrown away."""
        for heard in [future for future in self.in_hand if future.cancel()]:
            self.in_hand.pop(heard)
        for heard, (n, _, speaker) in self.in_hand.items():
            if heard.exception() is None:
                self.rows.finish(n, heard.result().by(speaker))

    def _windows(self) -> Iterator[tuple[int, Window, int]]:
        """The windows to hear, and their tracks: those of an earlier attempt, then new ones."""
        for row in self.rows.open():
            window = self._again(row)
            self._settle(window)
            yield row.n, window, row.track
        if not self.rows.row["windows_cut_at"]:
            reports: list[AudioReport] = []
            for part in self.parts:
                yield from self._new_windows(part.track, reports)
            self._all_cut(reports)

    def _new_windows(
        self, track: int, reports: list[AudioReport]
    ) -> Iterator[tuple[int, Window, int]]:
        first, self.begin_s = self.rows.cut_until(track)
        decoder = AudioDecoder(self.path, self.begin_s, track=track)
        for n, window in enumerate(windows.cut(decoder, self._length), first):
            self._refuse_too_long(window)
            if window.islands:
                self._settle(window)
            self.rows.cut(n, window, self.recogniser.language if self.settled else "", track)
            if window.islands:
                yield n, window, track
            else:
                self.pace.finished(n, window.duration_s)
        reports.append(decoder.report)

    def _all_cut(self, reports: list[AudioReport]) -> None:
        count, end_s = self.rows.cut_until()
        if not count:
            raise NoSound
        warnings = list(dict.fromkeys(line for report in reports for line in _warnings(report)))
        longest = max(reports, key=lambda report: report.decoded_s)
        self.rows.all_cut(warnings, _true_duration(self.duration_s, end_s, longest))

    def _settle(self, window: Window) -> None:
        """Wait for the model, and decide for a language before the first window is heard."""
        if self.settled:
            return
        if self.loading is not None:
            self.loading.result()
        self.recogniser.settle(window.part(window.islands[0]) if window.islands else window.samples)
        self.settled = True

    def _length(self, start_s: float) -> float:
        """How long the window that starts here should be: near the end every core gets some."""
        lengths = self.recogniser.lengths
        if start_s < self.begin_s + 1:
            return windows.FIRST_S
        if start_s < lengths.early_s * self.workers:
            return lengths.early_s
        left_s = self.duration_s - start_s
        share_s = left_s / (2 * self.workers) if self.duration_s else lengths.usual_s / 2
        return min(max(share_s, lengths.early_s), lengths.usual_s)

    def _again(self, row: Open) -> Window:
        """A window that was cut before."""
        parts: list[Samples] = []
        for block in AudioDecoder(self.path, row.start_s, track=row.track):
            parts.append(block.samples)
            if block.end_s >= row.end_s:
                break
        wanted = round((row.end_s - row.start_s) * RATE)
        samples = np.concatenate(parts)[:wanted] if parts else np.zeros(0, np.float32)
        return windows.listened(row.start_s, np.pad(samples, (0, wanted - len(samples))))

    def _refuse_too_long(self, window: Window) -> None:
        """For recordings that do not say how long they are."""
        if window.end_s > self.attempt.settings.max_hours * 3600 + windows.LONGEST_S:
            raise TooLong


def _true_duration(known_s: float, end_s: float, report: AudioReport) -> float | None:
    """The recording's length as decoded, if what the file says is missing or wrong.

    Sound that is whole and ends before the picture, or before another track, changes nothing.
    """
    longer = end_s > known_s + OFF_BY_S
    return end_s if longer or report.ended_early else None


def path_of(attempt: Attempt) -> Path:
    """The recording. Raises NotFound."""
    path = recording_path(attempt.settings, attempt.project)
    if not path.is_file():
        raise NotFound("The recording of this project is no longer there.")
    return path


def _warnings(report: AudioReport) -> list[str]:
    found = []
    if report.ended_early_s is not None:
        found.append(f"The recording ends early, at {_clock(report.ended_early_s)}.")
    if report.errors:
        places = "One place" if report.errors == 1 else f"{report.errors} places"
        found.append(
            f"{places} in the recording could not be read,"
            f" the first at {_clock(report.first_error_s or 0.0)}."
        )
    return found


def _clock(seconds: float) -> str:
    """A time as people write it: 6:14 or 1:02:03."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02d}:{second:02d}" if hours else f"{minute}:{second:02d}"
