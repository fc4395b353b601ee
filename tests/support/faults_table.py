"""The table of faults in docs/reliability.md: fault, runs, losses, times, written by a full run."""

import statistics
from dataclasses import dataclass, field

from tests.support.places import ROOT

PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- faults: begin -->\n", "<!-- faults: end -->"
HEAD = "| Fault | Runs | Lost | Run twice | Back, p50 / p95 | Bound |\n|---|---:|---:|---:|---:|---:|\n"


@dataclass(frozen=True)
class Fault:
    """One line: times in seconds, from the fault until the work ran again."""

    name: str
    runs: int
    lost: int = 0
    doubled: int = 0
    back_s: tuple[float, ...] = ()
    most_s: float | None = None

    @property
    def p95_s(self) -> float:
        return p95(list(self.back_s))

    @property
    def line(self) -> str:
        back = f"{statistics.median(self.back_s):.2f} / {self.p95_s:.2f} s" if self.back_s else ""
        bound = f"≤ {self.most_s:g} s" if self.most_s is not None else ""
        return f"| {self.name} | {self.runs} | {self.lost} | {self.doubled} | {back} | {bound} |"


@dataclass
class Ledger:
    """The faults of this run, in the order in which they were recorded."""

    faults: dict[str, Fault] = field(default_factory=dict)

    def record(
        self,
        name: str,
        runs: int,
        *,
        lost: int = 0,
        doubled: int = 0,
        back_s: list[float] | None = None,
        most_s: float | None = None,
    ) -> Fault:
        """Note a fault that was run `runs` times; `most_s` bounds the 95th percentile of `back_s`."""
        fault = Fault(name, runs, lost, doubled, tuple(back_s or ()), most_s)
        self.faults[name] = fault
        return fault

    def record_back(
        self, name: str, back_s: list[float], ends: tuple[int, int], most_s: float, judge: bool
    ) -> None:
        """Note a fault by its times and how many jobs it (lost, doubled); the bound can fail."""
        lost, doubled = ends
        fault = self.record(
            name, len(back_s), lost=lost, doubled=doubled, back_s=back_s, most_s=most_s
        )
        assert not judge or fault.p95_s <= most_s, (name, back_s)

    def write(self) -> None:
        """Put this run's lines into the page; lines of faults that did not run stay."""
        before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        table, _, after = rest.partition(END)
        lines = {line.split("|")[1].strip(): line for line in table.splitlines()[2:] if line}
        lines |= {name: fault.line for name, fault in self.faults.items()}
        body = HEAD + "".join(f"{line}\n" for line in lines.values())
        PAGE.write_text(f"{before}{BEGIN}{body}{END}{after}", encoding="utf-8")


def p95(values: list[float]) -> float:
    """The 95th percentile, by the nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * 95 // 100) - 1)]
