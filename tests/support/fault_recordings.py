"""Recordings and transcripts to work on while things are killed; no two are the same."""

import itertools
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import httpx2

from tests.support.house import SAMPLE, House, project_id

DRAFTS = ("blog", "newsletter", "twitter", "linkedin")
SAMPLE_S = 100.0
WORDS = SAMPLE.with_suffix(".txt").read_text(encoding="utf-8").split()


@dataclass(frozen=True)
class Brought:
    """A project and its jobs, the ingest first."""

    project_id: str
    kind: str
    jobs: tuple[str, ...]


class Corpus:
    """Short recordings with and without pictures, and transcripts, cut anew for each project."""

    def __init__(self, folder: Path, random: Random, longest_s: float = 30.0) -> None:
        self.folder = folder
        self.random = random
        self.longest_s = longest_s
        self.numbers = itertools.count()

    def bring(
        self, house: House, client: httpx2.Client, kind: str, types: Sequence[str] = DRAFTS
    ) -> Brought:
        """A new project of a kind: "video", "audio" or "transcript"."""
        if kind == "transcript":
            return bring_text(house, client, sentences(self.random, 40), types)
        file = self.cut(kind)
        found = house.upload(client, file, types=list(types))
        return Brought(found, kind, jobs_of(house, found))

    def cut(self, kind: str) -> Path:
        """A file of 5 s of the sample or more: "video", or "audio" alone."""
        length_s = self.random.uniform(5, self.longest_s)
        begin_s = self.random.uniform(0, SAMPLE_S - length_s)
        file = self.folder / f"{next(self.numbers)}.{'mp4' if kind == 'video' else 'm4a'}"
        pictures = [] if kind == "video" else ["-vn"]
        ffmpeg("-ss", f"{begin_s:.2f}", "-t", f"{length_s:.2f}", "-i", SAMPLE, *pictures,
               "-c", "copy", file)  # fmt: skip
        return file


def slide_show(file: Path) -> Path:
    """A recording with a few words and many pictures: it is at its screenshots for a while."""
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=1280x720:r=1", "-t", "12", "-i", SAMPLE,
           "-map", "0:v", "-map", "1:a", "-t", "300", "-g", "1", "-preset", "ultrafast",
           "-c:a", "copy", file)  # fmt: skip
    return file


def ffmpeg(*arguments: str | Path) -> None:
    subprocess.run(["ffmpeg", "-v", "error", *map(str, arguments)], check=True)


def sentences(random: Random, many: int) -> str:
    """A transcript in which the sample's words are shuffled: nobody brought it before."""
    return " ".join(f"{' '.join(random.sample(WORDS, 14)).capitalize()}." for _ in range(many))


def bring_text(house: House, client: httpx2.Client, text: str, types: Sequence[str]) -> Brought:
    """A project of a pasted transcript."""
    form = {"transcript_text": text, "types": list(types)}
    found = project_id(client.post("/projects", data=form, files={"none": b""}))
    return Brought(found, "transcript", jobs_of(house, found))


def jobs_of(house: House, project_id: str) -> tuple[str, ...]:
    """The ids of a project's jobs, the ingest first."""
    query = "select id from jobs where project_id = ? order by type != 'ingest', n"
    return tuple(row["id"] for row in house.rows(query, project_id))
