"""Where a person is signed in, in words."""

import sqlite3
from dataclasses import dataclass

from draftmill.accounts.sessions import sessions_of
from draftmill.settings import Settings

BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "Chrome": "Chrome",
    "Chromium": "Chromium",
    "CriOS": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Macintosh": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


@dataclass(frozen=True)
class Device:
    """One session. `last_seen_at` is UTC ISO 8601 text; `current` is the one that asks."""

    agent: str
    last_seen_at: str
    current: bool


def devices_of(
    db: sqlite3.Connection, settings: Settings, user_id: int, session: str
) -> list[Device]:
    """A user's open sessions, last used first; `session` is the id_hash of the one that asks."""
    return [
        Device(device_name(row["user_agent"]), row["last_seen_at"], row["id_hash"] == session)
        for row in sessions_of(db, user_id, settings)
    ]


def device_name(user_agent: str) -> str:
    """What a person would call the sender of a User-Agent header: "Firefox on Linux"."""
    browser = next((name for mark, name in BROWSERS.items() if mark in user_agent), "A program")
    system = next((name for mark, name in SYSTEMS.items() if mark in user_agent), "")
    return f"{browser} on {system}" if system else browser
