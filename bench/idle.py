"""What a house costs in which nothing happens: processor time and wake-ups of all its processes.

The start has a quarter of a minute to settle; then the median of three spans of ten seconds counts.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from figures import report_rounds

from tests.support.house import House, opened

SETTLE_S, SPAN_S, SPANS = 15.0, 10.0, 3
MOST_SHARE = 0.3  # % of a core
VERBS = ("serve", "media", "writing")


def processes(house: House) -> dict[str, int]:
    """The pids of `serve` and its consumers, by what they do."""
    assert house.process
    found = {"serve": house.process.pid}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_text().split("\0")
            ours = f"DRAFTMILL_DATA={house.data}".encode() in (folder / "environ").read_bytes()
        except OSError:
            continue
        if ours and "worker" in words:
            found[words[words.index("worker") + 1]] = int(folder.name)
    assert set(found) == set(VERBS), found
    return found


def used(pid: int) -> tuple[float, int]:
    """Seconds of processor time of all threads of a process, and how often one of them woke."""
    seconds, wakes = 0.0, 0
    for thread in Path(f"/proc/{pid}/task").iterdir():
        seconds += int((thread / "schedstat").read_text().split()[0]) / 1e9
        status = (thread / "status").read_text()
        wakes += int(status.partition("\nvoluntary_ctxt_switches:")[2].split()[0])
    return seconds, wakes


def spans(pids: dict[str, int]) -> Iterator[dict[str, tuple[float, float]]]:
    """For each span and process: per cent of a core, and wake-ups per second."""
    for _ in range(SPANS):
        before = {name: used(pid) for name, pid in pids.items()}
        began = time.monotonic()
        time.sleep(SPAN_S)
        took_s = time.monotonic() - began
        yield {
            name: (
                100 * (after[0] - before[name][0]) / took_s,
                (after[1] - before[name][1]) / took_s,
            )
            for name, after in ((name, used(pid)) for name, pid in pids.items())
        }


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder) / "data") as house:
        time.sleep(SETTLE_S)
        found = list(spans(processes(house)))
    for name in VERBS:
        report_rounds(f"idle, {name}", [span[name][0] for span in found], "% of a core")
    wakes = [sum(woke for _, woke in span.values()) for span in found]
    report_rounds("idle, wake-ups of all three", wakes, "per second")
    shares = [sum(share for share, _ in span.values()) for span in found]
    return 0 if report_rounds("idle, all three", shares, "% of a core", most=MOST_SHARE) else 1


if __name__ == "__main__":
    sys.exit(main())
