"""Crowds of viewers of fifty jobs at work: how long they wait, what it costs.

Beside each as many who ask for Starlette's plain text at the same rate.
"""

import threading
from contextlib import closing
from pathlib import Path

import lifecycle
from figures import report
from plain_text import plain_server
from viewers import WARM_S, crowd

from tests.support.house import opened, until

SECONDS = 8
MOST_S = {1_000: 0.005, 2_500: 0.02, 5_000: 0.05}  # the 99th percentile
OF_PLAIN = 1.5
PLOT = "clients"


def crowds(folder: Path) -> bool:
    """Whether every crowd was served in time, and the largest at its price."""
    lifecycle.add_type()
    with opened(folder / "crowd") as house, closing(house.make_owner()) as client:
        assert house.process
        pid = house.process.pid
        at_work = lifecycle.claim_some(house)
        cookie = f"draftmill={client.cookies['draftmill']}"
        asked = [(f"{house.url}/jobs/{job.id}/pill", cookie) for job in at_work]
        until(lambda: "every 1s" in client.get(asked[-1][0]).text)
        held = []
        for count, most in MOST_S.items():
            seconds = WARM_S + SECONDS
            told = (house.data, at_work, seconds)
            progress = threading.Thread(target=lifecycle.write_progress, args=told)
            progress.start()
            ok, ours = see("viewers", count, asked, pid, most)
            held.append(ok)
            progress.join()
            with plain_server() as (url, plain_pid):
                _, plain = see("of plain text", count, [(url, "")], plain_pid)
            most_of_plain = OF_PLAIN if count == max(MOST_S) else None
            name = f"{count:,} viewers against as many of plain text, share of a core"
            held.append(report(name, ours / plain, "×", most=most_of_plain))
    return all(held)


def see(
    name: str, count: int, asked: list[tuple[str, str]], pid: int, most: float | None = None
) -> tuple[bool, float]:
    """Report what one crowd saw: whether in time, and the share of a core that serving it took."""
    seen = {}
    share = lifecycle.web_share(pid, lambda: seen.update(crowd(count, SECONDS, asked)))
    note = (
        f"p50 {seen['p50'] * 1000:.1f} ms; the viewers' own part: {seen['own_share']:.0%} of a core,"
        f" {seen['late_p99'] * 1000:.1f} ms late"
    )
    assert seen["answers"] > 0.95 * count * SECONDS, seen
    point = (PLOT, name, count)
    report(f"{count:,} {name}, share of a core", share * 100, "%", point=point)
    worst = f"; longest {seen['most'] * 1000:.0f} ms"
    held = report(f"{count:,} {name}, p99", seen["p99"], "s", most=most, note=note + worst)
    return held, share
