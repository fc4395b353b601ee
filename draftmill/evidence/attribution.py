"""Who is said to have said it: the names beside a quotation, and those in a claim."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from draftmill.evidence.blocks import Text
from draftmill.evidence.names import Name
from draftmill.evidence.recording import Recording
from draftmill.evidence.records import Flaw
from draftmill.evidence.roles import Roles, Speaker, roles_in
from draftmill.evidence.sentences import Sentence
from draftmill.evidence.support import Found, root
from draftmill.evidence.tokens import words_of
from draftmill.language.lists import STOP
from draftmill.transcripts.segments import Segment

QUOTED = "\u2026"
CREDITED = 300  # characters behind a quotation in a block that may say whose it is
NEAR_BEST = 0.7  # of the best sentence's score: so good a sentence may be the one that is meant


@dataclass(frozen=True)
class Named:
    """The speakers that prose names: the first name as it stands there, and the labels of all."""

    text: str = ""
    labels: frozenset[str] = frozenset()


def named_beside(recording: Recording, block: Text, sentence: Sentence) -> list[Named]:
    """Whom a text names for each quotation of a sentence: beside it, behind it, or before it."""
    if not recording.has_speakers:
        return [Named()] * len(sentence.quotations)
    parts = _parts(block, sentence)
    beside = [roles_in(recording, part) for part in parts]
    return [_named(recording, sentence, beside, at) for at in range(len(sentence.quotations))]


def _parts(block: Text, sentence: Sentence) -> list[str]:
    """What stands before, between and behind the quotations of a sentence, each marked by "…"."""
    at, found = sentence.start, []
    for one in sentence.quotations:
        found.append(block.text[at : max(at, one.start)] + QUOTED)
        at = max(at, one.end)
    end = at + CREDITED if block.quoted else sentence.end
    parts = [*found, block.text[at:end]]
    return [parts[0], *(QUOTED + part for part in parts[1:])]


def _named(recording: Recording, sentence: Sentence, beside: Sequence[Roles], at: int) -> Named:
    """Those who say it in the parts beside a quotation, else in the sentence, else around it."""
    before, behind = beside[at], beside[at + 1]
    opens = any(one.sayers for one in beside[:1])
    nearest = (before, behind) if opens else (behind, before)
    for roles in nearest:
        if roles.sayers:
            return _of(roles.sayers)
    for roles in beside:
        if roles.sayers:
            return _of(roles.sayers)
    if any(roles.others or roles.hearers for roles in beside):
        return _of([one for roles in beside for one in roles.others])
    for text in (sentence.credit, sentence.lead):
        roles = roles_in(recording, text.removeprefix("# "))
        if roles.sayers:
            return _of(roles.sayers)
        is_alone = len(roles.others) == 1 and not roles.hearers
        stands = text is sentence.credit or text.startswith("#") or text.endswith(":")
        if is_alone and (stands or roles.opens):
            return _of(roles.others)
    return Named()


def _of(named: Sequence[Speaker]) -> Named:
    if not named:
        return Named()
    return Named(named[0].text, frozenset().union(*(one.labels for one in named)))


def wrong_speaker(named: Named, said: Sequence[Segment]) -> Flaw | None:
    """The fault of a quotation whose neighbouring name is not its speaker's."""
    speakers = {segment.speaker for segment in said if segment.speaker}
    if not speakers or not named.labels or speakers & named.labels:
        return None
    return Flaw("speaker", named.text, " / ".join(sorted(speakers)))


ASKING = re.compile(r"(?i)\b(?:ask|wonder|want(?:s|ed)? to know|question|inquire)")
FIRST_PERSON = re.compile(r"(?i)\b(?:i|i'm|i'll|i've|i'd|my|me|we|our|us)\b")
CLAUSE = re.compile(r"[,;:]\s++(?:and\s++)?+|(?<!\s)\s++(?:and|but|because)\s++(?=[A-Z]|i\b|we\b)")


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
