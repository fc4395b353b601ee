"""A transcript as the model reads it, cut to what fits its context. Chapters are never lost."""

import re
from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from draftmill.language.words import content_words
from draftmill.projects.screenshots import Screenshot
from draftmill.transcripts.chapters import Chapter
from draftmill.transcripts.segments import Segment
from draftmill.writers.markdown import time_link
from draftmill.writers.material import Material

WORDS_A_PARAGRAPH = 60
PAUSE_S = 8.0
PICTURES_A_CHAPTER = 5
FEWEST_WORDS = 5
GAP = "[\u2026] "

# Chat formats mark turns with such signs, and some servers obey them inside a message too.
TURN_MARKS = re.compile(
    r"""(?x)<(?=[|｜]) | (?<=[|｜])> | <(?=</?SYS>>)
      | \[(?=/?(?:[A-Z]{2,20}(?:_[A-Z]{2,20}){1,3}|INST|THINK|ARGS|IMG|AUDIO|PREFIX|SUFFIX|MIDDLE|gMASK)\])
      | <(?=/?(?i:s|[bes]o[sp]|pad|unk|mask|cls|sep|think(?:ing)?|thought|reasoning|answer|tools?|system|user
        |assistant|unused\d{1,4}|[a-z]{1,20}(?:_[a-z0-9]{1,20}){1,3})>)"""
)
UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
LETTERS = re.compile(r"[A-Za-z ]+")
# What a recording says in the form of our numbers is no number of ours.
LIKE_A_NUMBER = re.compile(r"[\[(](s\d+)[\])]", re.IGNORECASE)

Place = tuple[int, int]  # of a sentence: its window, and its number in there


def tokens(text: str) -> int:
    """How many tokens a text may take, rather too many: no server tells before it is asked."""
    ascii_only = text if text.isascii() else text.encode("ascii", "ignore").decode()
    letters = sum(map(len, LETTERS.findall(ascii_only)))
    signs = len(ascii_only) - letters
    dense = 0 if text.isascii() else len(text.encode("utf-8", "replace")) - len(ascii_only)
    return int(letters / 3.7 + signs * 0.8 + dense * 0.5) + 1


def plain(text: str) -> str:
    """Words of a recording as data: on one line, without unseen signs and chat marks."""
    text = " ".join(UNSEEN.sub(" ", text).split())
    return TURN_MARKS.sub(r" \g<0> ", text)


@dataclass(frozen=True)
class Style:
    """How the material is offered: the same for every content type, so that it is read once.

    `numbers` are what the model cites sentences by.
    """

    timed: bool
    numbers: Mapping[Place, int] = field(default_factory=dict)

    @classmethod
    def of(cls, material: Material) -> "Style":
        return cls(material.timed, {place(s): n for n, s in enumerate(material.segments, 1)})

    def time(self, time_s: float) -> str:
        return f"{time_link(time_s)} " if self.timed else ""

    def number(self, segment: Segment) -> str:
        return f"[s{self.numbers.get(place(segment), 0)}]"

    def sentence(self, segment: Segment) -> str:
        """A sentence behind its number."""
        return f"{self.number(segment)} {said(segment.text)} "


def place(segment: Segment) -> Place:
    """What tells a sentence from all others of its transcript."""
    return segment.window, segment.n


def said(text: str) -> str:
    """Spoken words as data, in which nothing looks like a sentence's number."""
    return LIKE_A_NUMBER.sub(r"\1", plain(text))


@dataclass(frozen=True)
class Part:
    """A chapter with its sentences and pictures, and later what was noted of it."""

    chapter: Chapter
    segments: tuple[Segment, ...]
    pictures: tuple[Screenshot, ...] = ()
    notes: str = ""

    def text(self, style: Style) -> str:
        """The part as the model reads it."""
        heading = said(self.chapter.title) or "The recording"
        lines = [f"## {style.time(self.chapter.start_s)}{heading}"]
        lines += [_picture(shot, self.segments, style) for shot in self.pictures]
        lines += [self.notes] if self.notes else paragraphs(self.segments, style)
        return "\n".join(lines)


def parts_of(material: Material) -> list[Part]:
    """The material by chapters; one part when there are none."""
    chapters = material.chapters or (Chapter(1, 0.0, material.duration_s, ""),)
    starts = [chapter.start_s for chapter in chapters]
    segments: list[list[Segment]] = [[] for _ in chapters]
    pictures: list[list[Screenshot]] = [[] for _ in chapters]
    for segment in material.trusted:
        segments[max(0, bisect_right(starts, segment.start_s) - 1)].append(segment)
    for shot in material.screenshots:
        pictures[max(0, bisect_right(starts, shot.time_s) - 1)].append(shot)
    return [
        Part(chapter, tuple(said), _longest_seen(seen))
        for chapter, said, seen in zip(chapters, segments, pictures, strict=True)
    ]


