"""A kind of draft of the owner's is one like the others, from the moment it is saved."""

import json
from pathlib import Path

import httpx2
import pytest

from draftmill.jobs.policies import POLICIES
from tests.support.browser import TALK, bring, ready
from tests.support.content_types import FORM, PAGE, POSTS, add, asked, offered, switch
from tests.support.house import House, draftmill, until
from tests.support.model_server import ModelServer
from tests.support.pills import start


def test_it_is_offered_at_once_written_by_its_prompt_and_has_its_button(
    house: House, owner: httpx2.Client, second: httpx2.Client, model: ModelServer
) -> None:
    project = bring(second, "For all users")
    name = add(owner, **FORM, button="View")
    assert offered(house, second, project, name)
    start(second, project, name)
    ready(house, project, name)
    assert "Write KIND for the episode, in " in asked(model)
    assert "{words}" not in asked(model)
    page = second.get(f"/projects/{project}").text
    assert f'href="/projects/{project}/drafts/{name}">View<' in page
    assert second.get(f"/projects/{project}/drafts/{name}.md").text.startswith("# A title")
    assert "Show notes of ours" in second.get("/").text
    assert "prompt 1" in second.get(f"/projects/{project}/drafts/{name}/versions").text


@pytest.mark.parametrize("taken", [*POLICIES, "new"])
def test_one_that_is_called_like_a_job_of_draftmill_is_written_as_any_other(
    house: House, owner: httpx2.Client, model: ModelServer, taken: str
) -> None:
    name = add(owner, **FORM | {"label": taken.title()})
    assert name == f"{taken}-2"
    project = bring(owner, f"Called {taken}", name)
    ready(house, project, name)
    assert owner.get(f"/settings/types/{name}").status_code == 200


def test_posts_keep_their_limits(house: House, owner: httpx2.Client, model: ModelServer) -> None:
    name = add(owner, **POSTS)
    project = bring(owner, "In posts", name)
    ready(house, project, name)
    assert "Write POSTS, 3 of 120." in asked(model)
    version = house.one("select body from draft_versions where type = ?", name)
    assert version and json.loads(version["body"]) == ["One warm cache.", "Four minutes."]
    form = {"title": "", "post": ["a", "b", "c", "d"], "based_on": ""}
    assert owner.post(f"/projects/{project}/drafts/{name}", data=form).status_code == 422


def test_what_is_switched_off_or_deleted_is_not_offered_and_its_drafts_stay(
    house: House, owner: httpx2.Client
) -> None:
    name = add(owner, **POSTS | {"label": "Soon gone"})
    project, other = bring(owner, "Written before", name), bring(owner, "Written never")
    ready(house, project, name)
    for leave in ("switch", "delete"):
        assert owner.post(f"{PAGE}/{name}/{leave}", data={"on": "no"}).status_code == 303
        assert not offered(house, owner, other, name)
        page = owner.get(f"/projects/{project}").text
        assert "Soon gone" in page
        assert "Generate again" not in page
        desk = owner.get(f"/projects/{project}/drafts/{name}")
        assert "Four minutes." in desk.text
        assert "Generate again" not in desk.text
        refused = owner.post(f"/projects/{other}/jobs", data={"type": name})
        assert refused.status_code == 422
    assert owner.get(f"{PAGE}/{name}").status_code == 404
    assert add(owner, **POSTS | {"label": "Soon gone"}) == f"{name}-2"


def test_drafts_of_every_recording_are_chosen_beforehand(
    house: House, owner: httpx2.Client
) -> None:
    name = add(owner, **FORM | {"label": "Each time", "every": "yes"})
    box = f'name="types" value="{name}" checked'
    assert box in owner.get("/").text
    switch(owner, name, every="no")
    assert box not in owner.get("/").text
    switch(owner, "linkedin", on="no")
    assert 'value="linkedin"' not in owner.get("/").text
    switch(owner, "linkedin", on="yes")
    assert 'name="types" value="linkedin" checked' in owner.get("/").text


def test_the_order_is_that_of_every_page(house: House, owner: httpx2.Client) -> None:
    project = bring(owner, "In order")
    for by, first, then in (("up", "twitter", "newsletter"), ("down", "newsletter", "twitter")):
        assert owner.post(f"{PAGE}/twitter/move", data={"by": by}).status_code == 303
        page = owner.get(f"/projects/{project}").text
        assert page.index(f"job-{project}-{first}") < page.index(f"job-{project}-{then}")


def test_a_new_name_is_said_in_the_list_of_jobs_too(house: House, owner: httpx2.Client) -> None:
    form = FORM | {"label": "Old name"}
    name = add(owner, **form)
    ready(house, bring(owner, "Renamed", name), name)
    assert "Old name, " in owner.get("/jobs").text
    assert owner.post(f"{PAGE}/{name}", data=form | {"label": "New name"}).status_code == 303
    until(lambda: "New name, " in owner.get("/jobs").text, why="the new name in the list")


def test_it_stays_after_a_restart(house: House, owner: httpx2.Client) -> None:
    name = add(owner, **FORM | {"label": "Still there"})
    house.stop()
    house.start()
    assert offered(house, owner, bring(owner, "After a restart"), name)


def test_only_the_owner_may_change_them(
    house: House, owner: httpx2.Client, second: httpx2.Client
) -> None:
    name = add(owner, **FORM | {"label": "Not yours"})
    before = [tuple(row) for row in house.rows("select * from content_types")]
    for address in (PAGE, f"{PAGE}/new", f"{PAGE}/{name}"):
        assert second.get(address).status_code == 403
    for address in ("", f"/{name}", f"/{name}/switch", f"/{name}/move", f"/{name}/delete"):
        assert second.post(PAGE + address, data=FORM | {"on": "no"}).status_code == 403
    assert [tuple(row) for row in house.rows("select * from content_types")] == before


def test_what_cannot_be_kept_is_refused_with_what_was_typed(owner: httpx2.Client) -> None:
    for wrong, said in (
        ({"label": " "}, "has no name"),
        ({"prompt": ""}, "no prompt"),
        ({"prompt": "x" * 6001}, "6,001 characters"),
        ({"shape": "posts", "limit": "20"}, "length is 20"),
        ({"shape": "posts", "max_posts": "9999"}, "number of posts"),
        ({"title_limit": "ten"}, "title"),
        ({"shape": "film"}, "article or posts"),
    ):
        answer = owner.post(PAGE, data=FORM | {"summary": "Typed before"} | wrong)
        assert (answer.status_code, said in answer.text) == (422, True), wrong
        assert "Typed before" in answer.text


def test_the_command_line_writes_it_too(house: House, owner: httpx2.Client, tmp_path: Path) -> None:
    name = add(owner, **POSTS | {"label": "By a command"})
    (tmp_path / "talk.srt").write_text(TALK)
    said = ["draft", str(tmp_path / "talk.srt"), "--out", str(tmp_path / "out"), "--types"]
    draftmill(house.data, *said, name)
    assert (tmp_path / "out" / f"{name}.txt").is_file()
    refused = draftmill(house.data, *said, "minutes", check=False)
    assert refused.returncode == 2
    assert name in refused.stderr
