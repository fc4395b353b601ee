"""What a person says about a recording: checked and tidied in one place."""

import unicodedata
from dataclasses import dataclass

from draftmill.errors import Problem
from draftmill.jobs.wishes import check_language

TITLE_LIMIT = 300
CONTEXT_LIMIT = 100_000


class TooLong(Problem):
    code = "text_too_long"
    default_message = "A text is longer than it may be."
    default_hint = "Shorten it."


@dataclass(frozen=True)
class Details:
    """What a person says about a recording on the form."""

    title: str = ""
    context: str = ""
    language: str = ""
    types: tuple[str, ...] = ()

    def check(self) -> "Details":
        """Itself, tidied. Raises TooLong, UnknownLanguage."""
        if len(self.title) > TITLE_LIMIT:
            raise TooLong(f"The title is longer than {TITLE_LIMIT} characters.", "Shorten it.")
        if len(self.context) > CONTEXT_LIMIT:
            raise TooLong(
                f"The context is longer than {CONTEXT_LIMIT:,} characters.", "Shorten it."
            )
        check_language(self.language)
        return Details(_one_line(self.title), self.context.strip(), self.language, self.types)


def _one_line(text: str) -> str:
    printable = (" " if unicodedata.category(c) == "Cc" else c for c in text)
    return " ".join("".join(printable).split())
