"""Which sentences of a recording are worth quoting: passages of two to four, or single ones.

Near-repeats are told by the cosine of their vectors. The weights were tried on nine hours
of real speech.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from draftmill.language.asides import asides
from draftmill.language.cleaning import Cleaned, clean, tidied
from draftmill.language.courtesies import LEANING, asides_in
from draftmill.language.joining import Whole, has_end_mark, is_punctuated, wholes
from draftmill.language.lists import CHAT, CLAIM, NUMBER
from draftmill.language.names import is_called, speakers_names
from draftmill.language.standalone import dependent, incomplete
from draftmill.language.vectors import Vectors, meanings, unit
from draftmill.language.words import bare, bare_words, content_words
from draftmill.transcripts.segments import DOUBTFUL, SUNG, TURN, Segment

LONGEST_PASSAGE = 4  # sentences
MOST_WORDS = 95  # in a passage
LONGEST_PAUSE_S = 4.0  # inside a passage
EASY_LENGTH = 28  # words of a sentence that cost nothing
UNUSED = frozenset({DOUBTFUL, SUNG})
SAME_PASSAGE = 0.85
SAME_SENTENCE = 0.72


@dataclass(frozen=True)
class Sentence:
    """A cleaned sentence: `alone` may be quoted by itself, `whole` after others.

    `segment` is the whole sentence, `parts` the segments that it was cut into. A `soft` one is a
    stretch of captions without punctuation, shown without marks; an `aside` is no thought.
    """

    segment: Segment
    parts: tuple[Segment, ...]
    text: str
    stumbles: int
    alone: bool
    whole: bool
    soft: bool = False
    aside: bool = False

    @property
    def starts_s(self) -> float:
        """When its first shown word is said."""
        opening = bare_words(self.text)[:1]
        said = (word for word in self.segment.words if [bare(word.text)] == opening)
        first = next(said, None)
        return first.start_s if first else self.segment.start_s


@dataclass(frozen=True, eq=False)
class Passage:
    """Neighbouring sentences from `first` to before `last` (places in the recording)."""

    first: int
    last: int
    sentences: tuple[Sentence, ...]
    score: float
    vector: Vectors

    @property
    def text(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences)

    @property
    def start_s(self) -> float:
        return self.sentences[0].segment.start_s

    @property
    def starts_s(self) -> float:
        """When its first shown word is said: an opening that was left out came before."""
        return self.sentences[0].starts_s

    @property
    def speaker(self) -> str:
        return self.sentences[0].segment.speaker

    @property
    def end_s(self) -> float:
        return self.sentences[-1].segment.end_s

    @property
    def soft(self) -> bool:
        return any(sentence.soft for sentence in self.sentences)


class Reading:
    """A recording, read: its sentences, what each is about, and how telling its words are."""

    def __init__(self, segments: Sequence[Segment], *, english: bool, language: str = "") -> None:
        self.punctuated = is_punctuated(segments)
        found = wholes(segments)
        said = [one.segment for one in found]
        reasons = asides(said) if english else asides_in(said, language)
        self.names = speakers_names(said)
        self.sentences = [
            _read(one, reason, english, self.punctuated, self.names)
            for one, reason in zip(found, reasons, strict=True)
        ]
        self.vectors = meanings([sentence.text for sentence in self.sentences])
        counts = Counter(word for s in self.sentences for word in content_words(s.text))
        most = max(counts.values(), default=1)
        self._telling = {word: math.log1p(n) / math.log1p(most) for word, n in counts.items()}
        self._weights = np.array(
            [min(30, len(content_words(s.text))) for s in self.sentences], dtype=np.float32
        )
        self.whole = self.centre(0, len(self.sentences))

    def centre(self, first: int, last: int) -> Vectors:
        """What the sentences from `first` to before `last` are about together."""
        return unit(self._weights[first:last] @ self.vectors[first:last])

    @property
    def share_alone(self) -> float:
        """The share of sentences that stand alone, 0 to 1, without songs, greetings and the like."""
        own = [sentence for sentence in self.sentences if not sentence.aside]
        return sum(s.alone for s in own) / max(1, len(own))

    def passages(self, first: int, last: int) -> list[Passage]:
        """The best passage from each sentence that can open one, best first."""
        centre = self.centre(first, last)
        best = (self._longest_from(at, last, centre) for at in range(first, last))
        return _best_first(passage for passage in best if passage)

    def stretches(self, first: int, last: int) -> list[Passage]:
        """Everything that can be quoted, in the order of time: each passage as long as it goes."""
        centre = self.centre(first, last)
        found: list[Passage] = []
        at = first
        while at < last:
            if not self.sentences[at].alone:
                at += 1
                continue
            end = at + 1
            while end < min(at + LONGEST_PASSAGE, last) and _goes_on(
                self.sentences[at:end], self.sentences[end]
            ):
                end += 1
            found.append(self._passage(at, end, centre))
            at = end
        return found

    def singles(self, first: int, last: int) -> list[Passage]:
        """Every sentence that stands alone, as a passage of one, best first."""
        centre = self.centre(first, last)
        return _best_first(
            self._passage(at, at + 1, centre)
            for at in range(first, last)
            if self.sentences[at].alone
        )

    def _longest_from(self, at: int, last: int, centre: Vectors) -> Passage | None:
        if not self.sentences[at].alone:
            return None
        options: list[Passage] = []
        for end in range(at + 2, min(at + LONGEST_PASSAGE, last) + 1):
            if not _goes_on(self.sentences[at : end - 1], self.sentences[end - 1]):
                break
            passage = self._passage(at, end, centre)
            if len(passage.text.split()) > MOST_WORDS:
                break
            options.append(passage)
        return max(options, key=lambda passage: passage.score, default=None)

    def _passage(self, first: int, last: int, centre: Vectors) -> Passage:
        sentences = tuple(self.sentences[first:last])
        vector = self.centre(first, last)
        score = (
            0.8 * float(vector @ centre)
            + 0.5 * float(vector @ self.whole)
            + 0.6 * self._how_telling(sentences)
            + _manner(sentences)
        )
        return Passage(first, last, sentences, score, vector)

    def _how_telling(self, sentences: Sequence[Sentence]) -> float:
        words = [word for sentence in sentences for word in content_words(sentence.text)]
        return sum(self._telling[word] for word in words) / max(6, len(words))


def apart(passage: Passage, chosen: Sequence[Passage], limit: float = SAME_SENTENCE) -> bool:
    """Whether a passage neither overlaps nor nearly repeats one that was chosen."""
    texts = {bare_text for other in chosen for bare_text in _bare_texts(other)}
    return not any(
        (passage.first < other.last and other.first < passage.last)
        or float(passage.vector @ other.vector) > limit
        for other in chosen
    ) and not (texts & set(_bare_texts(passage)))


def _bare_texts(passage: Passage) -> list[str]:
    return [" ".join(bare_words(sentence.text)) for sentence in passage.sentences]


def _read(
    one: Whole, aside: str, english: bool, punctuated: bool, names: frozenset[str]
) -> Sentence:
    said = one.segment
    cleaned = clean(said.text) if english else Cleaned(tidied(said.text))
    leans = aside == LEANING
    aside = "" if leans else aside
    soft = not punctuated and not has_end_mark(said.text)
    shown = _unmarked(said.text, english) if soft else cleaned.text
    usable = bool(cleaned.text) and one.opens and one.ends and not aside
    usable = usable and not said.flags & UNUSED and not is_called(cleaned.text, names)
    whole = usable and not incomplete(cleaned.text, english)
    return Sentence(
        segment=said,
        aside=bool(aside) or not (one.opens and one.ends),
        parts=one.parts,
        text=shown,
        stumbles=cleaned.stumbles,
        alone=whole and not leans and not dependent(cleaned.text, english),
        whole=whole,
        soft=soft,
    )


def _unmarked(text: str, english: bool) -> str:
    return clean(text, ended=False).text if english else " ".join(text.split())


def _goes_on(said: Sequence[Sentence], sentence: Sentence) -> bool:
    before = said[-1]
    return (
        sentence.whole
        and sentence.segment.speaker == before.segment.speaker
        and TURN not in sentence.segment.flags
        and sentence.segment.start_s - before.segment.end_s <= LONGEST_PAUSE_S
        and bare_words(sentence.text) not in [bare_words(other.text) for other in said]
    )


def _manner(sentences: Sequence[Sentence]) -> float:
    """How it is said: claims and numbers count, chat, stumbles and long sentences cost."""
    text = " ".join(sentence.text for sentence in sentences)
    count = len(sentences)
    too_long = sum(max(0, len(s.text.split()) - EASY_LENGTH) for s in sentences)
    return (
        0.12 * bool(CLAIM.search(text))
        + 0.08 * bool(NUMBER.search(text))
        - 0.12 * len(CHAT.findall(text)) / count
        - 0.06 * sum(s.stumbles for s in sentences) / count
        - 0.3 * (count == 1 and bare_words(text)[0] == "first")
        - 0.015 * too_long / count
        - 0.15 * sum(s.soft for s in sentences) / count
    )


def _best_first(passages: Iterable[Passage]) -> list[Passage]:
    return sorted(passages, key=lambda passage: (-passage.score, passage.first))
