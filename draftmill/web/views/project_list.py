"""What the list says of a project: its facts, its drafts, and a status in one line."""

from collections.abc import Sequence

from content_actions import CONTENT_TYPES
from draftmill.projects.listing import Listed
from draftmill.web.views import pills


def entries_of(listed: Sequence[Listed]) -> dict[str, object]:
    """The rows of projects/_list.html, and the jobs that those at work wait for."""
    return {
        "projects": [entry_of(item) for item in listed],
        "job_ids": [item.active.id for item in listed if item.active],
    }


def entry_of(item: Listed) -> dict[str, object]:
    """One row, as in projects/_entry.html."""
    project, url = item.row, f"/projects/{item.row['id']}"
    return {
        "id": project["id"],
        "url": url,
        "job_id": item.active.id if item.active else "",
        "title": project["title"],
        "duration_s": project["duration_s"],
        "created_at": project["created_at"],
        "drafts": [row.label for row in CONTENT_TYPES.all_known() if row.type in item.drafts],
        "thumb_url": f"{url}/screenshots/{item.picture}?size=thumb" if item.picture else None,
        "source": project["source"],
        "tag": pills.summary(item),
    }


def said_of(item: Listed) -> str:
    """What a screen reader hears of a row that is done; "" for nothing."""
    tag = pills.summary(item)
    return f"{item.row['title']}: {tag.word}." if tag else ""
