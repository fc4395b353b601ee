"""A tab whose session ended says so on any page, and leads to signing in and back."""

from contextlib import closing

import pytest
from playwright.sync_api import Browser, expect

from tests.support.browser import SOON_MS, signed_in, watched, without_sockets
from tests.support.house import PASSWORD, House


@pytest.mark.parametrize("way", ["listening", "asking"])
def test_the_header_of_a_page_without_tasks_says_so_and_leads_back(
    house: House, browser: Browser, way: str
) -> None:
    with (
        closing(house.add_user(f"{way}@example.org")) as client,
        signed_in(browser, client) as context,
    ):
        page = watched(context)
        if way == "asking":
            without_sockets(page)
        page.goto(f"{house.url}/account?done=#password")
        expect(page.locator("#bell")).to_be_visible()
        client.post("/logout")
        link = page.locator("#indicator").get_by_role("link", name="Sign in")
        expect(link).to_be_visible(timeout=SOON_MS)
        expect(page.locator("#indicator")).to_have_text("Signed out. Sign in")
        expect(page.locator("#say-page")).to_contain_text("You are signed out.")
        expect(page.locator("#bell")).to_have_count(0)
        link.click()
        page.get_by_label("E-mail").fill(f"{way}@example.org")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/account?done=")
        expect(page.locator("#bell")).to_be_visible()


def test_it_is_told_to_nobody_else(house: House) -> None:
    with closing(house.client()) as stranger:
        answer = stranger.get("/indicator", headers={"HX-Current-URL": "https://evil.example//x"})
    assert answer.status_code == 401
    assert 'href="/login"' in answer.text
