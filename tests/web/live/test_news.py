"""What ends while its user is elsewhere is told once, on every page that is open, and kept until it is read."""

import re
from contextlib import closing

import httpx2
from playwright.sync_api import Browser, Page, expect

from draftmill.web.pages.notifications import PAGE
from draftmill.web.views.static_files import static
from tests.support.browser import SOON_MS, newest_job, signed_in, slot, watched, without_sockets
from tests.support.held_model import Gate
from tests.support.house import House
from tests.support.model_server import ModelServer, fails
from tests.support.pills import generate, start
from tests.web.live.test_sockets import hears, listening
from tests.web.live.test_two_transports import hide


def toast(page: Page, house: House, project: str) -> str:
    number = house.one(
        "select id from notifications where job_id = ?", newest_job(house, project, "blog")
    )
    assert number
    return f"#toast-{number['id']}"


def test_a_toast_is_shown_on_all_open_pages_and_on_none_that_come_later(
    house: House, owner: httpx2.Client, browser: Browser, project: str, gate: Gate, page: Page
) -> None:
    with signed_in(browser, owner) as phone:
        elsewhere = watched(phone)
        for one in (page, elsewhere):
            one.goto(f"{house.url}/account")
        start(owner, project)
        expect(page.locator("#indicator")).to_contain_text("at work", timeout=SOON_MS)
        gate.open.set()
        house.ended(newest_job(house, project, "blog"))
        for one in (page, elsewhere):
            expect(one.locator(toast(page, house, project))).to_contain_text("Blog post ready")
            expect(one.locator("#bell .count")).to_be_visible()
        elsewhere.goto(house.url)
        expect(elsewhere.locator("#bell .count")).to_be_visible()
        assert elsewhere.locator(".toast").count() == 0
    page.locator(toast(page, house, project)).get_by_role("link", name="View").click()
    expect(page).to_have_url(re.compile(f"/projects/{project}/drafts/blog"))
    assert house.one("select 1 from notifications where read_at is not null")


def test_where_sockets_are_blocked_the_header_brings_it(
    house: House, owner: httpx2.Client, project: str, gate: Gate, page: Page
) -> None:
    without_sockets(page).goto(f"{house.url}/account")
    gate.open.set()
    start(owner, project)
    house.ended(newest_job(house, project, "blog"))
    expect(page.locator(toast(page, house, project))).to_be_visible(timeout=SOON_MS)
    rows = house.rows("select shown_at from notifications")
    assert all(row["shown_at"] for row in rows)


def test_pages_that_can_only_ask_all_show_it_and_none_that_comes_later(
    house: House, owner: httpx2.Client, browser: Browser, project: str, gate: Gate, page: Page
) -> None:
    with signed_in(browser, owner) as phone:
        away, elsewhere = watched(page.context), watched(phone)
        for one in (away, page, elsewhere):
            without_sockets(one).goto(f"{house.url}/account")
        gate.open.set()
        start(owner, project)
        house.ended(newest_job(house, project, "blog"))
        hide(away, True)  # it asks at once, in all likelihood before the others
        news = toast(page, house, project)
        for one in (page, elsewhere):
            expect(one.locator(news)).to_be_visible(timeout=SOON_MS)
        page.locator(news).get_by_role("button", name="Close").click()
        later = without_sockets(watched(phone))
        later.goto(f"{house.url}/account")
        for one in (later, page):
            with one.expect_response("**/indicator?*"):
                hide(one, False)
            expect(one.locator("#bell .count")).to_be_visible()
            assert one.locator(news).count() == 0


