"""Without a language model nobody is asked for instructions, and none are taken."""

from collections.abc import Iterator

import httpx2
import pytest

from tests.support.browser import bring, ready
from tests.support.house import QUICK, House, opened

WISH = {"type": "blog", "instructions": "Shorter"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with opened(tmp_path_factory.mktemp("plain") / "data", **QUICK) as running:
        yield running


@pytest.fixture(scope="module")
def project(house: House, owner: httpx2.Client) -> str:
    project = bring(owner, "A talk", "blog")
    ready(house, project, "blog")
    return project


def test_no_field_asks_for_instructions(owner: httpx2.Client, project: str) -> None:
    for path in (f"/projects/{project}", f"/projects/{project}/drafts/blog"):
        page = owner.get(path).text
        assert "Generate again" in page
        assert "instructions" not in page


def test_instructions_are_refused_with_a_way_out(
    house: House, owner: httpx2.Client, project: str
) -> None:
    answer = owner.post(
        f"/projects/{project}/jobs", data=WISH, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "instructions_without_model"
    assert "docs/models.md" in answer.json()["error"]["hint"]
    assert len(house.rows("select 1 from jobs where type = 'blog'")) == 1
