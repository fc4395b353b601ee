"""The versions of a draft: a page of them, or two side by side."""

import sqlite3

from content_actions import ContentType
from draftmill.drafts import markdown
from draftmill.drafts import versions as stored
from draftmill.drafts.versions import Version
from draftmill.jobs.engines import WITHOUT_MODEL
from draftmill.web.views.difference import difference_of
from draftmill.web.views.draft_view import current_of, frame, rendered, url_of

PAGE = 20  # versions


def place_of(url: str, n: int) -> str:
    """Where a version of the draft at `url` is shown among the others, unfolded."""
    return f"{url}/versions?before={n + PAGE}&open={n}#v{n}"


def history_of(
    db: sqlite3.Connection,
    found: sqlite3.Row,
    content: ContentType,
    before: int | None = None,
    opened: int | None = None,
) -> dict[str, object]:
    """The context of drafts/versions.html. Raises NotFound before there is a draft.

    As many texts are rendered as one may be long; the others are shown when they are asked for.
    """
    current = current_of(db, found, content)
    every = stored.versions(db, found["id"], content.type, before, PAGE + 1)
    room, listed = markdown.RENDERED, []
    for version in every[:PAGE]:
        room -= len(version.body)
        shown = _shown(db, found, content, version, whole=room >= 0)
        facts = {"current": version.id == current.id, "open": version.n == opened}
        listed.append(shown | facts)
    return frame(found, content) | {
        "versions": listed,
        "following": every[PAGE - 1].n if len(every) > PAGE else None,
    }


def both_of(
    db: sqlite3.Connection, found: sqlite3.Row, content: ContentType, yours: int
) -> dict[str, object]:
    """The context of drafts/conflict.html: a text that was kept aside and the current one."""
    mine = stored.version(db, found["id"], content.type, yours)
    theirs = current_of(db, found, content)
    return frame(found, content) | {
        "yours": _shown(db, found, content, mine),
        "theirs": _shown(db, found, content, theirs),
        "takes": "form",
        "difference": difference_of(db, found, content, theirs, mine, theirs),
    }


def _shown(
    db: sqlite3.Connection,
    found: sqlite3.Row,
    content: ContentType,
    version: Version,
    *,
    whole: bool = True,
) -> dict[str, object]:
    url = url_of(found, content)
    return {
        "n": version.n,
        "author": version.author,
        "model": "without a model" if version.model == WITHOUT_MODEL else version.model,
        "prompt": _prompt(version),
        "trial": bool(version.fields.get("trial")),
        "refused": version.fields.get("note", "") if version.fields.get("refused") else "",
        "created_at": version.updated_at,
        "words": version.words,
        "title": version.title,
        "restore_url": f"{url}/versions/{version.n}/restore",
        "beside_url": f"{url}/versions?beside={version.n}",
        "compare_url": f"{url}/versions/compare?new={version.n}",
        "rendered": rendered(db, found, version) if whole else None,
    }


def _prompt(version: Version) -> str:
    """Which of the owner's prompts the writer followed; "" where it followed none of these."""
    if not version.prompt or version.author != "writer":
        return ""
    return f"prompt {version.prompt}" if version.prompt != "0" else "the prompt that came along"
