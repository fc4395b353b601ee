"""Whichever Draftmill made a database, its upgrade ends at the tables of a new one."""

from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from draftmill.database import changes
from draftmill.database.connection import connect, prepare
from draftmill.database.schema import migrations

NAMES = [migration.name for migration in migrations.pending(Database(memory=True))]
CHANGE = "insert into changes (kind, object_id, user_id, version) values ('user', '1', 1, 7)"


def tables(database: Path) -> list[tuple[str, str]]:
    with closing(connect(database)) as db:
        rows = db.execute("select name, sql from sqlite_master where sql != '' order by name")
        return [(row["name"], row["sql"]) for row in rows]


@pytest.mark.parametrize("next_step", NAMES[1:])
def test_an_upgrade_from_any_step_ends_at_the_same_tables_and_keeps_what_is_in_them(
    tmp_path: Path, next_step: str
) -> None:
    new, old = tmp_path / "new.db", tmp_path / "old.db"
    prepare(new)
    with closing(connect(old)) as db:
        migrations.apply(Database(db), stop_before=next_step)
        db.execute(CHANGE)
        # A step may change only what is in the tables.
        assert next_step in [step.name for step in migrations.pending(Database(db))]
        prepare(old)
        assert changes.rev(db, "user", "1") == 7
    assert tables(old) == tables(new)
