"""A person at a sentence of a transcript in a real browser, to whom accidents happen."""

import contextlib
import json

from playwright.sync_api import Error, Page

from tests.support.desk_accidents import PATIENCE_MS, Desk
from tests.support.house import until

FIELD = ".edit-sentence textarea"
N = 2


class Sentence(Desk):
    """One browser at one sentence: each mark that is typed must end in a version of it."""

    def opened(self) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(self.url)
        return page

    def type(self, page: Page) -> None:
        """Add a mark to the sentence; half of them are saved at once."""
        with contextlib.suppress(Error):
            if not page.locator(FIELD).count():
                page.locator(f"#s{N}").dblclick(timeout=2000)
            box = page.locator(FIELD)
            mark = f"Mark {len(self.typed)} of {self.random.getrandbits(40):x}."
            box.fill(f"{box.input_value(timeout=2000)} {mark}"[-1500:], timeout=2000)
            self.typed.append(mark)
            if self.random.random() < 0.5:
                box.press("Enter", timeout=2000)

    def recover(self) -> None:
        """What a person does who comes back: open what was kept, and save it."""
        for page in self.context.pages:
            page.close()
        watching, page = self.opened(), self.opened()
        for _ in range(20):
            before = self.kept(watching)
            if not before:
                break
            page.goto(f"{self.url}/segments/{N}")
            restored = page.get_by_text("Restored what")
            until(lambda: self.kept(watching) < before or restored.is_visible())  # noqa: B023
            if self.kept(watching) == before:
                self._save(page, watching, before)
        page.close()
        watching.close()

    def _save(self, page: Page, watching: Page, before: int) -> None:
        """Save what is there, also over what the sentence says by now: that is a version too."""
        page.locator(FIELD).press("Enter")
        mine = page.get_by_role("button", name="Save mine")
        until(lambda: mine.is_visible() or self.kept(watching) < before)
        if mine.is_visible():
            mine.click()
        until(lambda: self.kept(watching) < before)
        page.wait_for_url(lambda url: "/segments/" not in url)  # it goes back by itself

    def lost(self) -> list[str]:
        """The marks that no version of the transcript has."""
        rows = self.house.rows(
            "select became from transcript_changes where project_id = ?", self.path.split("/")[2]
        )
        versions = [json.loads(row["became"])["text"] for row in rows]
        return [mark for mark in self.typed if not any(mark in text for text in versions)]
