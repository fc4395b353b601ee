"""On every page, wide and on a phone, nothing covers anything else, and nothing sticks out of its card."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect

from draftmill.database.connection import connect
from tests.support.browser import signed_in
from tests.support.every_page import FRAGMENTS, application
from tests.support.house import until
from tests.support.job_states import projects_in_every_state
from tests.support.made_up_pages import pages
from tests.support.places import SUPPORT
from tests.support.still_house import StillHouse, still_house

COVERING = (SUPPORT / "covering.js").read_text()
SEEN = (SUPPORT / "focus_seen.js").read_text()
# The small player of a phone, and a notice that came while the page was scrolled down.
OVER_IT = """() => {
  document.querySelector(".player-box")?.classList.add("small");
  const notice = document.getElementById("notice");
  if (notice) {
    scrollTo(0, 300);
    notice.innerHTML = '<div class="note">Removed. <button class="button">Undo</button></div>';
  }
}"""
TABBED = ("project", "draft-blog", "draft-twitter", "projects")
MOST_TABS = 60
WIDTHS = (390, 1280)
MADE_UP = [name for name in pages() if name not in FRAGMENTS]


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StillHouse]:
    with still_house(tmp_path_factory.mktemp("covering")) as house:
        yield house


@pytest.fixture(scope="module")
def real_paths(still: StillHouse) -> list[str]:
    with closing(connect(still.settings.database)) as db:
        projects = projects_in_every_state(db).values()
        jobs = _newest_of_each_state(db)
    found = [f"/projects/{one}" for one in projects] + [f"/jobs/{one}" for one in jobs]
    return [*found, "/", "/jobs", "/jobs?status=failed", "/notifications", "/account"]


def _newest_of_each_state(db: sqlite3.Connection) -> list[str]:
    query = "select id, max(n) from jobs group by type = 'ingest', status"
    return [row["id"] for row in db.execute(query)]


@pytest.fixture(scope="module")
def made_up() -> Iterator[str]:
    """The address of all pages with made-up content."""
    server = uvicorn.Server(uvicorn.Config(application(), port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    until(lambda: server.started)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def complaints(page: Page, address: str, unfolding: bool = False) -> list[str]:
    """As it comes, and with all that unfolds in it, where a server tells what that is."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        answer = page.goto(address)
        assert answer and answer.ok, address
        page.evaluate("document.fonts.ready")
        found += [f"{width}: {one}" for one in page.evaluate(COVERING)]
        if not unfolding:
            continue
        page.evaluate("document.querySelectorAll('.unfolds').forEach(one => { one.open = true })")
        for unfolded in page.locator("[data-unfolds][open]:visible .unfolded").all():
            expect(unfolded).not_to_be_empty()
        found += [f"{width} unfolded: {one}" for one in page.evaluate(COVERING)]
    return [f"{address}: {one}" for one in found]


def test_on_pages_with_made_up_content(made_up: str, browser: Browser) -> None:
    with closing(browser.new_context(reduced_motion="reduce")) as context:
        page = context.new_page()
        found = [one for name in MADE_UP for one in complaints(page, f"{made_up}/{name}")]
    assert not found, "\n".join(found)


