"""One screenshot: when it was shown, and the drafts into which it can be put."""

import sqlite3
from dataclasses import dataclass

from content_actions import CONTENT_TYPES
from draftmill.drafts.placing import with_pictures
from draftmill.errors import NotFound
from draftmill.projects.screenshots import screenshots_of


@dataclass(frozen=True)
class Draft:
    type: str
    label: str


def panel_of(db: sqlite3.Connection, project: sqlite3.Row, n: int) -> dict[str, object]:
    """The context of projects/_shot.html. Raises NotFound."""
    shots = screenshots_of(db, project["id"])
    shot = next((one for one in shots if one.n == n), None)
    if shot is None:
        raise NotFound("There is no such screenshot any more.", "Reload the page of the project.")
    known = [(type_, CONTENT_TYPES.known(type_)) for type_ in with_pictures(db, project["id"])]
    return {
        "project": project,
        "shot": shot,
        "picture_url": f"/projects/{project['id']}/screenshots/{n}",
        "url": f"/projects/{project['id']}/screenshots/{n}/put",
        "drafts": [Draft(type_, content.label) for type_, content in known if content],
    }
