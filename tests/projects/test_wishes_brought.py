"""What a person wishes of what they bring is checked in one place, and reaches the jobs."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from draftmill.accounts.users import insert_user
from draftmill.database.connection import connect
from draftmill.jobs.job import newest_job
from draftmill.jobs.policies import INGEST
from draftmill.jobs.wishes import UnknownLanguage, UnknownType
from draftmill.projects import bring
from draftmill.projects.details import Details, TooLong
from draftmill.settings import Settings

SAID = "Every pull request should be small enough to read in ten minutes."


@pytest.fixture
def db(settings: Settings) -> Iterator[sqlite3.Connection]:
    with closing(connect(settings.database)) as opened:
        insert_user(opened, "mara@example.org", "", "", "owner")
        yield opened


def test_a_recording_may_be_taken_in_any_language(
    db: sqlite3.Connection, settings: Settings
) -> None:
    details = Details(language="en", types=("blog",), any_language=True)
    created = bring.text(db, settings, 1, SAID, details)
    ingest, blog = (newest_job(db, created.project_id, name) for name in (INGEST, "blog"))
    assert ingest is not None
    assert ingest.parameters == {"language": "en", "any_language": True}
    assert blog is not None
    assert blog.parameters == {}


@pytest.mark.parametrize(
    ("details", "refusal"),
    [
        (Details(types=("blog", "sonnet")), UnknownType),
        (Details(types=("ingest",)), UnknownType),
        (Details(types=("",)), UnknownType),
        (Details(language="tlh"), UnknownLanguage),
        (Details(title="x" * 301), TooLong),
    ],
)
def test_what_cannot_be_wished_is_refused_and_leaves_nothing(
    db: sqlite3.Connection, settings: Settings, details: Details, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        bring.text(db, settings, 1, SAID, details)
    assert db.execute("select count(*) from projects").fetchone()[0] == 0


def test_nothing_pasted_is_nothing_brought(db: sqlite3.Connection, settings: Settings) -> None:
    with pytest.raises(bring.NothingBrought):
        bring.text(db, settings, 1, " \n ", Details())