def test_on_pages_of_jobs_in_every_state(
    still: StillHouse, real_paths: list[str], browser: Browser
) -> None:
    with signed_in(browser, still.owner, reduced_motion="reduce") as context:
        page = context.new_page()
        found = [one for path in real_paths for one in complaints(page, still.url + path, True)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("width", WIDTHS)
def test_what_has_the_focus_is_never_covered(made_up: str, browser: Browser, width: int) -> None:
    found = []
    viewport = {"width": width, "height": 520}
    with closing(browser.new_context(reduced_motion="reduce", viewport=viewport)) as context:
        page = context.new_page()
        for name in TABBED:
            page.goto(f"{made_up}/{name}")
            page.evaluate(OVER_IT)
            for key in ("Tab",) * MOST_TABS + ("Shift+Tab",) * (MOST_TABS // 3):
                page.keyboard.press(key)
                if (told := page.evaluate(SEEN)) is None:
                    break
                found += [f"{name} after {key}: {told}"] * bool(told)
    assert not found, "\n".join(dict.fromkeys(found))


# A time was pressed on the desk.
LISTENS = """() => {
  const place = '<div class="listen" id="listen"><audio controls></audio></div>';
  document.querySelector("main").insertAdjacentHTML("beforeend", place);
}"""
TOLD = """() => {
  const detail = { words: "Removed.", undo: () => {} };
  document.dispatchEvent(new CustomEvent("draftmill:notice", { detail }));
  document.getElementById("toasts").innerHTML = '<div class="toast good"><p>Transcript ready.</p></div>';
}"""
# Whether what was done just now stands over what plays the recording.
OVER_PLAYER = """selector => {
  const at = (one) => document.querySelector(one).getBoundingClientRect();
  const b = at(selector);
  return [".notice .note", ".toast"].filter((one) => {
    const a = at(one);
    return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  });
}"""

# In one go: the page hides again what nothing plays for.
OVER_BACK = f"""selector => {{
  document.querySelector(selector).hidden = false;
  return ({OVER_PLAYER})(selector);
}}"""


@pytest.mark.parametrize("width", WIDTHS)
def test_a_notice_leaves_the_player_free(made_up: str, browser: Browser, width: int) -> None:
    viewport = {"width": width, "height": 700}
    with closing(browser.new_context(reduced_motion="reduce", viewport=viewport)) as context:
        page = context.new_page()
        for name, player in (("project", ".player-inner"), ("draft-blog", "#listen")):
            page.goto(f"{made_up}/{name}")
            if name == "draft-blog":
                page.evaluate(LISTENS)
            page.evaluate("scrollTo(0, 1500)")
            if name == "project" and width == 390:
                expect(page.locator(".player-box.small")).to_have_count(1)
            page.evaluate(TOLD)
            expect(page.locator(".notice.afloat .note")).to_be_visible()
            assert page.evaluate(OVER_PLAYER, player) == []


@pytest.mark.parametrize("width", (*WIDTHS, 800))
def test_a_notice_leaves_the_way_back_to_what_plays_free(
    made_up: str, browser: Browser, width: int
) -> None:
    viewport = {"width": width, "height": 700}
    with closing(browser.new_context(reduced_motion="reduce", viewport=viewport)) as context:
        page = context.new_page()
        page.goto(f"{made_up}/project")
        page.evaluate("scrollTo(0, 1500)")
        page.evaluate(TOLD)
        expect(page.locator(".notice.afloat .note")).to_be_visible()
        assert page.evaluate(OVER_BACK, "[data-back-to]") == []


TOASTS = """() => {
  const toast = (name) => `<div class="toast good"><p>${name} ready.</p><button data-close>Close</button></div>`;
  document.getElementById("toasts").innerHTML = ["One", "Two", "Three"].map(toast).join("");
}"""


def test_on_a_phone_toasts_follow_each_other_and_each_is_seen_for_its_time(
    made_up: str, browser: Browser
) -> None:
    with closing(browser.new_context(viewport={"width": 390, "height": 700})) as context:
        page = context.new_page()
        page.clock.install()
        page.goto(f"{made_up}/project")
        page.evaluate(TOASTS)
        seen = page.locator(".toast:visible p")
        expect(seen).to_have_text(["One ready."])
        page.locator(".toast:visible [data-close]").press("Enter")
        expect(seen).to_have_text(["Two ready."])
        page.clock.run_for(14_000)
        expect(seen).to_have_text(["Three ready."])
        page.set_viewport_size({"width": 1280, "height": 700})
        page.evaluate(TOASTS)
        expect(seen).to_have_count(3)


# How much of a window the parts take that do not move with the page.
STUCK = """() => [...document.querySelectorAll("body *")]
  .filter((one) => ["sticky", "fixed"].includes(getComputedStyle(one).position) && one.checkVisibility())
  .map((one) => one.getBoundingClientRect())
  .filter(({ top, bottom }) => bottom > 0 && top < innerHeight)
  .reduce((sum, { height }) => sum + height, 0)"""


@pytest.mark.parametrize("name", ["project", "draft-blog", "draft-twitter"])
def test_at_400_percent_most_of_the_window_is_the_page(
    made_up: str, browser: Browser, name: str
) -> None:
    with closing(browser.new_context(viewport={"width": 320, "height": 256})) as context:
        page = context.new_page()
        page.goto(f"{made_up}/{name}")
        if name == "draft-blog":
            page.get_by_role("tab", name="Edit").click()
        page.evaluate("scrollTo(0, 1200)")
        assert page.evaluate(STUCK) <= 256 / 3


def test_what_is_wrong_is_found(browser: Browser) -> None:
    with closing(browser.new_context()) as context:
        page = context.new_page()
        page.set_content(
            "<div class=card style='height:20px;width:200px'><p style='margin:0'>Words<br>below</p></div>"
            "<button style='position:absolute;left:8px;top:8px'>Over it</button>"
        )
        found = "\n".join(page.evaluate(COVERING))
    assert "cover each other" in found
    assert "sticks out of its card" in found
