"""A person at a draft's desk in a real browser, and what may happen to them at any moment."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from tests.support.desk_trouble import KEPT, RESTORED, sign_out_elsewhere, signed_in_again
from tests.support.house import House, until
from tests.support.small_disk import Disk

FIELD = "#body, [name=post]"
PATIENCE_MS = 20_000
HURRY_MS = 5_000  # for what may not be there any more
LIGHT = "/healthz"


@dataclass
class Desk:
    """One browser at one draft. `typed` are the marks of which each must end in a version."""

    house: House
    disk: Disk
    context: BrowserContext
    path: str
    random: Random
    typed: list[str] = field(default_factory=list)

    # What is there while a page that is open saves by itself, and needs no answer of its person.
    saving = "form[data-dirty]:not(:has([data-restored]:not([hidden]), [data-conflict].bad))"

    @property
    def url(self) -> str:
        return self.house.url + self.path

    def blank(self) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.set_default_navigation_timeout(PATIENCE_MS)
        page.on("dialog", lambda dialog: dialog.accept())
        return page

    def opened(self) -> Page:
        page = self.blank()
        page.goto(self.url)
        return page

    def watching(self) -> Page:
        """The one page that is left: it has no scripts, and sees what the browser keeps."""
        found = [page for page in self.context.pages if page.url.endswith(LIGHT)]
        if not found:
            found = [self.blank()]
            found[0].goto(self.house.url + LIGHT)
        for page in self.context.pages:
            if page not in found:
                page.close()
        return found[0]

    def type(self, page: Page) -> None:
        """Add a mark to what stands in the first field, if the page is still a desk."""
        box = page.locator(FIELD).first
        if not box.count():
            return
        mark = f"Mark {len(self.typed)} of {self.random.getrandbits(40):x}."
        box.fill(f"{box.input_value()}\n\n{mark}")
        self.typed.append(mark)

    def heal(self) -> None:
        """The disk has room, the server runs, the network is there, and Mara is signed in."""
        self.disk.free()
        self.context.set_offline(False)
        if not self.house.running:
            self.house.start()
        signed_in_again(self.context, self.house)

    def kept(self, page: Page) -> int:
        return len(page.evaluate(KEPT))

    def recover(self) -> None:
        """What a person does who comes back: open the draft, and keep what is offered."""
        for page in self.context.pages:
            page.close()
        page = self.opened()
        for _ in range(20):
            before = self.kept(page)
            if not before:
                break
            until(
                lambda: not self.kept(page) or page.locator(RESTORED).is_visible(),
                why=f"{page.evaluate('JSON.stringify(localStorage)')} to be offered",
            )
            if not self.kept(page):
                break  # it had been saved, only the answer was lost
            page.get_by_role("button", name="Keep it").click()
            until(lambda: self.kept(page) < before, why="a text that was kept to be saved")  # noqa: B023
            page.goto(self.url)
        page.close()

    def lost(self) -> list[str]:
        """The marks that no version of the draft has."""
        _, _, project, _, kind = self.path.split("/")
        rows = self.house.rows(
            "select body from draft_versions where project_id = ? and type = ?", project, kind
        )
        return [mark for mark in self.typed if not any(mark in row["body"] for row in rows)]


def _done(desk: Desk, page: Page) -> None:
    page.locator("#done").click(timeout=3000)


def _reload(desk: Desk, page: Page) -> None:
    page.reload()


def _back(desk: Desk, page: Page) -> None:
    page.goto(desk.url.partition("/drafts")[0])
    page.go_back()


def _sign_out(desk: Desk, page: Page) -> None:
    if desk.house.running:
        sign_out_elsewhere(desk.house, desk.context)


def _kill(desk: Desk, page: Page) -> None:
    if desk.house.running:
        desk.house.kill()


def _restart(desk: Desk, page: Page) -> None:
    _kill(desk, page)
    desk.house.start()


def _fill_disk(desk: Desk, page: Page) -> None:
    desk.disk.fill(0)


def _offline(desk: Desk, page: Page) -> None:
    desk.context.set_offline(True)


def _close(desk: Desk, page: Page) -> None:
    page.close()


def _crash(desk: Desk, page: Page) -> None:
    """The process of the page is gone at once, as on a phone without memory."""
    with page.expect_event("crash", timeout=5000), contextlib.suppress(Error):
        page.goto("chrome://crash", timeout=5000)
    page.close()


ACCIDENTS: dict[str, Callable[[Desk, Page], None]] = {
    "Done": _done,
    "a reload": _reload,
    "Back": _back,
    "a sign-out elsewhere": _sign_out,
    "a kill of the server": _kill,
    "a restart of the server": _restart,
    "a full disk": _fill_disk,
    "no network": _offline,
    "a closed tab": _close,
    "a crashed page": _crash,
}


def round_of_accidents(desk: Desk, names: list[str], tabs: int) -> None:
    """Type, let something happen, type on; in one tab or in two that were opened on one base."""
    pages = [desk.opened() for _ in range(tabs)]
    for page in pages:
        desk.type(page)
        page.set_default_timeout(HURRY_MS)
    assert len(desk.typed) == tabs, "nothing has happened yet, and nothing could be typed"
    for n, name in enumerate(names):
        for page in pages if n else ():
            _type_on(desk, page)
        # What is done to a page may fail: that is the accident.
        with contextlib.suppress(Error, AssertionError):
            ACCIDENTS[name](desk, desk.random.choice(pages))
        _type_on(desk, desk.random.choice(pages))
    desk.heal()
    if desk.saving and desk.random.random() < 0.5:
        _saved_by_itself(desk, pages)
    desk.recover()


def _type_on(desk: Desk, page: Page) -> None:
    """Type after an accident, where the page may be gone."""
    with contextlib.suppress(Error):
        desk.type(page)


def _saved_by_itself(desk: Desk, pages: list[Page]) -> None:
    """A desk that is still open, and waits for no answer of its person, saves."""
    desk.context.new_page().goto(desk.house.url)
    for page in [page for page in pages if not page.is_closed()]:
        expect(page.locator(desk.saving)).to_have_count(0)


def browser_of(browser: Browser, house: House) -> BrowserContext:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    signed_in_again(context, house)
    return context
