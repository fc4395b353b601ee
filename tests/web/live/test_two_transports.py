"""Where a socket is refused, closed or silent, the same page goes on by asking, and nobody sees a difference."""

import re
import time
from collections.abc import Callable

import httpx2
import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.support.browser import SOON_MS, slot, without_sockets
from tests.support.held_model import Gate
from tests.support.house import House, until
from tests.support.pills import ends_well, generate
from tests.web.live.test_pages import polls_of


class Line:
    """The way between a page and the server, which a test can close or make silent."""

    def __init__(self, page: Page) -> None:
        self.sockets: list[WebSocketRoute] = []
        self.silent = False
        page.route_web_socket("**/live*", self._opened)

    def _opened(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        server.on_message(lambda text: None if self.silent else socket.send(text))
        self.sockets.append(socket)

    def close(self) -> None:
        self.sockets[-1].close(code=1011)


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


def test_a_hidden_page_asks_for_nothing_while_it_is_told(
    house: House, owner: httpx2.Client, project: str, gate: Gate, page: Page
) -> None:
    generate(page, house, project)
    hide(page, True)
    polls = polls_of(page)
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
