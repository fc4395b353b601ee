"""What the owner does to the types of draft. Every process hears of it; what was written stays."""

import json
import re
import sqlite3

from content_actions import CONTENT_TYPES, ContentType
from draftmill.clock import now
from draftmill.content_types.rows import KIND, load
from draftmill.content_types.wanted import BadContentType, Wanted
from draftmill.database import changes
from draftmill.database.connection import transaction
from draftmill.errors import NotFound
from draftmill.jobs.policies import POLICIES
from draftmill.jobs.stages import STAGES
from draftmill.letters import normalized

MOST_TYPES = 50
NAME_CHARACTERS = 40
# What addresses lead elsewhere by, and the jobs of Draftmill's own.
RESERVED = {"new", *POLICIES, *(task_type for task_type, _ in STAGES)}


def type_for(name: str) -> ContentType:
    """A type that is not deleted, on or off. Raises NotFound."""
    found = CONTENT_TYPES.known(name)
    if found is None or found.deleted:
        raise NotFound("There is no such kind of draft.", "Look at the list of kinds.")
    return found


def own_type_for(name: str) -> ContentType:
    """The same, of those whose prompt and limits the owner may change. Raises NotFound."""
    found = type_for(name)
    if not found.owned:
        raise NotFound(
            f"“{found.label}” is Draftmill's own: it can be moved and switched only.",
            "Add a kind of your own.",
        )
    return found


def listed() -> list[ContentType]:
    """All types that are not deleted, in their order."""
    return [content for content in CONTENT_TYPES.all_known() if not content.deleted]


def add(db: sqlite3.Connection, user_id: int, wanted: Wanted) -> ContentType:
    """A new type. Raises BadContentType."""
    wanted = wanted.check()
    with transaction(db):
        load(db)
        if len(listed()) >= MOST_TYPES:
            raise BadContentType(
                f"There are {MOST_TYPES} kinds of draft already.", "Delete one that is not used."
            )
        name = _name_for(wanted.label)
        position = max(content.position for content in listed()) + 1
        _write(db, name, position, wanted)
        _add_prompt(db, name, wanted.prompt)
        changes.record(db, KIND, name, user_id)
    load(db)
    return type_for(name)


def change(db: sqlite3.Connection, user_id: int, name: str, wanted: Wanted) -> ContentType:
    """Change a type of the owner's; its shape stays. Another prompt is another version of it.

    Raises NotFound, BadContentType.
    """
    with transaction(db):
        load(db)
        content = own_type_for(name)
        if wanted.shape != content.shape:
            raise BadContentType(
                "What a kind of draft is written as cannot be changed.", "Add another kind."
            )
        wanted = wanted.check()
        _write(db, name, content.position, wanted)
        if wanted.prompt != content.task:
            _add_prompt(db, name, wanted.prompt)
        changes.record(db, KIND, name, user_id)
    load(db)
    return type_for(name)


def switch(
    db: sqlite3.Connection,
    user_id: int,
    name: str,
    *,
    on: bool | None = None,
    every: bool | None = None,
) -> ContentType:
    """Offer any type or not, choose it beforehand or not; None leaves it as it is. Raises NotFound."""
    with transaction(db):
        load(db)
        content = type_for(name)
        _keep(db, content, content.position)
        db.execute(
            "update content_types set is_on = ?, is_every = ?, updated_at = ? where type = ?",
            (
                content.on if on is None else on,
                content.every if every is None else every,
                *(now(), name),
            ),
        )
        changes.record(db, KIND, name, user_id)
    load(db)
    return type_for(name)


def move(db: sqlite3.Connection, user_id: int, name: str, by: int) -> None:
    """Move a type so many places down the list, up where `by` is negative. Raises NotFound."""
    with transaction(db):
        load(db)
        content, order = type_for(name), listed()
        here = order.index(content)
        order.insert(max(0, min(here + by, len(order) - 1)), order.pop(here))
        for position, one in enumerate(order, 1):
            _keep(db, one, position)
            db.execute("update content_types set position = ? where type = ?", (position, one.type))
        changes.record(db, KIND, name, user_id)
    load(db)


def delete(db: sqlite3.Connection, user_id: int, name: str) -> None:
    """Delete a type of the owner's, or one that came along. Its drafts stay. Raises NotFound."""
    with transaction(db):
        load(db)
        content = own_type_for(name)
        _keep(db, content, content.position)
        db.execute("update content_types set deleted_at = ? where type = ?", (now(), name))
        changes.record(db, KIND, name, user_id)
    load(db)


def _name_for(label: str) -> str:
    """What addresses call a type: letters, digits and hyphens, used by no other."""
    plain = normalized(label, "NFKD").encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain)[:NAME_CHARACTERS].strip("-") or "kind"
    tries = (name if n == 1 else f"{name}-{n}" for n in range(1, 10**6))
    return next(t for t in tries if t not in RESERVED and CONTENT_TYPES.known(t) is None)


def _write(db: sqlite3.Connection, name: str, position: int, wanted: Wanted) -> None:
    db.execute(
        "insert into content_types (type, position, is_on, is_every, facts, updated_at)"
        " values (?, ?, ?, ?, ?, ?) on conflict (type) do update set is_on = excluded.is_on,"
        " is_every = excluded.is_every, facts = excluded.facts, updated_at = excluded.updated_at",
        (name, position, wanted.on, wanted.every, json.dumps(wanted.facts()), now()),
    )


def _keep(db: sqlite3.Connection, content: ContentType, position: int) -> None:
    """A row of its own for a type that nobody has changed so far."""
    db.execute(
        "insert into content_types (type, position, is_on, is_every, updated_at)"
        " values (?, ?, ?, ?, ?) on conflict (type) do nothing",
        (content.type, position, content.on, content.every, now()),
    )


def _add_prompt(db: sqlite3.Connection, name: str, text: str) -> None:
    db.execute(
        "insert into content_prompts (type, n, text, created_at)"
        " select ?, coalesce(max(n), 0) + 1, ?, ? from content_prompts where type = ?",
        (name, text, now(), name),
    )
