"""A title, a subject or a preview: a line that stands alone, held to the whole recording."""

import re
from collections.abc import Iterable, Iterator

from draftmill.evidence import numbers
from draftmill.evidence.blocks import Text, hash_of
from draftmill.evidence.checks import check
from draftmill.evidence.counting import Number
from draftmill.evidence.numbers import SMALL_WORDS
from draftmill.evidence.recording import Recording
from draftmill.evidence.records import Flaw
from draftmill.evidence.sentences import sentences_in

LONG_WORD = re.compile(r"[^\W\d_]{4,}")


def check_line(recording: Recording, line: str) -> list[Flaw]:
    """What is quoted, counted or named in a line, and nowhere in the recording."""
    block = Text("heading", line, hash_of(line))
    sentences = sentences_in(block)
    found = recording.grounds.ask([one.text for one in sentences])
    flaws: list[Flaw] = []
    for sentence, one in zip(sentences, found, strict=True):
        flaws += check(recording, block, sentence, one).problems
        flaws += alone(recording, sentence.prose)
    return list(dict.fromkeys(flaws))


def alone(recording: Recording, prose: str) -> list[Flaw]:
    """What is counted or named in words that stand alone, and nowhere in the recording."""
    return [*_numbers(recording, prose), *_names(recording, prose)]


def _numbers(recording: Recording, prose: str) -> Iterator[Flaw]:
    told = numbers.numbers_in(prose, english=recording.english)
    said = [number for of_one in recording.numbers for number in of_one] if told else []
    for number in told:
        if not recording.judges(number) or _only_counts(number, said):
            continue
        if not numbers.holds(number, said):
            yield Flaw("number", number.text)


def _only_counts(number: Number, said: Iterable[Number]) -> bool:
    """Whether a number counts what the writer found, as "Five lessons" does."""
    if not numbers.is_counted(number):
        return True
    return number.value <= SMALL_WORDS and all(
        other.ordinal or not other.unit or other.unit != number.unit for other in said
    )


def _names(recording: Recording, prose: str) -> Iterator[Flaw]:
    """Names that nobody said. Where each word has a capital, only misspelled ones tell: check's."""
    capitals = [word[0].isupper() for word in LONG_WORD.findall(prose)]
    if 2 * sum(capitals) > len(capitals):
        return
    known = recording.names
    for name in known.in_text(prose):
        if not known.known(name.word) and not known.near(name.word):
            yield Flaw("name", name.text)
