"""What a text must be to become a version: how long, and of how many posts."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from content_actions import CONTENT_TYPES
from draftmill.drafts.versions import MOST_POSTS, Text, posts_of
from draftmill.errors import Problem

TITLE_LIMIT = 500  # characters
BODY_LIMIT = 1_000_000  # bytes of UTF-8
FIELDS_LIMIT = 20_000  # characters of JSON


class BadDraft(Problem):
    code = "bad_draft"
    default_message = "This text cannot be saved."
    default_hint = "Copy it somewhere safe, reload the page, and try again."


class DraftTooLong(BadDraft):
    code = "draft_too_long"
    default_message = "This text is too long to be saved."
    default_hint = (
        f"A title holds {TITLE_LIMIT} characters, a text 1 MB. Shorten it and save again."
    )


class TooManyPosts(BadDraft):
    code = "too_many_posts"
    default_message = "This draft has more posts than its kind may have."
    default_hint = "Join or remove some posts, then save again."


def check_count(type: str, posts: int) -> None:
    """Raise TooManyPosts when a draft of a type never has so many."""
    content = CONTENT_TYPES.known(type)
    most = min(content.max_posts if content else MOST_POSTS, MOST_POSTS)
    if posts > most:
        label, has = (content.label if content else "draft"), "post" if most == 1 else "posts"
        raise TooManyPosts(
            f"This text is in {posts:,} posts; a draft for “{label}” has at most {most} {has}."
        )


def checked(type: str, title: str, body: str | Sequence[str], fields: Mapping[str, Any]) -> Text:
    """A text of a content type as it is stored: `body` is Markdown, or the list of posts.

    Raises BadDraft, DraftTooLong, TooManyPosts.
    """
    title = " ".join(_storable(title).split())
    stored = _storable(body) if isinstance(body, str) else _posts(type, body)
    try:
        kept = json.loads(_storable(json.dumps(dict(fields), ensure_ascii=False)))
    except (TypeError, ValueError):
        raise BadDraft("The fields of this draft cannot be stored.") from None
    too_long = len(title) > TITLE_LIMIT or len(json.dumps(kept)) > FIELDS_LIMIT
    if too_long or len(stored.encode()) > BODY_LIMIT:
        raise DraftTooLong
    check_count(type, len(posts_of(type, stored)))
    return Text(title, stored, kept)


def _posts(type: str, posts: Sequence[str]) -> str:
    check_count(type, len(posts))
    if not all(isinstance(post, str) for post in posts):
        raise BadDraft("Posts are a list of texts.")
    return json.dumps([_storable(post) for post in posts], ensure_ascii=False)


def _storable(text: str) -> str:
    """The text with one kind of line end, without halves of characters, which UTF-8 cannot hold."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return text.encode("utf-8", "replace").decode("utf-8")
