"""A screenshot put into a draft: at the end, or beside what was said when it was shown."""

import sqlite3

import pytest

from draftmill.drafts import placing
from draftmill.errors import NotFound
from tests.support.draft_rows import P, T, generate, save, shown

BODY = "# Title\n\nFirst [0:05](time:5).\nGoes on.\n\n- One [1:40](time:100)\n- Two\n\nLast.\n"
SHOT = "![Screenshot at 1:30](shot:3)"


@pytest.fixture(autouse=True)
def shot(db: sqlite3.Connection) -> None:
    db.execute(
        "insert into screenshots (project_id, n, time_s, end_s, file, width, height)"
        " values (?, 3, 90, 110, 'x.jpg', 640, 360)",
        (P,),
    )


@pytest.mark.parametrize(
    ("beside", "becomes"),
    [
        (True, BODY.replace("- Two\n\n", f"- Two\n\n{SHOT}\n\n")),
        (False, f"{BODY}\n{SHOT}\n"),
    ],
)
def test_it_is_a_version_of_its_own_and_once_is_enough(db, beside, becomes) -> None:
    generate(db, "one", BODY)
    mine = save(db, BODY + "\nMine.\n", shown(db).tag).version
    placed = placing.put(db, P, T, 1, 3, beside)
    assert (placed.before, shown(db).n) == (mine.n, mine.n + 1)
    wanted = becomes.replace("Last.\n", "Last.\n\nMine.\n")
    assert shown(db).body.split() == wanted.split()
    assert placing.put(db, P, T, 1, 3, beside).before is None


def test_another_takes_its_place_with_its_alt_text_and_once_is_enough(db) -> None:
    db.execute(
        "insert into screenshots (project_id, n, time_s, end_s, file, width, height)"
        " values (?, 4, 120, 130, 'y.jpg', 640, 360)",
        (P,),
    )
    generate(db, "one", 'A ![first](shot:3) and ![again](shot:3 "t").\n')
    with pytest.raises(NotFound):
        placing.replace(db, P, T, 1, 4, 7)
    placing.replace(db, P, T, 1, 4, 3)
    assert shown(db).body == "A ![first](shot:4) and ![again](shot:4).\n"
    assert placing.replace(db, P, T, 1, 4, 3).before is None
    placing.replace(db, P, T, 1, 4, 4, "A [graph]\\\nthat `rises`")
    assert shown(db).body.count("![A graph that rises](shot:4)") == 2
    placing.put(db, P, T, 1, 3, False, "y" * 999)
    assert f"![{'y' * placing.LONGEST_ALT}](shot:3)" in shown(db).body


def test_without_any_time_it_stands_at_the_end(db) -> None:
    generate(db, "one", "Text.")
    placing.put(db, P, T, 1, 3, beside=True)
    assert shown(db).body == f"Text.\n\n{SHOT}\n"


def test_what_is_not_there_is_refused(db) -> None:
    with pytest.raises(NotFound):
        placing.put(db, P, T, 1, 3, beside=True)
    generate(db, "one", "Text.")
    with pytest.raises(NotFound):
        placing.put(db, P, T, 1, 4, beside=True)
    assert placing.with_pictures(db, P) == [T]


def test_a_thread_shows_none_even_while_it_is_empty(db) -> None:
    generate(db, "one", "[]", type="twitter")
    with pytest.raises(placing.NoPictures):
        placing.put(db, P, "twitter", 1, 3, beside=False)
    assert shown(db, "twitter").body == "[]"
