"""What a person says about a recording: checked and tidied in one place."""

import unicodedata
from dataclasses import dataclass, replace

from content_actions import CONTENT_TYPES
from draftmill.errors import Problem
from draftmill.jobs.wishes import check_language, check_type
from draftmill.transcripts import how_many

TITLE_LIMIT = 300
CONTEXT_LIMIT = 100_000


class TooLong(Problem):
    code = "text_too_long"
    default_message = "A text is longer than it may be."
    default_hint = "Shorten it."


@dataclass(frozen=True)
class Details:
    """What a person says about a recording. `types` are the drafts to be.

    `language` is what is spoken, `draft_language` what drafts are written in: codes, "" to find out,
    and as the account says. With `any_language` it is transcribed even if it sounds like another language.
    `speakers` is how many people speak, in the words of transcripts/how_many.py.
    """

    title: str = ""
    context: str = ""
    language: str = ""
    types: tuple[str, ...] = ()
    any_language: bool = False
    draft_language: str = ""
    speakers: str = ""

    def check(self) -> "Details":
        """Itself, tidied. Raises TooLong, UnknownLanguage, UnknownType, UnknownNumber."""
        if len(self.title) > TITLE_LIMIT:
            raise TooLong(f"The title is longer than {TITLE_LIMIT} characters.", "Shorten it.")
        if len(self.context) > CONTEXT_LIMIT:
            raise TooLong(
                f"The context is longer than {CONTEXT_LIMIT:,} characters.", "Shorten it."
            )
        for code in (self.language, self.draft_language):
            check_language(code)
        for name in self.types:
            check_type(name, CONTENT_TYPES)
        return replace(
            self,
            title=_one_line(self.title),
            context=self.context.strip(),
            speakers=how_many.checked(self.speakers),
            types=tuple(name for name in CONTENT_TYPES if name in self.types),
        )


def _one_line(text: str) -> str:
    printable = (" " if unicodedata.category(c) == "Cc" else c for c in text)
    return " ".join("".join(printable).split())
