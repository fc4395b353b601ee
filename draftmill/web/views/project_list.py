"""What the list says of a project: its facts, its drafts, and a status in one line."""

from content_actions import CONTENT_TYPES
from draftmill.projects.listing import Listed
from draftmill.web.views import pills


def entry_of(item: Listed) -> dict[str, object]:
    """One row of projects/_list.html."""
    project, url = item.row, f"/projects/{item.row['id']}"
    return {
        "url": url,
        "title": project["title"],
        "duration_s": project["duration_s"],
        "created_at": project["created_at"],
        "drafts": [row.label for name, row in CONTENT_TYPES.items() if name in item.drafts],
        "thumb_url": f"{url}/screenshots/{item.picture}?size=thumb" if item.picture else None,
        "source": project["source"],
        "tag": pills.summary(item),
    }
