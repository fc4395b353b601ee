"""Build Draftmill as one file that needs no Python: dist/draftmill.

    .venv/bin/python binary/build.py [--small]

PyInstaller makes a folder; this packs it behind a shell script that unpacks it once for each
version. Nothing is built when nothing that goes in has changed. `--small` compresses well,
for a release, and takes a minute more.
"""

import gzip
import hashlib
import importlib.metadata
import shutil
import subprocess
import sys
import sysconfig
import tarfile
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
BUILD, DIST = ROOT / "build", ROOT / "dist"
PROGRAM = DIST / "draftmill"
STAMP = DIST / "draftmill.inputs"
SOURCES = ("draftmill", "templates", "static", "binary")
FILES = (
    "app.py",
    "tasks.py",
    "content_actions.py",
    "requirements.lock",
    "pyproject.toml",
    "LICENSE",
)
QUICK, SMALL = 1, 9


def main() -> int:
    level = SMALL if "--small" in sys.argv[1:] else QUICK
    inputs = f"{digest_of(inputs_of())} {level}"
    if PROGRAM.exists() and STAMP.exists() and STAMP.read_text() == inputs:
        print(f"{PROGRAM.relative_to(ROOT)} is up to date")
        return 0
    shutil.rmtree(DIST, ignore_errors=True)
    collect_licences(BUILD / "licences")
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR"]
    command += ["--distpath", BUILD / "folder", "--workpath", BUILD / "work"]
    subprocess.run([*command, ROOT / "binary" / "draftmill.spec"], check=True, cwd=ROOT)
    folder = BUILD / "folder" / "draftmill"
    collect_system_licences(folder / "_internal")
    pack(folder, inputs[:16], level)
    STAMP.write_text(inputs)
    print(f"{PROGRAM.relative_to(ROOT)}: {PROGRAM.stat().st_size / 1e6:.0f} MB")
    return 0


def inputs_of() -> Iterator[Path]:
    """Every file that goes into the program, in a fixed order."""
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path
    yield from (ROOT / name for name in FILES)


def digest_of(paths: Iterator[Path]) -> str:
    digest = hashlib.sha256(sys.version.encode())
    for path in paths:
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(ROOT)} {content}\n".encode())
    return digest.hexdigest()


def pack(folder: Path, build: str, level: int) -> None:
    """Write the launcher and, behind it, the folder as a compressed archive."""
    version = f"{importlib.metadata.version('draftmill')}-{build}"
    launcher = (ROOT / "binary" / "launcher.sh").read_text().replace("@VERSION@", version)
    width = len("@OFFSET@")  # the same length, so that filling it in moves nothing
    header = launcher.replace(
        "@OFFSET@", f"{len(launcher.encode()) + 1:>{width}}".replace(" ", "0")
    )
    DIST.mkdir(exist_ok=True)
    unfinished = PROGRAM.with_suffix(".unfinished")
    with unfinished.open("wb") as file:
        file.write(header.encode())
        with (
            gzip.GzipFile(fileobj=file, mode="wb", compresslevel=level, mtime=0) as zipped,
            tarfile.open(fileobj=zipped, mode="w|") as archive,
        ):
            archive.add(folder, arcname="draftmill", filter=anonymous)
    unfinished.chmod(0o755)
    unfinished.replace(PROGRAM)


def anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def collect_licences(folder: Path) -> None:
    """The licence of everything that the file contains, a folder for each package."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "LICENSE", folder / "draftmill.txt")
    shutil.copy(ROOT / "binary" / "NOTICE.txt", folder)
    python = Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"
    if python.is_file():  # else it comes with the system's libraries
        shutil.copy(python, folder / "python.txt")
    for vendored in sorted((ROOT / "static" / "vendor").rglob("*")):
        if vendored.is_file() and "licen" in vendored.name.lower():
            shutil.copy(vendored, folder / f"{vendored.parent.name}-{vendored.name}")
    for name in sorted(needed("draftmill")):
        package = importlib.metadata.distribution(name)
        into = folder / f"{name}-{package.version}"
        into.mkdir()
        terms = package.metadata.get_all("License-Expression") or package.metadata.get_all(
            "License"
        )
        (into / "METADATA").write_text(
            f"{name} {package.version}\nLicence: {(terms or ['see the classifiers below'])[0]}\n"
            + "".join(
                f"{line}\n"
                for line in package.metadata.get_all("Classifier") or []
                if "License" in line
            )
        )
        for file in package.files or []:
            lowered = file.name.lower()
            if (
                lowered.startswith(("licen", "copying", "notice", "authors"))
                or "licenses" in file.parts
            ):
                source = Path(str(package.locate_file(file)))
                if source.is_file():
                    shutil.copy(source, into / file.name)


def collect_system_licences(internal: Path) -> None:
    """Beside them those of the shared libraries that were taken from a Debian system."""
    for library in internal.glob("lib*.so*"):
        found = subprocess.run(["dpkg", "-S", f"*/{library.name}"], capture_output=True, text=True)
        package = found.stdout.partition(":")[0]
        terms = Path("/usr/share/doc") / package / "copyright"
        if package and terms.is_file():
            shutil.copy(terms, internal / "licences" / f"system-{package}.txt")


def needed(name: str, seen: set[str] | None = None) -> set[str]:
    """The packages that one needs at run time, directly or not, without itself."""
    seen = set() if seen is None else seen
    for line in importlib.metadata.requires(name) or []:
        wanted = Requirement(line)
        found = wanted.name.lower().replace("_", "-")
        if found in seen or (wanted.marker and not wanted.marker.evaluate({"extra": ""})):
            continue
        try:
            importlib.metadata.distribution(found)
        except importlib.metadata.PackageNotFoundError:
            continue
        seen.add(found)
        needed(found, seen)
    return seen


if __name__ == "__main__":
    raise SystemExit(main())
