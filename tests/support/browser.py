"""What tests in a real browser share: a signed-in page that fails on any error of a script."""

import itertools
import re
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

from tests.support.house import QUICK, House, opened, project_id
from tests.support.model_server import Answer, Exchange, ModelServer, answers, fails, stalls
from tests.support.speech_server import Exchange as Sound
from tests.support.speech_server import SpeechServer, says, speech_server

WORK_MS = 60_000
# What is waited for comes late on a loaded machine; that it never comes is the failure.
expect.set_options(timeout=WORK_MS)
AHEAD = 3
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

SAID = [
    "We measured before we touched anything.",
    "Two thirds of the time was spent waiting for a cache that was never warm.",
    "Nobody had looked, because a number that never changes stops being a number.",
    "We drew the graph on paper, every arrow, and asked of each one who needs it.",
]
ARTICLE = f"""# Forty minutes to four

Nobody owned the build, so nobody knew where the time went.

## What helped

> {SAID[1]} [0:05](time:5)

![The first slide](shot:1)

- one warm cache
- a number that `never` changes stops being one
"""
NEWSLETTER = f"""Subject: Where forty minutes went
Alternative: The build nobody owned
Alternative: One warm cache for all
Preview: What we found when we looked.

{ARTICLE}"""
THREAD = "We cut our build.\n\n---\n\nNobody had looked.\n\n---\n\nOne warm cache for all."


def writes(exchange: Exchange) -> None:
    """What the model answers: by the instructions, else by what it is asked for."""
    asked = exchange.request.task
    wished: dict[str, Answer] = {
        "Keep me waiting": stalls("Some words of a beginning that goes on and "),
        "Refuse me": fails(401, "invalid_api_key"),
        "Try me later": fails(429, retry_after="600"),
    }
    text = NEWSLETTER if "newsletter" in asked else THREAD if "thread" in asked else ARTICLE
    answer = next((wished[wish] for wish in wished if wish in asked), answers(text))
    answer(exchange)


def hears(exchange: Sound) -> None:
    """A sentence every five seconds, as a transcription server tells them."""
    seconds = int(exchange.request.seconds)
    segments = [
        {"id": n, "start": at, "end": min(at + 5, seconds), "text": SAID[n % len(SAID)]}
        for n, at in enumerate(range(0, seconds, 5))
    ]
    said = " ".join(str(segment["text"]) for segment in segments)
    says(said, language="english", duration=seconds, segments=segments)(exchange)


@contextmanager
def served(folder: Path) -> Iterator[tuple[House, SpeechServer]]:
    """A house whose model and transcription are servers of the test, so that it is quick."""
    with ModelServer(otherwise=writes) as model, speech_server(hears) as speech:
        environ = {
            "DRAFTMILL_LLM_BASE_URL": model.base_url,
            "DRAFTMILL_LLM_MODEL": "test",
            "DRAFTMILL_TRANSCRIBE_BASE_URL": speech.url,
        }
        with opened(folder / "data", **QUICK, **environ) as house:
            yield house, speech


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


def brought_ahead(client: httpx2.Client, *types: str) -> Iterator[str]:
    """One project after the other, each brought while tests are still busy with earlier ones."""
    waiting: deque[str] = deque()
    for n in itertools.count():
        waiting.append(bring(client, f"Talk {n}", *types))
        if n >= AHEAD:
            yield waiting.popleft()


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


def without_sockets(page: Page) -> Page:
    """The page where websockets are blocked, as by some proxies: it can only ask."""
    page.route_web_socket("**/live*", lambda socket: socket.close())
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


# The name of what has the focus, and whether it or what holds it looks otherwise than without.
FOCUSED = """() => {
  const element = document.activeElement;
  const look = () => {
    let looks = [];
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at);
      looks.push(style.outlineStyle === "none" ? "" : style.outlineWidth, style.boxShadow, style.borderColor);
    }
    return looks.join();
  };
  const focused = look();
  const name = element.labels?.[0]?.textContent || element.getAttribute("aria-label") || element.textContent;
  element.blur();
  const blurred = look();
  element.focus({ focusVisible: true });
  return [name.trim(), focused !== blurred];
}"""
SOON_MS = 15_000
