"""When a person's saves are one version: an editing spell, which ends so that history has what was there."""

import re
from collections import Counter
from datetime import datetime, timedelta

from draftmill.clock import moment, now
from draftmill.drafts.versions import Text, Version, posts_of

GAP = timedelta(minutes=10)  # a pause after which one begins anew
LENGTH = timedelta(minutes=15)
GONE = 0.3  # share of the words that vanish at once
FEW = 10  # words: who writes a sentence anew ends no spell
LONG = 200_000  # letters: of such a text what stands between spaces is compared, or each letter of a line
LINE = 2_000  # letters without a space: no word, but a text without spaces
# Each letter of a script without spaces is a word.
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")


def goes_on(shown: Version, fullest: str, text: Text) -> bool:
    """Whether a person's next text may take the place of the one that is shown.

    `fullest` is the longest text of the spell: what vanishes bit by bit is gone as well.
    A clock that was set back ends a spell.
    """
    at = moment(now())
    return (
        shown.author == "person"
        and _within(GAP, shown.updated_at, at)
        and _within(LENGTH, shown.created_at, at)
        and not _vanishes(shown.type, fullest, text.body)
    )


def _within(length: timedelta, since: str, at: datetime) -> bool:
    return timedelta(0) <= at - moment(since) < length


def _vanishes(type: str, before: str, after: str) -> bool:
    words = _roughly if len(before) > LONG else _words
    old = words(type, before)
    gone = (old - words(type, after)).total()
    return gone > FEW and gone > GONE * old.total()


def _words(type: str, body: str) -> Counter[str]:
    return Counter(WORD.findall("\n".join(posts_of(type, body)) or body))


def _roughly(_type: str, body: str) -> Counter[str]:
    """The same in a tenth of the time: a script without spaces is counted by its letters."""
    words = body.split()
    return Counter(words if len(body) < LINE * len(words) else body)
