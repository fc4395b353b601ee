"""Imports lead up the table of docs/architecture.md: one direction, no circle, each to its own."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.support.places import ROOT

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
OURS = ("draftmill", "app", "tasks", "content_actions")
PARTS_OF_WEB = ("middleware", "views", "pages", "api")
LONGEST_DRAWER = 9  # files directly in draftmill/


@cache
def modules() -> dict[str, Path]:
    """Every module of the product by its dotted name; a package by its own."""
    files = [*(ROOT / "draftmill").rglob("*.py"), *(ROOT / f"{name}.py" for name in OURS[1:])]
    dotted = {".".join(file.relative_to(ROOT).with_suffix("").parts): file for file in files}
    return {name.removesuffix(".__init__"): file for name, file in dotted.items()}


def imports(file: Path) -> Iterator[str]:
    """The modules of ours that a file imports anywhere, also inside functions and for types."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.split(".")[0] in OURS)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{file}: relative imports hide where they lead"
            if node.module.split(".")[0] in OURS:
                whole = (f"{node.module}.{name.name}" for name in node.names)
                yield from (name if name in modules() else node.module for name in whole)


def room(module: str) -> str:
    """Where a module stands in the table."""
    top, _, rest = module.partition(".")
    if top != "draftmill":
        return top
    first, _, deeper = rest.partition(".")
    part = deeper.partition(".")[0]
    return f"web/{part}" if first == "web" and part in PARTS_OF_WEB else first


def floors() -> dict[str, int]:
    """The line of each room, counted from the ground."""
    table = re.search(r"```\n(errors.*?)```", PAGE, re.DOTALL)
    assert table
    lines = [re.split(r"\s{2,}|(?<=media) ", line)[0].split() for line in table[1].splitlines()]
    return {name: floor for floor, names in enumerate(lines) for name in names}


def arrows() -> set[tuple[str, str]]:
    """From which module to which module the imports lead, between rooms."""
    return {
        (module, target)
        for module, file in modules().items()
        for target in imports(file)
        if room(module) and room(target) and room(module) != room(target)
    }


def test_the_table_names_every_room() -> None:
    rooms = {room(module) for module in modules()} - {""}
    assert rooms == set(floors())


def test_every_import_leads_up_the_table() -> None:
    line = floors()
    assert len(arrows()) > 300
    astray = sorted((a, b) for a, b in arrows() if line[room(b)] >= line[room(a)])
    assert not astray


def test_pages_and_api_know_nothing_of_each_other() -> None:
    between = [(a, b) for a, b in arrows() if {room(a), room(b)} == {"web/pages", "web/api"}]
    assert not between


def test_only_the_web_knows_starlette_and_only_the_queues_know_huey() -> None:
    knows: dict[str, set[str]] = {"starlette": set(), "huey": set()}
    for module, file in modules().items():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [name.name for name in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                knows.get(name.split(".")[0], set()).add(module)
    assert knows["huey"] == {"tasks", "draftmill.workers.queue_file"}
    inside = {module for module in knows["starlette"] if room(module).split("/")[0] == "web"}
    assert knows["starlette"] - inside == {"app"}


def test_draftmill_is_no_drawer() -> None:
    assert len(list((ROOT / "draftmill").glob("*.py"))) <= LONGEST_DRAWER
