"""Each way in which a text may miss the server: another user, a lost tab, a lost answer, a browser that keeps nothing."""

import httpx2
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.support.browser import ready, watched
from tests.support.desk_house import draft, house, projects
from tests.support.desk_trouble import (
    PANEL,
    RESTORED,
    context,
    cut,
    done,
    give_session,
    kept,
    page,
    sign_in,
    sign_out_elsewhere,
    signed_in_again,
    stays,
)
from tests.support.draft_page import SAVED, project_of, versions, write
from tests.support.house import House, until

__all__ = ["context", "draft", "house", "page", "projects"]


def test_nothing_is_saved_under_the_name_of_another_who_signed_in(
    house: House, draft: str, context: BrowserContext, page: Page, second: httpx2.Client
) -> None:
    page.goto(draft)
    give_session(context, second)
    page.locator("#body").fill("Mara's words.")
    done(page)
    expect(page.locator(PANEL)).to_contain_text("Somebody else is signed in")
    stays(page, draft, "Mara's words.")
    theirs = watched(context)
    theirs.goto(house.url)
    expect(theirs.locator("main")).not_to_contain_text("Mara's words.")
    expect(theirs.locator(".unsaved")).to_have_count(0)
    signed_in_again(context, house)
    expect(page.locator("[data-saved]")).to_have_text(SAVED)
    assert versions(house, draft)[-1][2] == "Mara's words."


def test_a_tab_that_was_closed_leaves_its_text_to_the_next_page(
    house: House, draft: str, context: BrowserContext, page: Page
) -> None:
    lost = watched(context)
    lost.goto(draft)
    sign_out_elsewhere(house, context)
    lost.locator("#body").fill("Typed in a tab that is gone.")
    done(lost)
    stays(lost, draft, "Typed in a tab that is gone.")
    lost.close()
    signed_in_again(context, house)
    page.goto(house.url)
    expect(page.locator(".unsaved")).to_contain_text("Blog post")
    page.locator(".unsaved").get_by_role("link", name="Open it").click()
    expect(page.locator("#body")).to_have_value("Typed in a tab that is gone.")
    done(page)
    page.wait_for_url(f"{house.url}/projects/{project_of(draft)}")
    assert versions(house, draft)[-1][2] == "Typed in a tab that is gone."


def test_a_restored_text_goes_beside_what_the_draft_has_become(
    house: House, draft: str, context: BrowserContext, page: Page
) -> None:
    page.goto(draft)
    cut(page, True)
    page.locator("#body").fill("Typed on the first base.")
    done(page)
    other = watched(context)
    other.goto(draft)
    expect(other.locator(RESTORED)).to_be_hidden()
    write(other, "Written elsewhere meanwhile.")
    page.reload()
    cut(page, False)
    expect(page.locator(RESTORED)).to_contain_text("yours becomes a version beside it")
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator(PANEL)).to_contain_text("kept as a version")
    assert [v[2] for v in versions(house, draft)[1:]] == [
        "Written elsewhere meanwhile.",
        "Typed on the first base.",
    ]
    # What is typed after that is a version too before both are shown.
    page.locator("#body").fill("Typed on, after that.")
    page.get_by_role("link", name="Show both").click()
    page.wait_for_url("**/versions?beside=*")
    expect(page.locator(".both")).to_contain_text("Typed on, after that.")
    assert kept(page) == []


def test_a_saved_text_whose_answer_was_lost_is_no_conflict(
    house: House, draft: str, page: Page
) -> None:
    page.goto(draft)

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/drafts/blog", lose, times=1)
    page.locator("#body").fill("It arrived.")
    done(page)
    stays(page, draft, "It arrived.")
    assert versions(house, draft)[-1][2] == "It arrived."
    page.locator("#body").fill("It arrived, and more.")
    done(page)
    page.wait_for_url(f"{house.url}/projects/{project_of(draft)}")
    assert [v[1:] for v in versions(house, draft)[1:]] == [("person", "It arrived, and more.")]


def test_the_offered_version_is_used_only_after_what_was_typed_is_one(
    house: House, owner: httpx2.Client, draft: str, page: Page
) -> None:
    page.goto(draft)
    write(page, "A person's words.")
    owner.post(f"/projects/{project_of(draft)}/jobs", data={"type": "blog"})
    ready(house, project_of(draft), "blog")
    page.reload()
    page.locator("#body").fill("Typed a moment ago.")
    page.get_by_role("button", name="Use it").click()
    until(lambda: page.locator("#body").input_value() != "Typed a moment ago.")
    assert "Typed a moment ago." in [v[2] for v in versions(house, draft)]


def test_a_browser_that_keeps_nothing_says_so_and_asks_before_one_leaves(
    house: House, draft: str, context: BrowserContext
) -> None:
    context.add_init_script("Storage.prototype.setItem = () => { throw new Error('full'); }")
    page = watched(context)
    page.goto(draft)
    page.route("**/drafts/blog", lambda route: route.abort())
    page.locator("#body").press_sequentially("x")
    done(page)
    expect(page.locator(PANEL)).to_contain_text("This browser refuses to keep your text")
    with page.expect_event("dialog") as caught:
        page.evaluate("setTimeout(() => { location.href = '/' })")
    assert caught.value.type == "beforeunload"
    caught.value.accept()


def test_signing_out_asks_what_becomes_of_words_that_are_not_saved(
    house: House, draft: str, page: Page
) -> None:
    for answer, left in (("Sign out and keep it here", ["Mine."]), ("Sign out and drop it", [])):
        page.goto(draft)
        cut(page, True)
        page.locator("#body").fill("Mine.")
        done(page)
        stays(page, draft, "Mine.")
        page.locator(".account-menu summary").click()
        page.locator("#logout").click()
        page.get_by_role("button", name=answer).click()
        page.wait_for_url("**/login")
        assert kept(page) == left
        sign_in(page)
        page.wait_for_url(f"{house.url}/")
