"""A phone that starts a job and is put away for longer than a session may be idle."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import SOON_MS, slot, watched
from tests.support.data_folder import DataFolder
from tests.support.held_model import Gate
from tests.support.house import PASSWORD, House
from tests.support.model_server import ModelServer
from tests.support.pills import ends_well, generate
from tests.web.live.test_two_transports import hide

AWAY_DAYS = 15


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A browser of the size of a phone, in nobody's name yet."""
    options = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2}
    context = browser.new_context(**options, is_mobile=True, has_touch=True)
    yield watched(context)
    context.close()


def sign_in(phone: Page) -> None:
    phone.get_by_label("E-mail").fill("mara@example.org")
    phone.get_by_label("Password").fill(PASSWORD)
    phone.get_by_role("button", name="Sign in").click()


def days_pass(house: House) -> None:
    """Fifteen days, and a restart of the server: everything stored is that much older."""
    house.stop()
    with closing(house.db()) as db:
        DataFolder(house.data, db).age(AWAY_DAYS)
    house.start()


def test_the_running_job_is_there_when_the_phone_comes_back(
    house: House, project: str, model: ModelServer, gate: Gate, phone: Page
) -> None:
    model.then(gate.answer)  # its stop asks again
    phone.goto(f"{house.url}/projects/{project}")
    sign_in(phone)
    generate(phone, house, project)
    expect(slot(phone, "blog")).to_contain_text("words so far", timeout=SOON_MS)
    hide(phone, True)
    days_pass(house)
    hide(phone, False)
    expect(phone.locator("#offline")).to_be_hidden(timeout=SOON_MS)
    expect(slot(phone, "blog")).to_contain_text("words so far", timeout=SOON_MS)
    again = watched(phone.context)
    again.goto(f"{house.url}/projects/{project}")
    expect(slot(again, "blog")).to_have_attribute("data-status", "running")
    gate.open.set()
    ends_well(phone)
    expect(slot(again, "blog")).to_have_attribute("data-status", "succeeded")


def test_a_tab_that_was_signed_out_leads_to_the_login_page_and_back(
    house: House, project: str, gate: Gate, phone: Page
) -> None:
    phone.goto(f"{house.url}/login")
    sign_in(phone)
    generate(phone, house, project)
    elsewhere = watched(phone.context)
    elsewhere.goto(f"{house.url}/account")
    elsewhere.locator(".account-menu summary").click()
    elsewhere.get_by_role("button", name="Sign out", exact=True).click()
    expect(phone.locator(".slot.gone")).to_contain_text("Signed out", timeout=SOON_MS)
    phone.get_by_role("link", name="Sign in").click()
    sign_in(phone)
    expect(phone).to_have_url(f"{house.url}/projects/{project}")
    expect(slot(phone, "blog")).to_have_attribute("data-status", "running")
    gate.open.set()
    expect(slot(phone, "blog")).to_have_attribute("data-status", "succeeded", timeout=SOON_MS)


# The last one: everybody is signed out by it.


def test_without_a_job_it_is_led_to_the_login_page_and_back(
    house: House, project: str, gate: Gate, phone: Page
) -> None:
    phone.goto(f"{house.url}/projects/{project}")
    sign_in(phone)
    expect(phone).to_have_url(f"{house.url}/projects/{project}")
    days_pass(house)
    phone.reload()
    expect(phone).to_have_url(f"{house.url}/login?next=/projects/{project}")
    sign_in(phone)
    expect(phone).to_have_url(f"{house.url}/projects/{project}")
