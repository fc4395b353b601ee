"""A thousand and five thousand viewers of fifty jobs at work: how long they wait, what it costs.

Beside them as many who ask for Starlette's plain text at the same rate.
"""

import threading
from contextlib import closing
from pathlib import Path

import lifecycle
from figures import report
from plain_text import plain_server
from viewers import WARM_S, crowd

from tests.support.house import opened, until

SECONDS = 10
MOST_S = {1_000: 0.005, 5_000: 0.05}  # the 99th percentile


def crowds(folder: Path) -> bool:
    """Whether every crowd was served in time."""
    lifecycle.add_type()
    with opened(folder / "crowd") as house, closing(house.make_owner()) as client:
        assert house.process
        pid = house.process.pid
        at_work = lifecycle.claim_some(house)
        urls = [f"{house.url}/jobs/{job.id}/pill" for job in at_work]
        until(lambda: "every 1s" in client.get(urls[-1]).text)
        cookie = f"draftmill={client.cookies['draftmill']}"
        held = []
        for count, most in MOST_S.items():
            seconds = WARM_S + SECONDS
            told = (house.data, at_work, seconds)
            progress = threading.Thread(target=lifecycle.write_progress, args=told)
            progress.start()
            held.append(see(f"{count:,} viewers", count, urls, pid, most, cookie))
            progress.join()
            with plain_server() as (url, plain_pid):
                see(f"{count:,} of plain text", count, [url], plain_pid)
    return all(held)


def see(
    name: str, count: int, urls: list[str], pid: int, most: float | None = None, cookie: str = ""
) -> bool:
    """Report what one crowd saw, and the share of a core that serving it took."""
    seen = {}
    share = lifecycle.web_share(pid, lambda: seen.update(crowd(count, SECONDS, urls, cookie)))
    note = (
        f"p50 {seen['p50'] * 1000:.1f} ms; the viewers' own part: {seen['own_share']:.0%} of a core,"
        f" {seen['late_p99'] * 1000:.1f} ms late"
    )
    assert seen["answers"] > 0.95 * count * SECONDS, seen
    report(f"{name}, share of a core", share * 100, "%")
    worst = f"; longest {seen['most'] * 1000:.0f} ms"
    return report(f"{name}, p99", seen["p99"], "s", most=most, note=note + worst)
