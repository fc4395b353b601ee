"""Who is said to have said it: the names beside a quotation, and those in a claim."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from draftmill.evidence.names import Name
from draftmill.evidence.recording import Recording
from draftmill.evidence.records import Flaw
from draftmill.evidence.support import Found, root
from draftmill.evidence.tokens import words_of
from draftmill.language.lists import STOP
from draftmill.transcripts.segments import Segment

BEFORE = 120  # characters before a name that may hold a verb of saying
NEAR_BEST = 0.7  # of the best sentence's score: so good a sentence may be the one that is meant
VERB = (
    r"(?:says?|said|tells?|told|explain(?:s|ed)|argue[sd]|add(?:s|ed)|put(?:s)?|recall(?:s|ed)"
    r"|admit(?:s|ted)|note[sd]|ask(?:s|ed)|repl(?:ies|ied)|answer(?:s|ed)|promise[sd]|warn(?:s|ed)"
    r"|describe[sd]|call(?:s|ed)|conclude[sd]|insist(?:s|ed)|sum(?:s|med)|joke[sd]|remember(?:s|ed)"
    r"|object(?:s|ed)|agree[sd]|confirm(?:s|ed)|report(?:s|ed)|write[s]?|continue[sd]|point(?:s|ed))"
)


@dataclass(frozen=True)
class Named:
    """The speakers that prose names: the first name as it stands there, and the labels of all."""

    text: str = ""
    labels: frozenset[str] = frozenset()


def named_in(recording: Recording, prose: str) -> Named:
    """The speakers that prose names; only those beside a verb of saying, if there are some."""
    if not recording.has_speakers:
        return Named()
    named: list[tuple[str, set[str]]] = []
    beside: list[tuple[str, set[str]]] = []
    for match in re.finditer(r"[^\W\d_][\w'\u2019-]*", prose):
        word = next(iter(words_of(re.sub(r"['\u2019]s?$", "", match.group()))), "")
        labels = recording.names.speakers_called(word)
        if not labels or not (match.group()[0].isupper() or word in ROLES):
            continue
        named.append((match.group(), labels))
        if _says(prose, *match.span()):
            beside.append(named[-1])
    meant = beside or named
    return Named(meant[0][0], frozenset().union(*(of for _, of in meant))) if meant else Named()


def wrong_speaker(named: Named, said: Sequence[Segment]) -> Flaw | None:
    """The fault of a quotation whose neighbouring name is not its speaker's."""
    speakers = {segment.speaker for segment in said if segment.speaker}
    if not speakers or not named.labels or speakers & named.labels:
        return None
    return Flaw("speaker", named.text, " / ".join(sorted(speakers)))


ASKING = re.compile(r"(?i)\b(?:ask|wonder|want(?:s|ed)? to know|question|inquire)")
FIRST_PERSON = re.compile(r"(?i)\b(?:i|i'm|i'll|i've|i'd|my|me|we|our|us)\b")
CLAUSE = re.compile(r"[,;:]\s++(?:and\s++)?+|(?<!\s)\s++(?:and|but|because)\s++(?=[A-Z]|i\b|we\b)")
# What stands behind a name, and before it, that says so: "Ada Lovelace quietly said", "said Ada".
SAYS_BEHIND = re.compile(
    rf"(?:\s++[A-Z]\w++)?+(?:\s*+:|(?:\s*+,)?+\s++(?:\w++(?<=\wly)\s++)?+{VERB}\b)"
)
SAYS_BEFORE = re.compile(rf"\b{VERB}\s++(?:the\s++|[A-Z]\w++\s++)?+\Z|[\u2014\u2013-]\s*+\Z")
ROLES = frozenset(("host", "guest", "speaker", "moderator", "interviewer", "interviewee", "caller"))


def _says(prose: str, start: int, end: int) -> bool:
    before = prose[max(0, start - BEFORE) : start]
    return bool(SAYS_BEHIND.match(prose, end) or SAYS_BEFORE.search(before))


def wrong_person(
    recording: Recording, name: Name, prose: str, found: Found, places: Sequence[int]
) -> bool:
    """Whether none of the sentences that a claim may rest on is by, or of, the speaker it names."""
    labels = recording.names.speakers_called(name.word)
    said = [at for at in places if at < len(recording.segments)]
    best = max((float(found.sentences[at]) for at in said), default=0.0)
    likely = [at for at in said if found.sentences[at] >= NEAR_BEST * best]
    if len(_labels_in(recording, prose)) > 1:  # who does what is not told apart
        return not any(labels & _present(recording, at) for at in likely)
    return not any(labels & _owners(recording, prose, at) for at in likely)


def _present(recording: Recording, at: int) -> set[str]:
    segment = recording.segments[at]
    return {segment.speaker} | _labels_in(recording, segment.text)


def _owners(recording: Recording, prose: str, at: int) -> set[str]:
    """Whom a sentence is by, or of: those named in the clause that is meant, else its speaker."""
    segment = recording.segments[at]
    own = {segment.speaker}
    asks = segment.text.rstrip().endswith("?") and not ASKING.search(prose)
    clause = max(CLAUSE.split(segment.text), key=lambda one: _shared(one, prose))
    named = _labels_in(recording, clause if not asks else segment.text)
    if asks or (named and not FIRST_PERSON.search(clause)):
        return named
    if FIRST_PERSON.search(clause):
        return named | own
    return own | _labels_in(recording, segment.text)


def _shared(clause: str, prose: str) -> int:
    return len(set(map(root, words_of(clause))) & set(map(root, words_of(prose))) - STOP)


def _labels_in(recording: Recording, text: str) -> set[str]:
    return {label for word in words_of(text) for label in recording.names.speakers_called(word)}
