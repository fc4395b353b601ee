"""A screenshot put into a draft by its owner: at the end, beside what was said at that time, or in
the place of another."""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from content_actions import CONTENT_TYPES
from draftmill.clock import clock
from draftmill.database.connection import transaction
from draftmill.drafts import editing
from draftmill.drafts.export import SHOT
from draftmill.drafts.versions import Version, current, drafted
from draftmill.errors import NotFound, Problem
from draftmill.evidence.blocks import Text, blocks_of
from draftmill.evidence.records import blocks_in
from draftmill.projects.screenshots import Screenshot, screenshots_of

LONGEST_ALT = 300  # characters
MARKS = re.compile(r"[\[\]\\`<\s]+")  # what would end the alt text, or begin something else


class NoPictures(Problem):
    code = "no_pictures"
    default_message = "This kind of draft shows no pictures."
    default_hint = "Choose an article, such as the blog post."


@dataclass(frozen=True)
class Placed:
    """The draft with the picture. `before` is the version to go back to, None when it was there already."""

    version: Version
    before: int | None


def with_pictures(db: sqlite3.Connection, project_id: str) -> list[str]:
    """The content types of a project's drafts that can show a picture."""
    written = drafted(db, project_id)
    return [
        one.type
        for one in CONTENT_TYPES.all_known()
        if one.type in written and one.shape != "posts"
    ]


def put(
    db: sqlite3.Connection,
    project_id: str,
    type: str,
    user_id: int,
    n: int,
    beside: bool,
    alt: str | None = None,
) -> Placed:
    """Put a screenshot into a draft, as a new version by the person.

    `beside` the paragraph that rests on the time at which it was shown, else at the end. `alt` is
    what it shows, in words. A picture that the draft shows already stays where it is. Raises
    NotFound, NoPictures.
    """
    with transaction(db):
        shown, shot = _found(db, project_id, type, n)
        if n in _numbers(shown):
            return Placed(shown, None)
        return _saved(db, user_id, shown, _with(shown, shot, beside, alt))


def replace(
    db: sqlite3.Connection,
    project_id: str,
    type: str,
    user_id: int,
    n: int,
    instead_of: int,
    alt: str | None = None,
) -> Placed:
    """Let a screenshot take the place of another wherever the draft shows that, as a new version.

    Without an `alt` text each place keeps its own. The same number twice changes that text alone.
    A second time nothing changes. Raises NotFound, NoPictures.
    """
    with transaction(db):
        shown, _ = _found(db, project_id, type, n)
        numbers = _numbers(shown)
        if instead_of not in numbers and n not in numbers:
            raise NotFound("The draft does not show that picture.", "Read the draft again.")

        def place(mark: re.Match[str]) -> str:
            if int(mark[2]) != instead_of:
                return mark[0]
            return f"![{mark[1] if alt is None else _plain(alt)}](shot:{n})"

        body = SHOT.sub(place, shown.body)
        return Placed(shown, None) if body == shown.body else _saved(db, user_id, shown, body)


def _found(
    db: sqlite3.Connection, project_id: str, type: str, n: int
) -> tuple[Version, Screenshot]:
    shown = current(db, project_id, type)
    shot = next((one for one in screenshots_of(db, project_id) if one.n == n), None)
    if shown is None or shot is None:
        raise NotFound
    if type not in with_pictures(db, project_id):
        raise NoPictures
    return shown, shot


def _numbers(shown: Version) -> set[int]:
    return {int(mark[2]) for mark in SHOT.finditer(shown.body)}


def _saved(db: sqlite3.Connection, user_id: int, shown: Version, body: str) -> Placed:
    place = (shown.project_id, shown.type, user_id)
    saved = editing.save(db, *place, shown.title, body, shown.fields, None)
    return Placed(saved.version, shown.n)


def _plain(alt: str) -> str:
    """Words that stand in brackets without ending them."""
    return MARKS.sub(" ", alt).strip()[:LONGEST_ALT]


def _with(shown: Version, shot: Screenshot, beside: bool, alt: str | None) -> str:
    told = f"Screenshot at {clock(shot.time_s)}" if alt is None else _plain(alt)
    picture = f"![{told}](shot:{shot.n})"
    lines = shown.body.rstrip().split("\n")
    place = _after(shown, shot, lines) if beside else len(lines)
    return "\n".join([*lines[:place], "", picture, "", *lines[place:]]).strip("\n") + "\n"


def _after(shown: Version, shot: Screenshot, lines: list[str]) -> int:
    """The empty line after the block whose times are nearest to the screenshot's; else the end."""
    said = {
        block.hash: [
            s.start for claim in block.claims for s in claim.sources if s.start is not None
        ]
        for block in blocks_in(shown.evidence)
    }
    near = [
        (min(_apart_s(moment, shot) for moment in moments), block.lines[1])
        for block in blocks_of(shown.body)
        if (moments := list(_moments(block, said)))
    ]
    if not near:
        return len(lines)
    place = min(near)[1]
    while place < len(lines) and lines[place].strip():
        place += 1
    return place


def _moments(block: Text, said: dict[str, list[float]]) -> Iterator[float]:
    yield from (mark.seconds for mark in block.times)
    yield from said.get(block.hash, ())


def _apart_s(moment: float, shot: Screenshot) -> float:
    """How far a moment is from the time during which the picture was on the screen."""
    return max(shot.time_s - moment, moment - shot.end_s, 0.0)
