"""Who speaks and who is greeted: names that are no topic of a recording."""

import re
from collections.abc import Iterator, Sequence

from draftmill.language.lists import STOP
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
    """Whether a sentence begins by calling somebody: "Adam, because"."""
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    return first.endswith(",") and bare(first) in names


def _greeted(said: Sequence[Segment]) -> Iterator[str]:
    for segment in said:
        for pattern in (CALLED, ANSWERED, TITLED):
            yield from (found["name"] for found in pattern.finditer(segment.text))
