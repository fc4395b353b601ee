"""What is typed into any form stays there when it is refused, and the page says why."""

import re

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.support.desk_trouble import context, page, sign_out_elsewhere, signed_in_again
from tests.support.house import House

__all__ = ["context", "page"]
SIGN_IN = "Sign in in a new tab"
TOKEN = re.compile(r"\S{20,}")
PASTED = "Every pull request should be small enough to read in ten minutes."


def refused(form: Locator, button: str, *typed: Locator) -> None:
    """The form says that nobody is signed in, with a way to do it, and what was typed is there."""
    values = [field.input_value() for field in typed]
    form.get_by_role("button", name=button, exact=True).click()
    expect(form.get_by_role("alert")).to_contain_text("You are signed out.")
    expect(form.get_by_role("link", name=SIGN_IN)).to_have_attribute("target", "_blank")
    assert [field.input_value() for field in typed] == values


def fill(form: Locator, **fields: str) -> list[Locator]:
    filled = [form.locator(f"[name={name}]") for name in fields]
    for field, value in zip(filled, fields.values(), strict=True):
        field.fill(value)
    return filled


def test_a_form_of_a_project_keeps_what_was_typed(
    house: House, project: str, context: BrowserContext, page: Page
) -> None:
    page.goto(f"{house.url}/projects/{project}")
    sign_out_elsewhere(house, context)
    page.locator(".project-menu > .menu-list").evaluate(
        "menu => { menu.parentElement.open = true }"
    )
    page.get_by_text("Context and language").click()
    about = page.locator(f"form[action='/projects/{project}']")
    refused(about, "Save", *fill(about, context="Names, as they are spelled"))
    page.keyboard.press("Escape")
    page.locator("[data-correct] summary").click()
    correct = page.locator("form[action$='/corrections']")
    refused(correct, "Correct", *fill(correct, heard="cache", meant="cash"))
    row = page.locator(".row").first
    start = row.get_by_role("button", name="Generate", exact=True)
    start.click()
    toast = page.locator("#toasts")
    expect(toast).to_contain_text("You are signed out.")
    expect(toast.get_by_role("link", name=SIGN_IN)).to_be_visible()
    signed_in_again(context, house)
    page.locator("[data-correct] summary").click()
    correct.get_by_role("button", name="Correct", exact=True).click()
    expect(page.locator("main")).to_contain_text("Corrected")


def test_a_new_project_and_an_account_keep_what_was_typed(
    house: House, context: BrowserContext, page: Page
) -> None:
    page.goto(f"{house.url}/#new")
    new = page.locator("#upload")
    new.get_by_text("Or bring a transcript").click()
    typed = fill(new, transcript_text=PASTED, title="A title", context="A context")
    account = context.new_page()
    account.goto(f"{house.url}/account")
    sign_out_elsewhere(house, context)
    refused(new, "Start", *typed)
    name, token = (
        account.locator(f"form[action='/account/{part}']") for part in ("name", "tokens")
    )
    refused(name, "Save the name", *fill(name, name="Mara K."))
    refused(token, "Make a token", *fill(token, name="My program"))
    signed_in_again(context, house)
    token.get_by_role("button", name="Make a token").click()
    expect(account.locator("#new-token")).to_have_value(TOKEN)
    new.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_url("**/projects/*")
    assert house.rows("select 1 from projects where title = 'A title'")


def test_a_password_that_is_refused_leaves_the_form_as_it_was(house: House, page: Page) -> None:
    page.goto(f"{house.url}/account")
    form = page.locator("form[action='/account/password']")
    fields = fill(form, old="not the present one", password="a new one, long enough")
    form.get_by_role("button").click()
    expect(form.get_by_role("alert")).to_contain_text("The present password is not right.")
    assert [field.input_value() for field in fields] == [
        "not the present one",
        "a new one, long enough",
    ]
