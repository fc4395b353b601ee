"""The one file, in a place without Python: served, used, stopped, killed."""

import contextlib
import os
import shutil
import signal
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2
import pytest

from binary import build, packages
from tests.support.house import PASSWORD, SAMPLE, until
from tests.support.places import ROOT

OWNER = "mara@example.org"
PROGRAM = ROOT / "dist" / "draftmill"
# All that the launcher may use of the machine. No Python among it.
TOOLS = ("sh", "tail", "gzip", "tar", "mkdir", "mv", "rm", "find")


class Bare:
    """An empty home and nothing on the path but the launcher's tools."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cache = folder / "cache"
        (folder / "bin").mkdir(parents=True)
        for tool in TOOLS:
            (folder / "bin" / tool).symlink_to(str(shutil.which(tool)))
        self.environ = {
            "PATH": str(folder / "bin"),
            "HOME": str(folder),
            "XDG_CACHE_HOME": str(self.cache),
            "DRAFTMILL_DATA": str(folder / "data"),
            "DRAFTMILL_PORT": "0",
        }

    def run(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [PROGRAM, *arguments],
            env=self.environ,
            cwd=self.folder,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=300,
        )

    @contextlib.contextmanager
    def served(self) -> Iterator["Served"]:
        with (self.folder / "log").open("a") as log:
            process = subprocess.Popen(
                [PROGRAM, "serve"],
                env=self.environ,
                cwd=self.folder,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        try:
            assert process.stdout
            line = process.stdout.readline()
            assert "ready at" in line, (self.folder / "log").read_text()
            yield Served(process, line.split()[-1])
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
            process.stdout.close()

    def processes(self) -> list[str]:
        """The command lines of what runs from this cache."""
        found = []
        for folder in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if folder.name.isdigit() and str(self.cache) in str((folder / "exe").readlink()):
                    found.append((folder / "cmdline").read_text().replace("\0", " "))
        return found

    def attempt_at(self, job: str, number: int = 1) -> bool:
        """Whether a process of its own is at this attempt at a job."""
        return any(f" work {job} {number} " in command for command in self.processes())

    def unpacked(self) -> list[Path]:
        return sorted(self.cache.joinpath("draftmill").iterdir())


class Served:
    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self.process = process
        self.url = url

    def program(self, token: str) -> httpx2.Client:
        headers = {"Authorization": f"Bearer {token}"}
        return httpx2.Client(base_url=f"{self.url}/api/v1", headers=headers, timeout=60)


def bring(client: httpx2.Client, recording: bytes) -> dict[str, dict[str, Any]]:
    """Start a blog post from a recording; the jobs by their types."""
    answer = client.post(
        "/projects", files={"recording": ("talk.mp4", recording)}, data={"types": "blog"}
    )
    assert answer.status_code == 201, answer.text
    return {job["type"]: job for job in answer.json()["jobs"]}


def succeeded(client: httpx2.Client, job: dict[str, Any]) -> bool:
    state = client.get(f"/jobs/{job['id']}").json()
    assert state["status"] in ("pending", "running", "succeeded"), state
    return bool(state["status"] == "succeeded")


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Bare:
    assert PROGRAM.exists(), "`make binary` builds it"
    return Bare(tmp_path_factory.mktemp("bare"))


@pytest.fixture(scope="module")
def token(bare: Bare) -> str:
    added = bare.run("user", "add", OWNER, stdin=PASSWORD + "\n")
    assert added.returncode == 0, added.stderr
    made = bare.run("token", "add", OWNER, "--name", "a program")
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


def test_it_is_unpacked_once_and_says_its_version(bare: Bare) -> None:
    first = bare.run("--version")
    assert first.returncode == 0, first.stderr
    assert first.stdout.startswith("draftmill ")
    (home,) = bare.cache.joinpath("draftmill").iterdir()
    unpacked = home.stat().st_ino
    assert bare.run("--version").stdout == first.stdout
    assert [folder.stat().st_ino for folder in home.parent.iterdir()] == [unpacked]


def test_a_recording_becomes_a_draft_without_python(bare: Bare, token: str) -> None:
    with bare.served() as served, closing(served.program(token)) as client:
        jobs = bring(client, SAMPLE.read_bytes())
        until(lambda: bare.attempt_at(jobs["ingest"]["id"]), 30, "a process for the ingest")
        until(lambda: succeeded(client, jobs["blog"]), 240, "the draft")
        assert succeeded(client, jobs["ingest"])
        assert not bare.attempt_at(jobs["ingest"]["id"])
        project = client.get(f"/jobs/{jobs['blog']['id']}").json()["project_id"]
        assert "## " in client.get(f"/projects/{project}/drafts/blog").json()["body"]
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(15) == 0
    assert bare.processes() == []
    assert "Traceback" not in (bare.folder / "log").read_text()


def test_a_killed_parent_leaves_nothing_behind_and_its_job_goes_on(bare: Bare, token: str) -> None:
    with bare.served() as served, closing(served.program(token)) as client:
        until(lambda: len(bare.processes()) >= 3, 60, "the server and two workers")
        # The sample with an empty box at its end: another recording, by its content.
        ingest = bring(client, SAMPLE.read_bytes() + b"\0\0\0\x08free")["ingest"]
        until(lambda: bare.attempt_at(ingest["id"]), 30, "a process for the ingest")
        served.process.kill()
        served.process.wait()
        until(lambda: bare.processes() == [], 10, "every process to die with its parent")
    assert len(bare.unpacked()) == 1, "nothing unpacked a second time"
    with bare.served() as served, closing(served.program(token)) as client:
        until(lambda: succeeded(client, ingest), 240, "the interrupted ingest")
    until(lambda: bare.processes() == [], 10, "every process to die with its parent")


def test_it_contains_only_what_it_needs_and_the_licence_of_each(bare: Bare) -> None:
    work = ROOT / "build" / "work" / "draftmill"
    contained = packages.contained(work)
    assert {"av", "ctranslate2", "starlette", "pyinstaller"} <= contained
    assert packages.unexpected(work) == set()
    (home,) = bare.unpacked()
    licences = home / "_internal" / "licences"
    assert (licences / "draftmill.txt").exists()
    assert list(licences.glob("vendor-LICENSE-htmx*"))
    for name in contained:
        (folder,) = licences.glob(f"{name}-[0-9]*")
        told = (folder / "ABOUT.txt").read_text()
        # Where a package brings no text, its terms are named, and where to find them.
        assert len(list(folder.iterdir())) > 1 or "not told" not in told, name
        assert len(list(folder.iterdir())) > 1 or "https://" in told, name


def test_what_a_package_for_tests_only_offers_is_kept_out() -> None:
    modules = packages.unneeded_modules()
    assert {"pytest", "_pytest", "hypothesis", "mypy", "playwright"} <= set(modules)
    assert not {"starlette", "numpy", "PIL", "yaml", "draftmill"} & set(modules)


def test_an_unpack_that_was_killed_is_cleaned_up_by_the_next_start(tmp_path: Path) -> None:
    bare = Bare(tmp_path)
    killed = subprocess.Popen([PROGRAM, "--version"], env=bare.environ, stderr=subprocess.DEVNULL)
    until(lambda: list(bare.cache.glob("draftmill/.unpacking-*/draftmill/*")), 60, "the unpack")
    killed.kill()
    killed.wait()
    (left,) = bare.unpacked()
    assert left.name.endswith(f"-{killed.pid}")
    assert bare.run("--version").returncode == 0
    (home,) = bare.unpacked()
    assert not home.name.startswith(".unpacking")


def test_only_what_belongs_to_no_live_process_is_cleaned_up(bare: Bare) -> None:
    (home,) = bare.unpacked()
    ended = subprocess.Popen(["true"])
    ended.wait()
    here = os.uname().nodename
    dead = home.parent / f".unpacking-{here}-{ended.pid}"
    alive = home.parent / f".unpacking-{here}-{os.getpid()}"
    elsewhere = home.parent / f".unpacking-elsewhere-{ended.pid}"
    old = home.parent / ".unpacking-elsewhere-1"
    for folder in (dead, alive, elsewhere, old):
        folder.mkdir()
    os.utime(old, (0, 0))
    assert bare.run("--version").returncode == 0
    assert bare.unpacked() == sorted([home, alive, elsewhere])
    alive.rmdir()
    elsewhere.rmdir()


def test_nothing_is_built_when_nothing_that_goes_in_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "dist").mkdir()
    source = tmp_path / "source.py"
    source.write_text("1")
    monkeypatch.setattr(build, "ROOT", tmp_path)
    monkeypatch.setattr(build, "SOURCES", ())
    monkeypatch.setattr(build, "FILES", (source.name,))
    monkeypatch.setattr(build, "DIST", tmp_path / "dist")
    monkeypatch.setattr(build, "PROGRAM", tmp_path / "dist" / "draftmill")
    monkeypatch.setattr(build, "STAMP", tmp_path / "dist" / "draftmill.inputs")
    monkeypatch.setattr(build.sys, "argv", ["build.py"])
    monkeypatch.setattr(build.subprocess, "run", refuse)
    build.PROGRAM.write_text("built")
    build.STAMP.write_text(f"{build.digest_of(build.inputs_of())} {build.QUICK}")
    assert build.main() == 0
    assert capsys.readouterr().out == "dist/draftmill is up to date\n"
    assert build.PROGRAM.read_text() == "built"
    source.write_text("2")
    with pytest.raises(ConnectionRefusedError):
        build.main()


def refuse(*_: object, **__: object) -> None:
    raise ConnectionRefusedError


def test_what_cannot_be_unpacked_is_said_in_two_lines_and_leaves_nothing(tmp_path: Path) -> None:
    bare = Bare(tmp_path)
    cut = tmp_path / "draftmill"
    size = PROGRAM.stat().st_size
    with PROGRAM.open("rb") as whole:
        cut.write_bytes(whole.read(size // 20))
    cut.chmod(0o755)
    done = subprocess.run([cut, "--version"], env=bare.environ, capture_output=True, text=True)
    assert done.returncode == 1
    assert "could not be unpacked" in done.stderr
    assert "download this file again" in done.stderr
    assert list(bare.cache.joinpath("draftmill").iterdir()) == []
    assert not tarfile.is_tarfile(cut)
