"""The tables: what refers to another is found without reading all of it."""

import sqlite3


def test_every_reference_has_an_index_so_that_a_deletion_reads_only_what_goes(
    db: sqlite3.Connection,
) -> None:
    tables = [row[0] for row in db.execute("select name from sqlite_master where type = 'table'")]
    for table in tables:
        first = {
            db.execute(f"pragma index_info('{index['name']}')").fetchone()["name"]
            for index in db.execute(f"pragma index_list('{table}')").fetchall()
        }
        # Who is the row's own number needs none.
        first |= {
            row["name"] for row in db.execute(f"pragma table_info('{table}')") if row["pk"] == 1
        }
        refers = {row["from"] for row in db.execute(f"pragma foreign_key_list('{table}')")}
        assert refers <= first, table
