"""Without a script a button of the desk brings what was typed along: it is a version before anything else."""

from collections.abc import Iterator

import httpx2
import pytest

from draftmill.drafts import parts
from draftmill.evidence.blocks import hash_of
from tests.support.draft_rows import Job, P, T, generate, save
from tests.support.still_desk import StillDesk, still_desk

TYPED = "One, typed.\n\nTwo, mine."


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StillDesk]:
    with still_desk(tmp_path_factory.mktemp("typed")) as desk:
        yield desk


@pytest.fixture
def offer(desk: StillDesk) -> int:
    """Version 1 by the writer, 2 by the person, 3 offered; and a part written again, whose number it is."""
    desk.written("One.\n\nTwo.")
    save(desk.db, "One.\n\nTwo, mine.", desk.shown().tag)
    generate(desk.db, "offered", "New.")
    asked = {"part": hash_of("Two, mine."), "old": "Two, mine.", "wish": "Shorter"}
    desk.db.execute("delete from draft_parts")
    parts.offer(desk.db, Job("written-blog"), asked, ["2."], [{}])
    return parts.offers_of(desk.db, P, T)[0].id


def pressed(desk: StillDesk, button: str, based_on: str | None = None) -> httpx2.Response:
    form = {"title": "Mine", "body": TYPED.replace("\n", "\r\n")}
    based_on = desk.shown().tag if based_on is None else based_on
    return desk.house.owner.post(f"{desk.url}/{button}", data=form | {"based_on": based_on})


BUTTONS = [
    ("versions/3/restore", "New."),
    ("versions/3/decline", TYPED),
    ("parts/{offer}/take?text=0", "One, typed.\n\n2."),
    ("parts/{offer}/drop", TYPED),
]


@pytest.mark.parametrize(("button", "after"), BUTTONS)
def test_what_was_typed_is_a_version_before_anything_else(
    desk: StillDesk, offer: int, button: str, after: str
) -> None:
    assert pressed(desk, button.format(offer=offer)).status_code == 303
    assert desk.shown().body == after
    assert TYPED in desk.bodies()


@pytest.mark.parametrize("button", [button for button, _ in BUTTONS])
def test_on_a_stale_base_both_are_shown_and_nothing_else_happens(
    desk: StillDesk, offer: int, button: str
) -> None:
    before = desk.shown()
    answer = pressed(desk, button.format(offer=offer), "1-old")
    assert answer.status_code == 409
    assert "Which one shall it be?" in answer.text
    assert desk.shown() == before
    assert TYPED in desk.bodies()
    assert [one.id for one in parts.offers_of(desk.db, P, T)] == [offer]
    assert "Keep mine" in desk.house.owner.get(desk.url).text


def test_of_posts_it_is_the_same(desk: StillDesk) -> None:
    desk.written('["One.", "Two."]', "twitter")
    save(desk.db, ["One.", "Mine."], desk.shown("twitter").tag, type="twitter")
    generate(desk.db, "posts", '["New."]', "twitter")
    form = {"post": ["One, typed.", ""], "based_on": desk.shown("twitter").tag}
    url = desk.url.replace("blog", "twitter")
    assert desk.house.owner.post(f"{url}/versions/3/decline", data=form).status_code == 303
    assert desk.shown("twitter").posts == ["One, typed."]
