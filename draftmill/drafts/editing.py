"""The text of a content type as it stands, and what a person does to it.

Nothing that was sent to be saved is lost: on a stale base it becomes a version of its own.
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from draftmill.clock import now
from draftmill.database import changes
from draftmill.database.connection import transaction
from draftmill.drafts import spells, undone
from draftmill.drafts.checking import check_count, checked
from draftmill.drafts.earlier import is_from_earlier_transcript
from draftmill.drafts.versions import (
    Author,
    Text,
    Version,
    current,
    insert,
    offered,
    one,
    posts_of,
    rewrite,
    show,
    version,
)
from draftmill.errors import Conflict, NotFound


@dataclass(frozen=True)
class Saved:
    """What a save led to. `changed` is false when the text was there already."""

    version: Version
    changed: bool


class StaleBase(Conflict):
    """The draft went on since this text was begun. The text is kept as `stored`."""

    code = "stale_base"
    default_message = "This draft was changed elsewhere since you opened it."
    default_hint = "Your text is kept as a version of its own. Compare the two and go on with one."

    def __init__(self, stored: Version, current: Version) -> None:
        super().__init__()
        self.stored = stored
        self.current = current


@dataclass(frozen=True)
class Described:
    """What the project page says about a draft. `posts` is 0 for an article."""

    words: int
    posts: int
    author: Author
    n: int
    updated_at: str
    offered: bool
    earlier_transcript: bool


def describe(db: sqlite3.Connection, project_id: str, type: str) -> Described | None:
    """The facts that a row of the project page shows, or None when there is no draft."""
    shown = current(db, project_id, type)
    if shown is None:
        return None
    return Described(
        words=shown.words,
        posts=len(shown.posts),
        author=shown.author,
        n=shown.n,
        updated_at=shown.updated_at,
        offered=offered(db, project_id, type) is not None,
        earlier_transcript=is_from_earlier_transcript(db, shown),
    )


def save(
    db: sqlite3.Connection,
    project_id: str,
    type: str,
    user_id: int,
    title: str,
    body: str | Sequence[str],
    fields: Mapping[str, Any],
    based_on: str | None,
) -> Saved:
    """Save what a person wrote: Markdown, or the list of posts.

    `based_on` is the tag of the version that the text was made from ("" when there was no draft,
    None to save onto whatever is current). Saves on one base are one version while their editing
    spell goes on. Raises checking's refusals, and StaleBase when the draft is
    at another version by now. The text is kept as a version then too: so call this outside of
    any transaction, which the error would roll back.
    """
    text = checked(type, title, body, fields)
    with transaction(db):
        shown = current(db, project_id, type)
        if shown is not None and shown.text == text:
            return Saved(shown, changed=False)
        if shown is None or based_on in (None, shown.tag):
            return Saved(_go_on(db, project_id, type, user_id, text, shown, based_on), changed=True)
        stored = _keep_aside(db, shown, user_id, text, based_on or "")
    raise StaleBase(stored, shown)


def restore(db: sqlite3.Connection, project_id: str, type: str, n: int, user_id: int) -> Version:
    """Show an older text again, as a new version by the person. Raises NotFound, TooManyPosts."""
    with transaction(db):
        old, shown = version(db, project_id, type, n), current(db, project_id, type)
        text = _without_refusal(old.text)
        check_count(type, len(posts_of(type, old.body)))
        if shown is not None and shown.text == text:
            return shown
        if shown is not None:
            spells.end(db, shown)
        new = insert(
            db,
            project_id,
            type,
            text,
            based_on=old.id,
            evidence=old.evidence,
            model=old.model,
            prompt=old.prompt,
        )
        show(db, new)
        _record(db, new, user_id)
        return new


def _without_refusal(text: Text) -> Text:
    """A text that was refused, once a person wants it: nothing says any more that it was replaced."""
    if not text.fields.get("refused"):
        return text
    kept = {name: value for name, value in text.fields.items() if name not in ("refused", "note")}
    return replace(text, fields=kept)


def use_offered(db: sqlite3.Connection, project_id: str, type: str, user_id: int) -> Version:
    """Show the offered version; the person's text stays among the versions.

    Raises NotFound, TooManyPosts.
    """
    with transaction(db):
        waiting = offered(db, project_id, type)
        if waiting is None:
            raise NotFound("No new version is waiting.", "Reload the page to see the present one.")
        check_count(type, len(posts_of(type, waiting.body)))
        if shown := current(db, project_id, type):
            spells.end(db, shown)
        show(db, waiting)
        _record(db, waiting, user_id)
        return waiting


def decline(
    db: sqlite3.Connection, project_id: str, type: str, n: int, user_id: int, declined: bool = True
) -> None:
    """Keep the person's text: a version of the writer's is offered no more, or again. Raises NotFound."""
    with transaction(db):
        found = db.execute(
            "update draft_versions set declined_at = ? where project_id = ? and type = ? and n = ?"
            " and author = 'writer'",
            (now() if declined else None, project_id, type, n),
        )
        if not found.rowcount:
            raise NotFound
        changes.record(db, kind="draft", object_id=f"{project_id}/{type}", user_id=user_id)


def go_back(
    db: sqlite3.Connection,
    project_id: str,
    type: str,
    n: int,
    user_id: int,
    undoes: int | None = None,
) -> Version:
    """Show another version: the offered one as it is, any other as a new one by the person.

    `undoes` is the number of the version that it takes back, where it does.
    Raises NotFound, TooManyPosts, DraftChanged.
    """
    with transaction(db):
        if undoes is not None:
            undone.check(db, project_id, type, undoes)
        waiting = offered(db, project_id, type)
        if waiting is not None and waiting.n == n:
            return use_offered(db, project_id, type, user_id)
        return restore(db, project_id, type, n, user_id)


def _go_on(
    db: sqlite3.Connection,
    project_id: str,
    type: str,
    user_id: int,
    text: Text,
    shown: Version | None,
    based_on: str | None,
) -> Version:
    """The next version, or the present one with another text while its editing spell lasts."""
    spell = None
    if shown is not None and based_on is not None:
        spell = spells.goes_on(db, shown, text)
    if shown is not None and spell is not None:
        rewrite(db, shown.id, text, spell.fullest, spell.gone)
        after = version(db, project_id, type, shown.n)
    else:
        if shown is not None:
            spells.end(db, shown)
        after = _insert_on(db, project_id, type, text, shown)
        show(db, after)
    _record(db, after, user_id)
    return after


def _keep_aside(
    db: sqlite3.Connection, shown: Version, user_id: int, text: Text, based_on: str
) -> Version:
    """A version that the draft does not show. The same text sent again is the same version."""
    same = one(
        db,
        "v.project_id = ? and v.type = ? and v.author = 'person' and v.title = ? and v.body = ?"
        " and v.fields = ? order by v.n desc",
        (shown.project_id, shown.type, text.title, text.body, json.dumps(text.fields)),
    )
    if same is not None:
        return same
    number = based_on.partition("-")[0]
    base = one(
        db,
        "v.project_id = ? and v.type = ? and cast(v.n as text) = ?",
        (shown.project_id, shown.type, number),
    )
    stored = _insert_on(db, shown.project_id, shown.type, text, base)
    _record(db, stored, user_id)
    return stored


def _insert_on(
    db: sqlite3.Connection, project_id: str, type: str, text: Text, base: Version | None
) -> Version:
    """The person's next version: what stands as it did in its base rests on the same."""
    if base is None:
        return insert(db, project_id, type, text)
    return insert(db, project_id, type, text, based_on=base.id, evidence=base.evidence)


def _record(db: sqlite3.Connection, new: Version, user_id: int) -> None:
    changes.record(db, kind="draft", object_id=f"{new.project_id}/{new.type}", user_id=user_id)
