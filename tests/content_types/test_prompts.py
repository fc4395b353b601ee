"""What the owner asks for: text and never a template, in versions, tried on a project."""

import httpx2
import pytest

from content_actions import CONTENT_TYPES, ContentType
from draftmill.content_types import along
from draftmill.content_types.placeholders import MEANINGS, filled
from draftmill.writers.outline.writer import LAYOUTS
from tests.support.browser import bring, ready
from tests.support.content_types import FORM, PAGE, add, asked, switch
from tests.support.house import House
from tests.support.model_server import ModelServer
from tests.support.pills import start

HOSTILE = (
    "{{ 7 * 7 }} {% include '_data.md' %} {% for x in y %} {{ ''.__class__.__mro__ }} {0.x} {fence}"
)


def test_only_known_words_in_braces_are_replaced_and_once() -> None:
    values = {"words": "{limit}", "limit": 7, "fence": "secret"}
    assert (
        filled("{words} {limit} {fence} {other} {{limit}}", values)
        == "{limit} 7 {fence} {other} {7}"
    )
    assert set(MEANINGS) >= {"words", "limit", "posts"}


def test_a_prompt_is_never_read_as_a_template(
    house: House, owner: httpx2.Client, model: ModelServer
) -> None:
    name = add(owner, **FORM | {"label": "Hostile", "prompt": HOSTILE})
    project = bring(owner, "Hostile words", name)
    ready(house, project, name)
    assert HOSTILE in asked(model)


def test_another_prompt_is_another_version_and_a_draft_says_which(
    house: House, owner: httpx2.Client, model: ModelServer
) -> None:
    name = add(owner, **FORM | {"label": "In versions", "prompt": "FIRST words"})
    project = bring(owner, "Versions of prompts", name)
    ready(house, project, name)
    changed = FORM | {"label": "In versions", "prompt": "SECOND words"}
    assert owner.post(f"{PAGE}/{name}", data=changed).status_code == 303
    start(owner, project, name)
    ready(house, project, name)
    history = owner.get(f"/projects/{project}/drafts/{name}/versions").text
    assert "prompt 1" in history
    assert "prompt 2" in history
    assert "FIRST words" in owner.get(f"{PAGE}/{name}").text
    assert owner.post(f"{PAGE}/{name}/prompts/1/use").status_code == 303
    start(owner, project, name)
    ready(house, project, name)
    assert "FIRST words" in asked(model)
    found = house.rows("select prompt from draft_versions where type = ? order by n", name)
    assert [row["prompt"] for row in found] == ["1", "2", "3"]


def test_a_try_is_a_draft_that_says_so(
    house: House, owner: httpx2.Client, model: ModelServer
) -> None:
    project = bring(owner, "To try it on")
    ready(house, project, "ingest")
    form = FORM | {"label": "Tried", "then": "try", "project": project}
    form.pop("on")
    answer = owner.post(PAGE, data=form)
    shown = owner.get(answer.headers["location"].partition("#")[0])
    assert f'id="job-{project}-tried"' in shown.text
    ready(house, project, "tried")
    assert "Write KIND" in asked(model)
    assert "A try of “Tried”." in owner.get(f"/projects/{project}/drafts/tried").text
    assert "a try" in owner.get(f"/projects/{project}/drafts/tried/versions").text


def test_six_come_along_switched_off_and_work_when_switched_on(
    house: House, owner: httpx2.Client, model: ModelServer
) -> None:
    names = [row.type for row in along.ROWS]
    assert len(names) == 6
    project = bring(owner, "All of them")
    page = owner.get(f"/projects/{project}").text
    assert not [name for name in names if f"job-{project}-{name}" in page]
    assert "The prompt that came along" not in owner.get(f"{PAGE}/minutes").text
    for name in names:
        switch(owner, name, on="yes")
        start(owner, project, name)
    for name in names:
        ready(house, project, name)
        switch(owner, name, on="no")
    history = owner.get(f"/projects/{project}/drafts/minutes/versions").text
    assert "the prompt that came along" in history
    wished = [request.asked for request in model.requests[-6:]]
    assert any("Never guess an owner" in text or "never guess an owner" in text for text in wished)


@pytest.mark.parametrize("content", along.rows().values(), ids=lambda content: content.type)
def test_what_comes_along_is_whole(content: ContentType) -> None:
    assert content.type not in CONTENT_TYPES
    assert content.layout in LAYOUTS
    assert (content.limit > 0) == (content.shape == "posts")
    assert "{" not in filled(content.task, dict.fromkeys(MEANINGS, 1))
    assert not content.on
