"""The marks in the margin of a draft, and how many of them are still to be looked at."""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from markupsafe import Markup

from draftmill.drafts.evidence import evidence_of, expect
from draftmill.drafts.looked import looked_at
from draftmill.drafts.markdown import shown_of
from draftmill.drafts.versions import Version
from draftmill.evidence.blocks import Text, blocks_of
from draftmill.evidence.known import standing
from draftmill.evidence.records import Block, blocks_in
from draftmill.settings import Settings
from draftmill.web.views.static_files import static

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
    '<use href="{icons}#{icon}"/></svg>'
    '<span class="mark-word">{word}</span>'
)
OPENS = Markup(
    '<a class="mark {status}" id="mark-{n}" href="{url}#part-{n}" data-mark="{hash}"'
    ' data-lines="{first}-{last}" title="{word}" aria-label="{word}, part {n}">{face}</a>'
)
WAITS = Markup('<span class="mark {status}" id="mark-{n}" title="{word}">{face}</span>')
PLACE = re.compile(
    r'(?>(<(?:p|li|h[1-6]|td|th)\b[^<>]*?) data-block="(\d{1,6})")([^<>]*+>)'  # the first of a tag
)


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
        face = FACE.format(icons=static("vendor/icons.svg"), icon=self.icon, word=word)
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
    def waits(self) -> bool:
        """Whether some of it is still to be checked."""
        return any(mark.status == "checking" for mark in self.by_place.values())

    def without_waiting(self) -> "Marks":
        """The same without what is still to be checked."""
        kept = {n: mark for n, mark in self.by_place.items() if mark.status != "checking"}
        return Marks(self.url, kept)

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
    current: Version,
    known: Iterable[Block],
    url: str,
    body: str | Sequence[str] | None = None,
) -> Marks | None:
    """The marks of a draft at `url`, or of another `body` for it, as it is being typed.

    `known` is what is known of the draft. None where that is nothing: a draft of an earlier
    Draftmill has no marks.
    """
    known = list(known)
    if not known:
        return None
    looked = looked_at(db, user_id, current.project_id, current.type)
    texts = blocks_of(_shown(_stored(current) if body is None else body))
    blocks = standing(known, texts)
    marks = {
        n: Mark(
            n + 1, text.hash, status, _is_looked_at(block, looked), f"{url}/evidence", text.lines
        )
        for n, text in enumerate(texts)
        if (status := _status(text, block := blocks.get(text.hash)))
    }
    return Marks(url, marks)


def checked(db: sqlite3.Connection, settings: Settings, current: Version) -> list[Block]:
    """What is known of a draft after all of it was checked, which may take a second.

    A draft of an earlier Draftmill is left alone.
    """
    return evidence_of(db, settings, current) if blocks_in(current.evidence) else []


def unsaved(settings: Settings, current: Version) -> list[Block]:
    """What is known of a draft while it is edited; who checks it gets ready for that meanwhile."""
    known = blocks_in(current.evidence)
    if known:
        expect(settings, current)
    return known


def is_saved(body: str | Sequence[str], current: Version) -> bool:
    """Whether a text as it was sent is the current one: posts without words are not stored."""
    if isinstance(body, str):
        return body.replace("\r\n", "\n") == _stored(current)
    return list(filter(None, body)) == _stored(current)


def _stored(current: Version) -> str | Sequence[str]:
    return current.posts or current.body


def _shown(body: str | Sequence[str]) -> str | Sequence[str]:
    return shown_of(body) if isinstance(body, str) else body


def _is_looked_at(block: Block | None, looked: Set[str]) -> bool:
    return block is not None and block.is_looked_at(looked)


def _status(text: Text, block: Block | None) -> str:
    """The status that is shown, "" for none. A heading is marked only where it needs a look."""
    status = block.status if block else "checking" * any(map(str.isalnum, text.text))
    return "" if text.kind == "heading" and status != "weak" else status


def put_in(html: str, marks: Marks) -> str:
    """Rendered Markdown with each mark at the beginning of its numbered block."""

    def marked(found: re.Match[str]) -> str:
        mark = marks.by_place.get(int(found[2]))
        return found[1] + found[3] + (str(mark.html) if mark else "")

    return PLACE.sub(marked, html)
