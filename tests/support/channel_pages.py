"""Channels by the pages: added, tried, and what their page says."""

import itertools
import re

import httpx2

from tests.support.house import House, project_id

_talks = itertools.count(1)
TALK = "Every pull request should be small. Small changes reached production within a day."


def add(client: httpx2.Client, name: str, address: str) -> str:
    """Add a channel. Returns its signing key, "" for one that signs nothing."""
    answer = client.post("/account/channels", data={"name": name, "address": address})
    assert answer.status_code in (200, 303), answer.text
    found = re.search(r'id="new-key" value="([\w-]+)"', answer.text)
    return found[1] if found else ""


def number(house: House, name: str) -> int:
    row = house.one("select id from channels where name = ?", name)
    assert row
    return int(row["id"])


def tried(client: httpx2.Client, channel: int) -> str:
    """Send a test. Returns the page that says what came of it, as text."""
    answer = client.post(f"/account/channels/{channel}/test")
    assert answer.status_code == 303, answer.text
    page = client.get(answer.headers["location"])
    assert page.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def wish(client: httpx2.Client, where: str = "both", minutes: int = 0, away: bool = False) -> None:
    form = {"where": where, "minutes": str(minutes)} | ({"away": "yes"} if away else {})
    answer = client.post("/account/channels/preferences", data=form)
    assert answer.status_code == 303, answer.text


def bring(client: httpx2.Client, title: str = "Small changes") -> str:
    """A transcript, of which a blog post is written; the project's id."""
    files = {"transcript": ("talk.txt", f"{TALK} Talk {next(_talks)}.".encode())}
    answer = client.post("/projects", files=files, data={"types": "blog", "title": title})
    assert answer.status_code == 303, answer.text
    return project_id(answer)
