"""The live channel: 5,000 sockets on one process, an event of each of 50 users a second.

How long after the beginning of its write the last of a user's hundred pages has heard of an event,
what that costs, and how long a relay of the kind that most teams build takes for the same. Then
from the write to the painted pixel of a real browser, and what is stored. Three minutes.
"""

import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

import lifecycle
from figures import at, report
from listeners import listening
from painted import painted
from relay import STAMP, relay
from stored import stored
from working import REV, Person, people, write_reports

from tests.support.house import House, opened

SECONDS = 10
USERS, MOST = 50, 5_000
FEWER = (1_000, 2_500)
LAST_S = 0.3
MOST_KB = 30.0
SETTLE_S = 1.0
PLOT = "clients"
Events = dict[str, tuple[int, float]]  # in the order of time: whose, and when its writing began
AGAINST = "last receiver, p{:.0f}, against the relay's"


def resident_kb(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])


def last_ones(events: Events, heard: dict[str, list[float]], each: int) -> list[float]:
    """For each event, the seconds from the beginning of its write until all its user's pages had it.

    Of two events that wait for a slow page only the newer is told, which is as good.
    """
    found, newer = [], {}
    for key, (whose, began) in reversed(events.items()):
        times = heard.get(key, [])
        last = (
            max(times) if len(times) == each else max([newer.get(whose, began + SECONDS), *times])
        )
        newer[whose] = last
        found.append(last - began)
    return found


def ours(house: House, persons: list[Person], count: int) -> tuple[bool, list[float]]:
    """Whether so many sockets of our own kept their bounds, and the last ones among them."""
    assert house.process
    pid, before = house.process.pid, resident_kb(house.process.pid)
    each = count // len(persons)
    at_work = [one.job for one in persons if one.job]
    written: Events = {}
    with listening(house.url, REV, [(one.page, one.cookie) for one in persons * each]) as seen:
        time.sleep(SETTLE_S)
        grown_kb = (resident_kb(pid) - before) / count
        share = lifecycle.web_share(
            pid, lambda: written.update(write_reports(house, at_work, SECONDS))
        )
        time.sleep(SETTLE_S)
    last = last_ones(written, seen["heard"], each)
    held = told("sockets", count, last, share, LAST_S)
    if count == MOST:  # the first crowd: later ones find memory that others have left
        held = report(f"{count:,} sockets, memory of each", grown_kb, "KB", most=MOST_KB) and held
    return held, last


def theirs(folder: Path) -> list[float]:
    """The last ones among as many sockets of the relay; none where it cannot be had."""
    with relay(USERS, folder) as found:
        if found is None:
            return []
        before = resident_kb(found.pid)
        pages = [(f"/live?user={n % USERS}", "") for n in range(MOST)]
        with listening(found.url, STAMP, pages) as seen:
            time.sleep(SETTLE_S)
            grown_kb = (resident_kb(found.pid) - before) / MOST
            share = lifecycle.web_share(found.pid, lambda: found.report(SECONDS))
            time.sleep(SETTLE_S)
    heard = seen["heard"]
    stamps: Events = {stamp: (0, float(stamp)) for stamp in sorted(heard, key=float)}
    last = last_ones(stamps, heard, MOST // USERS)
    told("sockets of the relay", MOST, last, share)
    report(f"{MOST:,} sockets of the relay, memory of each", grown_kb, "KB")
    return last


def told(name: str, count: int, last: list[float], share: float, most: float | None = None) -> bool:
    """Report how long events took to their last receivers, and the share of a core meanwhile."""
    report(f"{count:,} {name}, share of a core", share * 100, "%", point=(PLOT, name, count))
    note = (
        f"{len(last)} events, p50 {at(0.5, last) * 1000:.0f} ms, longest {max(last) * 1000:.0f} ms"
    )
    figure = f"{count:,} {name}, last receiver, p99"
    return report(figure, at(0.99, last), "s", most=most, note=note)


def sockets(folder: Path) -> bool:
    """Whether all were told in time, at their price, and no later than a relay would tell them."""
    with opened(folder / "sockets") as house:
        house.make_owner().close()
        persons = people(house, USERS, USERS)
        held, last = ours(house, persons, MOST)
        for count in FEWER:
            held = ours(house, persons, count)[0] and held
    of_relay = theirs(folder)
    if not of_relay:
        note = "left out: it needs node, npm and redis-server"
        report(AGAINST.format(50), 0, "×", note=note)
        return held
    against = [
        report(AGAINST.format(100 * share), at(share, last) / at(share, of_relay), "×", most=1.0)
        for share in (0.5, 0.99)
    ]
    return held and all(against)


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        held = (sockets(Path(name)), painted(Path(name)), stored(Path(name)))
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
