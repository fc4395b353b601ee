"""Rows of draft_versions: every text that a draft has had."""

import hashlib
import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from content_actions import CONTENT_TYPES
from draftmill.clock import now
from draftmill.errors import NotFound

Author = Literal["writer", "person"]
MOST_POSTS = 100  # of a draft, whatever its type; what is older may hold more


@dataclass(frozen=True)
class Text:
    """What is compared and saved: `body` is Markdown, or a JSON list of posts."""

    title: str
    body: str
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Version:
    """One text of a content type. `body` is Markdown, or a JSON list of posts.

    `n` counts the versions of a project's type from 1; `based_on` is the `n` of the version
    that it was made from. Times are UTC ISO 8601 text.
    """

    id: int
    project_id: str
    type: str
    n: int
    based_on: int | None
    author: Author
    job_id: str | None
    title: str
    body: str
    fields: dict[str, Any]
    evidence: dict[str, Any]
    model: str
    created_at: str
    updated_at: str
    prompt: str = ""

    @property
    def text(self) -> Text:
        return Text(self.title, self.body, self.fields)

    @property
    def tag(self) -> str:
        """What a save names as its base: the version and its text, which an editing spell changes."""
        text = json.dumps([self.title, self.body, self.fields], sort_keys=True)
        return f"{self.n}-{hashlib.sha256(text.encode('utf-8')).hexdigest()[:12]}"

    @property
    def words(self) -> int:
        """How many words a reader of the text sees."""
        from draftmill.drafts.markdown import (
            count_words,  # jobs store versions without rendering any
        )

        return count_words("\n".join(self.posts) or self.body)

    @property
    def posts(self) -> list[str]:
        """The posts of a thread, the first MOST_POSTS of them; empty for an article."""
        return posts_of(self.type, self.body)[:MOST_POSTS]


def posts_of(type: str, body: str) -> list[str]:
    """All posts in a stored body of a content type; empty when it is an article."""
    content = CONTENT_TYPES.known(type)
    if content is None or content.shape != "posts" or not body.startswith("["):
        return []
    try:
        posts = json.loads(body)
    except (ValueError, RecursionError):
        return []
    return posts if isinstance(posts, list) and all(isinstance(p, str) for p in posts) else []


def current(db: sqlite3.Connection, project_id: str, type: str) -> Version | None:
    """The version that a draft shows, or None when there is no draft."""
    return one(
        db,
        "v.id = (select version_id from drafts where project_id = ? and type = ?)",
        (project_id, type),
    )


def drafted(db: sqlite3.Connection, project_id: str) -> set[str]:
    """The content types of which a project has a draft."""
    rows = db.execute(
        "select type from drafts where project_id = ? and version_id is not null", (project_id,)
    )
    return {row["type"] for row in rows}


def versions(
    db: sqlite3.Connection,
    project_id: str,
    type: str,
    before: int | None = None,
    most: int = -1,
) -> list[Version]:
    """The versions, newest first: those with a lower `n` than `before`, at most `most` of them."""
    where = "v.project_id = ? and v.type = ? and v.n < ? order by v.n desc limit ?"
    return _all(db, where, (project_id, type, 2**62 if before is None else before, most))


def version(db: sqlite3.Connection, project_id: str, type: str, n: int) -> Version:
    """One version. Raises NotFound."""
    found = one(db, "v.project_id = ? and v.type = ? and v.n = ?", (project_id, type, n))
    if found is None:
        raise NotFound("There is no such version of this draft.", "It may have been deleted.")
    return found


def offered(db: sqlite3.Connection, project_id: str, type: str) -> Version | None:
    """The writer's newest version, when the person's current text does not stem from it.

    None where the person declined it.
    """
    shown = current(db, project_id, type)
    if shown is None or shown.author == "writer":
        return None
    newest = one(
        db,
        "v.declined_at is null and v.id = (select id from draft_versions where project_id = ?"
        " and type = ? and author = 'writer' order by n desc limit 1)",
        (project_id, type),
    )
    if newest is None or newest.id in _ancestors(db, shown.id):
        return None
    return newest