def text_of(parts: Sequence[Part], style: Style) -> str:
    """All parts as the model reads them."""
    return "\n\n".join(part.text(style) for part in parts)


def paragraphs(segments: Sequence[Segment], style: Style) -> list[str]:
    """Lines of some numbered sentences each, the speaker in front; a gap is marked."""
    lines: list[list[str]] = []
    words = 0
    last: Segment | None = None
    for segment in segments:
        new_voice = last is None or segment.speaker != last.speaker
        gap = last is not None and _left_out_between(last, segment)
        pause = last is not None and not gap and segment.start_s - last.end_s > PAUSE_S
        if new_voice or pause or words > WORDS_A_PARAGRAPH:
            lines.append([f"{said(segment.speaker)}: " if segment.speaker else ""])
            words = 0
        lines[-1].append(f"{GAP if gap else ''}{style.sentence(segment)}")
        words += segment.text.count(" ") + 1
        last = segment
    return ["".join(line).strip() for line in lines]


def shares(parts: Sequence[Part], style: Style, room: int) -> list[int]:
    """How many of `room` tokens each part gets, in proportion to what was said in it."""
    sizes = [tokens(part.text(style)) for part in parts]
    headings = [tokens(replace(part, segments=(), notes="").text(style)) for part in parts]
    spare, said = room - sum(headings), max(1, sum(sizes) - sum(headings))
    return [
        heading + max(0, spare) * (size - heading) // said
        for heading, size in zip(headings, sizes, strict=True)
    ]


def cut(parts: Sequence[Part], style: Style, room: int) -> list[Part]:
    """The parts without their least useful sentences, so that they fit into `room` tokens."""
    counts = Counter(word for part in parts for s in part.segments for word in set(_words(s)))
    return [
        _cut_part(part, style, share, counts)
        for part, share in zip(parts, shares(parts, style, room), strict=True)
    ]


def pieces(part: Part, style: Style, room: int) -> list[Part]:
    """A part in pieces of at most `room` tokens each, cut between sentences."""
    pieces: list[list[Segment]] = [[]]
    size = 0
    for segment in (bit for s in part.segments for bit in _bits(s, room // 2)):
        cost = tokens(style.sentence(segment)) + 4
        if pieces[-1] and size + cost > room:
            pieces.append([])
            size = 0
        pieces[-1].append(segment)
        size += cost
    return [replace(part, segments=tuple(piece)) for piece in pieces]


def clipped(text: str, room: int) -> str:
    """The first lines, and of the line that is too long the first words, that fit."""
    kept: list[str] = []
    for line in text.splitlines():
        room -= tokens(line) + 1
        if room < 0:
            break
        kept.append(line)
    return "\n".join(kept)


def _cut_part(part: Part, style: Style, share: int, counts: Counter[str]) -> Part:
    worst_first = deque(sorted(part.segments, key=lambda s: _usefulness(s, counts)))
    while worst_first and (excess := tokens(part.text(style)) - share) > 0:
        dropped: set[int] = set()
        while worst_first and excess > 0:
            segment = worst_first.popleft()
            dropped.add(id(segment))
            excess -= tokens(style.sentence(segment))
        kept = tuple(segment for segment in part.segments if id(segment) not in dropped)
        part = replace(part, segments=kept)
    return part


def _usefulness(segment: Segment, counts: Counter[str]) -> float:
    """Sentences about what the recording speaks of often; the shortest ones rarely matter."""
    words = _words(segment)
    if len(segment.text.split()) < FEWEST_WORDS or not words:
        return 0.0
    return float(sum(min(counts[word], 10) for word in words) / (len(words) + 3))


def _words(segment: Segment) -> list[str]:
    return content_words(segment.text)


def _bits(segment: Segment, room: int) -> list[Segment]:
    """A sentence that alone would not fit, in bits that do."""
    count = -(-tokens(segment.text) // max(1, room))
    if count <= 1:
        return [segment]
    size = -(-len(segment.text) // count)
    texts = [segment.text[at : at + size] for at in range(0, len(segment.text), size)]
    return [replace(segment, text=text, words=()) for text in texts]


def _left_out_between(last: Segment, segment: Segment) -> bool:
    """Sentences count up by one within a window of the recording."""
    return segment.window == last.window and segment.n > last.n + 1


def _longest_seen(shots: Sequence[Screenshot]) -> tuple[Screenshot, ...]:
    longest = sorted(shots, key=lambda shot: shot.time_s - shot.end_s)[:PICTURES_A_CHAPTER]
    return tuple(sorted(longest, key=lambda shot: shot.n))


def _picture(shot: Screenshot, segments: Sequence[Segment], style: Style) -> str:
    """A picture's mark, and the sentence from which on it is seen."""
    seen = next((s for s in segments if s.end_s > shot.time_s), None)
    since = f" seen from {style.number(seen)}" if seen else ""
    return f"![](shot:{shot.n}){since}"
