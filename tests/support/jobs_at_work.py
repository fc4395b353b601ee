"""Jobs that are at work for a while, and the moment at which one is in a stage."""

import itertools
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import httpx2

from tests.support.fault_recordings import Brought, bring_text, jobs_of, sentences, slide_show
from tests.support.house import House, until
from tests.support.process_states import Child, children

LONG = 800  # sentences: most of a second of chapters, more of writing


class LongWork:
    """Projects that stay long enough in each stage to be caught there; no two are the same."""

    def __init__(self, folder: Path, random: Random) -> None:
        self.folder = folder
        self.random = random
        self.made: Path | None = None
        self.numbers = itertools.count()

    def bring(
        self, house: House, client: httpx2.Client, stage: str, types: Sequence[str] = ()
    ) -> Brought:
        """A new project whose ingest, or whose draft for "write", stays in a stage."""
        if stage in ("transcribe", "screenshots"):
            found = house.upload(client, self.slide_show(), types=list(types))
            return Brought(found, "video", jobs_of(house, found))
        types = types or (["blog"] if stage == "write" else [])
        return bring_text(house, client, sentences(self.random, LONG), types)

    def slide_show(self) -> Path:
        """The same pictures under another hash: a box of bytes that players pass over."""
        if self.made is None:
            self.made = slide_show(self.folder / "slides.mp4")
        file = self.folder / f"slides-{next(self.numbers)}.mp4"
        shutil.copyfile(self.made, file)
        with file.open("ab") as box:
            box.write(b"\0\0\0\x10free" + self.random.randbytes(8))
        return file


def caught(house: House, job_id: str, stage: str, within_s: float = 120.0) -> Child | None:
    """The child while it is in a stage; None when the job went through it unseen."""
    seen: list[Child | None] = []

    def look() -> bool:
        job = house.job(job_id)
        if job["completed_at"]:
            seen.append(None)
        elif job["status"] == "running" and job["stage"] == stage:
            seen.extend(c for c in children(job_id) if c.attempt == job["attempt"])
        return bool(seen)

    until(look, within_s, f"job {job_id} to be in {stage}")
    return seen[0]


def tries() -> Iterator[int]:
    """A few: on a loaded machine a stage may be over before its signal arrives."""
    yield from range(5)
    raise AssertionError("the stage was never caught")
