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
from pathlib import Path, PurePath

from binary import packages

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
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR"]
    command += ["--distpath", BUILD / "folder", "--workpath", BUILD / "work"]
    subprocess.run([*command, ROOT / "binary" / "draftmill.spec"], check=True, cwd=ROOT)
    folder, work = BUILD / "folder" / "draftmill", BUILD / "work" / "draftmill"
    if strangers := packages.unexpected(work):
        print(f"Draftmill does not need what the file contains: {', '.join(sorted(strangers))}")
        return 1
    collect_licences(folder / "_internal" / "licences", packages.contained(work))
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


def collect_licences(folder: Path, contained: set[str]) -> None:
    """The licence of everything that the file contains, a folder for each package."""
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "LICENSE", folder / "draftmill.txt")
    shutil.copy(ROOT / "binary" / "NOTICE.txt", folder)
    python = Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"
    if python.is_file():  # else it comes with the system's libraries
        shutil.copy(python, folder / "python.txt")
    for vendored in sorted((ROOT / "static" / "vendor").rglob("*")):
        if vendored.is_file() and "licen" in vendored.name.lower():
            shutil.copy(vendored, folder / f"{vendored.parent.name}-{vendored.name}")
    for name in sorted(contained):
        package = importlib.metadata.distribution(name)
        into = folder / f"{name}-{package.version}"
        into.mkdir()
        (into / "ABOUT.txt").write_text(about(package))
        for file in package.files or []:
            source = Path(str(package.locate_file(file)))
            if is_licence(file) and source.is_file():
                # With its folders: a package may carry others, each with a file of that name.
                shutil.copy(source, into / "-".join(file.parts[1:] or file.parts))


def is_licence(file: PurePath) -> bool:
    if file.suffix in (".py", ".pyc"):
        return False
    named = file.name.lower().startswith(("licen", "copying", "notice", "authors"))
    return named or "licenses" in file.parts


def about(package: importlib.metadata.Distribution) -> str:
    """Licence, author and home page, for not every package brings the licence's text."""
    told: dict[str, list[str]] = {}
    for name, value in package.metadata.items():
        told.setdefault(name, []).append(value)
    kinds = [kind for kind in told.get("Classifier", []) if kind.startswith("License")]
    terms = told.get("License-Expression") or told.get("License") or kinds or ["not told"]
    people = told.get("Author", []) + told.get("Author-email", []) + told.get("Maintainer", [])
    pages = told.get("Home-page", []) + told.get("Project-URL", [])
    lines = [f"{package.name} {package.version}", f"Licence: {terms[0].rpartition(' :: ')[2]}"]
    lines += [*kinds, *(f"Author: {one}" for one in people), *(f"Page: {one}" for one in pages)]
    return "\n".join(lines) + "\n"


def collect_system_licences(internal: Path) -> None:
    """Beside them those of the shared libraries that were taken from a Debian system."""
    for library in internal.glob("lib*.so*"):
        found = subprocess.run(["dpkg", "-S", f"*/{library.name}"], capture_output=True, text=True)
        package = found.stdout.partition(":")[0]
        terms = Path("/usr/share/doc") / package / "copyright"
        if package and terms.is_file():
            shutil.copy(terms, internal / "licences" / f"system-{package}.txt")


if __name__ == "__main__":
    raise SystemExit(main())
