"""Slides that follow each other, as an input of ffmpeg."""

from collections.abc import Iterable
from pathlib import Path

from PIL.Image import Image


def shown(folder: Path, slides: Iterable[tuple[Image, float]], level: int = 6) -> list[str | Path]:
    """Write slides, each shown for some seconds, into `folder`; ffmpeg's command that reads them.

    `level` is the compression of the pictures, 0 to 9.
    """
    lines = ["ffconcat version 1.0"]
    last = 0
    for last, (slide, span_s) in enumerate(slides):
        slide.save(folder / f"{last}.png", compress_level=level)
        lines += [f"file {last}.png", f"duration {span_s:.3f}"]
    lines.append(f"file {last}.png")  # without a next file the last one is dropped
    (folder / "slides.txt").write_text("\n".join(lines))
    return ["ffmpeg", "-v", "error", "-y", "-f", "concat", "-i", folder / "slides.txt"]
