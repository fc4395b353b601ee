"""`make bench`: every benchmark, a table at the end, figures and a plot into docs/performance.md.

`python -m bench NAME …` runs some of them; the page keeps the others' latest figures. How long
each one took, and all of them, is told at the end.
"""

import json
import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.plots import PLOTS, drawn

ROOT = Path(__file__).resolve().parent.parent
ALONE = str(Path(__file__).with_name("alone.py"))
NAMES = (
    "upload",
    "tus",
    "pill",
    "live",
    "api",
    "start",
    "idle",
    "latency",
    "pages",
    "weight",
    "search",
    "lifecycle",
    "estimates",
    "readings",
    "rescue",
    "screenshots",
    "transcribe",
    "voices",
    "drafts",
    "evidence",
    "binary",
)
PAGE = ROOT / "docs" / "performance.md"
FIGURES = ROOT / "docs" / "performance.json"
IMAGES = ROOT / "docs" / "images"
PLOT = IMAGES / "performance.png"
MARK = "<!-- figures -->"


def main(names: list[str]) -> int:
    kept: dict[str, Any] = json.loads(FIGURES.read_text(encoding="utf-8"))
    failed = []
    for name in names or NAMES:
        print(f"# {name}", flush=True)
        began = time.monotonic()
        lines, code = run(name)
        seconds = round(time.monotonic() - began)
        day = datetime.now(UTC).strftime("%Y-%m-%d")
        if code:
            failed.append(name)
        if code not in (0, 1):  # a broken bound is a figure as well
            lines += not_again(kept.get(name), lines)
        kept[name] = {"when": day, "seconds": seconds, "lines": lines}
    kept = {name: kept[name] for name in NAMES if name in kept}
    ran = {name: kept[name] for name in names or NAMES}
    print(f"{table(ran)}\n\n{times(ran)}")
    FIGURES.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    write_page(kept)
    if failed:
        print(f"Broken, a bound or all of it: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def run(name: str) -> tuple[list[dict[str, Any]], int]:
    """The figures of one benchmark and the exit code of alone.py; its lines are shown as they come."""
    command = [sys.executable, ALONE, str(ROOT / "bench" / f"{name}.py")]
    lines = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for line in process.stdout:
            print(line, end="", flush=True)
            if line.startswith("{"):
                lines.append(json.loads(line))
        return lines, process.wait()


def not_again(before: dict[str, Any] | None, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The earlier figures of a benchmark that it did not come to this time, each with its day."""
    if before is None:
        return []
    measured = {line["figure"] for line in lines}
    return [
        {"when": before["when"], **line}
        for line in before["lines"]
        if line["figure"] not in measured
    ]


def table(kept: dict[str, Any]) -> str:
    rows = ["| | Figure | Measured | Lowest to highest | Bound | |", "|---|---|---|---|---|---|"]
    for name, bench in kept.items():
        for line in bench["lines"]:
            value = f"{line['value']:,} {line['unit']}".strip()
            spread = " – ".join(f"{end:,}" for end in line.get("spread") or ())
            held = ("holds" if line["ok"] else "**broken**") if line["bound"] else ""
            if "when" in line:
                held = f"{held} on {line['when']}, not measured again".lstrip()
            note = f" ({line['note']})" if line["note"] else ""
            cells = (name, line["figure"] + note, value, spread, line["bound"], held)
            rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def times(kept: dict[str, Any]) -> str:
    """How long each benchmark took and all of them together."""
    seconds = {name: bench["seconds"] for name, bench in kept.items() if "seconds" in bench}
    each = ", ".join(f"{name} {taken} s" for name, taken in seconds.items())
    return f"It took {sum(seconds.values()) / 60:.1f} minutes: {each}."


def write_page(kept: dict[str, Any]) -> None:
    """Put the figures below the mark of the page; what stands above it is written by hand."""
    above = PAGE.read_text(encoding="utf-8").partition(MARK)[0]
    days = sorted({bench["when"] for bench in kept.values()})
    when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    where = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    lines = [line for bench in kept.values() for line in bench["lines"]]
    plot(lines)
    text = f"{above}{MARK}\n\nMeasured {when}: {where}.\n\n{table(kept)}\n\n"
    text += f"{times(kept)}\n\n"
    text += "![Each figure as a share of its bound](images/performance.png)\n"
    for one in PLOTS:
        if svg := drawn(one, lines):
            (IMAGES / f"{one.name}.svg").write_text(svg, encoding="utf-8")
            text += f"\n![{one.title}](images/{one.name}.svg)\n"
    PAGE.write_text(text, encoding="utf-8")


def plot(lines: list[dict[str, Any]]) -> None:
    """Each bounded figure as a share of its bound: left of 1 it holds."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    # A bound of zero has no share.
    bounded = [line for line in lines if line["bound"] and float(line["bound"].split()[1])][::-1]
    shares = [share(line) for line in bounded]
    figure, axes = pyplot.subplots(figsize=(9, 0.42 * len(bounded) + 1))
    axes.barh(
        [line["figure"] for line in bounded],
        shares,
        color=["#256b43" if line["ok"] else "#a3291f" for line in bounded],
        height=0.55,
    )
    axes.axvline(1, color="#1f1c18", linewidth=1)
    axes.set_xlabel("share of the bound used (1 = at the bound)")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.tight_layout()
    PLOT.parent.mkdir(exist_ok=True)
    figure.savefig(PLOT, dpi=110)


def share(line: dict[str, Any]) -> float:
    sign, number = line["bound"].split()
    bound = float(number)
    return float(line["value"] / bound if sign == "≤" else bound / max(line["value"], 1e-9))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
