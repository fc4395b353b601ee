"""What one draft costs, whatever is in it: its pages, its files, and everybody else's time."""

import json
import os
from collections.abc import Iterator
from contextlib import closing

import httpx2
import pytest

from draftmill.database.connection import transaction
from draftmill.drafts import versions
from draftmill.drafts.markdown import RENDERED
from draftmill.settings import Settings
from draftmill.storage import folder_of
from tests.support.bystander import undisturbed
from tests.support.house import QUICK, House, opened
from tests.support.projects import idle
from tests.support.raw_lines import peak_memory

PICTURE = 100_000  # bytes
GROWTH = 200 * 2**20  # bytes
BODIES = {
    "one picture again and again": "![](shot:1)" * 10_000,
    "many links to one long address": f"[a]: /{'u' * 100_000}\n\n" + "[a] " * 20_000,
    "quotations in quotations": ">" * 200 + "\n" + "b\n" * 400_000,
    "brackets": "[" * 500_000,
    "marks": "**a " * 220_000,
    "a table of cells": "|a" * 200 + "|\n" + "|-" * 200 + "|\n" + "x\n" * 200_000,
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with opened(tmp_path_factory.mktemp("drafts") / "data", **QUICK) as running:
        yield running


@pytest.fixture(scope="module")
def project(house: House, owner: httpx2.Client) -> str:
    """A project with one picture."""
    made = idle(house, owner, "Every change should be small enough to read.")
    file = folder_of(Settings(data=house.data), made) / "ingest-1" / "001.jpg"
    file.parent.mkdir(parents=True)
    file.write_bytes(os.urandom(PICTURE))
    with closing(house.db()) as db:
        row = (made, 1, 0.0, 9.0, "ingest-1/001.jpg", 1280, 720)
        db.execute("insert into screenshots values (?, ?, ?, ?, ?, ?, ?)", row)
    return made


def write(house: House, project: str, body: str, type: str = "blog") -> str:
    """A version as it may lie in an older database; where its desk is."""
    with closing(house.db()) as db, transaction(db):
        text = versions.Text("A title", body, {})
        versions.show(db, versions.insert(db, project, type, text, author="writer"))
    return f"/projects/{project}/drafts/{type}"


@pytest.fixture
def bystander(house: House, owner: httpx2.Client) -> httpx2.Client:
    client = house.client()
    client.cookies.update(owner.cookies)
    return client


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_no_text_costs_more_than_its_length(
    house: House, owner: httpx2.Client, project: str, bystander: httpx2.Client, body: str
) -> None:
    url, before = write(house, project, body), peak_memory(house)
    with undisturbed(bystander):
        preview = owner.post(f"{url}/preview", data={"body": body}, timeout=120)
    assert preview.status_code == 200
    for path in ("", ".md", ".html", ".zip"):
        answer = owner.get(f"{url}{path}", timeout=120)
        assert answer.status_code == 200, answer.text
        assert len(answer.content) < 16 * RENDERED + 6 * len(body) + 2 * PICTURE, path
    assert peak_memory(house) - before < GROWTH


@pytest.mark.parametrize("type", ["twitter", "linkedin", "blog"])
def test_two_hundred_thousand_posts_are_a_small_page(
    house: House, owner: httpx2.Client, project: str, bystander: httpx2.Client, type: str
) -> None:
    url, before = write(house, project, json.dumps([""] * 200_000), type), peak_memory(house)
    with undisturbed(bystander):
        for path in ("", "/versions", ".md", ".html"):
            answer = owner.get(f"{url}{path}", timeout=120)
            assert answer.status_code == 200
            assert len(answer.content) < 5_000_000, path
    assert peak_memory(house) - before < GROWTH


def test_a_history_of_long_texts_comes_in_pages(
    house: House, owner: httpx2.Client, project: str, bystander: httpx2.Client
) -> None:
    before = peak_memory(house)
    for n in range(60):
        url = write(house, project, f"{n} " + "word " * 190_000, "newsletter")
    with undisturbed(bystander):
        answer = owner.get(f"{url}/versions", timeout=120)
    assert answer.status_code == 200
    assert len(answer.content) < 2_000_000
    assert "Older versions" in answer.text
    assert peak_memory(house) - before < GROWTH
