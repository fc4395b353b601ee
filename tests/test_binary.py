"""The one file, in a place without Python: served, used, stopped, killed."""

import contextlib
import shutil
import signal
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest
from house import PASSWORD, SAMPLE, project_id, until

ROOT = Path(__file__).parent.parent
PROGRAM = ROOT / "dist" / "draftmill"
# All that the launcher may use of the machine. No Python among it.
TOOLS = ("sh", "tail", "gzip", "tar", "mkdir", "mktemp", "mv", "rm", "find")


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


class Served:
    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self.process = process
        self.url = url

    def client(self) -> httpx2.Client:
        return httpx2.Client(base_url=self.url, headers={"Origin": self.url}, timeout=60)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Bare:
    assert PROGRAM.exists(), "`make binary` builds it"
    return Bare(tmp_path_factory.mktemp("bare"))


def test_it_is_unpacked_once_and_says_its_version(bare: Bare) -> None:
    first = bare.run("--version")
    assert first.returncode == 0, first.stderr
    assert first.stdout.startswith("draftmill ")
    (home,) = bare.cache.joinpath("draftmill").iterdir()
    unpacked = home.stat().st_ino
    assert bare.run("--version").stdout == first.stdout
    assert [folder.stat().st_ino for folder in home.parent.iterdir()] == [unpacked]


def test_a_recording_becomes_a_draft_without_python(bare: Bare) -> None:
    added = bare.run("user", "add", "mara@example.org", stdin=PASSWORD + "\n")
    assert added.returncode == 0, added.stderr
    with bare.served() as served, closing(served.client()) as client:
        client.post("/login", data={"email": "mara@example.org", "password": PASSWORD})
        with SAMPLE.open("rb") as recording:
            answer = client.post(
                "/projects", files={"recording": ("talk.mp4", recording)}, data={"types": "blog"}
            )
        assert answer.status_code == 303, answer.text
        draft = f"/projects/{project_id(answer)}/drafts/blog.md"
        until(lambda: client.get(draft).status_code == 200, 240, "the draft")
        assert "## " in client.get(draft).text
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(15) == 0
    assert bare.processes() == []
    assert "Traceback" not in (bare.folder / "log").read_text()


def test_a_killed_parent_leaves_nothing_behind(bare: Bare) -> None:
    with bare.served() as served:
        until(lambda: len(bare.processes()) == 3, 60, "the server and two workers")
        served.process.kill()
        served.process.wait()
        until(lambda: bare.processes() == [], 10, "every process to die with its parent")
    names = [folder.name for folder in bare.cache.joinpath("draftmill").iterdir()]
    assert len(names) == 1, "nothing unpacked a second time"


def test_it_carries_the_licences_of_what_it_contains(bare: Bare) -> None:
    (home,) = bare.cache.joinpath("draftmill").iterdir()
    licences = {folder.name for folder in (home / "_internal" / "licences").iterdir()}
    for part in ("av-", "ctranslate2-", "faster-whisper-", "starlette-", "vendor-LICENSE-htmx"):
        assert any(name.startswith(part) for name in licences), (part, licences)
    assert "draftmill.txt" in licences


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
