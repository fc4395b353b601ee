"""Where a socket is refused, closed or silent, the same page goes on by asking, and nobody sees a difference."""

import re
import time
from collections.abc import Callable

import httpx2
import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.support.browser import SOON_MS, newest_job, slot, without_sockets
from tests.support.held_model import Gate
from tests.support.house import House, until
from tests.support.pills import ends_well, generate, start
from tests.web.live.test_pages import polls_of


class Line:
    """The way between a page and the server, which a test can close or make silent.

    With `beats` it closes each socket by itself when so many were heard.
    """

    def __init__(self, page: Page, beats: int = 0) -> None:
        self.sockets: list[WebSocketRoute] = []
        self.silent = False
        self.beats = beats
        self.closed_s: list[float] = []
        self.opened_s: list[float] = []
        page.route_web_socket("**/live*", self._opened)

    def _opened(self, socket: WebSocketRoute) -> None:
        server, beats = socket.connect_to_server(), [0]

        def tell(text: str | bytes) -> None:
            if not self.silent:
                socket.send(text)
            if '"beat"' not in str(text):
                return
            beats[0] += 1
            if beats[0] == self.beats:
                self.close()

        server.on_message(tell)
        self.sockets.append(socket)
        self.opened_s.append(time.monotonic())

    def close(self) -> None:
        self.sockets[-1].close(code=1011)
        self.closed_s.append(time.monotonic())


def test_where_sockets_are_blocked_the_page_asks_every_second(
    house: House, project: str, gate: Gate, page: Page
) -> None:
    generate(without_sockets(page), house, project)
    for _ in range(3):
        with page.expect_response("**/jobs/*/pill", timeout=3000):
            pass
    gate.open.set()
    ends_well(page)


@pytest.mark.parametrize("how", ["closed", "silent"])
def test_a_line_that_is_lost_is_made_up_for_by_asking(
    house: House, project: str, gate: Gate, page: Page, how: str
) -> None:
    line = Line(page)
    generate(page, house, project)
    expect(slot(page, "blog")).to_contain_text("words so far", timeout=SOON_MS)
    lost: Callable[[], None] = (
        line.close if how == "closed" else lambda: setattr(line, "silent", True)
    )
    with page.expect_response("**/jobs/*/pill", timeout=SOON_MS):
        lost()
    gate.open.set()
    ends_well(page)


def test_a_closed_line_comes_back_and_tells_what_was_missed(
    house: House, project: str, gate: Gate, page: Page
) -> None:
    line = Line(page)
    generate(page, house, project)
    expect(slot(page, "blog")).to_contain_text("words so far", timeout=SOON_MS)
    line.close()
    page.route("**/jobs/*/pill", lambda route: route.abort())  # only the line can tell it now
    gate.open.set()
    ends_well(page)
    assert len(line.sockets) > 1
    assert int(re.findall(r"since=(\d+)", line.sockets[-1].url)[0]) > 0


def test_a_line_that_stays_silent_is_replaced(
    house: House, project: str, gate: Gate, page: Page
) -> None:
    line = Line(page)
    generate(page, house, project)
    expect(slot(page, "blog")).to_contain_text("words so far", timeout=SOON_MS)
    line.silent = True
    until(lambda: page.evaluate("1") and len(line.sockets) > 1, 20, "another line")
    line.silent = False
    page.route("**/jobs/*/pill", lambda route: route.abort())  # only the line can tell it now
    gate.open.set()
    ends_well(page)
    assert len(line.sockets) == 2, "one other line, and it stays"


def test_where_lines_live_for_seconds_they_come_back_later_and_later_and_the_header_is_right(
    house: House, owner: httpx2.Client, project: str, gate: Gate, page: Page
) -> None:
    line = Line(page, beats=1)
    page.goto(f"{house.url}/account")
    until(lambda: page.evaluate("1") and len(line.closed_s) > 3)
    waits = [back - gone for gone, back in zip(line.closed_s, line.opened_s[1:], strict=False)]
    assert all(wait > 0.7 * 2**n for n, wait in enumerate(waits)), waits
    start(owner, project)
    expect(page.locator("#indicator")).to_contain_text("at work", timeout=12_000)
    gate.open.set()
    job = newest_job(house, project, "blog")
    house.ended(job)
    told = house.one("select id from notifications where job_id = ?", job)
    assert told
    expect(page.locator("#indicator")).not_to_contain_text("at work", timeout=12_000)
    expect(page.locator(f"#toast-{told['id']}")).to_be_visible(timeout=12_000)


def test_a_hidden_page_asks_for_nothing_while_it_is_told(
    house: House, owner: httpx2.Client, project: str, gate: Gate, page: Page
) -> None:
    generate(page, house, project)
    polls = polls_of(page)
    hide(page, True)
    heard_from = time.monotonic()
    until(lambda: page.evaluate("1") and time.monotonic() - heard_from > 3)
    assert polls == []
    with page.expect_response("**/jobs/*/pill", timeout=SOON_MS):
        hide(page, False)
    gate.open.set()
    ends_well(page)


def hide(page: Page, hidden: bool) -> None:
    """Put a page away, or bring it back; headless browsers never do it themselves."""
    page.evaluate(
        "hidden => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});"
        " document.dispatchEvent(new Event('visibilitychange')); }",
        hidden,
    )
