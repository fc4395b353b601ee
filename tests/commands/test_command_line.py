"""The command line: drafts without a server, accounts, and refusals in one line."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from draftmill import __version__
from tests.support import media_files as files
from tests.support.house import PASSWORD, QUICK, SAMPLE, draftmill, opened
from tests.support.places import SOUNDS

TEXT = (
    "Every pull request should be small enough to read in ten minutes.\n"
    "Small changes reached production within a day and were rolled back half as often.\n"
)


def refused(data: Path, *arguments: str, stdin: str = "", code: int = 2, **environ: str) -> str:
    """Run what must be refused: its one line on standard error."""
    ended = draftmill(data, *arguments, stdin=stdin, check=False, **environ)
    assert ended.returncode == code, ended.stderr
    assert ended.stdout == ""
    assert ended.stderr.count("\n") == 1, ended.stderr
    assert ended.stderr.startswith("draftmill: ")
    return ended.stderr


# draftmill draft


@pytest.fixture(scope="module")
def sample_drafts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder with the drafts of the sample, and what was printed."""
    folder = tmp_path_factory.mktemp("drafts")
    data, out = folder / "data", folder / "new" / "out"
    types = "blog, twitter,blog"
    ended = draftmill(data, "draft", str(SAMPLE), "--types", types, "--out", str(out))
    assert not data.exists()
    assert ended.stderr.splitlines()[0] == "Transcribing"
    return out, ended.stdout


def test_a_recording_becomes_drafts_in_a_folder(sample_drafts: tuple[Path, str]) -> None:
    out, printed = sample_drafts
    names = printed.split()
    assert len(names) == len(set(names))
    assert {Path(name).stem for name in names} == {"blog", "twitter"}
    assert all(Path(name).is_file() for name in names)
    text = (out / "blog.md").read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert "## " in text


def test_the_pictures_of_a_draft_lie_beside_it(sample_drafts: tuple[Path, str]) -> None:
    out, _ = sample_drafts
    shown = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", (out / "blog.md").read_text(encoding="utf-8"))
    assert shown
    for name in shown:
        assert (out / name).read_bytes()[:2] == b"\xff\xd8"
    assert {path.name for path in (out / "images").iterdir()} == {Path(n).name for n in shown}


def test_the_recording_is_read_where_it_lies(sample_drafts: tuple[Path, str]) -> None:
    out, _ = sample_drafts
    assert not list(out.rglob("*.mp4"))
    assert SAMPLE.is_file()


@pytest.mark.parametrize("ending", ["txt", "srt"])
def test_a_transcript_becomes_drafts_too(tmp_path: Path, ending: str) -> None:
    source = tmp_path / f"talk.{ending}"
    if ending == "srt":
        first, second = TEXT.splitlines()
        cues = f"1\n00:00:01,000 --> 00:00:05,000\n{first}\n\n"
        lost = "00:00:0x,000 --> 00:00:06,000\nLost.\n\n"
        source.write_text(f"{cues}{lost}2\n00:00:06,000 --> 00:00:11,000\n{second}\n")
    else:
        source.write_text(TEXT)
    out = tmp_path / "out"
    more = ("--types", "linkedin", "--out", str(out), "--title", "Small reviews")
    ended = draftmill(tmp_path / "data", "draft", str(source), *more)
    assert ended.returncode == 0
    assert any(path.stem == "linkedin" for path in out.iterdir())
    unread = "1 block could not be read: line 5."
    assert (unread in ended.stderr) == (ending == "srt")
    assert "draftmill: linkedin: An outline in the speaker's own words" in ended.stderr


def test_voices_are_told_apart_where_it_is_said_how_many_speak(tmp_path: Path) -> None:
    command = ("draft", str(SOUNDS / "english.opus"), "--out", str(tmp_path / "out"))
    ended = draftmill(tmp_path / "data", *command, "--speakers", "2")
    assert "Telling voices apart" in ended.stderr
    (evidence,) = json.loads((tmp_path / "out" / "evidence.json").read_text()).values()
    assert set(re.findall(r'"speaker": "([^"]+)"', json.dumps(evidence))) == {
        "Speaker 1",
        "Speaker 2",
    }
    told = refused(tmp_path / "data", *command, "--speakers", "99")
    assert "So many people cannot be told apart." in told


def test_a_file_of_any_name_is_taken(tmp_path: Path) -> None:
    source = os.fsencode(tmp_path) + b"/caf\xe9 \n-x.opus"
    shutil.copyfile(SOUNDS / "english.opus", source)
    out = tmp_path / "out"
    more = ("--types", "linkedin", "--out", str(out))
    ended = draftmill(tmp_path / "data", "draft", os.fsdecode(source), *more)
    assert str(out / "linkedin.txt") in ended.stdout


def test_a_job_that_fails_is_exit_code_1(tmp_path: Path) -> None:
    out = tmp_path / "out"
    ended = draftmill(
        tmp_path / "data", "draft", str(files.tone("beep.wav")), "--out", str(out), check=False
    )
    assert ended.returncode == 1
    assert ended.stdout == ""
    complaint = ended.stderr.splitlines()[-1]
    assert complaint.startswith("draftmill: ingest: No speech was found")
    assert list(out.iterdir()) == []


def test_what_is_no_recording_is_exit_code_2_and_writes_nothing(tmp_path: Path) -> None:
    source = tmp_path / "no recording.mp4"
    source.write_text("Dear diary")
    out = tmp_path / "out"
    assert "not an audio or video file" in refused(
        tmp_path / "data", "draft", str(source), "--out", str(out)
    )
    assert not out.exists()
    assert not (tmp_path / "data").exists()


