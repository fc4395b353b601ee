"""A corrected name in drafts: a new version of each that has it, and back."""

import json
import sqlite3

import pytest

from draftmill.clock import now
from draftmill.drafts import correcting, versions
from draftmill.drafts.correcting import Applied
from draftmill.transcripts import corrections
from draftmill.transcripts.correction_plans import of_project
from tests.support.draft_rows import MARA, P, generate, save, shown


def correction(db: sqlite3.Connection, heard: str, meant: str) -> int:
    corrections.add(db, P, heard, meant)
    return of_project(db, P)[-1].id


def applied(db: sqlite3.Connection, heard: str = "draft mill", meant: str = "Draftmill"):
    return correcting.apply_to_drafts(db, P, MARA, correction(db, heard, meant))


def test_each_draft_that_has_it_is_a_new_version_and_the_others_stay(db) -> None:
    generate(db, "one", "We use draft mill. A draft milling cutter. Draft-Mill!")
    generate(db, "two", json.dumps(["The draft mill.", "Nothing."]), type="twitter")
    generate(db, "three", "Nothing.", type="newsletter")
    number = correction(db, "draft mill", "Draftmill")
    assert correcting.misheard_in(db, P, of_project(db, P)) == {number: 2}
    assert correcting.apply_to_drafts(db, P, MARA, number) == [
        Applied("blog", 1, 2),
        Applied("twitter", 1, 2),
    ]
    assert shown(db).body == "We use Draftmill. A draft milling cutter. Draftmill!"
    assert shown(db).author == "person"
    assert shown(db, "twitter").posts == ["The Draftmill.", "Nothing."]
    assert shown(db, "newsletter").n == 1
    assert correcting.misheard_in(db, P, of_project(db, P)) == {number: 0}
    assert correcting.apply_to_drafts(db, P, MARA, number) == []


def test_a_persons_edit_stays_a_version_before_it_and_comes_back(db) -> None:
    generate(db, "one", "We use draft mill.")
    save(db, "We love draft mill.", shown(db).tag)
    made = applied(db)
    assert (shown(db).n, shown(db).body) == (3, "We love Draftmill.")
    assert correcting.take_back(db, P, MARA, made) == 1
    assert shown(db).body == "We love draft mill."
    assert correcting.take_back(db, P, MARA, made) == 0  # a double click


def test_what_was_edited_since_is_not_taken_back(db) -> None:
    generate(db, "one", "We use draft mill.")
    made = applied(db)
    save(db, "We use Draftmill, daily.", None)
    assert correcting.take_back(db, P, MARA, made) == 0
    assert shown(db).body == "We use Draftmill, daily."


def test_what_was_typed_on_since_in_the_same_version_is_not_taken_back(db, monkeypatch) -> None:
    generate(db, "one", "We use draft mill.")
    made = applied(db)
    monkeypatch.setattr(versions, "now", lambda: now(1))  # a second goes by
    save(db, "We use Draftmill, daily.", shown(db).tag)
    assert shown(db).n == made[0].after
    assert correcting.take_back(db, P, MARA, made) == 0
    assert shown(db).body == "We use Draftmill, daily."


KEPT = (
    "[time 12](time:12) and ![shot](shot:1) and [x](https://time.example/time)",
    "https://time.example/time, <https://time.example>, www.time.example/a(time) and time@time.example",
    "[a](<https://a.example/time b>) [b](https://a.example/time_(x) \"b\") ![c](\n/time 'c')",
    "[ref][a]\n\n[a]: https://a.example/time 'b'\n[b]: </a time>\n[c]: time:1",
    "`time` and ``time ` time``\n\n```py\ntime = 1\n\ntime\n```\n\n> ~~~\n> time\n> ~~~\n\n- ```\n  time\n  ```",
    "````\n```\ntime\n```\ntime\n````\n\n```never closed\ntime",
)


@pytest.mark.parametrize("body", KEPT)
def test_addresses_and_code_stay(db, body: str) -> None:
    generate(db, "one", f"A time.\n\n{body}\n")
    applied(db, "time", "thyme")
    assert shown(db).body == f"A thyme.\n\n{body.replace('[time 12]', '[thyme 12]')}\n"


def test_what_only_looks_like_an_address_or_code_is_corrected(db) -> None:
    body = "[time]: time to go. [x](time is up) A \\`time` and a ` time.\n\nTime `. 時はhttps://x.example/、time"
    generate(db, "one", body)
    applied(db, "time", "thyme")
    assert shown(db).body == body.replace("time", "thyme").replace("Time", "thyme")


def test_the_preview_and_the_other_subject_lines_are_corrected(db) -> None:
    fields = {
        "preview": "On draft mill.",
        "subjects": ["Draft mill at last", "Another"],
        "note": "draft mill",
    }
    generate(db, "one", "Nothing.", type="newsletter")
    save(db, "Nothing.", shown(db, "newsletter").tag, fields=fields, type="newsletter")
    number = correction(db, "draft mill", "Draftmill")
    assert correcting.misheard_in(db, P, of_project(db, P)) == {number: 1}
    correcting.apply_to_drafts(db, P, MARA, number)
    assert shown(db, "newsletter").fields | {"note": ""} == {
        "preview": "On Draftmill.",
        "subjects": ["Draftmill at last", "Another"],
        "note": "",
    }
