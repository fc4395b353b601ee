"""What the list says of a project: its facts, its drafts, and a status in one line."""

from dataclasses import dataclass

from content_actions import CONTENT_TYPES
from draftmill.projects.listing import Listed
from draftmill.web.views import pills
from draftmill.web.views.pills import Tag


@dataclass(frozen=True)
class Entry:
    """One row of `projects/_list.html`. `created_at` is UTC ISO 8601 text."""

    id: str
    url: str
    title: str
    duration_s: float | None
    created_at: str
    drafts: tuple[str, ...]
    thumb_url: str | None
    source: str
    tag: Tag | None


def entry_of(item: Listed) -> Entry:
    """A project as the list shows it."""
    project = item.row
    url = f"/projects/{project['id']}"
    return Entry(
        id=project["id"],
        url=url,
        title=project["title"],
        duration_s=project["duration_s"],
        created_at=project["created_at"],
        drafts=tuple(row.label for name, row in CONTENT_TYPES.items() if name in item.drafts),
        thumb_url=f"{url}/screenshots/{item.picture}?size=thumb" if item.picture else None,
        source=project["source"],
        tag=pills.summary(item),
    )
