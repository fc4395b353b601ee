"""What the list says of a project: its facts, its drafts, and a status in one line."""

from collections.abc import Sequence
from dataclasses import asdict
from urllib.parse import urlencode

from content_actions import CONTENT_TYPES
from draftmill.projects.filtered import DATES, NEWEST, SORTS, STATES, Page, Wanted
from draftmill.projects.listing import Listed
from draftmill.web.views import tags


def entries_of(listed: Sequence[Listed]) -> dict[str, object]:
    """The rows of projects/_list.html, and the jobs that those at work wait for."""
    return {
        "projects": [entry_of(item) for item in listed],
        "job_ids": [item.active.id for item in listed if item.active],
    }


def list_of(wanted: Wanted, page: Page, speakers: Sequence[str] = ()) -> dict[str, object]:
    """What is chosen above the list and what can be; how many there are, and the pages beside."""
    beside = {"before": page.number - 1, "after": page.number + 1}
    return {
        "wanted": wanted,
        "states": [("", "In any state"), *((name, one[0]) for name, one in STATES.items())],
        "dates": [("", "Of any date"), *DATES.items()],
        "sorts": [(name, sort.label) for name, sort in SORTS.items()],
        "speakers": speakers,
        "count": page.count,
        "number": page.number,
        "pages": page.pages,
        "any": bool(page.count or wanted.filtered),
        **{name: query_of(wanted, n) if 1 <= n <= page.pages else "" for name, n in beside.items()},
    }


def query_of(wanted: Wanted, number: int = 1) -> str:
    """The query of the address that shows a page of what is wanted."""
    given = asdict(wanted) | {"sort": wanted.sort if wanted.sort != NEWEST else ""}
    given = {"q": given.pop("query"), **given, "page": number}
    return urlencode({name: value for name, value in given.items() if value})


def entry_of(item: Listed) -> dict[str, object]:
    """One row, as in projects/_entry.html."""
    project, url = item.row, f"/projects/{item.row['id']}"
    return {
        "id": project["id"],
        "rev": item.rev,
        "url": url,
        "job_id": item.active.id if item.active else "",
        "title": project["title"],
        "duration_s": project["duration_s"],
        "created_at": project["created_at"],
        "drafts": [row.label for row in CONTENT_TYPES.all_known() if row.type in item.drafts],
        "thumb_url": f"{url}/screenshots/{item.picture}?size=thumb" if item.picture else None,
        "source": project["source"],
        "tag": tags.summary(item),
    }


def said_of(item: Listed) -> str:
    """What a screen reader hears of a row that is done; "" for nothing."""
    tag = tags.summary(item)
    return f"{item.row['title']}: {tag.word}." if tag else ""
