"""The packages of this environment: which of them Draftmill needs, and which a build contains."""

import ast
import functools
import importlib.metadata
import os
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement

# They start the frozen program, so a part of each is in the file too.
STARTERS = {"pyinstaller", "pyinstaller-hooks-contrib"}


def needed(name: str, seen: set[str] | None = None) -> set[str]:
    """The packages that one needs at run time, directly or not, without itself."""
    seen = set() if seen is None else seen
    for line in importlib.metadata.requires(name) or []:
        wanted = Requirement(line)
        found = plain(wanted.name)
        if found in seen or (wanted.marker and not wanted.marker.evaluate({"extra": ""})):
            continue
        try:
            importlib.metadata.distribution(found)
        except importlib.metadata.PackageNotFoundError:
            continue
        seen.add(found)
        needed(found, seen)
    return seen


def unneeded_modules() -> list[str]:
    """What `import` would find here, but only for tests, benches and builds.

    Libraries look for optional company (huggingface-hub for aiohttp, click for pytest), and
    PyInstaller takes along whatever they could find.
    """
    allowed = needed("draftmill") | {"draftmill"}
    owners = importlib.metadata.packages_distributions()
    return sorted(module for module in owners if allowed.isdisjoint(map(plain, owners[module])))


def contained(work: Path) -> set[str]:
    """The packages of which a file went into a build, by PyInstaller's tables in `work`."""
    owners = _owners()
    paths = {path for table in ("PYZ", "EXE", "COLLECT") for path in _sources(work, table)}
    return {owners[path] for path in paths if path in owners} - {"draftmill"}


def without_unneeded(rows: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Rows of PyInstaller's without files of packages that Draftmill does not need.

    Where a library asks for a package's version, its metadata are taken along, excluded or not.
    """
    owners, allowed = _owners(), needed("draftmill") | {"draftmill"}
    return [row for row in rows if owners.get(os.path.realpath(row[1]), "draftmill") in allowed]


def unexpected(work: Path) -> set[str]:
    return contained(work) - needed("draftmill") - STARTERS


def plain(name: str) -> str:
    return name.lower().replace("_", "-")


@functools.cache
def _owners() -> dict[str, str]:
    """The package of each installed file. Tens of thousands: only folders are resolved."""
    owners = {}
    for package in importlib.metadata.distributions():
        root = os.path.realpath(str(package.locate_file("")))
        for file in package.files or []:
            owners[os.path.normpath(f"{root}/{file}")] = plain(package.name)
    return owners


def _sources(work: Path, table: str) -> Iterator[str]:
    parts = ast.literal_eval((work / f"{table}-00.toc").read_text())
    rows = next(part for part in parts if isinstance(part, list))
    yield from (os.path.realpath(source) for _, source, _ in rows if source)
