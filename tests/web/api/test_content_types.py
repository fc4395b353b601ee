"""Kinds of draft for programs: read by all, changed by the owner."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from content_actions import CONTENT_TYPES
from tests.support.api_programs import ServerAlone, program, token_for

BODY = {
    "label": "By a program",
    "prompt": "Write it.",
    "shape": "posts",
    "limit": 300,
    "max_posts": 4,
}


@pytest.fixture(scope="module", autouse=True)
def owned(server: ServerAlone) -> Iterator[None]:
    """The server is Mara's. It runs in the tests' own process: what it made known is forgotten."""
    with closing(server.db()) as db:
        db.execute("update users set role = 'owner' where email = 'mara@example.org'")
    yield
    CONTENT_TYPES.refresh(())


def test_the_owner_adds_changes_moves_and_deletes_one(server: ServerAlone) -> None:
    with program(server, token_for(server, "mara@example.org")) as api:
        added = api.post("/content-types", json=BODY)
        assert added.status_code == 201, added.text
        one = added.headers["location"].removeprefix("/api/v1")
        assert added.json() == {
            "type": "by-a-program", "label": "By a program", "summary": "", "shape": "posts",
            "limit": 300, "max_posts": 4, "title_limit": 0, "has_preview": False, "button": "Edit",
            "on": True, "every": False, "editable": True, "prompt": "Write it.", "prompt_version": 1,
        }  # fmt: skip
        changed = api.patch(one, json={"prompt": "Write it well.", "position": 1}).json()
        assert (changed["prompt_version"], changed["limit"]) == (2, 300)
        listed = [kind["type"] for kind in api.get("/content-types").json()["items"]]
        assert listed[:2] == ["by-a-program", "blog"]
        assert listed[-6:] == [
            "show-notes",
            "minutes",
            "summary",
            "questions",
            "youtube",
            "mastodon",
        ]
        texts = [one["text"] for one in api.get(f"{one}/prompts").json()["items"]]
        assert texts == ["Write it well.", "Write it."]
        assert api.patch(one, json={"limit": 3}).json()["code"] == "bad_content_type"
        assert api.patch("/content-types/blog", json={"label": "Mine"}).status_code == 404
        assert api.patch("/content-types/blog", json={"every": False}).json()["every"] is False
        assert api.delete(one).status_code == 204
        assert api.get(one).status_code == 404


def test_others_read_them_only(server: ServerAlone) -> None:
    with program(server, token_for(server, "second@example.org")) as api:
        assert api.get("/content-types/minutes").json()["on"] is False
        for answer in (
            api.post("/content-types", json=BODY),
            api.patch("/content-types/minutes", json={"on": True}),
            api.delete("/content-types/minutes"),
        ):
            assert (answer.status_code, answer.json()["code"]) == (403, "owner_only")


def test_everybody_has_texts_of_their_own(server: ServerAlone) -> None:
    with (
        program(server, token_for(server, "second@example.org")) as api,
        program(server, token_for(server, "mara@example.org")) as another,
    ):
        told = api.put("/content-types/blog/style", json={"texts": ["One.\r\n", " "]})
        assert told.json() == api.get("/content-types/blog/style").json() == {"texts": ["One."]}
        assert another.get("/content-types/blog/style").json() == {"texts": []}
        refused = api.put("/content-types/blog/style", json={"texts": list("abcdef")})
        assert (refused.status_code, refused.json()["code"]) == (422, "bad_examples")
