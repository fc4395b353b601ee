"""What goes wrong between a desk and its server, and what the browser keeps meanwhile."""

from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support.browser import watched
from tests.support.house import PASSWORD, House

MARA = {"email": "mara@example.org", "password": PASSWORD}
PANEL = "[data-conflict]"
RESTORED = "[data-restored]"
KEPT = """() => Object.entries(localStorage).filter(([key]) => key.startsWith("draftmill-typed "))
  .map(([key, text]) => JSON.parse(text))"""

# A line that can be cut for one tab: no save reaches the server, not even while the page goes.
CUTTABLE = """const whole = window.fetch;
window.fetch = (...asked) => sessionStorage.cut && !`${asked[0]}`.includes("preview") ? Promise.reject(new TypeError("cut")) : whole(...asked);"""


@pytest.fixture
def context(browser: Browser, house: House, owner: httpx2.Client) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    signed_in_again(context, house)
    context.add_init_script(CUTTABLE)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    page = watched(context)
    page.on("dialog", lambda dialog: dialog.accept())
    return page


def cut(page: Page, now: bool) -> None:
    """Cut the line of a tab, or mend it."""
    page.evaluate("now => { sessionStorage.cut = now ? '1' : '' }", now)


def kept(page: Page) -> list[str]:
    """The texts that the browser keeps, in no order."""
    entries: list[dict[str, list[list[str]]]] = page.evaluate(KEPT)
    return [dict(map(tuple, entry["fields"])).get("body", "") for entry in entries]  # type: ignore[arg-type]


def sign_out_elsewhere(house: House, context: BrowserContext) -> None:
    """End the browser's session, as another device would: its cookie stays."""
    cookies = {c["name"]: c["value"] for c in context.cookies()}
    with house.client() as client:
        client.cookies.update(cookies)
        assert client.post("/logout").status_code == 303


def sign_in(page: Page, email: str = "mara@example.org") -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("#login").click()


def signed_in_again(context: BrowserContext, house: House) -> None:
    """The same browser has a session again, without any page that was opened for it."""
    with house.client() as client:
        assert client.post("/login", data=MARA).status_code == 303
        give_session(context, client)


def give_session(context: BrowserContext, client: httpx2.Client) -> None:
    context.add_cookies(
        [
            {"name": cookie.name, "value": cookie.value or "", "url": str(client.base_url)}
            for cookie in client.cookies.jar
        ]
    )


def done(page: Page) -> None:
    page.get_by_role("button", name="Done").click()


def stays(page: Page, draft: str, text: str) -> None:
    """The page is still there with what was typed, and says why."""
    expect(page.locator(PANEL)).to_be_visible()
    expect(page).to_have_url(draft)
    expect(page.locator("#body")).to_have_value(text)
