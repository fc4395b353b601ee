"""What every draft without a model is built from: title, opening line, chapters with passages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import PurePath

from draftmill.language import is_english
from draftmill.language.announcements import announced_in
from draftmill.language.passages import SAME_PASSAGE, SAME_SENTENCE, Passage, Reading, apart
from draftmill.language.phrases import alike, topics
from draftmill.language.topics import announced, announced_part, as_label
from draftmill.language.words import capitalised, plain, shortened, trimmed
from draftmill.projects.screenshots import Screenshot
from draftmill.transcripts.chapters import Chapter
from draftmill.writers.material import Material
from draftmill.writers.outline.sharing import Hand, dealt

WEAK = 0.55  # of the best passage's score: a chapter's passage below this is left out
WEAK_ALONE = 0.65  # the same for single sentences
LONG_CHAPTER_S = 150.0  # from here on a second passage is worth its place
ROUGH = 0.15  # share of sentences that stand alone, below which speech is rough
SHORT_S = 180.0  # a recording below this is shown as a whole: all that reads well, every slide
SETTLING_S = 2.0  # a slide that leaves the screen this soon belongs to the chapter before
TITLE_LENGTH = 90
TOPICS = 3


@dataclass(frozen=True)
class Section:
    """A chapter with what is shown of it.

    `single` is a sentence for a chapter without passages, as in a meeting where everybody
    says one sentence at a time.
    """

    chapter: Chapter
    first: int
    last: int
    passages: tuple[Passage, ...] = ()
    single: Passage | None = None
    screenshots: tuple[Screenshot, ...] = ()


@dataclass
class Outline:
    """One recording, read once, for any layout."""

    material: Material
    reading: Reading = field(init=False)
    english: bool = field(init=False)

    def __post_init__(self) -> None:
        segments = self.material.segments
        self.english = is_english(self.material.language, [s.text for s in segments])
        self.reading = Reading(segments, english=self.english, language=self.material.language)

    @property
    def rough(self) -> bool:
        return self.english and self.reading.share_alone < ROUGH

    @property
    def soft(self) -> bool:
        """Whether sentence ends are guesses, as in captions without full stops."""
        return not self.reading.punctuated and bool(self.reading.sentences)

    @property
    def short(self) -> bool:
        length_s = max((s.end_s for s in self.material.segments), default=0.0)
        return max(self.material.duration_s, length_s) < SHORT_S

    @cached_property
    def several(self) -> bool:
        """Whether two or more speak and one is known by name: then each quotation names its own.

        Sentences without a name count as a voice.
        """
        return len({s.segment.speaker for s in self.reading.sentences}) > 1

    @cached_property
    def topics(self) -> list[str]:
        """At most three: what the speaker calls his parts, then phrases. English only."""
        if not self.english:
            return []
        found = [topic for topic in map(self._called, self.spans) if topic][:TOPICS]
        texts = [s.text for s in self.reading.sentences if s.whole]
        texts = texts or [s.text for s in self.reading.sentences]
        for phrase in topics(texts, 2 * TOPICS, self.reading.names):
            if len(found) < TOPICS and not any(alike(phrase, other) for other in found):
                found.append(phrase)
        return found

    @property
    def title(self) -> str:
        return self.titled(TITLE_LENGTH)

    def titled(self, limit: int) -> str:
        """A title of at most `limit` characters.

        The person's own, else the announced topic, else a phrase, else the file's name.
        """
        limit = limit or TITLE_LENGTH
        said = [s.segment for s in self.reading.sentences]
        topic = announced(said) if self.english else announced_in(said, self.material.language)
        if self.material.title or topic:
            return trimmed(plain(self.material.title or topic), limit)
        first = self.material.chapters[0].title if self.material.chapters else "Untitled"
        fallback = _from_file(self.material.file_name) or first
        return self.named(limit) or shortened(plain(fallback), limit)

    def named(self, limit: int) -> str:
        """The first topic that fits into a title of `limit` characters, "" for none."""
        titles = map(as_label, self.topics)
        return next((title for title in titles if not limit or len(title) <= limit), "")

    def _called(self, section: "Section") -> str:
        """What the speaker calls a chapter that is titled so, with its article."""
        said = [s.segment for s in self.reading.sentences[section.first : section.last]]
        topic = announced_part(said, self.reading.names)
        return topic if topic and as_label(topic) == section.chapter.title else ""

    @cached_property
    def spans(self) -> list[Section]:
        """The chapters with the places of their sentences."""
        segments = [sentence.segment for sentence in self.reading.sentences]
        chapters = self.material.chapters
        found: list[Section] = []
        first = 0
        for at, chapter in enumerate(chapters):
            last = len(segments)
            if at + 1 < len(chapters):
                opens = chapters[at + 1].start_s
                last = next((n for n in range(first, last) if segments[n].start_s >= opens), last)
            found.append(Section(chapter, first, last))
            first = last
        return found

    @cached_property
    def sections(self) -> list[Section]:
        """The chapters with their passages and pictures, each picture at most once."""
        passages = self._all_passages() if self.short else self._passages()
        taken = list(passages)
        shots = list(self.material.screenshots)
        found: list[Section] = []
        for section, singles in zip(self.spans, self._ranked_singles, strict=True):
            shown = tuple(self._shown(section.chapter, shots))
            shots = [shot for shot in shots if shot not in shown]
            own = tuple(p for p in passages if section.first <= p.first < section.last)
            single = None if own else next((p for p in singles if apart(p, taken)), None)
            taken += [single] if single else []
            found.append(replace(section, passages=own, single=single, screenshots=shown))
        return found

    def _shown(self, chapter: Chapter, shots: Sequence[Screenshot]) -> list[Screenshot]:
        """The slide of a chapter; in a short recording all of them, each where it is nearest."""
        if not self.short:
            return [shot for shot in shots if _shown_in(shot, chapter)][:1]
        chapters = self.material.chapters
        return [s for s in shots if min(chapters, key=lambda c: _distance(s, c)) is chapter]

    def singles(self, hand: Hand) -> list[Passage]:
        """The sentences that one of the drafts says, best first; no posts of captions' guesses."""
        return self._hands[hand]

    @cached_property
    def _hands(self) -> dict[Hand, list[Passage]]:
        shown = [p for s in self.sections for p in (*s.passages, *([s.single] if s.single else []))]
        hands = dealt(self._ranked_singles, shown)
        return {"digest": hands["digest"], "thread": [], "post": []} if self.soft else hands

    @cached_property
    def _ranked_singles(self) -> list[list[Passage]]:
        """The sentences of each chapter that may be quoted alone, best first."""
        ranked = [self._named(self.reading.singles(s.first, s.last)) for s in self.spans]
        return _without_weak(ranked, WEAK_ALONE)

    def _named(self, passages: Sequence[Passage]) -> list[Passage]:
        """Those whose speaker is known, where several speak."""
        return [p for p in passages if p.speaker or not self.several]

    def _passages(self) -> list[Passage]:
        ranked = [self._named(self.reading.passages(s.first, s.last)) for s in self.spans]
        ranked = _without_weak(ranked, WEAK)
        chosen = _one_each(ranked, [], SAME_PASSAGE)
        long = [
            of_chapter
            for of_chapter, section in zip(ranked, self.spans, strict=True)
            if section.chapter.end_s - section.chapter.start_s >= LONG_CHAPTER_S
        ]
        chosen += _one_each(long, chosen, SAME_SENTENCE)
        return sorted(chosen, key=lambda passage: passage.first)

    def _all_passages(self) -> list[Passage]:
        """All that reads well, in the order of time: in a short recording nothing is left out."""
        found = [p for s in self.spans for p in self.reading.stretches(s.first, s.last)]
        chosen: list[Passage] = []
        for passage in self._named(found):
            if apart(passage, chosen, SAME_PASSAGE):
                chosen.append(passage)
        return chosen


