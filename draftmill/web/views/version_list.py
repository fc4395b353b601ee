"""The versions of a draft: all of them, or two side by side."""

import sqlite3

from content_actions import ContentType
from draftmill.drafts import markdown
from draftmill.drafts import versions as stored
from draftmill.drafts.versions import Version
from draftmill.drafts.written import WITHOUT_MODEL
from draftmill.web.views.draft_view import current_of, frame, rendered, url_of


def history_of(
    db: sqlite3.Connection, found: sqlite3.Row, content: ContentType
) -> dict[str, object]:
    """The context of drafts/versions.html. Raises NotFound before there is a draft."""
    current = current_of(db, found, content)
    every = stored.versions(db, found["id"], content.type)
    return frame(found, content) | {
        "versions": [
            _shown(db, found, content, version) | {"current": version.id == current.id}
            for version in every
        ]
    }


def both_of(
    db: sqlite3.Connection, found: sqlite3.Row, content: ContentType, yours: int
) -> dict[str, object]:
    """The context of drafts/conflict.html: a text that was kept aside and the current one."""
    mine = stored.version(db, found["id"], content.type, yours)
    return frame(found, content) | {
        "yours": _shown(db, found, content, mine),
        "theirs": _shown(db, found, content, current_of(db, found, content)),
    }


def _shown(
    db: sqlite3.Connection, found: sqlite3.Row, content: ContentType, version: Version
) -> dict[str, object]:
    texts = version.posts or [version.body]
    return {
        "n": version.n,
        "author": version.author,
        "model": "without a model" if version.model == WITHOUT_MODEL else version.model,
        "created_at": version.updated_at,
        "words": sum(markdown.count_words(text) for text in texts),
        "title": version.title,
        "restore_url": f"{url_of(found, content)}/versions/{version.n}/restore",
        "rendered": rendered(db, found, version),
    }
