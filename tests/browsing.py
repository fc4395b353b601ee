"""What tests in a real browser share: a signed-in page that fails on any error of a script."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest
from house import House, project_id
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page

WORK_MS = 60_000
TALK = """1
00:00:00,000 --> 00:00:05,000
Today I want to talk about how we cut our build from forty minutes to four.

2
00:00:05,000 --> 00:00:10,000
Two thirds of the time was spent waiting for a cache that was never warm.

3
00:00:10,000 --> 00:00:15,000
Nobody had looked, because a number that never changes stops being a number.

4
00:00:15,000 --> 00:00:20,000
The remote cache saved eleven minutes for every developer on the first day.

5
00:00:20,000 --> 00:00:25,000
Our test machines now share one warm cache, and a build takes four minutes.
"""


def bring(client: httpx2.Client, title: str, *types: str, text: str = TALK) -> str:
    """A project from a transcript with times, which needs no listening; its id."""
    answer = client.post(
        "/projects",
        data={"title": title, "types": list(types)},
        # A transcript is known again by its bytes: the title makes each project another one.
        files={
            "transcript": (f"{title}.srt", f"{text}\n99\n00:01:00,000 --> 00:01:02,000\n{title}.\n")
        },
    )
    assert answer.status_code == 303, answer.text
    return project_id(answer)


def newest_job(house: House, project: str, task_type: str) -> str:
    """The id of the newest job of a type in a project."""
    row = house.one(
        "select id from jobs where project_id = ? and type = ? order by n desc", project, task_type
    )
    assert row is not None, f"no job of type {task_type}"
    return str(row["id"])


def ready(house: House, project: str, *types: str) -> None:
    """Wait until these jobs have succeeded."""
    for task_type in types:
        row = house.ended(newest_job(house, project, task_type))
        assert row["status"] == "succeeded", dict(row)


@contextmanager
def signed_in(browser: Browser, client: httpx2.Client, **options: Any) -> Iterator[BrowserContext]:
    """A browser with the session of an HTTP client."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}} | options)
    context.set_default_timeout(WORK_MS)
    context.add_cookies(
        [
            {"name": cookie.name, "value": cookie.value or "", "url": str(client.base_url)}
            for cookie in client.cookies.jar
        ]
    )
    yield context
    context.close()


def watched(context: BrowserContext) -> Page:
    """A page on which an error in a script, or a breach of the policy, fails the test."""
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    page.on("console", _breach)
    return page


def _breach(message: ConsoleMessage) -> None:
    if "Content Security" in message.text:
        pytest.fail(message.text)


def slot(page: Page, task_type: str) -> Locator:
    """Slot one of a row: the form, or the pill."""
    return page.locator(f"[id^=job-][id$=-{task_type}]")


def actions(page: Page, task_type: str) -> Locator:
    """Slot two of a row."""
    return page.locator(f"[id^=actions-][id$=-{task_type}]")


def ids_out_of_band(html: str) -> set[str]:
    """The ids of what an answer brings beside its main piece."""
    tags = re.findall(r"<[^<>]*hx-swap-oob[^<>]*>", html)
    return {found for tag in tags for found in re.findall(r'\bid="([^"]+)"', tag)}
