"""The list of projects as a person wants to see it: filtered, sorted, counted, a page at a time.

Each order is that of an index; what is filtered further is looked up for one project after the
other. A search for words goes from one project that has them to the next.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace

from draftmill.clock import now
from draftmill.database.search_schema import TITLED, numbers_of
from draftmill.database.search_text import folded
from draftmill.projects.listing import PAGE, QUERY_CHARACTERS, Listed, listed, match_of

MOST_PAGES = 100_000
DAY_S = 24 * 3600
DATES = {"1": "Last 24 hours", "7": "Last 7 days", "30": "Last 30 days", "365": "Last 12 months"}
NEWEST = "newest"
NEWEST_PROJECTS, MOST_NAMES, OFFERED_NAMES = 100, 1000, 50
MOST_WORDS = 12  # of a name
NOTHING = "+p.n < 0"  # what words that are none match


@dataclass(frozen=True)
class Sort:
    """An order, and the index that has it."""

    label: str
    order: str
    index: str


SORTS: Mapping[str, Sort] = {
    NEWEST: Sort("Newest first", "p.created_at desc, p.n desc", "projects_by_date"),
    "oldest": Sort("Oldest first", "p.created_at, p.n", "projects_by_date"),
    "title": Sort("A to Z", "p.title_folded, p.n", "projects_by_title"),
    "length": Sort("Longest first", "p.duration_s desc, p.n desc", "projects_by_length"),
}

_DRAFTED = "exists (select 1 from drafts where project_id = p.id and version_id is not null)"
# By state: its words, and what holds for a project in it.
STATES: Mapping[str, tuple[str, str]] = {
    "working": (
        "At work",
        "exists (select 1 from jobs indexed by one_active_job_of_a_type"
        " where project_id = p.id and status in ('pending', 'running'))",
    ),
    "failed": (
        "Failed",
        "exists (select 1 from jobs j where j.project_id = p.id and j.status = 'failed' and not"
        " exists (select 1 from jobs where project_id = p.id and type = j.type and n > j.n))",
    ),
    "drafted": ("With drafts", _DRAFTED),
    "undrafted": ("Without drafts", f"not {_DRAFTED}"),
}


@dataclass(frozen=True)
class Wanted:
    """Which projects, and in which order. "" is any; `date` says of how many days up to now.

    `speaker` is words of a name, or their beginnings; `query` words of title, context or file name.
    """

    query: str = ""
    state: str = ""
    speaker: str = ""
    date: str = ""
    sort: str = NEWEST

    @property
    def filtered(self) -> bool:
        return replace(self, sort=NEWEST) != Wanted()


@dataclass(frozen=True)
class Page:
    """A page of the list. `number` and `pages` count from 1; `count` is how many match."""

    rows: list[Listed]
    number: int
    pages: int
    count: int


def wanted_of(given: Mapping[str, object]) -> Wanted:
    """What an address asks for; what it says that means nothing is any."""
    said = {
        name: str(given.get(name, "")).strip()[:QUERY_CHARACTERS]
        for name in Wanted.__dataclass_fields__
    }
    return Wanted(
        query=str(given.get("q", "")).strip()[:QUERY_CHARACTERS],
        state=said["state"] if said["state"] in STATES else "",
        speaker=said["speaker"].replace("\0", ""),
        date=said["date"] if said["date"] in DATES else "",
        sort=said["sort"] if said["sort"] in SORTS else NEWEST,
    )


def page_of(
    db: sqlite3.Connection, user_id: int, wanted: Wanted, number: int = 1, size: int = PAGE
) -> Page:
    """A page of a user's projects; behind the last one the last."""
    chosen = _Chosen(user_id, wanted)
    count = chosen.count(db)
    pages = max(1, -(-count // size))
    number = min(max(number, 1), pages, MOST_PAGES)
    rows = chosen.rows(db, size, (number - 1) * size)
    return Page([listed(db, row) for row in rows], number, pages, count)


def count_of(db: sqlite3.Connection, user_id: int) -> int:
    """How many projects a user has outside of the bin."""
    row = db.execute("select listed from project_counts where user_id = ?", (user_id,)).fetchone()
    return int(row[0]) if row else 0


def speakers_of(db: sqlite3.Connection, user_id: int) -> list[str]:
    """Who speaks in a user's newest projects, from A to Z: so many as are good to choose from."""
    newest = (
        "select transcript_id from projects indexed by projects_by_date where user_id = ?"
        " and holds = '' and binned_at is null order by created_at desc, n desc limit ?"
    )
    names = (
        f"select name, folded from ({newest}) cross join spoken_names using (transcript_id) limit ?"
    )
    rows = db.execute(
        f"select name from ({names}) group by name order by folded, name limit ?",
        (user_id, NEWEST_PROJECTS, MOST_NAMES, OFFERED_NAMES),
    )
    return [row["name"] for row in rows]


class _Chosen:
    """The projects that are wanted, as a query."""

    def __init__(self, user_id: int, wanted: Wanted) -> None:
        self._user_id = user_id
        self._wanted = wanted
        self._match = match_of(wanted.query)
        self._where = ["p.user_id = :user", "p.holds = ''", "p.binned_at is null"]
        first, last = numbers_of(user_id)
        self._values: dict[str, object] = {"user": user_id, "match": self._match}
        self._values |= {"first": first, "last": last}
        self._restrict()

    def _restrict(self) -> None:
        wanted = self._wanted
        if wanted.date:
            self._and("p.created_at >= :since", since=now(-int(wanted.date) * DAY_S))
        if wanted.state:
            self._and(STATES[wanted.state][1])
        if wanted.speaker:
            self._spoken_by(folded(wanted.speaker).split()[:MOST_WORDS])
        if wanted.query and not self._match:
            self._and(NOTHING)

    def _spoken_by(self, words: list[str]) -> None:
        said = {f"name{n}": f" {word}" for n, word in enumerate(words)}
        named = "".join(f" and instr(folded, :{name})" for name in said)
        names = f"select 1 from spoken_names where transcript_id = p.transcript_id{named}"
        self._and(f"exists ({names})" if words else NOTHING, **said)

    def _and(self, condition: str, **values: object) -> None:
        self._where.append(condition)
        self._values |= values

    @property
    def _from(self) -> str:
        if self._match:
            return f"{TITLED} and {' and '.join(self._where)}"
        index = SORTS[self._wanted.sort].index
        return f"projects p indexed by {index} where {' and '.join(self._where)}"

    def count(self, db: sqlite3.Connection) -> int:
        if not self._wanted.filtered:
            return count_of(db, self._user_id)
        row = db.execute(f"select count(*) from {self._from}", self._values).fetchone()
        return int(row[0])

    def rows(self, db: sqlite3.Connection, most: int, offset: int) -> list[sqlite3.Row]:
        query = f"select p.* from {self._from} order by {SORTS[self._wanted.sort].order}"
        values = {**self._values, "most": most, "offset": offset}
        return db.execute(f"{query} limit :most offset :offset", values).fetchall()
