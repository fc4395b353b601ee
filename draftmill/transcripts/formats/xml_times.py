"""The times of TTML and of YouTube's XML -> seconds."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from draftmill.transcripts.formats.clocks import rate_of, seconds

OFFSET = re.compile(r"(\d{1,15}(?:\.\d{1,9})?)(h|ms|m|s|f|t)?")
FRAMES = re.compile(r"(\d{1,3}:\d{1,2}:\d{1,2})[:;](\d{1,3}(?:\.\d{1,2})?)")
CLOCK = re.compile(r"\d{1,5}:\d{1,2}(?::\d{1,2})?(?:[.,]\d{1,9})?")
STANDARD_RATE = 30.0  # frames a second, by the standard, where a file does not say


@dataclass(frozen=True)
class Times:
    """How a file counts. `bare` is what a number alone counts: seconds, or None for nobody knows."""

    frames: float = STANDARD_RATE
    ticks: float = 1.0
    bare: float | None = None

    @classmethod
    def of(cls, root: str, facts: Mapping[str, str], text: str) -> "Times":
        """From the root element: its name, its attributes, and the whole text."""
        bare = {"transcript": 1.0, "timedtext": 0.001}.get(root)
        declared = _positive(facts.get("frameRate"))
        times, _, per = facts.get("frameRateMultiplier", "").replace(":", " ").partition(" ")
        used = rate_of(f"{clock}:{int(float(part))}" for clock, part in FRAMES.findall(text))
        frames = declared or max(STANDARD_RATE, used)
        frames *= (_positive(times) or 1.0) / (_positive(per) or 1.0)
        between = _positive(facts.get("subFrameRate")) or 1.0
        ticks = _positive(facts.get("tickRate")) or (frames * between if declared else 1.0)
        return cls(frames, ticks, bare)

    def seconds(self, written: str) -> float | None:
        """The seconds of a time, None where it cannot be read."""
        written = written.strip()
        if match := OFFSET.fullmatch(written):
            unit = self._unit(match[2])
            return None if unit is None else float(match[1]) * unit
        if match := FRAMES.fullmatch(written):
            return (seconds(match[1]) or 0.0) + float(match[2]) / self.frames
        return seconds(written) if CLOCK.fullmatch(written) else None

    def _unit(self, name: str | None) -> float | None:
        units = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
        units |= {"f": 1.0 / self.frames, "t": 1.0 / self.ticks}
        return units[name] if name else self.bare


def _positive(written: str | None) -> float | None:
    """A number above 0, of a stranger's attribute; else None."""
    match = re.fullmatch(r"\s?(\d{1,12}(?:\.\d{1,9})?)\s?", written or "")
    return float(match[1]) or None if match else None
