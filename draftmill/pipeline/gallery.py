"""The pictures of a recording on their way to disk: each once, not too many, durable."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from draftmill.media.pictures import write_picture
from draftmill.media.stills import DIFFERS, Cells, Mask, differ
from draftmill.projects.screenshots import Screenshot
from draftmill.storage import thumb_of

SHORTEST_S = 2.5
CROWD_S, CROWD = 120.0, 10  # at most ten pictures in two minutes, 300 in an hour
COMPARABLE = 0.25  # of the picture


@dataclass(frozen=True)
class Saved:
    """A picture on disk, with its thumbnail."""

    file: Path
    thumb: Path
    width: int
    height: int


@dataclass(frozen=True)
class Seen:
    """A picture and when it was on the screen, in seconds; its cells and those not to look at."""

    begin_s: float
    end_s: float
    look: Cells
    masked: Mask
    saved: Saved


class Gallery:
    """Takes pictures in the order of time; `hang` chooses, numbers and keeps them in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seen: list[Seen] = []
        self.files: list[Saved] = []

    def save(self, image: Image.Image) -> Saved:
        """Write a picture and its thumbnail; `hang` deletes them again unless they are chosen."""
        self.folder.mkdir(parents=True, exist_ok=True)
        stem = f"seen-{len(self.files):05d}"
        saved = Saved(
            self.folder / f"{stem}.jpg",
            self.folder / thumb_of(f"{stem}.jpg"),
            image.width,
            image.height,
        )
        write_picture(image, saved.file, saved.thumb)
        self.files.append(saved)
        return saved

    def add(
        self,
        begin_s: float,
        end_s: float,
        look: Cells,
        masked: Mask,
        fetch: Callable[[], Saved | None],
        shortest_s: float = SHORTEST_S,
    ) -> bool:
        """Take a picture, fetched only if it is wanted: an empty or a known one is not.

        Returns False if it was seen too shortly to count, as in the middle of a fade.
        """
        if end_s - begin_s < shortest_s:
            return False
        if np.ptp(look) > DIFFERS and not self._known(look, masked):
            saved = fetch()
            if saved is not None:
                self.seen.append(Seen(begin_s, end_s, look, masked, saved))
        return True

    def _known(self, look: Cells, masked: Mask) -> bool:
        """Whether a slide has come back: a gallery shows it once, where it was first."""
        for seen in self.seen:
            still = ~(masked | seen.masked)
            if still.mean() >= COMPARABLE and not differ(look, seen.look, still):
                return True
        return False

    def hang(self) -> list[Screenshot]:
        """Keep the chosen pictures as 001.jpg, 001-thumb.jpg and so on, synced to disk."""
        shots = []
        chosen = self._chosen()
        for n, seen in enumerate(chosen, 1):
            file = seen.saved.file.rename(self.folder / f"{n:03d}.jpg")
            thumb = seen.saved.thumb.rename(self.folder / thumb_of(file.name))
            for path in (file, thumb):
                _sync(path)
            begin_s, end_s = round(seen.begin_s, 3), round(seen.end_s, 3)
            size = seen.saved.width, seen.saved.height
            shots.append(Screenshot(n, begin_s, end_s, str(file), *size))
        for saved in self.files:
            saved.file.unlink(missing_ok=True)
            saved.thumb.unlink(missing_ok=True)
        if shots:
            _sync(self.folder)
        return shots

    def _chosen(self) -> list[Seen]:
        """Where pictures crowd, those that were seen longest."""
        crowds: dict[int, list[Seen]] = {}
        for seen in self.seen:
            crowds.setdefault(int(seen.begin_s // CROWD_S), []).append(seen)
        chosen = [
            seen
            for crowd in crowds.values()
            for seen in sorted(crowd, key=lambda s: s.begin_s - s.end_s)[:CROWD]
        ]
        return sorted(chosen, key=lambda seen: seen.begin_s)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
