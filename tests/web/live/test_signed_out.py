"""A tab whose session ended says so on any page, and leads to signing in and back."""

from contextlib import closing

import httpx2
import pytest
from playwright.sync_api import Browser, expect
from websockets.exceptions import InvalidStatus

from tests.support.browser import SOON_MS, bring, signed_in, watched, without_sockets
from tests.support.house import PASSWORD, House, until
from tests.web.live.test_sockets import hears, listening


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


def test_a_page_shows_nothing_of_who_signed_in_since(
    house: House, browser: Browser, owner: httpx2.Client, second: httpx2.Client
) -> None:
    theirs = bring(second, "Only Bea's own")
    until(
        lambda: house.rows(
            "select 1 from notifications n join jobs j on j.id = n.job_id where j.project_id = ?",
            theirs,
        )
    )
    with signed_in(browser, owner) as context:
        page = without_sockets(watched(context))
        page.goto(f"{house.url}/jobs")
        expect(page.locator("#bell")).to_be_visible()
        context.clear_cookies()
        (cookie,) = second.cookies.jar
        context.add_cookies([{"name": cookie.name, "value": cookie.value or "", "url": house.url}])
        expect(page.locator("#indicator")).to_have_text("Signed out. Sign in", timeout=SOON_MS)
        expect(page.get_by_text("Only Bea's own")).to_have_count(0)
        page.goto(f"{house.url}/jobs")
        expect(page.get_by_text("Only Bea's own").first).to_be_visible()


def test_what_a_page_asks_by_itself_tells_nothing_of_who_signed_in_since(
    house: House, owner: httpx2.Client, second: httpx2.Client
) -> None:
    mine = owner.get("/").text.split('data-user="')[1].split('"')[0]
    for address in ("/indicator", "/jobs/pills?rows=jobs&first=1", f"/jobs/{'0' * 36}/pill"):
        answer = second.get(address, headers={"Draftmill-User": mine})
        assert (answer.status_code, "Sign in" in answer.text) == (401, True), address
    with pytest.raises(InvalidStatus), listening(house, second, f"user={mine}"):
        pass
    with listening(house, owner, f"user={mine}") as socket:
        hears(socket, 'id="indicator"')


def test_it_is_told_to_nobody_else(house: House) -> None:
    with closing(house.client()) as stranger:
        answer = stranger.get("/indicator", headers={"HX-Current-URL": "https://evil.example//x"})
    assert answer.status_code == 401
    assert 'href="/login"' in answer.text
