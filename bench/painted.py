"""From a worker's write to the painted pixel of a real Chromium, among 200 connected users.

Fifty of them have a job at work, whose progress is written once a second. Four of those look at
their project's page in a browser: by the live channel, then where websockets are blocked. The
moment is that of the task after the frame in which the pill's new state was drawn.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from figures import at, report
from listeners import listening
from playwright.sync_api import Browser, Page, sync_playwright
from viewers import WARM_S, crowd
from working import REV, Person, people, write_reports

from tests.support.browser import without_sockets
from tests.support.house import House, opened

CONNECTED, AT_WORK, PAGES = 200, 50, 4
SECONDS = 20
LIVE_S, POLLED_S = 0.3, 1.3
WATCH = """(slot) => {
  window.painted = [];
  const rev = () => Number(document.getElementById(slot).dataset.rev);
  const drawn = new MessageChannel();
  let last = rev();
  drawn.port1.onmessage = ({ data }) => {
    window.painted.push([data, (performance.timeOrigin + performance.now()) / 1000]);
  };
  new MutationObserver(() => {
    if (rev() === last) return;
    last = rev();
    requestAnimationFrame(() => drawn.port2.postMessage(last));
  }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-rev"] });
}"""


def painted(folder: Path) -> bool:
    """Whether changes were painted in time, by either way."""
    with opened(folder / "painted") as house, sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        house.make_owner().close()
        persons = people(house, CONNECTED, AT_WORK)
        pages = [(one.page, one.cookie) for one in persons]
        with listening(house.url, REV, pages):
            live = seen_by(house, browser, persons, blocked=False)
        with asking(house, persons):
            polled = seen_by(house, browser, persons, blocked=True)
        browser.close()
    held = (
        told("by the live channel", live, LIVE_S),
        told("by polling", polled, POLLED_S),
    )
    return all(held)


def told(way: str, seconds: list[float], most: float) -> bool:
    note = f"{len(seconds)} changes, p50 {at(0.5, seconds):.3f} s"
    spread = (min(seconds), max(seconds))
    name = f"write to pixel {way}, p95"
    return report(name, at(0.95, seconds), "s", most=most, note=note, spread=spread)


@contextmanager
def asking(house: House, persons: Sequence[Person]) -> Iterator[None]:
    """As many viewers who ask once a second, for somewhat longer than the pages look."""
    asked = [(house.url + one.pill, one.cookie) for one in persons if one.job]
    viewers = threading.Thread(target=crowd, args=(CONNECTED, SECONDS + 4 * WARM_S, asked))
    viewers.start()
    yield
    viewers.join()


def seen_by(
    house: House, browser: Browser, persons: Sequence[Person], blocked: bool
) -> list[float]:
    """The seconds from each write until some pages of a browser had painted it, or a newer one."""
    written: dict[str, tuple[int, float]] = {}
    at_work = [one.job for one in persons if one.job]
    worker = threading.Thread(target=lambda: written.update(write_reports(house, at_work, SECONDS)))
    with ExitStack() as stack:
        pages = [
            stack.enter_context(opened_page(house, browser, one, blocked))
            for one in persons[:PAGES]
        ]
        worker.start()
        pages[0].wait_for_timeout(SECONDS * 1000)  # and have the browser's events handled meanwhile
        worker.join()
        pages[0].wait_for_timeout(2000)
        seen = [page.evaluate("window.painted") for page in pages]
    return [
        next(moment for painted_rev, moment in seen[whose] if painted_rev >= int(rev)) - began
        for rev, (whose, began) in written.items()
        if whose < PAGES
    ]


@contextmanager
def opened_page(house: House, browser: Browser, person: Person, blocked: bool) -> Iterator[Page]:
    """A project's page in a browser, which notes when it painted each state of the pill."""
    context = browser.new_context()
    name, _, value = person.cookie.partition("=")
    context.add_cookies([{"name": name, "value": value, "url": house.url}])
    page = context.new_page()
    if blocked:
        without_sockets(page)
    page.goto(f"{house.url}/projects/{person.project_id}")
    page.locator(f"#job-{person.project_id}-blog progress").wait_for()
    page.evaluate(WATCH, f"job-{person.project_id}-blog")
    yield page
    context.close()
