"""What `make bench` publishes of a benchmark that held, that broke a bound, and that broke off."""

import json
from pathlib import Path
from typing import Any

import pytest

from bench import __main__ as bench

LINE = '{{"figure": "{}", "value": 1, "unit": "s", "bound": "", "ok": true, "note": ""}}'
ENDS = {
    "a broken bound": ("import sys; sys.exit(1)", []),
    "an exception": ("1 / 0", ["measured before"]),
    "a word": ("raise SystemExit('no answer')", ["measured before"]),
    "a signal": ("import os; os.kill(os.getpid(), 9)", ["measured before"]),
}


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A page that has a figure of one benchmark, from an earlier day."""
    (tmp_path / "bench").mkdir()
    figures: dict[str, Any] = {
        "when": "2026-01-02",
        "lines": [json.loads(LINE.format("measured before"))],
    }
    (tmp_path / "figures.json").write_text(json.dumps({"one": figures}))
    page = tmp_path / "page.md"
    page.write_text(f"By hand.\n{bench.MARK}\n")
    places = {"ROOT": tmp_path, "PAGE": page, "FIGURES": tmp_path / "figures.json"}
    places |= {"IMAGES": tmp_path, "PLOT": tmp_path / "plot.png"}
    for name, value in places.items():
        monkeypatch.setattr(bench, name, value)
    monkeypatch.setattr(bench, "NAMES", ("one",))
    return page


@pytest.mark.parametrize("how", ENDS)
def test_only_what_broke_off_keeps_figures_that_it_did_not_come_to(page: Path, how: str) -> None:
    ending, kept = ENDS[how]
    script = page.parent / "bench" / "one.py"
    script.write_text(f"print('''{LINE.format('measured now')}''', flush=True)\n{ending}\n")
    assert bench.main(["one"]) == 1
    found = [line for line in page.read_text().splitlines() if line.startswith("| one")]
    assert [line.split(" | ")[1] for line in found] == ["measured now", *kept]
    assert ["on 2026-01-02, not measured again" in line for line in found] == [
        False,
        *map(bool, kept),
    ]
