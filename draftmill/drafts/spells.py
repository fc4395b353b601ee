"""When a person's saves are one version: an editing spell, which ends so that history has what was there."""

import re
import sqlite3
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from draftmill.clock import moment, now
from draftmill.drafts.versions import Text, Version, insert, posts_of

GAP = timedelta(minutes=10)  # a pause after which one begins anew
LENGTH = timedelta(minutes=15)
GONE = 0.3  # share of the words that vanish at once
FEW = 10  # words: who writes a sentence anew ends no spell
LONG = 200_000  # letters: of such a text what stands between spaces is compared, or each letter of a line
LINE = 2_000  # letters without a space: no word, but a text without spaces
# Each letter of a script without spaces is a word.
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")


@dataclass(frozen=True)
class Spell:
    """What one version had while it was rewritten.

    `fullest` is its longest body; `gone` counts the words that had vanished before that.
    """

    fullest: str
    gone: int


def goes_on(db: sqlite3.Connection, shown: Version, text: Text) -> Spell | None:
    """The spell with a person's next text in the place of the one that is shown; None where it ends.

    What vanishes bit by bit is gone as well, also while other words make the text longer.
    A clock that was set back ends a spell.
    """
    at = moment(now())
    if not (
        shown.author == "person"
        and _within(GAP, shown.updated_at, at)
        and _within(LENGTH, shown.created_at, at)
    ):
        return None
    spell = _spell(db, shown)
    vanished, all_words = _vanished(shown.type, spell.fullest, text.body)
    gone = spell.gone + vanished
    if gone > FEW and gone > GONE * all_words:
        return None
    return Spell(text.body, gone) if len(text.body) >= len(spell.fullest) else spell


def end(db: sqlite3.Connection, shown: Version) -> None:
    """Let another version follow, in the caller's transaction.

    What the longest text of the spell had, and what is shown has no more, becomes one aside.
    """
    fullest = _spell(db, shown).fullest
    if fullest == shown.body:
        return
    vanished, _ = _vanished(shown.type, fullest, shown.body)
    if vanished > FEW:
        text = replace(shown.text, body=fullest)
        place = (shown.project_id, shown.type)
        insert(db, *place, text, based_on=shown.id, evidence=shown.evidence)
    db.execute("update draft_versions set fullest = null where id = ?", (shown.id,))


def _spell(db: sqlite3.Connection, shown: Version) -> Spell:
    fullest, gone = db.execute(
        "select coalesce(fullest, body), gone from draft_versions where id = ?", (shown.id,)
    ).fetchone()
    return Spell(fullest, gone)


def _within(length: timedelta, since: str, at: datetime) -> bool:
    return timedelta(0) <= at - moment(since) < length


def _vanished(type: str, before: str, after: str) -> tuple[int, int]:
    """How many words of a text are not in the next one, and how many it has."""
    words = _roughly if len(before) > LONG else _words
    old = words(type, before)
    return (old - words(type, after)).total(), old.total()


def _words(type: str, body: str) -> Counter[str]:
    return Counter(WORD.findall("\n".join(posts_of(type, body)) or body))


def _roughly(_type: str, body: str) -> Counter[str]:
    """The same in a tenth of the time: a script without spaces is counted by its letters."""
    words = body.split()
    return Counter(words if len(body) < LINE * len(words) else body)
