"""A person who names a speaker or a chapter in the panel of a real browser, to whom accidents happen."""

import contextlib
import json

from playwright.sync_api import Page, expect

from tests.support.desk_accidents import Desk
from tests.support.house import House, until

LONGEST = 80  # characters of a speaker's name, the shorter of both
# At once, as keys do: what was kept may be put back into the field at any moment, and the panel may close.
APPEND = """(field, [mark, longest]) => {
  if (!field.checkVisibility()) return false;
  field.value = `${field.value} ${mark}`.slice(-longest);
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  return true;
}"""


class Naming(Desk):
    """One browser at one panel: each mark that is typed must end in a version of the transcript."""

    saving = ""  # a panel waits for its person
    opener = "a.speaker"
    field = "#panel input[name=name]"
    button = "Save name"

    def type(self, page: Page) -> None:
        """Add a mark to the name, if the page still shows it; half of them are saved at once."""
        box = page.locator(self.field)
        if not box.count():
            if not page.locator(self.opener).count():
                return
            page.locator(self.opener).first.click()
        mark = f"{self.random.getrandbits(24):06x}"
        if not box.evaluate(APPEND, [mark, LONGEST]):
            return
        self.typed.append(mark)
        if self.random.random() < 0.5:
            page.get_by_role("button", name=self.button).dblclick()

    def recover(self) -> None:
        """What a person does who comes back: open what was kept, and save it."""
        watching, page = self.watching(), self.blank()
        for _ in range(20):
            before = self.kept(watching)
            if not before:
                break
            page.goto(self.url)
            page.get_by_role("link", name="Open it").first.click()
            box = page.locator(self.field)
            expect(box).to_be_visible()
            until(lambda: self.kept(watching) < before or self._restored(page))  # noqa: B023
            if self.kept(watching) == before:
                page.get_by_role("button", name=self.button).click()
                until(lambda: self.kept(watching) < before)  # noqa: B023
        page.close()

    def _restored(self, page: Page) -> bool:
        said: bool = page.locator(self.field).evaluate(
            "field => field.value !== field.defaultValue"
        )
        return said

    def lost(self) -> list[str]:
        """The marks that no version of the transcript has."""
        rows = self.house.rows(
            "select became from transcript_changes where project_id = ?", self.path.split("/")[2]
        )
        named = [name for row in rows for name in self.names(json.loads(row["became"]))]
        return [mark for mark in self.typed if not any(mark in name for name in named)]

    def names(self, became: dict[str, object]) -> list[str]:
        return [str(became["name"])]


class Titling(Naming):
    """The same at the title of a chapter."""

    opener = "a[href$='/chapters/2']"
    field = "#panel form[action$='/rename'] input[name=title]"
    button = "Rename"

    def names(self, became: dict[str, object]) -> list[str]:
        chapters = became["chapters"]
        assert isinstance(chapters, list)
        return [one["title"] for one in chapters]


def two_speak_in_two_chapters(house: House, project: str) -> None:
    """Give a brought talk of five sentences speakers and chapters."""
    with contextlib.closing(house.db()) as db:
        (transcript,) = db.execute(
            "select transcript_id from projects where id = ?", (project,)
        ).fetchone()
        db.execute(
            "update segments set speaker = case when start_s < 5 then 'Ada' else 'Bob' end where transcript_id = ?",
            (transcript,),
        )
        db.execute("delete from chapters where transcript_id = ?", (transcript,))
        db.executemany(
            "insert into chapters (transcript_id, n, start_s, end_s, title) values (?, ?, ?, ?, ?)",
            [(transcript, 1, 0.0, 10.0, "One"), (transcript, 2, 10.0, 62.0, "Two")],
        )