def test_a_transcript_that_is_none_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "talk.txt"
    source.write_bytes(b"%PDF-1.4")
    assert "a PDF document" in refused(tmp_path, "draft", str(source), "--out", str(tmp_path / "o"))
    assert not (tmp_path / "o").exists()


def test_a_path_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    assert "There is no file" in refused(tmp_path, "draft", str(tmp_path / "none.mp4"))
    assert "is a folder" in refused(tmp_path, "draft", str(tmp_path))


@pytest.mark.parametrize("types", ["sonnet", "blog,sonnet", ",", "ingest"])
def test_an_unknown_type_is_refused_with_those_there_are(tmp_path: Path, types: str) -> None:
    line = refused(tmp_path, "draft", str(SAMPLE), "--types", types)
    assert "no kind of draft called" in line
    assert "blog, newsletter, twitter, linkedin" in line


def test_a_folder_that_cannot_be_made_is_refused_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    source = tmp_path / "talk.txt"
    source.write_text(TEXT)
    for out in ("taken", "taken/below"):
        line = refused(tmp_path, "draft", str(source), "--out", str(tmp_path / out))
        assert "cannot be made" in line
        assert "--out" in line


def test_a_draft_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    source = tmp_path / "talk.txt"
    source.write_text(TEXT)
    (tmp_path / "out" / "blog.md").mkdir(parents=True)
    ended = draftmill(
        tmp_path / "data", "draft", str(source), "--out", str(tmp_path / "out"), check=False
    )
    assert ended.returncode == 2
    assert "blog.md cannot be written" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_interrupted_draft_ends_without_a_trace(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "draftmill", "draft", str(SAMPLE), "--out", str(tmp_path / "o")],
        env={"PATH": "", "TMPDIR": str(tmp_path), "DRAFTMILL_DATA": str(tmp_path / "data")},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stderr
    assert child.stderr.readline() == "Transcribing\n"
    child.send_signal(signal.SIGINT)
    _, rest = child.communicate(timeout=60)
    # Python itself ends by the signal when it came while a class was made from a text: to a shell,
    # which adds 128, that is the same.
    assert child.returncode in (130, -signal.SIGINT)
    assert "Traceback" not in rest
    assert not list(tmp_path.glob("draftmill-*"))


# draftmill user


def test_accounts_are_added_listed_changed_and_removed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    added = draftmill(data, "user", "add", "Ada@Example.org", stdin=PASSWORD + "\n")
    assert added.stdout == "Added ada@example.org.\n"
    assert PASSWORD not in added.stdout + added.stderr
    assert "already an account" in refused(
        data, "user", "add", "ada@example.org", stdin=PASSWORD + "\n"
    )
    assert draftmill(data, "user", "list").stdout == "ada@example.org\tuser\t\n"
    changed = draftmill(data, "user", "passwd", "ada@example.org", stdin="another long password\n")
    assert "is changed" in changed.stdout
    removed = draftmill(data, "user", "remove", "ada@example.org")
    assert "Removed ada@example.org" in removed.stdout
    assert draftmill(data, "user", "list").stdout == ""
    assert "There is no account" in refused(data, "user", "remove", "ada@example.org")
    assert "There is no account" in refused(
        data, "user", "passwd", "ada@example.org", stdin=PASSWORD + "\n"
    )


def test_a_new_password_ends_the_sessions_of_its_owner_and_of_nobody_else(tmp_path: Path) -> None:
    with (
        opened(tmp_path / "data", **QUICK) as house,
        closing(house.make_owner()) as mara,
        closing(house.add_user("second@example.org")) as second,
        closing(house.client()) as anew,
    ):
        assert (mara.get("/").status_code, second.get("/").status_code) == (200, 200)
        new = "another long password"
        draftmill(house.data, "user", "passwd", "mara@example.org", stdin=f"{new}\n")
        turned_away = mara.get("/")
        assert turned_away.status_code == 303
        assert turned_away.headers["location"].startswith("/login")
        assert second.get("/").status_code == 200
        form = {"email": "mara@example.org", "password": PASSWORD}
        assert anew.post("/login", data=form).status_code == 422
        assert anew.post("/login", data=form | {"password": new}).status_code == 303
        assert anew.get("/").status_code == 200


@pytest.mark.parametrize(
    ("email", "password", "words"),
    [
        ("ada", PASSWORD, "not an e-mail address"),
        ("ada@example.org", "short", "at least 10 characters"),
        ("ada@example.org", "", "at least 10 characters"),
    ],
)
def test_an_account_that_makes_no_sense_is_refused(
    tmp_path: Path, email: str, password: str, words: str
) -> None:
    assert words in refused(tmp_path / "data", "user", "add", email, stdin=password)


# Settings and verbs


def test_an_unknown_setting_is_refused_with_the_nearest(tmp_path: Path) -> None:
    line = refused(tmp_path / "data", "user", "list", DRAFTMILL_MAX_UPLAOD="3")
    assert "There is no setting DRAFTMILL_MAX_UPLAOD. Did you mean DRAFTMILL_MAX_UPLOAD?" in line


def test_a_data_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    for verb in (("serve",), ("user", "list")):
        assert "The data folder" in refused(tmp_path / "taken" / "data", *verb)


def test_the_version_is_told(tmp_path: Path) -> None:
    assert draftmill(tmp_path, "--version").stdout == f"draftmill {__version__}\n"


def test_an_unknown_verb_is_refused_with_those_for_people(tmp_path: Path) -> None:
    ended = draftmill(tmp_path, "sreve", check=False)
    assert ended.returncode == 2
    assert "serve" in ended.stderr
    assert "probe" not in ended.stderr