def _shown_in(shot: Screenshot, chapter: Chapter) -> bool:
    return shot.end_s > chapter.start_s + SETTLING_S and shot.time_s < chapter.end_s


def _distance(shot: Screenshot, chapter: Chapter) -> tuple[bool, float]:
    """How far a slide lies from a chapter: nearest are those in which it is shown."""
    away_s = max(0.0, chapter.start_s - shot.end_s, shot.time_s - chapter.end_s)
    return not _shown_in(shot, chapter), away_s


def _without_weak(ranked: Sequence[Sequence[Passage]], share: float) -> list[list[Passage]]:
    best = max((p.score for of_chapter in ranked for p in of_chapter), default=0.0)
    return [[p for p in of_chapter if p.score >= share * best] for of_chapter in ranked]


def _one_each(
    ranked: Sequence[Sequence[Passage]], chosen: Sequence[Passage], limit: float
) -> list[Passage]:
    """The best passage of each chapter that repeats none chosen before."""
    found: list[Passage] = []
    for of_chapter in ranked:
        best = next((p for p in of_chapter if apart(p, [*chosen, *found], limit)), None)
        if best:
            found.append(best)
    return found


def _from_file(name: str) -> str:
    """A title from "Stadtklima_2024.mp4", "" from a camera's "GX010034.MP4"."""
    words = re.split(r"[\s_.-]+", PurePath(name).stem)
    telling = [word for word in words if len(word) > 3 and word.isalpha()]
    return capitalised(plain(" ".join(words))) if telling else ""
