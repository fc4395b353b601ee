"""All jobs of a person, a page at a time: what runs, what waits, what has ended, newest first.

Nobody's list is walked through. Each state is read from its end of an index, and a search goes
from one project whose title matches to the next: it orders by project first. A page looks into at
most LOOKED_INTO of them, and leads on from there.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from draftmill.database.search_schema import TITLED, numbers_of
from draftmill.jobs.job import ACTIVE, ENDED
from draftmill.projects.listing import PAGE, match_of

RANKS = (("running",), ("pending",), ENDED)
EVERY = (*ACTIVE, *ENDED)
FEW = 50  # jobs in a state: each one's title is looked at, however many titles match
LOOKED_INTO = 500  # projects whose title matches, for a page
FAR = 10**18 - 1  # beyond every number of a row


@dataclass(frozen=True)
class Wanted:
    """Which jobs: of a type, in a state, of projects whose title has these words. "" is any."""

    type: str = ""
    status: str = ""
    query: str = ""


@dataclass(frozen=True)
class Place:
    """Where a job stands in the list: its rank, in a search its project's number, its own number.

    Without an `id` no job stands there: so far a search came.
    """

    rank: int = 0
    project: int = FAR
    n: int = FAR
    id: str = ""

    @property
    def order(self) -> tuple[int, int]:
        return self.project, self.n


TOP = Place()


def page_of(
    db: sqlite3.Connection, user_id: int, wanted: Wanted, after: Place = TOP, size: int = PAGE
) -> tuple[list[str], Place | None]:
    """The ids of a page of jobs, and the place after which the next page begins (None: last)."""
    reached = places(db, user_id, wanted, EVERY, after, size + 1, LOOKED_INTO)
    found = list(islice(reached, size + 1))
    following = found[size - 1] if len(found) > size else None
    if found and not found[-1].id:
        following = following or found[-1]
    return [place.id for place in found[:size] if place.id], following


def places(
    db: sqlite3.Connection,
    user_id: int,
    wanted: Wanted,
    statuses: Sequence[str],
    after: Place = TOP,
    most: int = PAGE,
    looked_into: int = FAR,
) -> Iterator[Place]:
    """The listed jobs in some of the states, in the order of the list, at most `most` of a rank.

    A search that looked into so many projects ends with a place without an id.
    """
    reading = _Reading(db, user_id, wanted, most, looked_into)
    chosen = [name for name in statuses if wanted.status in ("", name)]
    for rank in range(after.rank, len(RANKS)):
        begin = after if rank == after.rank else Place(rank)
        for place in reading.rank([name for name in RANKS[rank] if name in chosen], begin):
            yield place
            if not place.id:
                return


def any_of(db: sqlite3.Connection, user_id: int, statuses: Sequence[str], type: str = "") -> bool:
    """Whether the list has a job in one of these states, whatever the titles."""
    return any(places(db, user_id, Wanted(type), statuses, most=1))


def any_job(db: sqlite3.Connection, user_id: int) -> bool:
    """Whether the user has any job, also one that was cleared from the list."""
    row = db.execute("select 1 from jobs where user_id = ? limit 1", (user_id,)).fetchone()
    return row is not None


@dataclass(frozen=True)
class _Reading:
    db: sqlite3.Connection
    user_id: int
    wanted: Wanted
    most: int
    looked_into: int

    def rank(self, statuses: Sequence[str], begin: Place) -> Iterable[Place]:
        """The jobs of a rank that come after a place in it."""
        if self.wanted.query:
            match = match_of(self.wanted.query, "title")
            return self._matching(statuses, begin, match) if match else ()
        found = (self._newest(name, begin, self.most) for name in statuses)
        return self._merged(place for some in found for place in some)

    def _merged(self, found: Iterable[Place]) -> list[Place]:
        return sorted(found, key=lambda place: place.order, reverse=True)[: self.most]

    def _newest(self, status: str, begin: Place, most: int) -> list[Place]:
        index = "jobs_listed_by_type" if self.wanted.type else "jobs_listed"
        rows = self.db.execute(
            f"select n, id from jobs indexed by {index} where user_id = ?{self._of_type}"
            " and status = ? and cleared_at is null and n < ? order by n desc limit ?",
            (self.user_id, *self._type, status, begin.n, most),
        ).fetchall()
        return [Place(begin.rank, FAR, row["n"], row["id"]) for row in rows]

    def _matching(self, statuses: Sequence[str], begin: Place, match: str) -> Iterable[Place]:
        top = Place(begin.rank)
        few = [place for name in statuses for place in self._newest(name, top, FEW + 1)]
        if len(few) > FEW:
            return islice(self._by_project(statuses, begin, match), self.most)
        there = [found for place in few if (found := self._if_matching(place, match))]
        return self._merged(place for place in there if place.order < begin.order)

    def _if_matching(self, place: Place, match: str) -> Place | None:
        row = self.db.execute(
            "select p.n from jobs j join projects p on p.id = j.project_id where j.n = ? and exists"
            " (select 1 from projects_fts where projects_fts match ? and rowid = ? + p.n)",
            (place.n, match, numbers_of(self.user_id)[0]),
        ).fetchone()
        return Place(place.rank, row["n"], place.n, place.id) if row else None

    def _by_project(self, statuses: Sequence[str], begin: Place, match: str) -> Iterator[Place]:
        first, last = numbers_of(self.user_id)
        projects = self.db.execute(
            f"select p.n, p.id from {TITLED} and p.user_id = :user order by f.rowid desc limit :most",
            {"match": match, "first": first, "last": min(last, first + begin.project)}
            | {"user": self.user_id, "most": self.looked_into + 1},
        )
        for looked, (number, project_id) in enumerate(projects):
            if looked == self.looked_into:
                yield Place(begin.rank, number)
                return
            below = begin.n if number == begin.project else FAR
            found = [row for name in statuses for row in self._of_project(project_id, name, below)]
            for row in sorted(found, key=lambda row: -row["n"]):
                yield Place(begin.rank, number, row["n"], row["id"])

    def _of_project(self, project_id: str, status: str, below: int) -> list[sqlite3.Row]:
        return self.db.execute(
            "select n, id from jobs indexed by jobs_listed_of_a_project where project_id = ?"
            f" and status = ? and cleared_at is null and n < ?{self._of_type}"
            " order by n desc limit ?",
            (project_id, status, below, *self._type, self.most),
        ).fetchall()

    @property
    def _type(self) -> tuple[str, ...]:
        return (self.wanted.type,) if self.wanted.type else ()

    @property
    def _of_type(self) -> str:
        return " and type = ?" if self.wanted.type else ""


@dataclass(frozen=True)
class Facts:
    """What a row of the list shows of others than its job: while it is the same, so is the row."""

    rev: int
    project_id: str
    title: str
    source: str
    file: str | None
    transcript_id: int | None
    picture: int | None
    drafted: int  # 0 or 1
    retried_by: str | None


# The plus keeps SQLite from walking through all jobs of the user for a page of them.
_FACTS = """
select j.id, coalesce((select version from changes where kind = 'job' and object_id = j.id), 0),
  p.id, p.title, p.source, p.file, p.transcript_id,
  (select min(n) from screenshots where project_id = p.id),
  exists (select 1 from drafts where project_id = p.id and type = j.type and version_id is not null),
  (select id from jobs where retry_of = j.id)
from jobs j join projects p on p.id = j.project_id
where +j.user_id = ? and j.cleared_at is null and j.id in
"""


def facts_of(db: sqlite3.Connection, user_id: int, job_ids: Sequence[str]) -> dict[str, Facts]:
    """The facts of a user's own jobs in the list, by their ids and in their order; others are left out."""
    if not job_ids:
        return {}
    marks = ", ".join("?" * len(job_ids))
    rows = db.execute(f"{_FACTS} ({marks})", (user_id, *job_ids)).fetchall()
    found = {row[0]: Facts(*row[1:]) for row in rows}
    return {job_id: found[job_id] for job_id in job_ids if job_id in found}
