"""The screenshots stage: every slide once, from the end of its time on the screen."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from itertools import count, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np

from draftmill.clock import now
from draftmill.jobs.attempt import Attempt
from draftmill.media.containers import MOST_PIXELS, open_media
from draftmill.media.frames import Video, has_moving_picture, picture_stream
from draftmill.media.packets import decoding
from draftmill.media.stills import FILM, Cells, Cut, Stills, differ, differing
from draftmill.pipeline.gallery import SHORTEST_S, Gallery, Saved
from draftmill.projects.screenshots import Screenshot
from draftmill.storage import folder_of

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

TOO_LARGE = (
    "The picture of this recording is larger than {:g} megapixels, or cannot be read, so there are"
    " no screenshots."
)
STEP_S = 2.0  # keyframes that come faster are passed over
FAR_S = 12.0  # between keyframes further apart slides would be missed
GRID_S = 3.0
FINE_S = 1.0
LOOKING = 0.6  # of the work, where pictures are fetched afterwards
FILM_STEPS, FILM_SAVED_STEPS = 8, 10  # when a film plays, one picture in ten steps will do


def take_screenshots(attempt: Attempt) -> None:
    """Find the slides of a recording and keep a picture of each. Done once per recording,
    and again only for a job of this stage alone.

    A recording without moving pictures gets none. A slide that comes back later is shown once,
    where it was first. Raises Undecodable when the recording cannot be opened or its pictures read.
    """
    project_id = attempt.project["id"]
    done = attempt.db.execute("select screenshots_at from projects where id = ?", (project_id,))
    again = attempt.job.parameters.get("stage") == "screenshots"
    if done.fetchone()[0] and not again:
        return
    home = folder_of(attempt.settings, project_id)
    pictures = _pictures(attempt, home / attempt.project["file"]) if attempt.project["file"] else []
    with attempt.fenced() as db:
        _store(db, project_id, home, pictures)
        db.execute("update projects set screenshots_at = ? where id = ?", (now(), project_id))


def _store(
    db: sqlite3.Connection, project_id: str, home: Path, pictures: Sequence[Screenshot]
) -> None:
    """Put what was found in the place of what was found before; what a person chose stays."""
    chosen = "select n from chosen_frames where project_id = ?"
    taken = {row["n"] for row in db.execute(chosen, (project_id,))}
    db.execute(
        f"delete from screenshots where project_id = ? and n not in ({chosen})",
        (project_id, project_id),
    )
    numbers = (n for n in count(1) if n not in taken)
    rows = [
        (project_id, n, p.time_s, p.end_s, str(Path(p.file).relative_to(home)), p.width, p.height)
        for n, p in zip(numbers, pictures, strict=False)
    ]
    db.executemany("insert into screenshots values (?, ?, ?, ?, ?, ?, ?)", rows)


def _pictures(attempt: Attempt, recording: Path) -> list[Screenshot]:
    with decoding("The pictures of this recording"):
        pixels = attempt.settings.max_pixels
        with open_media(recording, pixels) as media:
            if picture_stream(media, pixels) is None:
                if has_moving_picture(media):
                    attempt.warn(TOO_LARGE.format(pixels / 1e6))
                return []
        search = Search(recording, attempt.folder / "screenshots", attempt.progress, pixels)
        pictures = search.run()
    if search.errors and not pictures:
        attempt.warn(TOO_LARGE.format(pixels / 1e6))
    elif search.errors:
        seconds = int(search.first_error_s or 0)
        attempt.warn(
            f"{search.errors} pieces of the video could not be decoded, the first at"
            f" {seconds // 60}:{seconds % 60:02d}. Pictures from there may be missing."
        )
    return pictures


class Search:
    """One search for the pictures of a recording, written into `folder`.

    `report` is told the seconds searched, of how many, and their unit. Memory holds 5 kB for
    every step of two or three seconds, and a few frames.
    """

    def __init__(
        self,
        recording: Path,
        folder: Path,
        report: Callable[[float, float, str], None],
        pixels: int = MOST_PIXELS,
    ) -> None:
        self.recording = recording
        self.gallery = Gallery(folder)
        self.report = report
        self.pixels = pixels
        self.errors = 0
        self.first_error_s: float | None = None
        self.total_s = 0.0
        self.done_s = 0.0
        self.times: list[float] = []
        self.looks: list[Cells] = []

    def run(self) -> list[Screenshot]:
        """Search, and write what was found. Raises av.FFmpegError if nothing can be opened."""
        if self._keyframes_tell():
            self._search_keyframes()
        else:
            self._search_all_frames()
        return self.gallery.hang()

    def _video(self, *, only_keyframes: bool) -> Video:
        return Video(self.recording, only_keyframes=only_keyframes, pixels=self.pixels)

    def _keyframes_tell(self) -> bool:
        """Look at the keyframes; False as soon as two are too far apart to find every slide."""
        with self._video(only_keyframes=True) as video:
            self.total_s = video.claimed_s
            for time_s, frame in video.keyframes(STEP_S):
                if time_s - (self.times[-1] if self.times else 0.0) > FAR_S:
                    return False
                if not self.times or time_s > self.times[-1]:
                    self._see(time_s, video.cells(frame))
                    self._progress(LOOKING * time_s)
            self.total_s = video.read_to_s
            self._note(video)
        return bool(self.times) and self.total_s - self.times[-1] <= FAR_S

    def _search_keyframes(self) -> None:
        """Where two keyframes differ, look closer, and fetch the picture that ends there."""
        with self._video(only_keyframes=False) as video:
            last = self._see_the_end(video)
            stills = Stills(self.times, np.stack(self.looks))
            begin_s = self.times[0]
            for cut in stills.cuts():
                masked = stills.masked(cut.step - 1)
                for end_s, frame in self._endings(video, cut):
                    look = video.cells(frame)
                    if self.gallery.add(begin_s, end_s, look, masked, self._saver(video, frame)):
                        begin_s = end_s
                ready = LOOKING + (1 - LOOKING) * self.times[cut.step] / max(self.total_s, 1.0)
                self._progress(ready * self.total_s)
            if last is not None:
                self._add_last(begin_s, stills, self._saver(video, last))
            self._note(video)

    def _see_the_end(self, video: Video) -> "VideoFrame | None":
        """Add what is shown last as a step of its own, unless it is as good as a keyframe."""
        frames = list(video.at([self.times[-1], max(self.total_s, self.times[-1])]))
        if not frames:
            return None
        time_s, frame = frames[-1]
        if time_s - self.times[-1] >= FINE_S:
            self._see(time_s, video.cells(frame))
        return frame

    def _endings(self, video: Video, cut: Cut) -> "Iterator[tuple[float, VideoFrame]]":
        """The pictures that end between a cut's two keyframes: (when they end, their last frame)."""
        first_s, end_s = self.times[cut.step - 1], self.times[cut.step]
        if cut.where is None:
            yield from ((end_s, frame) for _, frame in video.at([first_s]))
            return
        old, new = self.looks[cut.step - 1], self.looks[cut.step]
        kept: VideoFrame | None = None
        for time_s, frame in video.at(list(np.arange(first_s, end_s - FINE_S / 2, FINE_S))):
            look = video.cells(frame)
            if kept is not None and differ(look, old, cut.where):
                yield time_s, kept
                if not differ(look, new, cut.where):
                    return
                old = look
            kept = frame
        if kept is not None:
            yield end_s, kept

    def _search_all_frames(self) -> None:
        """Decode everything once, saving each picture after which something changes."""
        self.times, self.looks = [], []
        with self._video(only_keyframes=False) as video:
            saved = self._save_endings(video)
            self.total_s = video.read_to_s
            self._note(video)
        if not saved:
            return
        stills = Stills(self.times, np.stack(self.looks))
        begin_s, begin = self.times[0], 0
        for cut in stills.cuts():
            ends = max((step for step in saved if begin <= step < cut.step), default=None)
            if ends is not None:
                end_s, masked = self.times[cut.step], stills.masked(ends)
                self.gallery.add(begin_s, end_s, self.looks[ends], masked, _given(saved[ends]), 0.0)
            begin_s, begin = self.times[cut.step], cut.step
        self._add_last(begin_s, stills, _given(saved[len(self.looks) - 1]))

    def _save_endings(self, video: Video) -> dict[int, Saved | None]:
        """Look at everything; what may be the end of a picture is saved, by its step."""
        saved: dict[int, Saved | None] = {}
        before: VideoFrame | None = None
        for time_s, frame in video.every(GRID_S):
            self._see(time_s, video.cells(frame))
            if before is not None and self._worth_saving(saved):
                saved[len(self.looks) - 2] = self._save(video, before)
            before = frame
            self._progress(time_s)
        if before is not None:
            saved[len(self.looks) - 1] = self._save(video, before)
        return saved

    def _worth_saving(self, saved: dict[int, Saved | None]) -> bool:
        """Whether the last step but one may be the end of a picture."""
        changed = differing(self.looks[-2], self.looks[-1])
        if np.count_nonzero(changed) < 3:
            return False
        recent = self.looks[-FILM_SAVED_STEPS - 1 :]
        moves = [differing(a, b).mean() > FILM for a, b in pairwise(recent)]
        lately = any(step >= len(self.looks) - FILM_SAVED_STEPS for step in saved)
        return not (lately and sum(moves) >= FILM_STEPS)

    def _add_last(self, begin_s: float, stills: Stills, fetch: Callable[[], Saved | None]) -> None:
        """The last picture stays until the end; if it is the only one it may be short."""
        end_s = max(self.total_s, self.times[-1])
        masked = stills.masked(len(self.times) - 1)
        shortest_s = SHORTEST_S if self.gallery.seen else 0.0
        self.gallery.add(begin_s, end_s, self.looks[-1], masked, fetch, shortest_s)

    def _saver(self, video: Video, frame: "VideoFrame") -> Callable[[], Saved | None]:
        return lambda: self._save(video, frame)

    def _save(self, video: Video, frame: "VideoFrame") -> Saved | None:
        """Save a picture; one whose colours nobody can read is counted as broken."""
        try:
            picture = video.image(frame)
        except av.FFmpegError as error:
            video.count(video.time_of(frame), error)
            return None
        return self.gallery.save(picture)

    def _see(self, time_s: float, look: Cells) -> None:
        self.times.append(time_s)
        self.looks.append(look)

    def _progress(self, seconds: float) -> None:
        self.done_s = max(self.done_s, min(seconds, self.total_s or seconds))
        self.report(self.done_s, max(self.total_s, self.done_s), "s")

    def _note(self, video: Video) -> None:
        if video.errors > self.errors:
            self.errors, self.first_error_s = video.errors, video.first_error_s


def _given(saved: Saved | None) -> Callable[[], Saved | None]:
    return lambda: saved
