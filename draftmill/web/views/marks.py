"""The marks in the margin of a draft, and how many of them are still to be looked at."""

import re
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from content_actions import ContentType
from draftmill.drafts.looked import is_checked, known_blocks, looked_at
from draftmill.drafts.markdown import shown_of
from draftmill.drafts.versions import Version
from draftmill.evidence.blocks import Text, blocks_of
from draftmill.evidence.records import Block

# What a status is called, and its icon. What is not checked yet has none of its own.
STATUSES = {
    "said": ("Said", "audio-lines"),
    "supported": ("Supported", "check"),
    "weak": ("Check this", "triangle-alert"),
    "yours": ("Yours", "pencil"),
    "checking": ("Checking…", "clock"),
}
FACE = Markup(
    '<svg class="icon icon-{icon}" aria-hidden="true" width="16" height="16">'
    '<use href="/static/vendor/icons.svg#{icon}"/></svg>'
    '<span class="mark-word">{word}</span>'
)
OPENS = Markup(
    '<a class="mark {status}" id="mark-{n}" href="{url}#part-{n}" data-mark="{hash}"'
    ' data-lines="{first}-{last}" title="{word}" aria-label="{word}, part {n}">{face}</a>'
)
WAITS = Markup('<span class="mark {status}" id="mark-{n}" title="{word}">{face}</span>')
PLACE = re.compile(r'(<(?:p|li|h[1-6]|td|th)\b[^>]*?) data-block="(\d{1,6})"([^>]*>)')


@dataclass(frozen=True)
class Mark:
    """The mark of one block: `n` counts the blocks of the text from 1. `url` shows its evidence."""

    n: int
    hash: str
    status: str
    looked: bool
    url: str
    lines: tuple[int, int]  # of the body, from 0

    @property
    def word(self) -> str:
        return STATUSES[self.status][0]

    @property
    def icon(self) -> str:
        return STATUSES[self.status][1]

    @property
    def open(self) -> bool:
        """Whether somebody should look at it."""
        return self.status == "weak" and not self.looked

    @property
    def html(self) -> Markup:
        """The mark: a way to its evidence, as soon as there is some."""
        seen = self.status == "weak" and self.looked
        word, status = self.word + ", looked at" * seen, self.status + " looked" * seen
        face = FACE.format(icon=self.icon, word=word)
        if self.status == "checking":
            return WAITS.format(status=status, n=self.n, word=word, face=face)
        facts = {"status": status, "n": self.n, "word": word, "face": face, "hash": self.hash}
        first, last = self.lines
        return OPENS.format(url=self.url, first=first, last=last, **facts)


@dataclass(frozen=True)
class Marks:
    """The marks of a text by the places of its blocks; those without a claim have none."""

    url: str
    by_place: Mapping[int, Mark]

    @property
    def to_check(self) -> list[Mark]:
        return [mark for mark in self.by_place.values() if mark.open]

    @property
    def counts(self) -> list[tuple[str, str, str, int]]:
        """Status, word, icon and number of those that the text has, in the order of STATUSES."""
        found = Counter(mark.status for mark in self.by_place.values())
        return [(one, *STATUSES[one], found[one]) for one in STATUSES if found[one]]


def marks_of(
    db: sqlite3.Connection,
    user_id: int,
    content: ContentType,
    url: str,
    current: Version,
    body: str | Sequence[str] | None = None,
) -> Marks | None:
    """The marks of a draft at `url`, or of another `body` for it, as it is being typed.

    None where nothing was ever checked: a draft of an earlier Draftmill has no marks.
    """
    known = known_blocks(db, current)
    if not known:
        return None
    stored = current.body if content.shape == "article" else current.posts
    texts = blocks_of(_shown(stored if body is None else body))
    other = _other(current, saved=body is None or _same(body, stored))
    looked = looked_at(db, user_id, current.project_id, content.type)
    marks = {
        n: Mark(n + 1, text.hash, status, text.hash in looked, f"{url}/evidence", text.lines)
        for n, text in enumerate(texts)
        if (status := _status(text, known.get(text.hash), other))
    }
    return Marks(url, marks)


def _shown(body: str | Sequence[str]) -> str | Sequence[str]:
    return shown_of(body) if isinstance(body, str) else body


def _same(body: str | Sequence[str], stored: str | Sequence[str]) -> bool:
    """Whether a text is saved: posts without words are not stored."""
    if isinstance(body, str):
        return body.replace("\r\n", "\n") == stored
    return list(filter(None, body)) == stored


def _other(current: Version, *, saved: bool) -> str:
    """What a block is that the evidence does not know."""
    if not saved:
        return "checking"
    return "" if is_checked(current) else "yours"


def _status(text: Text, block: Block | None, other: str) -> str:
    """The status that is shown, "" for none. A heading is marked only where it needs a look."""
    status = block.status if block else other * any(map(str.isalnum, text.text))
    return "" if text.kind == "heading" and status in ("said", "supported", "yours") else status


def put_in(html: str, marks: Marks) -> str:
    """Rendered Markdown with each mark at the beginning of its numbered block."""

    def marked(found: re.Match[str]) -> str:
        mark = marks.by_place.get(int(found[2]))
        return found[1] + found[3] + (str(mark.html) if mark else "")

    return PLACE.sub(marked, html)
