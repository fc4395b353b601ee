"""Who is said to have said it: the names beside a quotation, and those in a claim."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from draftmill.evidence.blocks import Text
from draftmill.evidence.names import Name
from draftmill.evidence.recording import Recording
from draftmill.evidence.records import Flaw
from draftmill.evidence.roles import Roles, Speaker, roles_in, says
from draftmill.evidence.sentences import Sentence
from draftmill.evidence.spoken import Place
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


def strange_sayers(recording: Recording, sentence: Sentence) -> list[Name]:
    """Who is said to have said what a sentence quotes, where none of them speaks in the recording."""
    known, prose = recording.names, sentence.prose
    sayers = [
        name
        for name in known.in_text(prose)
        if says(prose, at := prose.find(name.text), at + len(name.text))
    ]
    speak = (known.speakers_called(one.word) or one.word in known.everywhere for one in sayers)
    return [] if any(speak) else sayers


def absent(recording: Recording, sayers: Sequence[Name], places: Sequence[Place]) -> Flaw | None:
    """The first of them, where none is spoken of around there, either."""
    if not sayers:
        return None
    known = recording.names
    around = [at for place in places for at in recording.near(recording.spoken.owners[place.first])]
    if any(known.said_in(one.word, around) for one in sayers):
        return None
    spoken = recording.spoken.said_in(places[0])
    return Flaw("speaker", sayers[0].text, spoken[0].speaker)


ASKING = re.compile(r"(?i)\b(?:ask|wonder|want(?:s|ed)? to know|question|inquire)")
SECOND_PERSON = re.compile(r"(?i)\b(?:you|your|you're|you've|you'd|you'll)\b")
GUEST = re.compile(r"(?i)\b(?:my|our|the|today's) guests?\b")
PARTS = re.compile(r"[,;:]\s+|\s(?=(?:which|while|because|but|and|whereas|although|who)\s)")
ANSWERED = 3  # sentences before and behind: so near stands what belongs to it
FEWEST_SHARED = 2  # words of a clause
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
    if any(labels & _owners(recording, prose, at) for at in likely):
        return False
    return not _is_backed(recording, labels, _clause_of(name, prose), likely)


def _clause_of(name: Name, prose: str) -> str:
    return next((one for one in PARTS.split(prose) if name.text in one), prose)


def _is_backed(recording: Recording, labels: set[str], clause: str, likely: Sequence[int]) -> bool:
    """Whether one of the speakers says near by what the clause that names them tells."""
    near = {n for at in likely for n in range(at - ANSWERED, at + ANSWERED + 1)}
    return any(
        _shared(clause, segment.text) >= FEWEST_SHARED
        for at in near
        if 0 <= at < len(recording.segments)
        and (segment := recording.segments[at]).speaker in labels
    )


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
    is_told = SECOND_PERSON.search(clause) and not FIRST_PERSON.search(clause)
    if not asks and (is_told or GUEST.search(segment.text)):
        return named | (recording.names.speakers.keys() - own)
    if asks or (named and not FIRST_PERSON.search(clause)):
        return named
    if FIRST_PERSON.search(clause):
        return named | own
    return own | _labels_in(recording, segment.text)


def _shared(clause: str, prose: str) -> int:
    return len(set(map(root, words_of(clause))) & set(map(root, words_of(prose))) - STOP)


def _labels_in(recording: Recording, text: str) -> set[str]:
    return {label for word in words_of(text) for label in recording.names.speakers_called(word)}
