"""An end is told once: on the pages that are open, by sound, and outside the page, in however many tabs."""

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import SOON_MS, newest_job, signed_in, watched
from tests.support.house import House, until
from tests.support.pills import start
from tests.web.live.test_two_transports import hide

# What a page plays and shows, counted while it does.
COUNTED = """
window.heard = []; window.shown = [];
const start = AudioScheduledSourceNode.prototype.start;
AudioScheduledSourceNode.prototype.start = function (...given) {
  heard.push(this.frequency.value); start.apply(this, given);
};
window.Notification = class extends Notification {
  constructor(title, options) { super(title, options); shown.push(title); }
};
"""
GOOD = [660, 880]


def of(pages: list[Page], what: str) -> list[str]:
    """What these pages have heard or shown, together."""
    return [one for page in pages for one in page.evaluate(what)]


def ended(house: House, owner: httpx2.Client, project: str, task_type: str) -> str:
    """A job from its start to its end; the id of its toast."""
    start(owner, project, task_type)
    job = newest_job(house, project, task_type)
    house.ended(job)
    number = house.one("select id from notifications where job_id = ?", job)
    assert number
    return f"#toast-{number['id']}"


def test_the_end_is_told_once_in_a_browser_and_not_over_a_page_in_view(
    house: House,
    owner: httpx2.Client,
    second: httpx2.Client,
    browser: Browser,
    project: str,
    full: bool,
) -> None:
    if not full:
        pytest.skip("only in `make faults`: tests/web/live has its parts")
    with (
        signed_in(browser, owner) as context,
        signed_in(browser, owner) as another,
        signed_in(browser, second) as foreign,
    ):
        context.grant_permissions(["notifications"], origin=house.url)
        for each in (context, another):
            each.add_init_script(COUNTED)
        tabs, elsewhere = [watched(context), watched(context)], watched(another)
        stranger = watched(foreign)
        for one in (*tabs, elsewhere, stranger):
            one.goto(f"{house.url}/notifications")
        tabs[0].get_by_label("Play a sound").check()
        tabs[0].get_by_label("Show a notification of the browser").check()
        until(lambda: of(tabs, "heard") == GOOD and of(tabs, "shown") == ["Draftmill"])
        for one in tabs:
            hide(one, True)

        def tell(task_type: str, sounds: int, *titles: str) -> None:
            toast = ended(house, owner, project, task_type)
            for one in (*tabs, elsewhere):
                expect(one.locator(toast)).to_have_count(1, timeout=SOON_MS)
            until(
                lambda: (
                    len(of(tabs, "heard")) >= 2 * sounds and len(of(tabs, "shown")) >= len(titles)
                )
            )
            assert of(tabs, "heard") == GOOD * sounds
            assert sorted(of(tabs, "shown")) == sorted(titles)

        tell("blog", 2, "Draftmill", "Blog post ready")
        hide(tabs[1], False)
        tell("newsletter", 3, "Draftmill", "Blog post ready")
        hide(tabs[1], True)
        tell("linkedin", 4, "Draftmill", "Blog post ready", "LinkedIn post ready")
        assert of([elsewhere], "heard") == of([elsewhere], "shown") == []
        assert stranger.locator(".toast").count() == 0
