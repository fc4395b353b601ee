"""How long a post is, as its reader's site counts it.

X weighs characters: its published configuration (twitter-text, version 3) gives the ranges
below the weight 100, every other character 200, an emoji sequence 200 and a link 2300, on a
scale of 100, after composing the text (NFC).
"""

import re
from typing import Literal

from draftmill.letters import capped, normalized

Count = Literal["plain", "x"]

LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
LINK_LENGTH = 23

LINK = re.compile(
    r"""(?ix)
    (?<![\w@.-])
    (?: https?://[^\s<>"']*[^\s<>"'.,;:!?)\]]
      | (?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+
        (?:com|org|net|edu|gov|io|dev|ai|app|co|uk|de|fr|eu|info|me|tv|us|ch|at|nl|ly|be)
        (?![\w-]) (?:/[^\s<>"']*[^\s<>"'.,;:!?)\]]|/)?
    )""",
)
PICTOGRAPH = (
    "\U0001f300-\U0001f5ff\U0001f600-\U0001f64f\U0001f680-\U0001f6ff\U0001f7e0-\U0001f7eb"
    "\U0001f900-\U0001f9ff\U0001fa70-\U0001faff\u2600-\u27bf\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55"
    "\u231a\u231b\u23e9-\u23f3\u2934\u2935\u3030\u303d\u3297\u3299\U0001f004\U0001f0cf"
    "\U0001f170\U0001f171\U0001f17e\U0001f17f\U0001f18e\U0001f191-\U0001f19a\U0001f201-\U0001f251"
)
ONE_EMOJI = f"[{PICTOGRAPH}](?:\ufe0f|[\U0001f3fb-\U0001f3ff])?"
EMOJI = re.compile(
    "[\U0001f1e6-\U0001f1ff]{2}"  # a flag is a pair of letters
    "|[0-9#*]\ufe0f?\u20e3"  # a key
    "|[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa]\ufe0f"
    f"|{ONE_EMOJI}(?:\u200d{ONE_EMOJI})*(?:[\U000e0020-\U000e007f]+)?"
)


def length(text: str, count: Count = "plain") -> int:
    """The length of a post in characters, or for "x" in X's weighted characters."""
    lost = len(text) - len(capped(text))  # marks without end: they count, each for itself
    text = normalized(text)
    if count == "plain":
        return lost + len(text)
    without_links, links = LINK.subn("", text)
    without_emoji, emoji = EMOJI.subn("", without_links)
    return lost + LINK_LENGTH * links + 2 * emoji + sum(map(_weight, without_emoji))


def fits(text: str, limit: int, count: Count = "plain") -> bool:
    """Whether a post is no longer than `limit`; 0 means that there is no limit."""
    return limit == 0 or length(text, count) <= limit


def _weight(character: str) -> int:
    code = ord(character)
    return 1 if any(first <= code <= last for first, last in LIGHT) else 2