def test_pages_that_listen_are_told_what_another_asked_for_first(
    house: House, owner: httpx2.Client, project: str, gate: Gate, page: Page
) -> None:
    page.goto(f"{house.url}/account")
    gate.open.set()
    start(owner, project)
    house.ended(newest_job(house, project, "blog"))
    first = page.locator(toast(page, house, project))
    expect(first).to_be_visible(timeout=SOON_MS)
    with closing(house.db()) as db:  # without a change, so that only a question finds it
        (number,) = db.execute(
            "insert into notifications (user_id, job_id, kind, created_at)"
            " select user_id, job_id, kind, created_at from notifications"
            " order by id desc limit 1 returning id"
        ).fetchone()
    assert f'id="toast-{number}"' in owner.get("/indicator").text
    expect(page.locator(f"#toast-{number}")).to_have_count(1, timeout=2000)
    assert f'id="toast-{number}"' not in owner.get("/indicator").text
    assert f'id="toast-{number}"' in owner.get("/indicator?open=60").text
    with listening(house, owner, "since=1") as later, listening(house, owner, "open=60") as back:
        assert f'id="toast-{number}"' not in hears(later, 'id="indicator"')
        hears(back, f'id="toast-{number}"')
    owner.get(f"/notifications/{number}")
    assert f'id="toast-{number}"' not in owner.get("/indicator?open=60").text


def test_a_failure_stays_until_it_is_closed_and_can_be_tried_again(
    house: House, owner: httpx2.Client, project: str, model: ModelServer, page: Page
) -> None:
    page.goto(f"{house.url}/account")
    model.then(fails(401, "invalid_api_key"))
    start(owner, project)
    bad = page.locator(".toast.bad")
    expect(bad).to_contain_text("Blog post failed", timeout=SOON_MS)
    expect(bad.get_by_role("button", name="Retry")).to_be_visible()
    bad.get_by_role("button", name="Close").click()
    expect(bad).to_have_count(0)
    page.goto(f"{house.url}/notifications")
    expect(page.get_by_role("listitem").first).to_contain_text("Blog post failed")
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.locator("#bell .count")).to_have_count(0)


def test_what_belongs_to_somebody_else_is_not_there(
    house: House, owner: httpx2.Client, second: httpx2.Client, project: str, gate: Gate
) -> None:
    gate.open.set()
    start(owner, project)
    house.ended(newest_job(house, project, "blog"))
    rows = house.rows("select id from notifications")
    assert rows
    for row in rows:
        assert second.get(f"/notifications/{row['id']}").status_code == 404
    assert "toast" not in second.get("/indicator").text
    assert "Nothing has ended yet" in second.get("/notifications").text


def test_what_is_older_is_a_page_away(
    house: House, owner: httpx2.Client, project: str, gate: Gate
) -> None:
    gate.open.set()
    start(owner, project)
    house.ended(newest_job(house, project, "blog"))
    again = (
        "insert into notifications (user_id, job_id, kind, created_at, read_at, shown_at)"
        " select user_id, job_id, kind, created_at, created_at, created_at from notifications limit 1"
    )
    with closing(house.db()) as db:
        for _ in range(PAGE):
            db.execute(again)
    everything = len(house.rows("select 1 from notifications"))
    shown, address = set(), "/notifications"
    while address:
        page = owner.get(address).text
        shown |= set(re.findall(r'href="(/notifications/\d+)"', page))
        further = re.search(r'rel="next" href="([^"]+)"', page)
        address = further[1] if further else ""
    assert len(shown) == everything
    assert 'rel="prev" href="/notifications"' in page


def test_title_and_icon_say_how_it_stands(
    house: House, owner: httpx2.Client, project: str, gate: Gate, page: Page
) -> None:
    generate(page, house, project)
    name = "Draftmill"
    expect(page).to_have_title(re.compile(r"^Writing – Draftmill$"), timeout=SOON_MS)
    expect(page.locator("#favicon")).to_have_attribute("href", static("icon-working.svg"))
    gate.open.set()
    expect(slot(page, "blog")).to_have_attribute("data-status", "succeeded", timeout=SOON_MS)
    expect(page).to_have_title(re.compile(f"^✓ .*{name}$"))
    expect(page.locator("#favicon")).to_have_attribute("href", static("icon-done.svg"))
