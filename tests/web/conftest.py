"""What the owner has, for others to reach for."""

import httpx2
import pytest

from tests.support.house import House, project_id
from tests.support.owned_project import HOSTILE, Owned


@pytest.fixture(scope="module")
def owned(house: House, owner: httpx2.Client) -> Owned:
    text = (
        "Every pull request should be small enough to read in ten minutes.\n"
        "Small changes reached production within a day and were rolled back half as often."
    )
    answer = owner.post(
        "/projects",
        files={"recording": ("", b"")},
        data={"transcript_text": text, "title": HOSTILE, "types": ["blog", "twitter"]},
    )
    project = project_id(answer)
    for row in house.rows("select id from jobs where project_id = ?", project):
        assert house.ended(row["id"])["status"] == "succeeded"
    assert owner.post("/account/tokens", data={"name": HOSTILE}).status_code == 200
    return Owned(house, project)
