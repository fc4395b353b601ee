"""Another content type needs one row and one template."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.browser import bring, ready
from tests.support.house import QUICK, House, opened
from tests.support.model_server import ModelServer
from tests.support.pills import start
from tests.support.places import ROOT

SHOW_NOTES = """

CONTENT_TYPES["notes"] = ContentType(
    type="notes",
    label="Show notes",
    summary="Times, links and names",
    shape="article",
    layout="outline",
    prompt="notes.md",
    button="View",
)
"""
TEMPLATE = "Write show notes: times, links and names.\n{% include '_rules.md' %}\n"


@pytest.fixture
def added(tmp_path: Path) -> Iterator[House]:
    """A copy of the program to which its owner added a content type."""
    root = ROOT
    program = tmp_path / "program"
    for name in ("draftmill", "templates", "static"):
        shutil.copytree(root / name, program / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("app.py", "tasks.py"):
        shutil.copy(root / name, program)
    table = (root / "content_actions.py").read_text()
    (program / "content_actions.py").write_text(table + SHOW_NOTES)
    (program / "templates/prompts/notes.md").write_text(TEMPLATE)
    # Children inherit both: the copy comes first, and the present folder not at all.
    environ = {"PYTHONPATH": str(program), "PYTHONSAFEPATH": "1"}
    with opened(tmp_path / "data", **QUICK, **environ) as house:
        yield house


def test_a_content_type_is_added_by_one_row_and_one_template(
    added: House, model: ModelServer
) -> None:
    with closing(added.make_owner()) as owner:
        project = bring(owner, "With show notes", "notes")
        ready(added, project, "notes")
        page = owner.get(f"/projects/{project}").text
        assert "Show notes" in page
        assert f'href="/projects/{project}/drafts/notes">View<' in page
        assert "speaker&#39;s own words" in owner.get(f"/projects/{project}/drafts/notes").text

        added.stop()
        added.environ |= {"DRAFTMILL_LLM_BASE_URL": model.base_url, "DRAFTMILL_LLM_MODEL": "test"}
        added.start()
        asked = len(model.requests)
        start(owner, project, "notes")
        ready(added, project, "notes")
        assert "Write show notes" in model.requests[asked].task
        assert owner.get(f"/projects/{project}/drafts/notes.md").text.startswith(
            "# We cut our build"
        )
