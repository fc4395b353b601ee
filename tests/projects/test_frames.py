"""What a recording shows at a second, looked at and chosen as a screenshot of its own."""

from collections.abc import Iterator

import httpx2
import pytest
from PIL import Image

from draftmill.accounts import tokens
from draftmill.projects.screenshots import screenshots_of
from draftmill.storage import folder_of
from tests.support.draft_rows import P, T
from tests.support.still_desk import PICTURES, StillDesk, record, still_desk

JSON = {"Accept": "application/json"}
FRAMES = f"/projects/{P}/frames"
SCREENSHOTS = f"/projects/{P}/screenshots"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StillDesk]:
    with still_desk(tmp_path_factory.mktemp("frames")) as desk:
        record(desk)
        yield desk


def test_a_second_of_the_recording_is_a_picture(desk: StillDesk) -> None:
    owner = desk.house.owner
    one, two = owner.get(f"{FRAMES}/2"), owner.get(f"{FRAMES}/4")
    assert one.headers["content-type"] == "image/jpeg"
    assert one.content != two.content
    assert owner.get(f"{FRAMES}/2").content == one.content
    with Image.open(folder_of(desk.house.settings, P) / "frames" / "2.jpg") as picture:
        assert picture.size == (320, 180)
    for nothing in ("7", "999999999", "-1", "x"):
        assert owner.get(f"{FRAMES}/{nothing}").status_code == 404


def test_a_chosen_picture_gets_a_number_of_its_own_once(desk: StillDesk) -> None:
    owner = desk.house.owner
    answer = owner.post(SCREENSHOTS, data={"second": "3"}, headers=JSON)
    assert answer.status_code == 201
    n = answer.json()["n"]
    assert n == max(PICTURES) + 1
    assert owner.post(SCREENSHOTS, data={"second": "3"}, headers=JSON).json()["n"] == n
    shots = {shot.n: shot.time_s for shot in screenshots_of(desk.db, P)}
    assert shots == PICTURES | {n: 3.0}
    for size in ("", "?size=thumb"):
        assert owner.get(f"{SCREENSHOTS}/{n}{size}").status_code == 200
    assert owner.post(SCREENSHOTS, data={"second": "60"}, headers=JSON).status_code == 404
    assert owner.post(SCREENSHOTS, data={"second": "soon"}, headers=JSON).status_code == 404


def test_a_program_looks_around_chooses_and_puts_it_into_a_draft(desk: StillDesk) -> None:
    desk.written("Before ![It](shot:1) after.")
    token = tokens.add(desk.db, 1, "pictures")
    headers, api = {"Authorization": f"Bearer {token}"}, f"/api/v1/projects/{P}"
    with httpx2.Client(base_url=desk.house.url + api, headers=headers) as client:
        earlier, later = (client.get(f"/frames/{second}") for second in (1, 5))
        assert earlier.headers["content-type"] == "image/jpeg"
        assert earlier.content != later.content
        chosen = client.post("/screenshots", json={"second": 5})
        assert chosen.status_code == 201
        assert chosen.json() in client.get("/screenshots").json()["items"]
        picture = desk.house.url + chosen.json()["picture_url"]
        full, small = (client.get(picture + size) for size in ("", "?size=thumb"))
        assert [one.headers["content-type"] for one in (full, small)] == ["image/jpeg"] * 2
        n, pictures = chosen.json()["n"], f"/drafts/{T}/pictures"
        placed = client.post(pictures, json={"screenshot": n, "instead_of": 1, "alt": "A [slide]"})
        assert placed.json()["body"] == f"Before ![A slide](shot:{n}) after."
        placed = client.post(pictures, json={"screenshot": 2, "place": "end"})
        assert "![Screenshot at 0:12](shot:2)" in placed.json()["body"]
        none = client.post(pictures, json={"screenshot": 2, "instead_of": 99})
        assert none.json()["version"] == placed.json()["version"]
        assert client.get("/frames/999").json()["code"] == "no_picture"


def test_without_the_recording_there_are_no_pictures_between(desk: StillDesk) -> None:
    desk.written("One.")
    assert "data-step" in desk.house.owner.get(desk.url).text
    desk.db.execute("update projects set file = null where id = ?", (P,))
    page = desk.house.owner.get(desk.url).text
    assert "data-step" not in page
    assert "data-picture" in page
    assert desk.house.owner.get(f"{FRAMES}/2").status_code == 404
    desk.db.execute("update projects set file = 'recording.mp4' where id = ?", (P,))
