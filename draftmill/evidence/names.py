"""The names in a draft, and those that were said, that speak, or that the owner wrote down."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from draftmill.evidence import units
from draftmill.evidence.tokens import SHORT_SCALES, words_of
from draftmill.language.lists import STOP, listed
from draftmill.language.tags import tagged
from draftmill.transcripts.segments import Segment

WORD = re.compile(r"[^\W\d_](?:[\w\u2019'.&-]*\w)?")
CALLED_SO = re.compile(
    r"(?<!\w)(?i:my|his|her|our|their|your|the|a|an) ([a-z]{3,30})(?:,|(?: is| was)? (?:called|named))?"
    r" ([A-Z][\w\u2019'-]*)"
)
PART = re.compile(r"(?<=-)[A-Z][\w\u2019']*")  # behind a hyphen of a name
POSSESSIVE = re.compile(r"['\u2019]s?$")
OPENERS = ".!?:\u2026\n\u2014"  # behind one of them a sentence, or a part of one, begins
# "0:26 Shallots and rice": behind the time of a chapter, a line begins.
LEADING_TIME = re.compile(r"\n[ \t\[(]{0,3}\d{1,2}(?::[0-5]\d){1,2}[\])]?[ \t\u2013\u2014-]{1,4}\Z")
LONGEST_LEADING = 18  # characters
INTRODUCED = re.compile(
    r"(?i:\bmy\s+name(?:'s|\s+is)|\bi\s+am|\bi'm|\bguests?(?:\s+\w+){0,2}\s+(?:is|are)|\bjoined\s+by"
    r"|\bwelcome|\bwith\s+me|\bspeaker\s+is)\s+((?:[A-Z][\w'\u2019-]*\s?){1,3})"
)
INTRODUCED_IN_CAPTIONS = re.compile(r"\bmy name(?:'s| is) ([a-z]{2,})\b")
# Languages that write every noun with a capital: there, a capital tells nothing.
CAPITAL_NOUNS = ("de", "lb", "nds", "gsw")
# They name no person, place or thing: written with a capital, but a word like others.
NO_NAMES = listed(
    """
    i i'm i'd i've i'll ok okay mr mrs ms dr markdown q&a faq pdf ceo cto tv host speaker guest
    moderator interviewer interviewee presenter narrator caller panelist english part chapter
    """
)
NOT_CALLED = STOP | NO_NAMES | {"im", "id", "ive", "ill"}  # "the day I left": nobody is called so
SHORTEST_NEAR = 3  # letters of a word that may be a misspelled name
MOST_NAMESAKES = 8  # a word that more speakers are called by names none of them
MEASURED = re.compile(r"[\d°]\s?\Z")
SHORT_UNITS = frozenset(("am", "pm", "utc", *SHORT_SCALES, "m"))
TAGGED = 200  # characters behind a word that tell what part of speech it is


@dataclass(frozen=True)
class Name:
    """A name in a text: how it stands there, and the word that is looked for."""

    text: str
    word: str


class Names:
    """Every name and word that a draft may use, and where each was said."""

    def __init__(
        self, segments: Sequence[Segment], owners: str, *, english: bool, language: str
    ) -> None:
        self.english = english
        self.judged = english or not language.casefold().startswith(CAPITAL_NOUNS)
        self.said: dict[str, set[int]] = defaultdict(set)
        self.written: set[str] = set()
        self._spelled: dict[str, str] = {}
        self._write_down(owners)
        for at, segment in enumerate(segments):
            for word in words_of(segment.text, english=english):
                self.said[word].add(at)
            self._write_down(segment.text)
        self._roles: dict[str, set[str]] = {}
        for segment in segments:
            for role, called in _called_so(segment.text):
                self._roles.setdefault(role, set()).add(called)
        self.owners = set(words_of(owners, english=english))
        self.speakers = _speakers(segments)
        self._called = _by_word(self.speakers)
        self.everywhere = self.owners | _introduced(segments, self.speakers)
        self.of_speakers = self.everywhere.union(*self.speakers.values()) - self.owners
        self.written.update(self.of_speakers)
        self.written -= STOP | NO_NAMES

    def _write_down(self, text: str) -> None:
        for match in WORD.finditer(text):
            if match.group()[0].isupper():
                word = _word(match.group())
                self._spelled.setdefault(word, POSSESSIVE.sub("", match.group()))
                if not _opens_sentence(text, match.start()):
                    self.written.add(word)

    def spelled(self, word: str) -> str:
        """A name as it is written with its capitals, "" for none."""
        return self._spelled.get(word, word.capitalize())

    def in_text(self, text: str) -> list[Name]:
        """The names in a text, each once; none where the language does not tell them apart."""
        if not self.judged:
            return []
        found: dict[str, Name] = {}
        for match in WORD.finditer(text):
            if not match.group()[0].isupper():
                continue
            name = Name(match.group(), _word(match.group()))
            if name.word and name.word not in found and self._is_name(text, match, name):
                found[name.word] = name
            for part in PART.findall(match.group()):
                if (word := _word(part)) and not self._is_plain(word):
                    found.setdefault(word, Name(match.group(), word))
        return list(found.values())

    def known(self, word: str) -> bool:
        """Whether a word was said, written by the owner, or names a speaker."""
        return any(one in self.said or one in self.everywhere for one in _forms(word)) or bool(
            self.speakers_called(word)
        )

    def said_in(self, word: str, sentences: Iterable[int]) -> bool:
        """Whether one of the sentences holds a word, or it counts everywhere."""
        forms = _forms(word)
        if any(one in self.everywhere for one in forms):
            return True
        return any(at in self.said[one] for one in forms if one in self.said for at in sentences)

    def instead(self, name: Name, text: str) -> str:
        """Who was said to be what a text calls this one: "the pilot, Reg". "" where nobody was."""
        for role, called in _called_so(text):
            others = self._roles.get(role, set())
            if called == name.word and others and called not in others:
                return self.spelled(min(others))
        return ""

    def speakers_called(self, word: str) -> set[str]:
        """The speakers whose name holds a word."""
        return self._called.get(word, set())

    def near(self, word: str) -> str:
        """The name that a word may misspell, "" for none."""
        if len(word) < SHORTEST_NEAR or word in self.said:
            return ""
        most = 1 if len(word) < 8 else 2
        ranked = sorted((distance(word, one, most), one) for one in self.written if one != word)
        return ranked[0][1] if ranked and ranked[0][0] <= most else ""

    def _is_plain(self, word: str) -> bool:
        return word in STOP or word in NO_NAMES

    def _is_name(self, text: str, match: re.Match[str], name: Name) -> bool:
        raw = POSSESSIVE.sub("", name.text)
        if _is_unit(text, match.start(), name.word):
            return False
        if self._is_plain(name.word):
            return False
        if not _opens_sentence(text, match.start()):
            return True
        if any(letter.isupper() for letter in raw[1:]) or name.word in self.written:
            return True
        if not self.english:
            return False
        return bool(self.near(name.word)) or self._tagged_as_name(text, match, name)

    def _tagged_as_name(self, text: str, match: re.Match[str], name: Name) -> bool:
        if name.word in self.said:  # said in small letters: a word like others
            return False
        tags = tagged(" ".join(text[match.start() : match.start() + TAGGED].split()[:6]))
        return bool(tags) and tags[0][1] == "NP0"


def _called_so(text: str) -> Iterator[tuple[str, str]]:
    """What people are in a text, and their names: "my wife Abi", "the pilot, Reg"."""
    for match in CALLED_SO.finditer(text):
        called = _word(match[2])
        if match[1] not in STOP and called and called not in NOT_CALLED:
            yield match[1], called


def _is_unit(text: str, at: int, word: str) -> bool:
    """Whether a word is the unit of a number: "18 °C", "4 TB", "3 AM"."""
    if not MEASURED.search(text[max(0, at - 2) : at]):
        return False
    return word in units.SPELLED or word in units.LETTERS or word in SHORT_UNITS


def distance(one: str, other: str, most: int) -> int:
    """How many letters differ: changed, left out, added or exchanged; more than `most` is `most` + 1."""
    if abs(len(one) - len(other)) > most or (one[0] != other[0] and one[1:2] != other[1:2]):
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, compared in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != compared))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == compared:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return min(row[-1], most + 1)


def _forms(word: str) -> tuple[str, ...]:
    """A name and its plural or singular."""
    is_plural = word.endswith("s") and not word.endswith("ss")
    return (word, word[:-1]) if is_plural else (word, f"{word}s")


def _word(text: str) -> str:
    found = words_of(POSSESSIVE.sub("", text))
    return found[0] if found else ""


def _opens_sentence(text: str, at: int) -> bool:
    """Whether nothing stands before a place but what may stand before the first word of a sentence."""
    before = ("\n" + text[:at]) if at < LONGEST_LEADING else text[at - LONGEST_LEADING : at]
    if LEADING_TIME.search(before):
        return True
    while at and not (text[at - 1].isalnum() or text[at - 1] == "_"):
        at -= 1
        if text[at] in OPENERS:
            return True
    return at == 0


def _speakers(segments: Sequence[Segment]) -> dict[str, set[str]]:
    """The words that each speaker is called by: those of the label, and a name beside them."""
    called = {s.speaker: set(words_of(s.speaker)) for s in segments if s.speaker}
    by_word = _by_word(called)
    for segment in segments:
        for run in re.findall(r"(?:[A-Z][\w'\u2019-]+\s?){2,3}", segment.text):
            words = set(words_of(run))
            known = [by_word[word] for word in words if word in by_word]
            labels = set[str]().union(*(of for of in known if len(of) <= MOST_NAMESAKES))
            if words & STOP:
                continue
            for label in labels:
                called[label].update(words)
                for word in words:
                    by_word.setdefault(word, set()).add(label)
    return called


def _by_word(called: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """The speakers that a word names."""
    found: dict[str, set[str]] = {}
    for label, words in called.items():
        for word in words:
            found.setdefault(word, set()).add(label)
    return found


def _introduced(segments: Sequence[Segment], speakers: dict[str, set[str]]) -> set[str]:
    """Who speaks, when nobody or only one is labelled: as they introduce themselves."""
    found: set[str] = set()
    if len(speakers) > 1:
        return found
    for segment in segments[:60]:
        for match in INTRODUCED.finditer(segment.text):
            found.update(words_of(match[1]))
        found.update(INTRODUCED_IN_CAPTIONS.findall(segment.text))
    found.update(word for words in speakers.values() for word in words)
    return found - STOP
