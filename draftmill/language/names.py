"""Who speaks and who is greeted: names that are no topic of a recording."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from draftmill.language.lists import (
    EMPTY_ADJECTIVES,
    EMPTY_HEADS,
    LEADING,
    LEADING_BEFORE_COMMA,
    POINTING_OPENINGS,
    STOP,
    listed,
)
from draftmill.language.words import bare
from draftmill.transcripts.segments import Segment

CALLED = re.compile(
    r"(?i:\b(?:my\s+name(?:'s|\s+is)|i'm|i\s+am|(?:guest|host|speaker)s?(?:\s+today|\s+tonight)?(?:\s+is|\s+are|,)"
    r"|joined(?:\s+\w+){0,4}\s+by|with\s+(?:me|us)(?:\s+today)?\s+(?:is|are)|welcome(?:\s+back)?,?|please\s+welcome"
    r"|introduce(?:\s+you\s+to)?|thank\s+you,?(?:\s+so\s+much,?|\s+very\s+much,?)?|thanks,?(?:\s+a\s+lot,?)?|hi,?|hello,?|hey,?))"
    r"\s+(?P<name>[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+){0,2})"
)
ANSWERED = re.compile(
    r"(?i:thank\s+you|thanks|welcome|hello|hi|right|yeah|yes|okay),\s+(?P<name>[A-Z][\w’-]+)[.,!?]"
)
TITLED = re.compile(
    r"\b(?:Mr|Ms|Mrs|Dr|Professor|Council\s?[Mm]ember|Council(?:man|woman)|Commissioner|Mayor|Senator|Chair(?:man|woman)?"
    r"|Judge|Justice|Secretary)\.?\s+(?P<name>[A-Z][a-z’-]+)"
)
GUEST = re.compile(
    r"(?i:\b(?:guests?|hosts?|speakers?|here\s++with|(?:talking|speaking|sitting)\s++(?:to|with)|joining\s++(?:me|us)))"
    r"(?:,?\s++\w++){0,3}?,?\s++the\s++[a-z]++\s++(?P<name>[A-Z][\w’-]++(?:\s++[A-Z][\w’-]++){0,2})"
)
ASKED = re.compile(
    r"(?:^|(?<=[.!?]\s))(?P<name>[A-Z][\w’-]{1,30}+(?:\s++[A-Z][\w’-]{1,30}+)?),\s++"
    r"(?:you|your|what|how|why|when|where|who|tell|do|did|does|is|are|was|were|can|could|would|will|have|has)\b"
)
NO_NAMES = (
    STOP | LEADING | LEADING_BEFORE_COMMA | POINTING_OPENINGS | EMPTY_HEADS | EMPTY_ADJECTIVES
) | listed("sometimes often later soon hey wow sir madam congratulations")
SHORTEST = 3  # letters: no initials


def speakers_names(said: Sequence[Segment]) -> frozenset[str]:
    """The words of all speakers' names, as they are compared."""
    return frozenset(
        word
        for name in {segment.speaker for segment in said} | set(_greeted(said))
        for word in map(bare, name.split())
        if len(word) >= SHORTEST and word.isalpha() and word not in STOP
    )


def is_a_name(phrase: str, names: frozenset[str]) -> bool:
    """Whether a phrase holds somebody's name who speaks: "Anna", "Anna's roof".

    In small letters it is another word, unless it stands alone: "the reading hall".
    """
    words = phrase.split()
    return any(
        bare(word).removesuffix("'s") in names and (word[:1].isupper() or len(words) == 1)
        for word in words
    )


def is_called(text: str, names: frozenset[str]) -> bool:
    """Whether a sentence calls somebody: "Adam, because", "Omar Haddad, is", "with you, Adam."."""
    words = text.split()
    calls = [words[:1], words[:2]] if len(words) > 2 else []
    return any(
        call[-1].endswith(",") and all(bare(word) in names for word in call) for call in calls
    ) or (len(words) > 2 and words[-2].endswith(",") and bare(words[-1]) in names)


def _greeted(said: Sequence[Segment]) -> Iterator[str]:
    for segment in said:
        for pattern in (CALLED, ANSWERED, TITLED, GUEST):
            yield from (found["name"] for found in pattern.finditer(segment.text))
    yield from _asked(said)


def _asked(said: Sequence[Segment]) -> Iterator[str]:
    """Who is called before a question, more than once: "Omar, how", "Today, you" is nobody."""
    names = [
        [word for word in found["name"].split() if not _is_no_name(bare(word))]
        for one in said
        for found in ASKED.finditer(one.text)
    ]
    times = Counter(name[0] for name in names if name)
    yield from (" ".join(name) for name in names if name and times[name[0]] > 1)


def _is_no_name(word: str) -> bool:
    return word in NO_NAMES or word.endswith("ly")
