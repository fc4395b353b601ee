"""The kinds of draft, for their owner: the list, and one to write or change."""

import sqlite3
from dataclasses import dataclass

from content_actions import ContentType
from draftmill.content_types import changing, rows
from draftmill.content_types.placeholders import MEANINGS
from draftmill.content_types.rows import PromptVersion
from draftmill.content_types.wanted import (
    LABEL_CHARACTERS,
    PROMPT_CHARACTERS,
    SUMMARY_CHARACTERS,
    Wanted,
    wanted_of,
)
from draftmill.database import changes
from draftmill.projects.listing import with_transcripts
from draftmill.projects.project import project_for
from draftmill.settings import Settings
from draftmill.web.views import pills
from draftmill.web.views.pill import REFRESH_S

PAGE = "/settings/types"
BLANK = Wanted(label="", summary="", prompt="", shape="article")


@dataclass(frozen=True)
class Listed:
    """One row of the list. What cannot be moved further has no `up` or `down`."""

    content: ContentType
    url: str
    up: bool
    down: bool


def list_of() -> dict[str, object]:
    """The context of settings/types.html."""
    found = changing.listed()
    last = len(found) - 1
    return {
        "types": [
            Listed(content, f"{PAGE}/{content.type}", up=n > 0, down=n < last)
            for n, content in enumerate(found)
        ]
    }


def page_of(
    db: sqlite3.Connection,
    settings: Settings,
    user_id: int,
    content: ContentType | None,
    typed: Wanted | None = None,
    tried: str = "",
) -> dict[str, object]:
    """The context of settings/type.html: a type as it is or as it was typed, None for a new one.

    `tried` is the project on which it was tried last. Raises NotFound when there is none.
    """
    wanted = typed or (wanted_of(content) if content else BLANK)
    return {
        "content": content,
        "wanted": wanted,
        "url": f"{PAGE}/{content.type}" if content else PAGE,
        "meanings": MEANINGS,
        "most": {
            "label": LABEL_CHARACTERS,
            "summary": SUMMARY_CHARACTERS,
            "prompt": PROMPT_CHARACTERS,
        },
        "versions": earlier(db, content) if content else [],
        "projects": with_transcripts(db, user_id),
        **(_tried(db, settings, user_id, content, tried) if content and tried else {}),
    }


def earlier(db: sqlite3.Connection, content: ContentType) -> list[PromptVersion]:
    """The prompts that it had before the present one, newest first."""
    return [one for one in rows.prompts_of(db, content.type) if one.n != content.prompt_n]


def _tried(
    db: sqlite3.Connection, settings: Settings, user_id: int, content: ContentType, tried: str
) -> dict[str, object]:
    since = changes.latest(db)
    found = project_for(db, user_id, tried)
    row = pills.row(db, settings, found, content.type)
    return {
        "row": row,
        "project": {"title": found["title"], "url": f"/projects/{found['id']}", "id": found["id"]},
        "live": f"project={found['id']}&since={since}",
        "refresh_s": REFRESH_S * row.pill.active,
    }