def insert(
    db: sqlite3.Connection,
    project_id: str,
    type: str,
    text: Text,
    *,
    author: Author = "person",
    based_on: int | None = None,
    job_id: str | None = None,
    evidence: Mapping[str, Any] | None = None,
    model: str = "",
    prompt: str = "",
) -> Version:
    """Add the next version, in the caller's transaction. `based_on` is the id of its base."""
    at = now()
    (new_id,) = db.execute(
        "insert into draft_versions (project_id, type, n, based_on, author, job_id, title, body,"
        " fields, evidence, model, prompt, created_at, updated_at)"
        " select ?, ?, coalesce(max(n), 0) + 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?"
        " from draft_versions where project_id = ? and type = ? returning id",
        (
            *(project_id, type, based_on, author, job_id, text.title, text.body),
            *(json.dumps(text.fields), json.dumps(evidence or {}), model, prompt, at, at),
            *(project_id, type),
        ),
    ).fetchone()
    found = one(db, "v.id = ?", (new_id,))
    if found is None:
        raise NotFound
    return found


def rewrite(db: sqlite3.Connection, version_id: int, text: Text, fullest: str, gone: int) -> None:
    """Put another text into a version, in the caller's transaction; the rest is its editing spell.

    What was known of its blocks stays: those that stand as they did are found again by it.
    """
    db.execute(
        "update draft_versions set title = ?, body = ?, fields = ?, model = '', prompt = '',"
        " updated_at = ?, fullest = ?, gone = ? where id = ?",
        (
            *(text.title, text.body, json.dumps(text.fields), now()),
            *(None if fullest == text.body else fullest, gone, version_id),
        ),
    )


def add_evidence(db: sqlite3.Connection, shown: Version, evidence: Mapping[str, Any]) -> None:
    """Let a version keep what was found of blocks that came from elsewhere, in the caller's transaction.

    `evidence` is what a version or a part stores; without it they would count as the person's.
    """
    if blocks := evidence.get("blocks"):
        known = {block["hash"]: block for block in (*shown.evidence.get("blocks", ()), *blocks)}
        db.execute(
            "update draft_versions set evidence = ? where id = ?",
            (json.dumps({**shown.evidence, "blocks": list(known.values())}), shown.id),
        )


def show(db: sqlite3.Connection, new: Version) -> None:
    """Let the draft show a version, in the caller's transaction."""
    db.execute(
        "insert into drafts (project_id, type, version_id) values (?, ?, ?)"
        " on conflict (project_id, type) do update set version_id = excluded.version_id",
        (new.project_id, new.type, new.id),
    )


def _ancestors(db: sqlite3.Connection, version_id: int) -> set[int]:
    rows = db.execute(
        "with recursive line (id) as (select ? union"
        " select based_on from draft_versions join line using (id) where based_on is not null)"
        " select id from line",
        (version_id,),
    )
    return {row[0] for row in rows}


def one(db: sqlite3.Connection, where: str, values: Sequence[object]) -> Version | None:
    """The first version that meets a condition on `v`."""
    return next(iter(_all(db, f"{where} limit 1", values)), None)


def _all(db: sqlite3.Connection, where: str, values: Sequence[object]) -> list[Version]:
    rows = db.execute(
        "select v.id, v.project_id, v.type, v.n, base.n as based_on, v.author, v.job_id, v.title,"
        " v.body, v.fields, v.evidence, v.model, v.prompt, v.created_at, v.updated_at from draft_versions v"
        f" left join draft_versions base on base.id = v.based_on where {where}",
        tuple(values),
    )
    return [
        Version(
            **{**row, "fields": json.loads(row["fields"]), "evidence": json.loads(row["evidence"])}
        )
        for row in map(dict, rows.fetchall())
    ]
