"""What a page weighs and how often it asks, at the first visit and at the next, in a real Chromium.

And how soon a transcript of three hours is on the screen. Its sentences are random words of our own
pages, by how often they stand there: they compress worse than what people say.
"""

import random
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

import httpx2
from figures import report, report_rounds
from playwright.sync_api import Browser, Page, sync_playwright

from tests.support import full_house
from tests.support.browser import ready, served, signed_in
from tests.support.house import SAMPLE, House

ROUNDS = 5
LIST_KB, PROJECT_KB, TRANSCRIPT_KB, ON_SCREEN_S, WARM = 150, 250, 120, 0.5, 3
WORD = re.compile(r"[A-Za-z']+")
# The moment of the frame in which the last sentence stands in the page.
DRAWN = """new Promise((drawn) => {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => drawn(performance.now() / 1000);
  const next = () => requestAnimationFrame(() => channel.port2.postMessage(0));
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", next);
  else next();
})"""
PAINTED = (
    "performance.getEntriesByName('first-contentful-paint').map((one) => one.startTime / 1000)[0]"
)


class Heard:
    """What a page asks the network for: each address with its bytes, headers included."""

    def __init__(self, page: Page) -> None:
        self._asked: dict[str, str] = {}
        self._bytes: dict[str, int] = {}
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        network.on("Network.requestWillBeSent", self._asks)
        network.on("Network.webSocketCreated", self._opens)
        network.on("Network.requestServedFromCache", self._kept)
        network.on("Network.responseReceived", self._answered)
        network.on("Network.loadingFinished", self._finished)

    def forget(self) -> None:
        self._asked, self._bytes = {}, {}

    def told(self) -> list[tuple[str, int]]:
        """Every address that was asked for over the network, and how many bytes came."""
        return [(url, self._bytes.get(one, 0)) for one, url in self._asked.items()]

    def _asks(self, event: dict[str, Any]) -> None:
        if event["request"]["url"].startswith("http"):
            self._asked[event["requestId"]] = event["request"]["url"]

    def _opens(self, event: dict[str, Any]) -> None:
        self._asked[event["requestId"]] = event["url"]

    def _kept(self, event: dict[str, Any]) -> None:
        self._asked.pop(event["requestId"], None)

    def _answered(self, event: dict[str, Any]) -> None:
        if event["response"].get("fromDiskCache"):
            self._kept(event)

    def _finished(self, event: dict[str, Any]) -> None:
        self._bytes[event["requestId"]] = event["encodedDataLength"]


def spoken(seed: int) -> Iterator[str]:
    """Words without end, each as often as it stands in our own pages."""
    text = " ".join(page.read_text(encoding="utf-8") for page in sorted(ROOT.glob("docs/*.md")))
    words, chance = WORD.findall(text), random.Random(seed)
    while True:
        yield chance.choice(words)


def say_something(house: House, project: str) -> None:
    """Put words without repetition into a transcript that was filled with a dozen."""
    with closing(house.db()) as db:
        (transcript,) = db.execute(
            "select transcript_id from projects where id = ?", (project,)
        ).fetchone()
        rows = db.execute(
            "select window, n, text from segments where transcript_id = ?", (transcript,)
        ).fetchall()
        words = spoken(3)
        said = [
            (" ".join(next(words) for _ in text.split()).capitalize() + ".", transcript, window, n)
            for window, n, text in rows
        ]
        db.executemany(
            "update segments set text = ? where transcript_id = ? and window = ? and n = ?", said
        )
        db.commit()


@contextmanager
def heard_page(browser: Browser, client: httpx2.Client) -> Iterator[tuple[Page, Heard]]:
    with signed_in(browser, client) as context:
        page = context.new_page()
        yield page, Heard(page)


def weighed(browser: Browser, client: httpx2.Client, name: str, address: str, most: int) -> bool:
    """What a first visit and the next one cost."""
    told = []
    with heard_page(browser, client) as (page, heard):
        for _ in range(2):
            heard.forget()
            page.goto(address, wait_until="networkidle")
            told.append(heard.told())
    first, again = told
    weights = [sum(weight for _, weight in visit) / 1000 for visit in told]
    return all(
        (
            report(
                f"{name}, first visit", weights[0], "KB", most=most, note=f"{len(first)} requests"
            ),
            report(f"{name}, next visit", weights[1], "KB"),
            report(f"{name}, next visit, requests", len(again), most=WARM),
        )
    )


def on_screen(browser: Browser, client: httpx2.Client, address: str) -> bool:
    """How long a visit lasts until something is painted, and until the whole transcript is there."""
    painted, drawn = [], []
    with heard_page(browser, client) as (page, _):
        for _ in range(ROUNDS + 1):
            page.goto(address, wait_until="commit")
            drawn.append(page.evaluate(DRAWN))
            page.wait_for_function(f"{PAINTED} > 0")
            painted.append(page.evaluate(PAINTED))
    return all(
        (
            report_rounds("three hours, first paint", painted[1:], "s", most=ON_SCREEN_S),
            report_rounds("three hours, all of it in the page", drawn[1:], "s", most=ON_SCREEN_S),
        )
    )


def transcript_weight(client: httpx2.Client, address: str) -> bool:
    with client.stream("GET", address, headers={"Accept-Encoding": "gzip"}) as answer:
        weight = sum(len(piece) for piece in answer.iter_raw())
    return report("three hours, the page", weight / 1000, "KB", most=TRANSCRIPT_KB)


def main(names: Sequence[str] = ()) -> int:
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder)) as (house, _),
        closing(house.make_owner()) as owner,
        sync_playwright() as play,
    ):
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        project = house.upload(owner, SAMPLE, types=["blog"])
        ready(house, project, "ingest", "blog")
        with closing(house.db()) as db:
            long = full_house.add_long_project(db, 1)
        say_something(house, long)
        held = [
            weighed(browser, owner, "list", f"{house.url}/", LIST_KB),
            weighed(browser, owner, "project", f"{house.url}/projects/{project}", PROJECT_KB),
            transcript_weight(owner, f"/projects/{long}"),
            on_screen(browser, owner, f"{house.url}/projects/{long}"),
        ]
        browser.close()
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
