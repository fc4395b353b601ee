"""A server that is restarted again and again during one job: the page goes on, and never asks twice as often."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, WebSocket, expect

from tests.support.browser import SOON_MS, newest_job, slot, without_sockets
from tests.support.faults_table import Ledger
from tests.support.held_model import Gate
from tests.support.house import House, until
from tests.support.model_server import ModelServer
from tests.support.pills import ends_well, generate
from tests.web.live.test_pages import polls_of


def restarted(house: House, job: str) -> None:
    """Stop the server and start it again; the job is at work again afterwards."""
    attempt = house.job(job)["attempt"]
    assert house.stop() == 0
    house.start()
    until(lambda: (row := house.job(job))["attempt"] > attempt and row["status"] == "running")


def tells_more(page: Page) -> None:
    """Wait until the pill shows a newer state than now."""
    rev = int(slot(page, "blog").get_attribute("data-rev") or 0)
    until(lambda: int(slot(page, "blog").get_attribute("data-rev") or 0) > rev)


@pytest.mark.parametrize("way", ["listening", "asking"])
def test_a_page_follows_one_job_through_all_restarts(
    house: House,
    project: str,
    model: ModelServer,
    gate: Gate,
    page: Page,
    rounds: Callable[[int, int], int],
    ledger: Ledger,
    way: str,
    full: bool,
) -> None:
    if way == "listening" and not full:
        pytest.skip("only in `make faults`")
    times, sockets = rounds(3, 20), list[WebSocket]()
    model.then(*[gate.answer] * times)
    page.on("websocket", lambda socket: sockets.append(socket))
    generate(page if way == "listening" else without_sockets(page), house, project)
    polls, since_s = polls_of(page), time.monotonic()
    job = newest_job(house, project, "blog")
    for _ in range(times):
        expect(slot(page, "blog")).to_contain_text("words so far", timeout=SOON_MS)
        restarted(house, job)
        tells_more(page)
    expect(page.locator("#offline")).to_be_hidden(timeout=SOON_MS)
    # One a second, one more for each return, and one for the end of a second.
    assert len(polls) <= time.monotonic() - since_s + times + 2, len(polls)
    gate.open.set()
    ends_well(page)
    if way == "listening":
        until(lambda: page.evaluate("1") and sum(not one.is_closed() for one in sockets) == 1)
    ledger.record(f"The server restarted during a job: pages that are {way}", times)
