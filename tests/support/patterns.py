"""Every regular expression of the program, and how it is used."""

import ast
import importlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path

from tests.test_architecture import modules

Pattern = re.Pattern[str] | re.Pattern[bytes]
ANYWHERE = frozenset({"search", "sub", "subn", "split", "findall", "finditer"})
WAYS = ANYWHERE | {"match", "fullmatch"}


def kept() -> dict[Pattern, list[str]]:
    """The patterns that stand in modules, each with all places where it stands."""
    found: dict[Pattern, list[str]] = {}
    for name in modules():
        if not name.endswith("__main__"):
            for at, pattern in _within(vars(importlib.import_module(name)), name):
                found.setdefault(pattern, []).append(at)
    return found


def _within(value: object, at: str, depth: int = 0) -> Iterator[tuple[str, Pattern]]:
    """The patterns in a value of a module: in its names, rows and tables."""
    if isinstance(value, re.Pattern):
        yield at, value
    elif depth > 4:
        return
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            if not str(name).startswith("__"):
                yield from _within(inner, f"{at}.{name}", depth + 1)
    elif isinstance(value, list | tuple | set | frozenset):
        for n, inner in enumerate(value):
            yield from _within(inner, f"{at}.{n}", depth + 1)
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from _within(getattr(value, one.name, None), f"{at}.{one.name}", depth + 1)


@cache
def _calls() -> list[tuple[Path, ast.Call, str]]:
    """All calls of a method that a pattern or `re` has, with the method's name."""
    return [
        (file, node, node.func.attr)
        for file in modules().values()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in WAYS | {"compile"}
    ]


def ways(places: list[str]) -> set[str]:
    """How the modules where a pattern stands use it; in every way where that is not seen."""
    names = {(modules().get(at.rpartition(".")[0]), at.rpartition(".")[2]) for at in places}
    found = {
        way
        for file, call, way in _calls()
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and (file, call.func.value.id) in names
    }
    return found or set(WAYS)


def inline() -> Iterator[tuple[str, Pattern | None, str]]:
    """The patterns inside calls such as re.sub: where, the pattern if it is a constant, and how."""
    for file, call, way in _calls():
        by_re = isinstance(call.func, ast.Attribute) and (
            isinstance(call.func.value, ast.Name) and call.func.value.id == "re"
        )
        if by_re and way != "compile":
            yield f"{file.stem}:{call.lineno}", _constant(call), way


def _constant(call: ast.Call) -> Pattern | None:
    first = call.args[0]
    flags = next((word.value for word in call.keywords if word.arg == "flags"), None)
    if not isinstance(first, ast.Constant):
        return None
    many = re.MULTILINE if flags is not None and "MULTILINE" in ast.unparse(flags) else 0
    return re.compile(first.value, many)
