"""Lines over a number of clients or of stored jobs, as SVG that is read on light and dark ground."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

WIDTH, HEIGHT = 720, 340
LEFT, RIGHT, TOP, BOTTOM = 64, 190, 40, 48
COLOURS = ("#1b6ca8", "#b3541e", "#2e7d46", "#8a4fa3", "#7a6a00")
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#2a2622}.grid{stroke:#8884}"
    "@media(prefers-color-scheme:dark){text{fill:#e8e2da}.line{filter:brightness(1.6)}}"
)
Points = list[tuple[float, float]]


@dataclass(frozen=True)
class Plot:
    """One of the page's plots: its name in figures, and what its axes count."""

    name: str
    title: str
    across: str
    up: str
    by_powers: bool = False


PLOTS = (
    Plot("clients", "Cost by number of clients", "clients", "% of a core"),
    Plot("stored", "Cost by number of stored jobs", "stored jobs", "µs of processor time", True),
)


def drawn(plot: Plot, figures: Sequence[dict[str, Any]]) -> str:
    """The SVG of a plot from the figures of a run that belong to it; empty without any."""
    lines: defaultdict[str, Points] = defaultdict(list)
    for figure in figures:
        name, line, count = figure.get("point") or ("", "", 0)
        if name == plot.name:
            lines[line].append((count, figure["value"]))
    return _svg(plot, {line: sorted(points) for line, points in lines.items()}) if lines else ""


def _svg(plot: Plot, lines: dict[str, Points]) -> str:
    counts = sorted({count for points in lines.values() for count, _ in points})
    top, step = _scale(max(value for points in lines.values() for _, value in points))

    def x(count: float) -> float:
        ends = [
            math.log10(one) if plot.by_powers else one for one in (count, counts[0], counts[-1])
        ]
        low = ends[1] if plot.by_powers else 0
        return LEFT + (WIDTH - LEFT - RIGHT) * (ends[0] - low) / ((ends[2] - low) or 1)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top

    parts = [_text(LEFT, 20, f"{plot.title}, {plot.up}")]
    for n in range(round(top / step) + 1):
        at = y(n * step)
        parts.append(f'<path class="grid" d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}"/>')
        parts.append(_text(LEFT - 8, at + 4, f"{n * step:g}", "end"))
    for count in counts:
        parts.append(_text(x(count), HEIGHT - BOTTOM + 20, f"{count:,}", "middle"))
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(_text(middle, HEIGHT - 8, plot.across, "middle"))
    names = _apart({line: y(points[-1][1]) for line, points in lines.items()})
    for colour, (line, points) in zip(COLOURS, lines.items(), strict=False):
        at = [(x(count), y(value)) for count, value in points]
        way = "L".join(f"{across:.1f} {up:.1f}" for across, up in at)
        parts.append(
            f'<path class="line" d="M{way}" fill="none" stroke="{colour}" stroke-width="2"/>'
        )
        parts += [
            f'<circle class="line" cx="{across:.1f}" cy="{up:.1f}" r="3.5" fill="{colour}"/>'
            for across, up in at
        ]
        parts.append(_text(WIDTH - RIGHT + 12, names[line] + 4, line, colour=colour))
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    inner = "\n".join(parts)
    label = escape(plot.title)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{label}">\n'
        f"<style>{STYLE}</style>\n{inner}\n</svg>\n"
    )


def _scale(most: float) -> tuple[float, float]:
    """The upper end of an axis, and a step of it that people count in."""
    rough = most / 4
    power = 10 ** math.floor(math.log10(rough))
    step = next(power * digit for digit in (1, 2, 2.5, 5, 10) if rough <= power * digit)
    return math.ceil(most / step) * step, step


def _apart(heights: dict[str, float], gap: float = 17) -> dict[str, float]:
    """The heights of names beside the ends of their lines, none over another."""
    placed: dict[str, float] = {}
    before = -math.inf
    for name, height in sorted(heights.items(), key=lambda one: one[1]):
        before = placed[name] = max(height, before + gap)
    return placed


def _text(x: float, y: float, text: str, anchor: str = "start", colour: str = "") -> str:
    style = f' class="line" style="fill:{colour}"' if colour else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{style}>{escape(text)}</text>'
