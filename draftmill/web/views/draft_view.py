"""What the pages about drafts share: finding one, and how it reads."""

import sqlite3
from collections.abc import Mapping

from markupsafe import Markup

from content_actions import CONTENT_TYPES, ContentType
from draftmill.drafts import markdown
from draftmill.drafts import versions as stored
from draftmill.drafts.versions import Version
from draftmill.errors import NotFound
from draftmill.projects.project import project_for
from draftmill.projects.screenshots import Screenshot, screenshots_of
from draftmill.web.views.marks import Marks, put_in


def find(
    db: sqlite3.Connection, user_id: int, address: Mapping[str, str]
) -> tuple[sqlite3.Row, ContentType]:
    """The user's own project and the content type that an address names. Raises NotFound."""
    found = project_for(db, user_id, address["project_id"])
    content = CONTENT_TYPES.known(address["type"])
    if content is None:
        raise NotFound
    return found, content


def current_of(db: sqlite3.Connection, found: sqlite3.Row, content: ContentType) -> Version:
    """The draft that is shown. Raises NotFound before it is written."""
    current = stored.current(db, found["id"], content.type)
    if current is None:
        raise NotFound("This draft is not written yet.", "Generate it on the project's page.")
    return current


def opened_at(db: sqlite3.Connection, current: Version, n: int | None) -> Version:
    """The version that a page was made from; the current one where that is not known."""
    if n is None or n == current.n:
        return current
    try:
        return stored.version(db, current.project_id, current.type, n)
    except NotFound:
        return current


def frame(found: sqlite3.Row, content: ContentType) -> dict[str, object]:
    """What every page about a draft shows around it."""
    return {
        "project": {"title": found["title"], "url": f"/projects/{found['id']}"},
        "content": content,
        "draft_url": url_of(found, content),
    }


def url_of(found: sqlite3.Row, content: ContentType) -> str:
    """Where a draft is edited."""
    return f"/projects/{found['id']}/drafts/{content.type}"


def rendered(
    db: sqlite3.Connection, found: sqlite3.Row, version: Version, marks: Marks | None = None
) -> Markup:
    """How a version reads, as safe HTML, with marks in its margin if there are any."""
    if version.posts:
        return _posts_html(version.posts)
    return article_html(found["id"], version.title, version.body, shots_of(db, found), marks)


def article_html(
    project_id: str,
    title: str,
    body: str,
    shots: Mapping[int, Screenshot],
    marks: Marks | None = None,
) -> Markup:
    """Title and Markdown as safe HTML, with marks in its margin if there are any."""
    html = markdown.render(body, project_id, shots, numbered=marks is not None)
    text = Markup(put_in(html, marks) if marks else html)  # noqa: S704  (sanitised there)
    return Markup('<h1 dir="auto">{}</h1>').format(title) + text if title else text


def _posts_html(texts: list[str]) -> Markup:
    return Markup("").join(
        Markup('<p class="post-text" dir="auto">{}</p>').format(text) for text in texts
    )


def shots_of(db: sqlite3.Connection, found: sqlite3.Row) -> dict[int, Screenshot]:
    """The pictures of a project by number."""
    return {shot.n: shot for shot in screenshots_of(db, found["id"])}
