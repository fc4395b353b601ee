"""What a user was told of ended jobs: shown once on the pages that are open, kept until it is read."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from draftmill.clock import now
from draftmill.database import changes
from draftmill.database.connection import transaction
from draftmill.errors import NotFound

MOST_COUNTED = 99
FEW = 50
AT_ONCE = 1_000  # notifications that are written in one transaction: others want to write too
NOTICES = "notices"  # the kind of change: one for all of a user's, told when some were read
COLUMNS = (
    "n.id, n.kind, n.read_at, n.created_at, n.job_id, j.type, j.project_id, j.error_code,"
    " j.error_message, p.title, json_extract(j.parameters, '$.stage') as stage"
)
JOINED = (
    "notifications n join jobs j on j.id = n.job_id"
    " join projects p on p.id = j.project_id and p.binned_at is null"
)
# What was read is not shown again; what is told elsewhere only counts as read from the first.
UNCLAIMED = "shown_at = iif(read_at is null or aside, null, shown_at), doubted_at = null"


@dataclass(frozen=True)
class Notice:
    """One notification and the job that it tells of. `kind` is "succeeded" or "failed".

    `stage` is the one that the job did alone, if it did.
    """

    id: int
    kind: str
    read: bool
    created_at: str
    job_id: str
    type: str
    project_id: str
    error_code: str
    error_message: str
    title: str
    stage: str = ""


class Claim(NamedTuple):
    """What one caller has to show, and the numbers of all that counts as shown by that."""

    notices: tuple[Notice, ...] = ()
    numbers: tuple[int, ...] = ()


def claim(db: sqlite3.Connection, user_id: int, most: int, doubt_s: float = 0.0) -> Claim:
    """What was not shown to a user yet, which counts as shown from now on: one caller gets it.

    Oldest first, and of many only `most`: what failed, then the newest. What is to be told
    elsewhere only counts as shown too, for a page was open, and is left out. Who does not know
    whether anybody is there has `doubt_s` seconds to `confirm` it or to `unclaim` it; so long
    nothing of it is sent.
    """
    claimed: list[sqlite3.Row] = []
    while waits(db, user_id):  # the usual case locks nobody out
        claimed += _claim_some(db, user_id, doubt_s)
    there = [(row["kind"], row["id"]) for row in claimed if not row["aside"]]
    found = (_find(db, user_id, number) for number in _worth_most(there, most))
    return Claim(tuple(filter(None, found)), tuple(row["id"] for row in claimed))


def _claim_some(db: sqlite3.Connection, user_id: int, doubt_s: float) -> list[sqlite3.Row]:
    some = "select id from notifications where user_id = :user and shown_at is null limit :most"
    with transaction(db):
        claimed = db.execute(
            "update notifications set shown_at = :now, doubted_at = iif(:doubted, :now, null)"
            f" where id in ({some}) returning id, kind, aside",
            {"now": now(), "doubted": doubt_s > 0, "user": user_id, "most": AT_ONCE},
        ).fetchall()
        if doubt_s:
            db.execute(
                "update sendings set run_after = max(run_after, ?) where status = 'pending'"
                " and only_away and attempt = 0"
                " and notification_id in (select value from json_each(?))",
                (now(doubt_s), json.dumps([row["id"] for row in claimed])),
            )
    return claimed


def _worth_most(told: Iterable[tuple[str, int]], most: int) -> list[int]:
    """Of kinds and numbers the numbers of some in order: what failed before what is newer."""
    ranked = sorted((kind == "failed", number) for kind, number in told)
    return sorted(number for _, number in ranked[-most:])


def confirm(db: sqlite3.Connection, user_id: int, numbers: Sequence[int]) -> None:
    """What was claimed in doubt was shown."""
    for some in _in_parts(numbers):
        with transaction(db):
            db.execute(
                "update notifications set doubted_at = null where user_id = ?"
                " and id in (select value from json_each(?))",
                (user_id, json.dumps(some)),
            )


def unclaim(db: sqlite3.Connection, user_id: int, numbers: Sequence[int]) -> None:
    """What was claimed in doubt was shown by no page: unless it was read meanwhile, it waits again."""
    for some in _in_parts(numbers):
        with transaction(db):
            waiting = db.execute(
                f"update notifications set {UNCLAIMED} where user_id = ? and doubted_at is not null"
                " and id in (select value from json_each(?))",
                (user_id, json.dumps(some)),
            )
            if waiting.rowcount:
                changes.record(db, NOTICES, str(user_id), user_id)


def _in_parts(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    return (numbers[n : n + AT_ONCE] for n in range(0, len(numbers), AT_ONCE))


def take_over(db: sqlite3.Connection) -> None:
    """What was in doubt when everything stopped waits again: nobody is there to learn of it."""
    db.execute(f"update notifications set {UNCLAIMED} where doubted_at is not null")


def shown_lately(db: sqlite3.Connection, user_id: int, within_s: float, most: int) -> list[Notice]:
    """What was shown to a user first in the last seconds, and is not read yet, oldest first.

    Of many only `most`, as `claim` has them. It is sought among the newest FEW.
    """
    some = "select id from notifications where user_id = ? order by id desc limit ?"
    rows = db.execute(
        f"select {COLUMNS} from {JOINED} where n.id in ({some}) and n.shown_at > ?"
        " and n.shown_at <= ? and n.read_at is null and not n.aside order by n.id",
        (user_id, FEW, now(-within_s), now()),
    )
    found = {row["id"]: _notice(row) for row in rows}
    return [found[number] for number in _worth_most(((n.kind, n.id) for n in found.values()), most)]


def waits(db: sqlite3.Connection, user_id: int) -> bool:
    """Whether something was not shown to a user yet."""
    query = "select 1 from notifications where user_id = ? and shown_at is null limit 1"
    return db.execute(query, (user_id,)).fetchone() is not None


def newest(
    db: sqlite3.Connection,
    user_id: int,
    most: int,
    before: int | None = None,
    unread: bool = False,
) -> list[Notice]:
    """A user's newest notifications, newest first: those `before` a number, the `unread` ones only."""
    conditions = "n.user_id = ? and n.id < ?" + (" and n.read_at is null" if unread else "")
    rows = db.execute(
        f"select {COLUMNS} from {JOINED} where {conditions} order by n.id desc limit ?",
        (user_id, 2**62 if before is None else before, most),
    )
    return [_notice(row) for row in rows]


