"""A page without a network: it says so, and is right as soon as there is one again."""

import time
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.support.browser import SOON_MS, newest_job, slot, without_sockets
from tests.support.faults_table import Ledger
from tests.support.held_model import Gate
from tests.support.house import House, until
from tests.support.pills import ends_well, generate
from tests.web.live.test_pages import polls_of
from tests.web.live.test_two_transports import hide


def test_a_network_that_is_gone_for_a_while_is_made_up_for(
    house: House,
    project: str,
    gate: Gate,
    page: Page,
    rounds: Callable[[int, int], int],
    ledger: Ledger,
) -> None:
    generate(page, house, project)
    expect(slot(page, "blog")).to_contain_text("words so far", timeout=SOON_MS)
    page.context.set_offline(True)
    gone_s = time.monotonic()
    expect(page.locator("#offline")).to_contain_text("What is running keeps running")
    expect(page.locator("#offline")).to_be_visible(timeout=SOON_MS)
    expect(slot(page, "blog")).to_have_attribute("data-status", "running")
    gate.open.set()
    house.ended(newest_job(house, project, "blog"))
    until(lambda: page.evaluate("1") and time.monotonic() - gone_s > rounds(5, 60), 90)
    page.context.set_offline(False)
    ends_well(page)
    expect(page.locator("#offline")).to_be_hidden()
    ledger.record("The network of a page gone for a minute", 1)


def test_a_hidden_page_without_a_socket_asks_every_ten_seconds_only(
    house: House, project: str, gate: Gate, page: Page
) -> None:
    generate(without_sockets(page), house, project)
    hide(page, True)
    polls, since_s = polls_of(page), time.monotonic()
    gate.open.set()
    ends_well(page)
    assert len(polls) <= 2 + (time.monotonic() - since_s) / 8, polls
