"""Recordings with several audio tracks, made of two voices."""

from pathlib import Path

from tests.support import media_files as files
from tests.support.places import SOUNDS

TALK = ("-i", str(SOUNDS / "english.opus"))
# Two people take turns: the first speaks for 6 s, then there is a pause, then the second.
TURNS_S = 12.0
TURNS = (
    "[0:a]apad=whole_dur=12,asplit=3[u][v][mix];"
    "[u]volume=0:enable='gte(t,6.5)'[one];[v]volume=0:enable='lt(t,6.5)'[two]"
)


def recording(name: str, graph: str, tracks: list[str], *more: str) -> Path:
    """A Matroska file of the graph's outputs, each an audio track."""
    maps = [part for track in tracks for part in ("-map", f"[{track}]")]
    return files.made(name, *TALK, "-filter_complex", graph, *maps, "-c:a", "flac", *more)


def two_people(name: str = "two-people.mka", *more: str) -> Path:
    """The host is on the first track, the guest on the second."""
    return recording(name, f"{TURNS};[mix]anullsink", ["one", "two"], *more)
