"""What docs/api.md promises: its table of errors is complete, and its client works."""

import re
import subprocess
import sys
from pathlib import Path

import httpx2

from draftmill.jobs import policies
from draftmill.settings import Settings
from draftmill.web import streams
from draftmill.web.api import events
from draftmill.web.api.openapi import problems_of
from draftmill.web.api.routes import OPERATIONS
from draftmill.web.problem_json import MethodNotAllowed
from tests.support.api_programs import token_for
from tests.support.house import SAMPLE, House
from tests.support.places import ROOT

PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
MOST_LINES = 40


def client_in_the_page() -> str:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    return str(code)


def test_the_table_of_errors_is_complete() -> None:
    refusals = {problem for operation in OPERATIONS for problem in problems_of(operation)}
    promised = {(str(one.status), one.code) for one in {*refusals, MethodNotAllowed}}
    table = re.findall(r"^\| (\d{3}) \| `(\w+)` \| \S.*\|$", PAGE, re.MULTILINE)
    assert sorted(table) == sorted(promised)


def test_the_page_names_every_operation() -> None:
    table = PAGE.partition("## From a recording")[2].partition("## The life")[0]
    for operation in OPERATIONS:
        path = operation.path.replace("{project_id}", "{id}").replace("{job_id}", "{id}")
        ends = (
            [path, "…" + path[path.rindex("/") :], "…" + path[path.rindex("/drafts") :]]
            if ("/drafts" in path)
            else [path, "…" + path[path.rindex("/") :]]
        )
        assert any(f"{end}`" in table for end in ends), operation.path
        assert f"`{operation.method}" in table


def test_the_page_tells_the_limits_that_hold() -> None:
    assert f"{Settings().api_rate:,} requests a minute" in PAGE
    assert f"{streams.MOST_STREAMS} streams" in PAGE
    assert f"every {events.BEAT_S:g} seconds" in PAGE
    assert policies.DEFAULT.delays_s == (1.0, 4.0, 16.0)
    assert "1, 4 and 16 seconds" in PAGE


def test_the_client_brings_a_recording_and_fetches_its_drafts(
    house: House, owner: httpx2.Client, tmp_path: Path
) -> None:
    code = client_in_the_page()
    assert len([line for line in code.splitlines() if line.strip()]) <= MOST_LINES
    program = tmp_path / "client.py"
    program.write_text(code, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, str(program), house.url, token_for(house), str(SAMPLE)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "ingest succeeded 100" in ran.stdout
    for name in ("blog", "linkedin"):
        assert len((tmp_path / f"{name}.md").read_text(encoding="utf-8")) > 200
