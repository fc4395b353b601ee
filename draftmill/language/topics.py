"""Topics as their speaker announces them: of the whole recording, and of its parts."""

import re
from collections.abc import Sequence

from draftmill.language.cleaning import clean
from draftmill.language.lists import (
    ANNOUNCEMENT,
    ANNOUNCEMENT_END,
    ANNOUNCING,
    DANGLING,
    EMPTY_HEADS,
    HOUSEKEEPING,
    MAKING,
    NO_PART,
    PART_ANNOUNCEMENT,
    POINTING_OPENINGS,
    TODAY,
)
from draftmill.language.names import is_a_name, speakers_names
from draftmill.language.tags import FINITE, tagged
from draftmill.language.words import bare_words, capitalised, content_words
from draftmill.transcripts.segments import DOUBTFUL, Segment

OPENING_S = 300.0  # an announcement comes in the first minutes
OPENING_SENTENCES = 25
PART_SENTENCES = 3
LONGEST = 18  # words of a topic
LONGEST_OF_A_PART = 7
NO_PHRASE = ("PNP", "CJS", "AVQ", "DTQ", "PNQ", "EX0", "ITJ", "TO0", "AJC")
ARTICLE = re.compile(r"(?i)^(?:the|an?|our|my)\s+")


def announced(segments: Sequence[Segment]) -> str:
    """The topic from "today I want to talk about …", "" when none was announced.

    It is a noun phrase, or tells how or why something is.
    """
    names = speakers_names(segments)
    for segment in segments[:OPENING_SENTENCES]:
        if segment.start_s > OPENING_S:
            break
        topic = _after(ANNOUNCEMENT, segment) if ANNOUNCING.search(segment.text) else ""
        if not topic and TODAY.search(segment.text):
            topic = _after(MAKING, segment)
        long_enough = 2 <= len(bare_words(topic)) <= LONGEST and len(content_words(topic)) >= 2
        if long_enough and _is_topic(topic, names):
            return capitalised(topic)
    return ""


def announced_part(segments: Sequence[Segment], names: frozenset[str] = frozenset()) -> str:
    """The topic of a part from "the next item is the budget": "the budget", "" for none.

    `names` are the words of speakers' names: nobody who speaks is a topic.
    """
    said = [segment for segment in segments[:OPENING_SENTENCES] if _says_something(segment.text)]
    for segment in said[:PART_SENTENCES]:
        topic = _after(PART_ANNOUNCEMENT, segment)
        telling = [word for word in content_words(topic) if not word.isdigit()]
        if len(bare_words(topic)) > LONGEST_OF_A_PART or is_a_name(topic, names):
            continue
        if NO_PART.issuperset(telling):
            continue
        if _is_noun_phrase(topic):
            return topic
    return ""


def _says_something(text: str) -> bool:
    """Greetings and questions into the room come before an announcement."""
    meeting = HOUSEKEEPING.search(text) and not PART_ANNOUNCEMENT.search(text)
    return not meeting and not text.rstrip().endswith("?") and len(bare_words(text)) > 2


def as_label(topic: str) -> str:
    """ "the budget" as a heading: "Budget"."""
    return capitalised(ARTICLE.sub("", topic))


def _after(announcement: re.Pattern[str], segment: Segment) -> str:
    found = announcement.search(clean(segment.text).text)
    if not found or DOUBTFUL in segment.flags:
        return ""
    topic = ANNOUNCEMENT_END.sub("", found["topic"]).strip(" \"'“”")
    words = bare_words(topic)
    while words and words[-1] in DANGLING:  # captions end anywhere
        topic, words = topic.rsplit(maxsplit=1)[0] if len(words) > 1 else "", words[:-1]
    return "" if not words or words[0] in POINTING_OPENINGS else topic


def _tells_how(topic: str) -> bool:
    """ "how we moved the database", but not "how are you"."""
    tags = tagged(topic)
    return topic.split()[0].casefold() in ("how", "why") and tags[1][1] not in FINITE


def _opens_with_noun(topic: str) -> bool:
    """Whether a phrase's noun comes before any verb and before who does something."""
    tags = tagged(topic)
    if not tags or tags[0][1] in ("PRP", "AVQ"):
        return False
    for word, tag in tags:
        if tag[:2] in ("NN", "NP") and word.casefold() not in EMPTY_HEADS:
            return True
        if tag in FINITE or tag in NO_PHRASE or word.casefold() == "much":
            return False
    return False


def _is_topic(topic: str, names: frozenset[str]) -> bool:
    somebody = all(is_a_name(word, names) for word in content_words(topic))
    return _tells_how(topic) or (_opens_with_noun(topic) and not somebody)


def _is_noun_phrase(topic: str) -> bool:
    tags = tagged(topic)
    return _opens_with_noun(topic) and not any(
        tag in FINITE or tag in ("PNP", "CJS") for _, tag in tags
    )
