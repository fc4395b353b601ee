"""What the owner chose: below the environment, above the defaults, and keys for one server only."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from draftmill.choices import stored
from draftmill.choices.stored import SetElsewhere, choose, fixed, in_effect, read
from draftmill.database import changes
from draftmill.database.connection import connect, prepare
from draftmill.settings import BadSetting, Settings
from tests.support.house import draftmill

SERVER = {
    "writing_with": "server",
    "llm_base_url": "http://127.0.0.1:8080/v1",
    "llm_model": "writer-7b",
    "llm_api_key": "sk-of-the-owner",
    "llm_context": "16384",
}


@pytest.fixture
def given(tmp_path: Path, db: sqlite3.Connection) -> Settings:
    return Settings(data=tmp_path)


def test_what_is_chosen_is_in_effect_and_what_is_not_is_the_default(
    db: sqlite3.Connection, given: Settings
) -> None:
    assert not in_effect(db, given).has_language_model
    choose(db, given, 1, SERVER)
    chosen = in_effect(db, given)
    assert chosen.has_language_model
    assert (chosen.llm_model, chosen.llm_context) == ("writer-7b", 16384)
    assert chosen.llm_api_key == "sk-of-the-owner"
    assert chosen.llm_timeout_s == given.llm_timeout_s
    choose(db, given, 1, {"llm_context": None})
    assert in_effect(db, given).llm_context == given.llm_context


def test_a_change_is_told_to_who_watches(db: sqlite3.Connection, given: Settings) -> None:
    before = changes.latest(db)
    choose(db, given, 1, SERVER)
    assert [one.kind for one in changes.since(db, before)] == ["settings"]


def test_the_environment_wins_and_what_it_sets_cannot_be_chosen(
    db: sqlite3.Connection, given: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(db, given, 1, SERVER)
    monkeypatch.setenv("DRAFTMILL_LLM_CONTEXT", "8192")  # also where it is the default
    assert in_effect(db, given).llm_context == 8192
    with pytest.raises(SetElsewhere, match="DRAFTMILL_LLM_CONTEXT"):
        choose(db, given, 1, {"llm_context": "4096"})


def test_a_server_in_the_environment_decides_what_writes(
    db: sqlite3.Connection, tmp_path: Path, given: Settings
) -> None:
    choose(db, given, 1, {"writing_with": "none"})
    there = Settings(data=tmp_path, llm_base_url="http://127.0.0.1:1/v1", llm_model="m")
    assert fixed(there)["writing_with"] == "DRAFTMILL_LLM_BASE_URL"
    assert in_effect(db, there).has_language_model


def test_a_key_goes_to_no_other_server_than_the_one_it_was_typed_for(
    db: sqlite3.Connection, given: Settings
) -> None:
    choose(db, given, 1, SERVER)
    choose(db, given, 1, {"llm_base_url": "http://127.0.0.1:8080/other/v1"})
    assert in_effect(db, given).llm_api_key == "sk-of-the-owner"
    for other in ("http://127.0.0.1:8081/v1", "https://127.0.0.1:8080/v1", "http://elsewhere/v1"):
        choose(db, given, 1, {"llm_base_url": other})
        assert in_effect(db, given).llm_api_key == ""
    row = stored.stored(db)["llm_api_key"].replace(":8080 ", ":8081 ")
    db.execute("update settings set value = ? where key = 'llm_api_key'", (row,))
    choose(db, given, 1, {"llm_base_url": "http://127.0.0.1:8081/v1"})
    assert in_effect(db, given).llm_api_key == "", "whoever may write the database"


def test_a_key_is_stored_sealed_and_stays_sealed_for_pages(
    db: sqlite3.Connection, given: Settings, tmp_path: Path
) -> None:
    choose(db, given, 1, SERVER)
    assert in_effect(db, given, keys=False).llm_api_key == ""
    db.execute("pragma wal_checkpoint(truncate)")
    files = [file.read_bytes() for file in tmp_path.iterdir() if file.name.startswith("draftmill")]
    assert files
    assert not any(b"sk-of-the-owner" in content for content in files)
    (tmp_path / "secret").unlink()
    assert in_effect(db, Settings(data=tmp_path)).llm_api_key == ""


def test_what_cannot_be_is_refused_and_nothing_of_it_is_stored(
    db: sqlite3.Connection, given: Settings
) -> None:
    with pytest.raises(BadSetting):
        choose(db, given, 1, {"llm_model": "m", "llm_context": "much"})
    with pytest.raises(BadSetting):
        choose(db, given, 1, {"writing_with": "magic"})
    assert stored.stored(db) == {}


def test_a_stored_row_that_nobody_understands_is_left_out(
    db: sqlite3.Connection, given: Settings
) -> None:
    rows = [("llm_context", "much"), ("of_tomorrow", "1"), ("port", "1"), ("llm_model", "m")]
    db.executemany("insert into settings values (?, ?, '')", rows)
    assert in_effect(db, given) == Settings(data=given.data, llm_model="m")


@pytest.mark.parametrize(
    ("way", "writer"), [("", "server"), ("server", "server"), ("none", ""), ("inside", "inside")]
)
def test_what_writes_follows_the_way_that_was_chosen(way: str, writer: str) -> None:
    both = Settings(
        llm_base_url="http://127.0.0.1:1/v1", llm_model="m", inside_model="a.gguf", writing_with=way
    )
    assert both.writer == writer
    assert both.has_language_model is bool(writer)


def test_a_command_reads_them_too(tmp_path: Path) -> None:
    given = Settings(data=tmp_path)
    assert read(given) == given, "without a database"
    prepare(given.database)
    with closing(connect(given.database)) as db:
        choose(db, given, 1, SERVER)
    assert read(given).llm_model == "writer-7b"
    told = draftmill(tmp_path, "doctor", check=False).stdout
    assert "writer-7b at http://127.0.0.1:8080/v1, with a key" in told
