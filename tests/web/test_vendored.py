"""What is vendored is what its list says: each file unchanged, with its licence beside it."""

import re
from hashlib import sha256
from pathlib import Path

from tests.support.places import ROOT

VENDOR = ROOT / "static" / "vendor"
ROW = re.compile(
    r"^\| `(?P<file>[^`]+)` .*`(?P<licence>[^`]*LICENSE[^`]*)` \| `(?P<sum>\w{64})` \|$", re.M
)
IMPORTED = re.compile(r"""^(?:import|export) [^;]*?from ["']([^"']+)["'];""", re.M)


def listed() -> dict[str, re.Match[str]]:
    """The rows of the list by file."""
    return {row["file"]: row for row in ROW.finditer((VENDOR / "README.md").read_text())}


def present() -> set[str]:
    """The files that are neither a licence nor the list."""
    files = (path for path in VENDOR.rglob("*") if path.is_file())
    names = {file.relative_to(VENDOR).as_posix() for file in files if "LICENSE" not in file.name}
    return names - {"README.md"}


def test_every_file_is_listed_with_its_checksum_and_licence() -> None:
    rows = listed()
    assert set(rows) == present()
    for name, row in rows.items():
        assert sha256((VENDOR / name).read_bytes()).hexdigest() == row["sum"], name
        assert (VENDOR / row["licence"]).is_file(), name


def test_modules_import_only_what_is_vendored_beside_them() -> None:
    modules = sorted((VENDOR / "noble-hashes").glob("*.js"))
    imports = [(module, name) for module in modules for name in imported(module)]
    assert imports
    for module, name in imports:
        assert name.startswith("./"), f"{module.name} imports {name}"
        assert (module.parent / name).is_file(), f"{module.name} imports {name}"


def imported(module: Path) -> list[str]:
    return IMPORTED.findall(module.read_text())