def unread(db: sqlite3.Connection, user_id: int) -> int:
    """How many a user has not read, counted up to MOST_COUNTED + 1."""
    count = (
        "select count(*) from (select 1 from notifications where user_id = ? and read_at is null"
    )
    found = db.execute(f"{count} limit {MOST_COUNTED + 1})", (user_id,)).fetchone()
    return int(found[0])


def notice_for(db: sqlite3.Connection, user_id: int, number: int) -> Notice:
    """One of a user's own. Raises NotFound."""
    found = _find(db, user_id, number)
    if found is None:
        raise NotFound
    return found


def read(db: sqlite3.Connection, user_id: int, number: int) -> Notice:
    """One of a user's own, which counts as read from now on. Raises NotFound."""
    with transaction(db):
        found = notice_for(db, user_id, number)
        db.execute(
            "update notifications set read_at = ? where id = ? and read_at is null",
            (now(), number),
        )
        changes.record(db, NOTICES, str(user_id), user_id)
    return replace(found, read=True)


def read_all(db: sqlite3.Connection, user_id: int) -> int:
    """Everything of a user's counts as read. Returns how many did not before."""
    with transaction(db):
        count = db.execute(
            "update notifications set read_at = ? where user_id = ? and read_at is null",
            (now(), user_id),
        ).rowcount
        changes.record(db, NOTICES, str(user_id), user_id)
    return count


def put_away(db: sqlite3.Connection, user_id: int, project_id: str) -> None:
    """What tells of a project counts as shown and read, and is sent no more, in the caller's transaction."""
    told = "select n.id from jobs j join notifications n on n.job_id = j.id where j.project_id = ?"
    db.execute(
        "update notifications set shown_at = coalesce(shown_at, ?), read_at = coalesce(read_at, ?),"
        f" doubted_at = null where id in ({told})",
        (now(), now(), project_id),
    )
    db.execute(
        "update sendings set status = 'spared', ended_at = ?"
        f" where status = 'pending' and notification_id in ({told})",
        (now(), project_id),
    )
    changes.record(db, NOTICES, str(user_id), user_id)


def _find(db: sqlite3.Connection, user_id: int, number: int) -> Notice | None:
    row = db.execute(
        f"select {COLUMNS} from {JOINED} where n.id = ? and n.user_id = ?", (number, user_id)
    ).fetchone()
    return _notice(row) if row else None


def _notice(row: sqlite3.Row) -> Notice:
    return Notice(
        id=row["id"],
        kind=row["kind"],
        read=row["read_at"] is not None,
        created_at=row["created_at"],
        job_id=row["job_id"],
        type=row["type"],
        project_id=row["project_id"],
        error_code=row["error_code"] or "",
        error_message=row["error_message"] or "",
        title=row["title"],
        stage=row["stage"] or "",
    )
