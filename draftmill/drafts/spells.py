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
LONG = 200_000  # letters: of such a text the length alone is compared
# Each letter of a script without spaces is a word.
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")


def goes_on(shown: Version, text: Text) -> bool:
    """Whether a person's next text may take the place of the one that is shown.

    A clock that was set back ends a spell.
    """
    at = moment(now())
    return (
        shown.author == "person"
        and _within(GAP, shown.updated_at, at)
        and _within(LENGTH, shown.created_at, at)
        and not _vanishes(shown, text)
    )


def _within(length: timedelta, since: str, at: datetime) -> bool:
    return timedelta(0) <= at - moment(since) < length


def _vanishes(shown: Version, text: Text) -> bool:
    if len(shown.body) > LONG:
        return len(text.body) < (1 - GONE) * len(shown.body)
    old = _words(shown.type, shown.body)
    gone = (old - _words(shown.type, text.body)).total()
    return gone > FEW and gone > GONE * old.total()


def _words(type: str, body: str) -> Counter[str]:
    return Counter(WORD.findall("\n".join(posts_of(type, body)) or body))
