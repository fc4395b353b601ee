"""What a recording shows at a second, looked at and chosen as a screenshot of its own."""

from collections.abc import Iterator

import pytest
from PIL import Image

from draftmill.projects.screenshots import screenshots_of
from draftmill.storage import folder_of
from tests.support.draft_rows import P
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


def test_without_the_recording_there_are_no_pictures_between(desk: StillDesk) -> None:
    desk.written("One.")
    assert "data-step" in desk.house.owner.get(desk.url).text
    desk.db.execute("update projects set file = null where id = ?", (P,))
    page = desk.house.owner.get(desk.url).text
    assert "data-step" not in page
    assert "data-picture" in page
    assert desk.house.owner.get(f"{FRAMES}/2").status_code == 404
    desk.db.execute("update projects set file = 'recording.mp4' where id = ?", (P,))
