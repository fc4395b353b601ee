"""The static files and their addresses: each has the hash of its content in its name.

So an address never means something else than it did, and a browser asks for it once. Scripts and
sheets name others by plain addresses, in quotes or in `url(…)`: here they get the present ones.
"""

import gzip
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path, PurePosixPath
from posixpath import normpath

from draftmill.settings import resources

FOLDER = "/static/"
REWRITTEN = frozenset({".js", ".css"})
PACKED = REWRITTEN | {".svg"}
DIGITS = 12
# What every page needs, in one file each: so many small ones would cost more in headers than in words.
JOINED = {
    "page.css": [
        f"style/{name}.css" for name in ("tokens", "base", "pieces", "pages", "job", "print")
    ],
    "page.js": [
        "vendor/htmx.min.js",
        "vendor/hx-ws.min.js",
        *(
            f"{name}.js"
            for name in ("live", "guard", "offline", "refused", "who", "time", "clocks")
        ),
        *(
            f"{name}.js"
            for name in ("menu", "press", "focus", "notice", "toasts", "heard", "title", "search")
        ),
    ],
}
# What only we read of our own files: whole lines of a script, and what stands between lines of a sheet.
COMMENTS = {
    ".js": re.compile(r"^[ \t]*//.*\n", re.MULTILINE),
    ".css": re.compile(r"^[ \t]*/\*[^*]*\*/[ \t]*\n", re.MULTILINE),
}
BETWEEN = {".css": b"\n", ".js": b"\n;\n"}
NAMED = re.compile(r"""(?<=["'`(])(?:\.{1,2}/|/static/)[\w./-]{1,200}(?=["'`#)])""")


@dataclass(frozen=True)
class StaticFile:
    """One file by its plain name. What pages are made of is kept in memory, compressed too."""

    name: str
    hashed: str
    body: bytes | None = None
    packed: bytes | None = None


@cache
def by_name() -> Mapping[str, StaticFile]:
    """Every static file, by its name below static/."""
    return _Made(resources() / "static").all()


@cache
def by_hashed_name() -> Mapping[str, StaticFile]:
    """Every static file, by the name that its address has."""
    return {one.hashed: one for one in by_name().values()}


def static(name: str) -> str:
    """The address of a static file. Raises KeyError for one that is not there."""
    return FOLDER + by_name()[name].hashed


class _Made:
    """The files, made one after the other: what a file names comes before it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        found = (path for path in sorted(folder.rglob("*")) if path.is_file())
        self._paths = {path.relative_to(folder).as_posix(): path for path in found}
        self._made: dict[str, StaticFile] = {}

    def all(self) -> Mapping[str, StaticFile]:
        found = {name: self._file(name) for name in self._paths}
        return found | {name: self._joined(name, parts) for name, parts in JOINED.items()}

    def _file(self, name: str) -> StaticFile:
        if name not in self._made:
            self._made[name] = self._make(name, self._paths[name])
        return self._made[name]

    def _make(self, name: str, path: Path) -> StaticFile:
        body = path.read_bytes()
        if path.suffix in REWRITTEN:
            body = self._rewritten(name, body.decode()).encode()
        if path.suffix in PACKED:
            return _in_memory(name, body)
        return StaticFile(name, _hashed(name, body))

    def _joined(self, name: str, parts: Sequence[str]) -> StaticFile:
        between = BETWEEN[PurePosixPath(name).suffix]
        return _in_memory(name, between.join(self._file(part).body or b"" for part in parts))

    def _rewritten(self, name: str, text: str) -> str:
        beside = PurePosixPath(name).parent

        def present(match: re.Match[str]) -> str:
            named = match[0].removeprefix(FOLDER)
            target = named if named != match[0] else normpath(beside / named)
            return FOLDER + self._file(target).hashed if target in self._paths else match[0]

        own = "" if name.startswith("vendor/") else PurePosixPath(name).suffix
        return NAMED.sub(present, COMMENTS[own].sub("", text) if own else text)


def _in_memory(name: str, body: bytes) -> StaticFile:
    return StaticFile(name, _hashed(name, body), body, gzip.compress(body, mtime=0))


def _hashed(name: str, body: bytes) -> str:
    plain = PurePosixPath(name)
    digits = sha256(body).hexdigest()[:DIGITS]
    return str(plain.with_name(f"{plain.stem}.{digits}{plain.suffix}"))
