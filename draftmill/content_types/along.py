"""The kinds of draft that come along switched off. Each asks for what templates/prompts/ says."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from content_actions import OWNED, ContentType
from draftmill.settings import resources

POSITION = 50  # behind the program's own, before what the owner adds

ROWS = (
    ContentType(
        type="show-notes",
        label="Show notes",
        summary="What it is about, times and names",
        shape="article",
        layout="outline",
        prompt=OWNED,
        button="Edit",
    ),
    ContentType(
        type="minutes",
        label="Meeting minutes",
        summary="Decisions, who does what, what is open",
        shape="article",
        layout="outline",
        prompt=OWNED,
        button="Edit",
    ),
    ContentType(
        type="summary",
        label="Summary",
        summary="The whole in a few paragraphs",
        shape="article",
        layout="digest",
        prompt=OWNED,
        button="View",
    ),
    ContentType(
        type="questions",
        label="Questions and answers",
        summary="What is asked and what is answered",
        shape="article",
        layout="outline",
        prompt=OWNED,
        button="Edit",
    ),
    ContentType(
        type="youtube",
        label="YouTube description",
        summary="A description with chapters",
        shape="posts",
        layout="post",
        prompt=OWNED,
        button="Edit",
        limit=5000,
    ),
    ContentType(
        type="mastodon",
        label="Mastodon or Bluesky thread",
        summary="Up to 12 posts of 300 characters: Bluesky takes no more, Mastodon 500",
        shape="posts",
        layout="thread",
        prompt=OWNED,
        button="View",
        limit=300,
        max_posts=12,
    ),
)


@cache
def rows() -> Mapping[str, ContentType]:
    """They by their types, with what they ask for."""
    return {row.type: _with_task(row) for row in ROWS}


def _with_task(row: ContentType) -> ContentType:
    file = resources() / "templates" / "prompts" / f"{row.type}.md"
    task = file.read_text(encoding="utf-8").strip()
    return replace(row, task=task, on=False, every=False, position=POSITION)
