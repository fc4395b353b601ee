"""What a start loads: whoever waits for it waits for no library that only others need."""

import subprocess
import sys

import pytest

from tests.support.places import ROOT

HEAVY = {
    "numpy",
    "av",
    "PIL",
    "ctranslate2",
    "faster_whisper",
    "wordllama",
    "tokenizers",
    "httpx2",
    "sqlite_utils",
}
OF_PAGES = {"starlette", "uvicorn", "asyncio", "jinja2", "markdown_it"}
OF_PROGRAMS = {"pydantic", "draftmill.web.api.shapes", "draftmill.web.api.routes"}
CHILD = "import draftmill.workers.child, draftmill.pipeline.run"
SERVER = "import app, draftmill.commands.serve"


def loaded(*arguments: str) -> set[str]:
    """The modules that a Python of its own imports while it does something."""
    command = [sys.executable, "-X", "importtime", *arguments]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return {line.rpartition("|")[2].strip() for line in ran.stderr.splitlines()}


@pytest.mark.parametrize(
    ("arguments", "needed", "unneeded"),
    [
        (("-m", "draftmill", "--help"), "argparse", HEAVY | OF_PAGES | OF_PROGRAMS),
        (("-c", SERVER), "starlette", HEAVY | OF_PROGRAMS),
        (("-c", CHILD), "sqlite3", HEAVY | OF_PAGES | OF_PROGRAMS),
    ],
    ids=["help", "server", "child"],
)
def test_a_start_loads_only_what_it_needs(
    arguments: tuple[str, ...], needed: str, unneeded: set[str]
) -> None:
    modules = loaded(*arguments)
    assert needed in modules
    assert not modules & unneeded
