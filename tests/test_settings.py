"""Settings are read from the environment, and what cannot be meant is refused with a hint."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from draftmill.settings import BadSetting, Settings, load
from tests.support.places import ROOT


def test_without_variables_everything_has_its_default() -> None:
    chosen = load({"HOME": "/root", "DRAFTMILLX": "no setting of ours"})
    assert chosen.data == Path("data").absolute()
    assert chosen == Settings(data=chosen.data)
    assert (chosen.port, chosen.max_upload, chosen.max_hours) == (8000, 10 * 10**9, 12.0)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("PORT", "8080", 8080),
        ("MAX_UPLOAD", "500", 500),
        ("MAX_UPLOAD", "2G", 2 * 10**9),
        ("MAX_UPLOAD", "1.5 GB", 1_500_000_000),
        ("MAX_UPLOAD", " 600k ", 600_000),
        ("MAX_UPLOAD", "3TB", 3 * 10**12),
        ("MAX_HOURS", "0.5", 0.5),
        ("TRANSCRIBE_HINTS", "yes", True),
        ("TRANSCRIBE_HINTS", "FALSE", False),
        ("WHISPER_MODEL", " small ", "small"),
        ("DATA", "/srv/draftmill", Path("/srv/draftmill")),
    ],
)
def test_a_setting_is_read(name: str, text: str, value: object) -> None:
    assert getattr(load({f"DRAFTMILL_{name}": text}), name.lower()) == value


@pytest.mark.parametrize(
    "name", ["PORT", "MAX_UPLOAD", "MAX_HOURS", "SESSION_DAYS", "TICK_S", "API_RATE"]
)
@pytest.mark.parametrize(
    "text", ["nan", "inf", "1e999", "-1", "1e300", "1e308T", "٣", "²", "９", "9" * 5000, "0x10"]
)
def test_what_is_no_number_or_none_that_is_meant_is_refused(name: str, text: str) -> None:
    with pytest.raises(BadSetting) as refusal:
        load({f"DRAFTMILL_{name}": text})
    assert refusal.value.hint.startswith("Set it to")


@pytest.mark.parametrize("name", ["DATA", "PORT", "MAX_HOURS", "TRANSCRIBE_HINTS", "WHISPER_MODEL"])
def test_an_empty_variable_is_as_none(name: str) -> None:
    """Files for containers list variables that nobody filled in."""
    assert load({f"DRAFTMILL_{name}": " "}) == load({})


@pytest.mark.parametrize(
    ("variable", "near"),
    [
        ("DRAFTMILL_WISPER_MODEL", "DRAFTMILL_WHISPER_MODEL"),
        ("DRAFTMILL_LLM_URL", "DRAFTMILL_LLM_"),
        ("DRAFTMILL_MAXUPLOAD", "DRAFTMILL_MAX_UPLOAD"),
        ("DRAFTMILL_LLM_API_KEYFILE", "DRAFTMILL_LLM_API_KEY"),
    ],
)
def test_an_unknown_setting_is_refused_with_the_nearest(variable: str, near: str) -> None:
    with pytest.raises(BadSetting) as refusal:
        load({variable: "x"})
    assert refusal.value.message == f"There is no setting {variable}."
    assert near in refusal.value.hint


def test_every_setting_is_documented_and_no_other() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    written = set(re.findall(r"^\| `DRAFTMILL_(\w+)`", page, re.MULTILINE))
    assert written == {field.name.upper() for field in fields(Settings)}


def test_a_setting_like_no_other_is_refused_with_the_list() -> None:
    with pytest.raises(BadSetting, match="lists all settings"):
        load({"DRAFTMILL_QQQQQQQQQQ": "x"})


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("PORT", "http", "a whole number"),
        ("PORT", "99999", "65535"),
        ("PORT", "-1", "65535"),
        ("MAX_UPLOAD", "much", "a whole number"),
        ("MAX_UPLOAD", "inf", "a whole number"),
        ("MAX_UPLOAD", "nan", "a whole number"),
        ("MAX_UPLOAD", "-5", "0 or more"),
        ("MAX_HOURS", "long", "a number"),
        ("MAX_HOURS", "nan", "a number"),
        ("MAX_HOURS", "inf", "a number"),
        ("MAX_HOURS", "-2", "0 or more"),
        ("MEDIA_WORKERS", "0", "1 to 100"),
        ("WRITING_WORKERS", "1000", "1 to 100"),
        ("TRANSCRIBE_HINTS", "perhaps", "yes or no"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused(name: str, text: str, expected: str) -> None:
    with pytest.raises(BadSetting) as refusal:
        load({f"DRAFTMILL_{name}": text})
    assert f"DRAFTMILL_{name} is {text!r}." == refusal.value.message
    assert expected in refusal.value.hint


def test_a_secret_is_read_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text("sk-in-a-file\n")
    chosen = load({"DRAFTMILL_LLM_API_KEY_FILE": str(secret)})
    assert chosen.llm_api_key == "sk-in-a-file"
    chosen = load({"DRAFTMILL_TRANSCRIBE_API_KEY_FILE": str(secret)})
    assert chosen.transcribe_api_key == "sk-in-a-file"
    assert "sk-in-a-file" not in repr(chosen)


def test_only_secrets_are_read_from_files(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="There is no setting DRAFTMILL_PORT_FILE"):
        load({"DRAFTMILL_PORT_FILE": str(tmp_path)})


@pytest.mark.parametrize("kind", ["missing", "folder", "binary"])
def test_a_secret_that_cannot_be_read_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "key"
    if kind == "folder":
        path.mkdir()
    elif kind == "binary":
        path.write_bytes(b"\xff\xfe\x00sk")
    with pytest.raises(BadSetting) as refusal:
        load({"DRAFTMILL_LLM_API_KEY_FILE": str(path)})
    assert "DRAFTMILL_LLM_API_KEY_FILE" in refusal.value.message
    assert refusal.value.hint == "Check the path."


def test_the_secret_of_a_data_folder_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    data = tmp_path / "new" / "data"
    first, again = Settings(data=data).secret, Settings(data=data).secret
    assert first == again
    assert len(first) == 32
    assert (data / "secret").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in data.iterdir()] == ["secret"]
