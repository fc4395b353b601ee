"""The desk is left only when the server has the text. Until then the page says why, and the browser keeps it."""

import re

from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.support.desk_trouble import (
    MARA,
    PANEL,
    RESTORED,
    context,
    cut,
    done,
    kept,
    page,
    sign_in,
    sign_out_elsewhere,
    stays,
)
from tests.support.draft_page import SAVED, project_of, versions
from tests.support.house import House

__all__ = ["context", "page"]
# What is answered to a save, and what the page says of it. None is no answer at all.
TROUBLES = [
    (None, "", "The server does not answer."),
    (401, '{"error": {"code": "signed_out", "message": "M", "hint": "H"}}', "You are signed out."),
    (403, '{"error": {"code": "cross_origin", "message": "Not ours.", "hint": ""}}', "Not ours."),
    (404, '{"error": {"message": "M", "hint": ""}}', "This is not there any more."),
    (413, "too large", "This is more text than the server takes."),
    (422, '{"error": {"message": "Too long.", "hint": "Shorten it."}}', "Too long. Shorten it."),
    (500, '{"error": {"message": "Error 12ab.", "hint": ""}}', "Error 12ab."),
    (502, "<h1>Bad gateway</h1>", "The server answered 502."),
    (503, "", "The server answered 503."),
    (507, "{}", "The server’s disk is full."),
    (200, "<p>Welcome to this hotel</p>", "Something else than Draftmill answered."),
]


def test_done_stays_whatever_is_answered_and_says_what_happened(
    house: House, draft: str, page: Page
) -> None:
    answer: list[tuple[int | None, str]] = []

    def refuse(route: Route) -> None:
        status, body = answer[-1]
        if status is None:
            route.abort()
        else:
            route.fulfill(status=status, body=body)

    page.goto(draft)
    page.route("**/drafts/blog", refuse)
    for status, body, words in TROUBLES:
        answer.append((status, body))
        text = f"Typed before {status}."
        page.locator("#body").fill(text)
        done(page)
        expect(page.locator(PANEL)).to_contain_text(words)
        expect(page.locator(PANEL)).to_contain_text("Your text is kept in this browser")
        stays(page, draft, text)
        assert kept(page) == [text]
    page.unroute("**/drafts/blog")
    done(page)
    page.wait_for_url(f"{house.url}/projects/{project_of(draft)}")
    assert versions(house, draft)[-1][2] == text
    assert kept(page) == []


def test_signed_out_elsewhere_it_is_saved_after_signing_in_in_a_new_tab(
    house: House, draft: str, context: BrowserContext, page: Page
) -> None:
    page.goto(draft)
    sign_out_elsewhere(house, context)
    page.locator("#body").fill("Typed while signed out.")
    done(page)
    stays(page, draft, "Typed while signed out.")
    with context.expect_page() as opened:
        page.locator(PANEL).get_by_role("link", name="Sign in in a new tab").click()
    sign_in(opened.value)
    expect(opened.value.locator("main")).to_contain_text("Go back to the other tab")
    expect(opened.value.locator(".unsaved")).to_have_count(0)
    expect(page.locator("[data-saved]")).to_have_text(SAVED)
    expect(page.locator(PANEL)).to_be_hidden()
    expect(page).to_have_url(draft)
    assert versions(house, draft)[-1][2] == "Typed while signed out."
    assert kept(page) == []


def test_after_a_reload_what_was_typed_is_offered_to_keep_or_to_drop(
    house: House, draft: str, context: BrowserContext, page: Page
) -> None:
    page.goto(draft)
    written = page.locator("#body").input_value()
    cut(page, True)
    for choice in ("drop", "keep"):
        page.locator("#body").fill(f"Typed to {choice}.")
        done(page)
        stays(page, draft, f"Typed to {choice}.")
        page.reload()
        expect(page.locator(RESTORED)).to_contain_text(
            re.compile(r"Restored what you typed at \d\d:\d\d\.")
        )
        expect(page.locator("#body")).to_have_value(f"Typed to {choice}.")
        expect(page.locator("#preview")).to_contain_text(f"Typed to {choice}.")
        if choice == "drop":
            page.get_by_role("button", name="Drop it").click()
            expect(page.locator("#body")).to_have_value(written)
            assert kept(page) == []
            page.locator("#undo").click()
            expect(page.locator("#body")).to_have_value("Typed to drop.")
            assert kept(page) == ["Typed to drop."]
            page.get_by_role("button", name="Drop it").click()
            expect(page.locator("#body")).to_have_value(written)
            assert kept(page) == []
            page.reload()
            expect(page.locator("#body")).to_have_value(written)
            expect(page.locator(RESTORED)).to_be_hidden()
    cut(page, False)
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator("[data-saved]")).to_have_text(SAVED)
    assert versions(house, draft)[-1][2] == "Typed to keep."
    assert kept(page) == []


def test_without_scripts_what_was_sent_is_shown_again_to_be_sent_again(
    house: House, draft: str
) -> None:
    typed = "Typed without scripts.\n\n" + "word " * 30
    form = {"title": "T", "body": typed, "based_on": "1-x", "then": "project"}
    with house.client() as browser, house.client() as elsewhere:
        browser.post("/login", data=MARA)
        elsewhere.cookies.update(dict(browser.cookies))
        elsewhere.post("/logout")
        refused = browser.post(draft, data=form)
        assert refused.status_code == 401
        assert "Sign in in a new tab" in refused.text
        assert f">\n{typed}</textarea>" in refused.text
        again = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', refused.text))
        assert again == {"title": "T", "based_on": "1-x", "then": "project"}
        browser.post("/login", data=MARA)
        assert browser.post(draft, data=again | {"body": typed}).status_code == 409
        assert typed in [v[2] for v in versions(house, draft)]
    with house.client() as stranger:
        assert "Typed without" not in stranger.post(draft, data=form).text
