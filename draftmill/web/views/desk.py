"""The desk: a draft to edit, ways to take it away, what is offered beside it."""

import sqlite3

from content_actions import CONTENT_TYPES, ContentType, slot_id
from draftmill.database import changes
from draftmill.drafts import parts, post_length
from draftmill.drafts import versions as stored
from draftmill.drafts.earlier import is_from_earlier_transcript
from draftmill.drafts.note import note_of
from draftmill.drafts.versions import Version
from draftmill.evidence.records import blocks_in
from draftmill.jobs.engines import WITHOUT_MODEL
from draftmill.jobs.job import Job, newest_job
from draftmill.projects.screenshots import screenshots_of
from draftmill.settings import Settings
from draftmill.web.views import pills
from draftmill.web.views.draft_view import current_of, frame, rendered, url_of
from draftmill.web.views.marks import marks_of
from draftmill.web.views.version_list import place_of

DEFAULT_ENDING = {"article": "zip", "posts": "txt"}
MOST_PARTS = 200  # that can be chosen from
ENDINGS = {
    "article": {
        "md": "Markdown",
        "html": "HTML",
        "docx": "Word (.docx)",
        "txt": "Plain text",
        "zip": "Zip with pictures",
    },
    "posts": {"txt": "Plain text", "html": "HTML", "docx": "Word (.docx)"},
}


def desk_of(
    db: sqlite3.Connection,
    settings: Settings,
    user_id: int,
    found: sqlite3.Row,
    content: ContentType,
) -> dict[str, object]:
    """The context of drafts/draft.html and drafts/thread.html. Raises NotFound."""
    since = changes.latest(db)
    current = current_of(db, found, content)
    url, endings = url_of(found, content), ENDINGS[content.shape]
    marks = marks_of(db, user_id, current, blocks_in(current.evidence), url)
    return frame(found, content) | {
        "live": f"project={found['id']}&since={since}",
        "draft": _shown(db, url, content, current)
        | {"outlined": current.model == WITHOUT_MODEL and not settings.has_language_model},
        "rendered": rendered(db, found, current, marks),
        "marks": marks,
        "downloads": [(label, f"{url}.{ending}") for ending, label in endings.items()],
        "download_url": f"{url}.{DEFAULT_ENDING[content.shape]}",
        "offered": _offered(db, found, content),
        "again": _again(db, settings, found, content),
        "parts": _parts(settings, url, content, current),
        "part_offers": part_offers(db, found, content),
        "pictures": _pictures(settings, db, found, content),
        "recording": _recording(found),
        "problem": None,
    }


def _pictures(
    settings: Settings, db: sqlite3.Connection, found: sqlite3.Row, content: ContentType
) -> dict[str, object] | None:
    """The context of drafts/_pictures.html: articles have pictures, where there are any."""
    shots = screenshots_of(db, found["id"]) if content.shape == "article" else []
    if not shots:
        return None
    return {
        "url": f"/projects/{found['id']}",
        "shots": shots,
        "steps": bool(found["file"] and found["width"]),
        "last": int(found["duration_s"] or 0),
    }


def _recording(found: sqlite3.Row) -> dict[str, object] | None:
    """The context of drafts/_listen.html, None without a recording."""
    if not found["file"]:
        return None
    url = f"/projects/{found['id']}/recording"
    return {"url": url, "is_video": found["media_type"].startswith("video/")}


def _shown(
    db: sqlite3.Connection, url: str, content: ContentType, current: Version
) -> dict[str, object]:
    return {
        "url": url,
        "title": current.title,
        "body": current.body,
        "based_on": current.tag,
        "n": current.n,
        "author": current.author,
        "saved_at": current.updated_at,
        "note": note_above(db, current),
        "preview": current.fields.get("preview", ""),
        "subjects": current.fields.get("subjects", []),
        "posts": current.posts,
        "counts": [post_length.length(post, content.count) for post in current.posts],
    }


def note_above(db: sqlite3.Connection, current: Version) -> str:
    """One line about the draft as a whole, and what cannot be shown of it."""
    lines = [note_of(current)]
    if is_from_earlier_transcript(db, current):
        lines.append(pills.EARLIER)
    if (count := len(stored.posts_of(current.type, current.body))) > stored.MOST_POSTS:
        lines.append(f"This version has {count:,} posts; the first {stored.MOST_POSTS} are shown.")
    return " ".join(filter(None, lines))


def offered_to(db: sqlite3.Connection, found: sqlite3.Row, job: Job) -> dict[str, object] | None:
    """What the end of a job offers beside a person's text, if it does; as drafts/_offered.html."""
    content = CONTENT_TYPES.known(job.type)
    return _offered(db, found, content) if content else None


def _offered(
    db: sqlite3.Connection, found: sqlite3.Row, content: ContentType
) -> dict[str, object] | None:
    offered = stored.offered(db, found["id"], content.type)
    if offered is None:
        return None
    url = url_of(found, content)
    return {
        "slot_id": f"offered-{slot_id(found['id'], content.type)}",
        "n": offered.n,
        "created_at": offered.created_at,
        "model": offered.model,
        "version_url": place_of(url, offered.n),
        "compare_url": f"{url}/versions/compare?new={offered.n}",
        "restore_url": f"{url}/versions/{offered.n}/restore",
        "decline_url": f"{url}/versions/{offered.n}/decline",
    }


def _parts(
    settings: Settings, url: str, content: ContentType, current: Version
) -> dict[str, object] | None:
    """The context of drafts/_parts.html, None where nobody can write a part."""
    if not settings.has_language_model:
        return None
    return {
        "url": f"{url}/parts",
        "parts": parts.parts_of(current)[:MOST_PARTS],
        "wishes": parts.WISHES,
    }


def part_offers_to(
    db: sqlite3.Connection, found: sqlite3.Row, job: Job
) -> dict[str, object] | None:
    """What the end of a job offers in place of a part; as drafts/_part_offers.html."""
    content = CONTENT_TYPES.known(job.type)
    return part_offers(db, found, content) if content and "part" in job.parameters else None


def part_offers(
    db: sqlite3.Connection, found: sqlite3.Row, content: ContentType
) -> dict[str, object]:
    """The context of drafts/_part_offers.html."""
    return {
        "slot_id": f"parts-{slot_id(found['id'], content.type)}",
        "url": f"{url_of(found, content)}/parts",
        "recording_url": f"/projects/{found['id']}",
        "offers": parts.offers_of(db, found["id"], content.type),
    }


def _again(
    db: sqlite3.Connection, settings: Settings, found: sqlite3.Row, content: ContentType
) -> dict[str, object] | None:
    """The context of drafts/_again.html, None for a type that is not offered any more."""
    if content.type not in CONTENT_TYPES:
        return None
    last = newest_job(db, found["id"], content.type)
    return {
        "url": f"/projects/{found['id']}/jobs",
        "type": content.type,
        "after_last": last.id if last else "",
        "takes_instructions": settings.has_language_model,
        "slot_id": slot_id(found["id"], content.type),
        "pill": pills.pill_of_job(db, settings, found, content.type, last) if last else None,
    }
