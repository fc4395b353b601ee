"""One line a figure, the same from every benchmark: what was measured, its bound, and whether it held."""

import json
import statistics
from collections.abc import Sequence


def report(
    figure: str,
    value: float,
    unit: str = "",
    most: float | None = None,
    least: float | None = None,
    note: str = "",
    spread: tuple[float, float] | None = None,
    point: tuple[str, str, float] | None = None,
) -> bool:
    """Print a figure as a line of JSON. True unless it breaks its bound.

    `spread` is the lowest and the highest of what the value was taken from, in the same unit.
    `point` makes it one of a plot's (plots.py): the plot, the line in it, and how many.
    """
    ok = (most is None or value <= most) and (least is None or value >= least)
    bound = f"≤ {most:g}" if most is not None else f"≥ {least:g}" if least is not None else ""
    line = {"figure": figure, "value": round(value, 3), "unit": unit, "bound": bound, "ok": ok}
    between = [round(end, 3) for end in spread] if spread else None
    line |= {"note": note, "spread": between} | ({"point": point} if point else {})
    print(json.dumps(line, ensure_ascii=False), flush=True)
    return ok


def report_rounds(
    figure: str,
    rounds: Sequence[float],
    unit: str = "",
    most: float | None = None,
    least: float | None = None,
    note: str = "",
    point: tuple[str, str, float] | None = None,
) -> bool:
    """Report the median of some rounds, with their spread. The bound is the median's."""
    spread = (min(rounds), max(rounds))
    return report(figure, statistics.median(rounds), unit, most, least, note, spread, point)


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Ours against theirs, round by round: what slows the machine for a while slows both."""
    return [one / other for one, other in zip(ours, theirs, strict=True)]


def at(share: float, values: Sequence[float]) -> float:
    """The value below which a share of them lies: 0.99 for the 99th percentile."""
    return sorted(values)[round(share * (len(values) - 1))]
