"""A person at a sentence of a transcript in a real browser, to whom accidents happen."""

import json

from playwright.sync_api import Page

from tests.support.desk_accidents import Desk
from tests.support.house import until

FIELD = ".edit-sentence textarea"
N = 2


class Sentence(Desk):
    """One browser at one sentence: each mark that is typed must end in a version of it."""

    saving = ".edit-sentence [data-told].waiting:not([hidden])"

    def type(self, page: Page) -> None:
        """Add a mark to the sentence, if the page still shows it; half of them are saved at once."""
        box = page.locator(FIELD)
        if not box.count():
            if not page.locator(f"#s{N}").count():
                return
            page.locator(f"#s{N}").dblclick()
        mark = f"Mark {len(self.typed)} of {self.random.getrandbits(40):x}."
        box.fill(f"{box.input_value()} {mark}"[-1500:])
        self.typed.append(mark)
        if self.random.random() < 0.5:
            box.press("Enter")

    def recover(self) -> None:
        """What a person does who comes back: open what was kept, and save it."""
        watching, page = self.watching(), self.blank()
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
