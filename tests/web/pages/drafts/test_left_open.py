"""A desk that was left open says when the draft went on; one without a model says where one is chosen."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.draft_rows import P, T, generate
from tests.support.still_desk import StillDesk, still_desk

CLAIM = "Two thirds of the time were spent waiting."


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StillDesk]:
    with still_desk(tmp_path_factory.mktemp("open"), model="") as desk:
        desk.db.execute("update users set role = 'owner'")
        yield desk


@pytest.fixture(autouse=True)
def opened(desk: StillDesk) -> None:
    """A draft by the writer."""
    desk.written(CLAIM)


def preview(desk: StillDesk, based_on: str, body: str = CLAIM) -> str:
    form = {"title": "Title written-blog", "body": body, "based_on": based_on}
    return desk.house.owner.post(f"{desk.url}/preview", data=form).text


def test_a_newer_version_is_told_and_nothing_is_being_checked(desk: StillDesk) -> None:
    opened = desk.shown().tag
    assert "A newer version exists" not in preview(desk, opened)
    generate(desk.db, "later", "Another text altogether.")
    told = preview(desk, opened)
    assert "A newer version exists" in told
    assert f'href="{desk.url}"' in told
    assert "Checking" not in told
    assert "A newer version exists" not in preview(desk, desk.shown().tag)
    for odd in ("", "9-gone", "x", "99999999999999999999-x"):
        assert "A newer version exists" not in preview(desk, odd)


def test_instructions_are_not_taken_without_a_model_and_the_way_to_one_is_shown(
    desk: StillDesk,
) -> None:
    owner = desk.house.owner
    page = owner.get(desk.url).text
    assert 'placeholder="Needs a language model"' in page
    assert 'name="instructions"' not in page
    assert 'href="/settings/writing"' in page.partition("<main")[2]
    wish = {"type": T, "instructions": "shorter"}
    refused = owner.post(f"/projects/{P}/jobs", data=wish)
    assert refused.status_code == 422
    assert 'href="/settings/writing"' in refused.text


def test_with_a_model_they_are_taken(tmp_path: Path) -> None:
    with still_desk(tmp_path) as desk:
        desk.written(json.dumps(["One."]), "twitter")
        page = desk.house.owner.get(desk.url.replace(T, "twitter")).text
        assert 'name="instructions"' in page
        assert "Needs a language model" not in page


def test_who_is_not_the_owner_is_told_whom_to_ask(tmp_path: Path) -> None:
    with still_desk(tmp_path, model="") as desk:
        desk.db.execute("update users set role = 'user'")
        desk.written("One.")
        page = desk.house.owner.get(desk.url).text.partition("<main")[2]
        assert "Needs a language model" in page
        assert "Ask the owner to choose one." in page
        assert 'href="/settings/writing"' not in page
