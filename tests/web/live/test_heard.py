"""Who wishes it hears the end of a job, and is told outside the page."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.house import House


@pytest.mark.parametrize("way", ["refused", "plain http"])
def test_where_the_browser_shows_none_the_wish_is_refused_with_the_way_out(
    house: House, page: Page, way: str
) -> None:
    if way == "plain http":
        page.add_init_script("delete window.Notification")
    page.goto(f"{house.url}/notifications")
    wish = page.get_by_label("Show a notification of the browser")
    wish.click()
    told = page.get_by_text("allow it in" if way == "refused" else "opened by https")
    expect(told).to_be_visible()
    expect(wish).not_to_be_checked()


def test_a_wish_is_kept_in_its_browser(house: House, page: Page) -> None:
    page.goto(f"{house.url}/notifications")
    page.get_by_label("Play a sound").check()
    page.reload()
    expect(page.get_by_label("Play a sound")).to_be_checked()
    page.get_by_label("Play a sound").uncheck()
    page.reload()
    expect(page.get_by_label("Play a sound")).not_to_be_checked()
