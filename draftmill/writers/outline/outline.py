"""What every draft without a model is built from: title, opening line, chapters with passages."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import PurePath

from draftmill.language import is_english
from draftmill.language.passages import SAME_PASSAGE, SAME_SENTENCE, Passage, Reading, apart
from draftmill.language.phrases import alike, joined, topics
from draftmill.language.topics import announced, announced_part, as_label
from draftmill.language.words import capitalised, plain, shortened, trimmed
from draftmill.projects.screenshots import Screenshot
from draftmill.transcripts.chapters import Chapter
from draftmill.writers.material import Material

WEAK = 0.55  # of the best passage's score: a chapter's passage below this is left out
WEAK_ALONE = 0.65  # the same for single sentences
LONG_CHAPTER_S = 150.0  # from here on a second passage is worth its place
ROUGH = 0.15  # share of sentences that stand alone, below which speech is rough
MOSTLY = 0.5
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
    screenshot: Screenshot | None = None


@dataclass
class Outline:
    """One recording, read once, for any layout."""

    material: Material
    reading: Reading = field(init=False)
    english: bool = field(init=False)

    def __post_init__(self) -> None:
        segments = self.material.segments
        self.english = is_english(self.material.language, [s.text for s in segments])
        self.reading = Reading(segments, english=self.english)

    @property
    def rough(self) -> bool:
        return self.english and self.reading.share_alone < ROUGH

    @property
    def soft(self) -> bool:
        """Whether most sentence ends are guesses, as in captions without full stops."""
        return self.reading.share_soft > MOSTLY

    @cached_property
    def topics(self) -> list[str]:
        """At most three: what the speaker calls his parts, then phrases. English only."""
        if not self.english:
            return []
        found = [topic for topic in map(self._called, self.spans) if topic][:TOPICS]
        texts = [s.text for s in self.reading.sentences if s.whole]
        for phrase in topics(texts or [s.text for s in self.reading.sentences], 2 * TOPICS):
            if len(found) < TOPICS and not any(alike(phrase, other) for other in found):
                found.append(phrase)
        return found

    @property
    def title(self) -> str:
        return self.titled(TITLE_LENGTH)

    def titled(self, limit: int) -> str:
        """A title of at most `limit` characters.

        The person's own, else the announced topic, else phrases, else the file's name.
        """
        limit = limit or TITLE_LENGTH
        topic = announced(self.material.segments) if self.english else ""
        if self.material.title or topic:
            return trimmed(plain(self.material.title or topic), limit)
        first = self.material.chapters[0].title if self.material.chapters else "Untitled"
        fallback = _from_file(self.material.file_name) or first
        return self.named(limit) or shortened(plain(fallback), limit)

    def named(self, limit: int) -> str:
        """As many topics as fit into a title of `limit` characters, "" for none."""
        titles = (as_label(joined(self.topics[:count])) for count in range(len(self.topics), 0, -1))
        return next((title for title in titles if not limit or len(title) <= limit), "")

    def _called(self, section: "Section") -> str:
        """What the speaker calls a chapter that is titled so, with its article."""
        topic = announced_part(self.material.segments[section.first : section.last])
        return topic if topic and as_label(topic) == section.chapter.title else ""

    @cached_property
    def spans(self) -> list[Section]:
        """The chapters with the places of their sentences."""
        segments = self.material.segments
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
        passages = self._passages()
        taken = list(passages)
        shots = list(self.material.screenshots)
        found: list[Section] = []
        for section, singles in zip(self.spans, self._ranked_singles, strict=True):
            shot = next((s for s in shots if _shown_in(s, section.chapter)), None)
            if shot:
                shots.remove(shot)
            own = tuple(p for p in passages if section.first <= p.first < section.last)
            single = None if own else next((p for p in singles if apart(p, taken)), None)
            taken += [single] if single else []
            found.append(replace(section, passages=own, single=single, screenshot=shot))
        return found

    def singles(
        self, count: int, fitting: Callable[[str], bool] = lambda text: True
    ) -> list[Passage]:
        """Sentences that stand alone, in the order of time: one a chapter, then the next best."""
        ranked = [[p for p in chapter if fitting(p.text)] for chapter in self._ranked_singles]
        chosen = sorted(_one_each(ranked, [], SAME_SENTENCE), key=_score)[:count]
        for passage in sorted((p for chapter in ranked for p in chapter), key=_score):
            if len(chosen) >= count:
                break
            if apart(passage, chosen, SAME_SENTENCE):
                chosen.append(passage)
        return sorted(chosen, key=lambda passage: passage.first)

    @cached_property
    def _ranked_singles(self) -> list[list[Passage]]:
        ranked = [self.reading.singles(s.first, s.last) for s in self.spans]
        if not self.soft:
            ranked = [[p for p in of_chapter if not p.soft] for of_chapter in ranked]
        return _without_weak(ranked, WEAK_ALONE)

    def _passages(self) -> list[Passage]:
        ranked = [self.reading.passages(s.first, s.last) for s in self.spans]
        ranked = _without_weak(ranked, WEAK)
        chosen = _one_each(ranked, [], SAME_PASSAGE)
        long = [
            of_chapter
            for of_chapter, section in zip(ranked, self.spans, strict=True)
            if section.chapter.end_s - section.chapter.start_s >= LONG_CHAPTER_S
        ]
        chosen += _one_each(long, chosen, SAME_SENTENCE)
        return sorted(chosen, key=lambda passage: passage.first)


def _score(passage: Passage) -> float:
    """Sorts the best first."""
    return -passage.score


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


def _shown_in(shot: Screenshot, chapter: Chapter) -> bool:
    return shot.end_s > chapter.start_s + SETTLING_S and shot.time_s < chapter.end_s
