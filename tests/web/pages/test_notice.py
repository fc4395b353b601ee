"""What was done just now is told in one place, with the way back, wherever the reader is."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from draftmill.web.render import fragment
from tests.support.browser import signed_in
from tests.support.still_house import still_house

CAME = "document.dispatchEvent(new CustomEvent('draftmill:notice', {detail: {words: 'Removed.', undo: () => { document.title = 'Undone'; }}}))"


def test_an_undo_is_a_form_with_its_fields_and_all_of_it_is_escaped() -> None:
    context = {"notice": "<b> removed.", "undo_url": "/undo?a=<", "undo_fields": {"change": "<7>"}}
    html = fragment("_notice.html", {**context, "oob": True})
    assert 'role="status"' in html
    assert 'hx-swap-oob="innerMorph"' in html
    assert "&lt;b&gt; removed." in html
    assert 'method="post" action="/undo?a=&lt;"' in html
    assert '<input type="hidden" name="change" value="&lt;7&gt;">' in html


def test_the_place_stands_empty_where_nothing_is_told() -> None:
    assert "<p>" not in fragment("_notice.html", {})


def test_a_script_tells_it_within_sight_and_the_keyboard_takes_it_back(
    browser: Browser, tmp_path: Path
) -> None:
    with still_house(tmp_path) as still, signed_in(browser, still.owner) as context:
        page = context.new_page()
        page.goto(f"{still.url}/account")
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        page.evaluate(CAME)
        notice = page.get_by_role("status").filter(has_text="Removed.")
        expect(notice).to_be_in_viewport()
        notice.get_by_role("button", name="Undo").press("Enter")
        expect(page).to_have_title("Undone")
        expect(page.locator("#notice")).to_be_empty()
