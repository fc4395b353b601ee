"""What was said is copied as plain text: who says it, and the times where they are asked for."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, expect

from draftmill.database.connection import connect
from tests.support.browser import signed_in, watched
from tests.support.still_house import StillHouse, still_house
from tests.support.still_transcript import SAID, transcribed

READ = "navigator.clipboard.readText()"


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StillHouse]:
    with still_house(tmp_path_factory.mktemp("copying")) as house:
        yield house


def test_a_transcript_is_copied_with_its_speakers_and_with_times(
    browser: Browser, house: StillHouse
) -> None:
    url = transcribed(house, "copied")
    with closing(connect(house.settings.database)) as db:
        db.execute("update segments set speaker = 'Ada'")
    with signed_in(
        browser, house.owner, permissions=["clipboard-read", "clipboard-write"]
    ) as context:
        page = watched(context)
        page.goto(house.url + url)
        button = page.locator("#copy-transcript")
        button.click()
        expect(button).to_have_text("Copied")
        expect(page.locator("#say-page")).to_have_text("Copied")
        copied = page.evaluate(READ)
        assert copied.startswith(f"Ada: {SAID[0]}")
        assert "0:00" not in copied
        page.get_by_text("Download", exact=True).click()
        page.get_by_role("button", name="Copy with times").click()
        expect(page.get_by_role("button", name="Copied")).to_have_count(1)
        page.wait_for_function(
            "async () => (await navigator.clipboard.readText()).includes('0:00')"
        )
