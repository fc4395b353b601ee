"""What a person says about a recording: checked and tidied in one place."""

import unicodedata
from dataclasses import dataclass

from draftmill.errors import Problem
from draftmill.transcripts import languages

TITLE_LIMIT = 300


CONTEXT_LIMIT = 100_000


class TooLong(Problem):
    code = "text_too_long"
    default_message = "A text is longer than it may be."
    default_hint = "Shorten it."


class UnknownLanguage(Problem):
    code = "unknown_language"
    default_message = "There is no such language to choose."
    default_hint = "Choose one from the list; a program sends its code, such as en."


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
        if self.language and self.language not in languages.LANGUAGES:
            raise UnknownLanguage(f"There is no language “{self.language[:40]}” to choose.")
        return Details(_one_line(self.title), self.context.strip(), self.language, self.types)


def _one_line(text: str) -> str:
    printable = (" " if unicodedata.category(c) == "Cc" else c for c in text)
    return " ".join("".join(printable).split())
