"""What the owner says of a type: checked and tidied in one place, for the page and the API."""

import unicodedata
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

from content_actions import ContentType
from draftmill.content_types.rows import FACTS
from draftmill.errors import Problem

LABEL_CHARACTERS = 60
SUMMARY_CHARACTERS = 120
PROMPT_CHARACTERS = 6_000
POST_CHARACTERS = (50, 10_000)
TITLE_CHARACTERS = (20, 300)
MOST_POSTS = 100


class BadContentType(Problem):
    code = "bad_content_type"
    default_message = "This kind of draft cannot be kept as it is."
    default_hint = "Change what is named, and save again."


@dataclass(frozen=True)
class Wanted:
    """A type as its owner wants it. `limit`, `max_posts` count for posts, `title_limit` and
    `has_preview` for an article; a `title_limit` of 0 is none. `every` chooses it beforehand
    for a new recording.
    """

    label: str
    summary: str
    prompt: str
    shape: Literal["article", "posts"]
    button: Literal["Edit", "View"] = "Edit"
    limit: int = 500
    max_posts: int = 1
    title_limit: int = 0
    has_preview: bool = False
    on: bool = True
    every: bool = False

    def check(self) -> "Wanted":
        """Itself, tidied: what does not count for its shape is as if nobody had said it.

        Raises BadContentType.
        """
        tidy = replace(
            self,
            label=_one_line(self.label),
            summary=_one_line(self.summary),
            prompt=lines_of(self.prompt),
            **_of_other_shape(self.shape),
        )
        _check_texts(tidy)
        _check_limits(tidy)
        return tidy

    def facts(self) -> dict[str, Any]:
        """What the row keeps as JSON."""
        return {name: getattr(self, name) for name in FACTS}


def wanted_of(content: ContentType) -> Wanted:
    """A type as it is, to be changed."""
    shared = {f.name for f in fields(Wanted)} - {"prompt"}
    return Wanted(prompt=content.task, **{name: getattr(content, name) for name in shared})


def _of_other_shape(shape: str) -> dict[str, Any]:
    if shape == "article":
        return {"limit": 0, "max_posts": 1}
    return {"title_limit": 0, "has_preview": False}


def _check_texts(wanted: Wanted) -> None:
    if not wanted.label:
        raise BadContentType("The kind has no name.", "Say what it is called.")
    if wanted.shape not in ("article", "posts"):
        raise BadContentType("A draft is an article or posts.", "Choose one of the two.")
    if wanted.button not in ("Edit", "View"):
        raise BadContentType("The button is called Edit or View.", "Choose one of the two.")
    if not wanted.prompt:
        raise BadContentType("There is no prompt.", "Say what is to be written, and how.")
    for name, text, most in (
        ("name", wanted.label, LABEL_CHARACTERS),
        ("line about it", wanted.summary, SUMMARY_CHARACTERS),
        ("prompt", wanted.prompt, PROMPT_CHARACTERS),
    ):
        if len(text) > most:
            raise BadContentType(
                f"The {name} has {len(text):,} characters; it may have {most:,}.", "Shorten it."
            )


def _check_limits(wanted: Wanted) -> None:
    if wanted.shape == "posts":
        _check_between("A post's length", wanted.limit, *POST_CHARACTERS)
        _check_between("The number of posts", wanted.max_posts, 1, MOST_POSTS)
    elif wanted.title_limit:
        _check_between("The title's length", wanted.title_limit, *TITLE_CHARACTERS)


def _check_between(what: str, number: int, least: int, most: int) -> None:
    if not least <= number <= most:
        raise BadContentType(f"{what} is {number:,}.", f"Set it to {least:,} to {most:,}.")


def _one_line(text: str) -> str:
    return " ".join(_printable(text).split())


def lines_of(text: str) -> str:
    """The text with one kind of line end, without control characters and space around it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(_printable(line).rstrip() for line in lines).strip()


def _printable(text: str) -> str:
    """The text without control characters and halves of characters."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(" " if unicodedata.category(c) == "Cc" else c for c in whole)
