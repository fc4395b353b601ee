"""A restart does not bring all pages back at once."""

import asyncio
import gc
import math
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random

import httpx2
from playwright.sync_api import Page

from tests.support.browser import newest_job
from tests.support.crowd import FIRST_S, JITTER, LONGEST_S, Crowd, OpenPage
from tests.support.faults_table import Ledger
from tests.support.held_model import Gate
from tests.support.house import House, until
from tests.support.model_server import ModelServer
from tests.support.pills import start

SEED = 1117
MANY = 200
BACK_S = 60.0
# Time runs so much faster on a page, and it notes how long it meant to wait.
HURRIED = """
window.waits = [];
const wait = window.setTimeout;
window.setTimeout = (act, ms, ...given) => {
  if (ms % 1) waits.push(ms / 1000);
  return wait(act, ms % 1 ? ms / 200 : ms, ...given);
};
"""


def test_the_page_itself_comes_back_later_and_later_and_not_with_all_others(
    house: House, page: Page
) -> None:
    page.add_init_script(HURRIED)
    page.route_web_socket("**/live*", lambda socket: socket.close(code=1012))
    page.goto(house.url)
    waits: list[float] = until(lambda: len(found := page.evaluate("waits")) > 40 and found)
    meant = [min(FIRST_S * 2**n, LONGEST_S) for n in range(6)]
    shares = [
        min((wait / s for s in meant), key=lambda share: abs(math.log(share))) for wait in waits
    ]
    assert all(1 - JITTER <= share <= 1 + JITTER for share in shares), waits
    assert max(shares) - min(shares) > JITTER, shares


def test_two_hundred_pages_after_a_restart_are_no_storm(
    house: House,
    owner: httpx2.Client,
    project: str,
    model: ModelServer,
    gate: Gate,
    rounds: Callable[[int, int], int],
    ledger: Ledger,
) -> None:
    times = rounds(1, 5)
    model.then(*[gate.answer] * times)
    start(owner, project)
    crowd = Crowd(house.url, owner.cookies["draftmill"])
    pill = f"/jobs/{newest_job(house, project, 'blog')}/pill"
    watching = _restarts(house, crowd, f"project={project}", pill, times)
    with ThreadPoolExecutor() as thread:
        busiest = thread.submit(asyncio.run, watching).result()
    with warnings.catch_warnings():
        # What a page was connecting when it was cut off goes now, not in the middle of a later test.
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
    assert all(most <= 2 * MANY for most in busiest), busiest
    ledger.record(
        f"Restarts under {MANY} open pages: a second with more than {2 * MANY} requests", times
    )


async def _restarts(house: House, crowd: Crowd, query: str, pill: str, times: int) -> list[int]:
    """The busiest second of each restart, from the stop until all pages listen again."""
    random, busiest = Random(SEED), []
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx2.AsyncClient(headers=crowd.headers, limits=limits) as http:
        pages = [OpenPage(crowd, http, query, random) for _ in range(MANY)]
        open_pages = [asyncio.create_task(page.stay(pill)) for page in pages]
        await _all_listen(pages)
        for _ in range(times):
            crowd.arrived_s.clear()
            await asyncio.to_thread(house.stop)
            await asyncio.to_thread(house.start)
            await _all_listen(pages)
            busiest.append(crowd.busiest_second())
        for one in open_pages:
            one.cancel()
        await asyncio.wait(open_pages)
    return busiest


async def _all_listen(pages: list[OpenPage]) -> None:
    async with asyncio.timeout(BACK_S):
        while not all(page.listening for page in pages):
            await asyncio.sleep(0.05)
