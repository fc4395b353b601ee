"""The four arrangements of an outline: article, newsletter, thread and single post."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from content_actions import ContentType
from draftmill.clock import MINUTES_FROM_S, clock, length, nearest
from draftmill.drafts.post_length import fits
from draftmill.drafts.written import PREVIEW_LENGTH
from draftmill.language.passages import Passage
from draftmill.language.phrases import joined
from draftmill.language.words import plain, shortened, trimmed
from draftmill.writers.markdown import escaped, heading, picture, time_link
from draftmill.writers.outline.outline import Outline, Section

POINTS = 5
SUBJECTS = 3
FEWEST_POSTS = 4


@dataclass(frozen=True)
class Draft:
    """A laid-out draft, and the passages that it quotes."""

    title: str
    body: str
    quoted: list[Passage]
    fields: dict[str, object] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def outline(read: Outline, content: ContentType) -> Draft:
    """An article: per chapter its label, time, picture and best passages."""
    blocks = [escaped(opening_line(read))]
    quoted: list[Passage] = []
    for section in read.sections:
        blocks += _section(read, section)
        quoted += section.passages or ([section.single] if section.single else [])
    return Draft(read.titled(content.title_limit), "\n\n".join(blocks) + "\n", quoted)


def digest(read: Outline, content: ContentType) -> Draft:
    """A newsletter: subject, preview, five points, and the chapters to jump to."""
    points = _in_time(read.singles("digest"))
    blocks = [escaped(opening_line(read))]
    blocks += ["\n".join(_bullet(read, point) for point in points)] if points else []
    blocks += [f"**In this recording**\n\n{_contents(read)}"] if read.spans else []
    subject = read.titled(content.title_limit)
    return Draft(
        title=subject,
        body="\n\n".join(blocks) + "\n",
        quoted=points,
        fields={
            "preview": _preview(read, points),
            "subjects": _subjects(read, content.title_limit, subject),
        },
        notes=_too_few(read, len(points), POINTS, "points"),
    )


def thread(read: Outline, content: ContentType) -> Draft:
    """Posts: what the recording is about, sentences that stand alone, the chapters."""
    closing = _chapter_post(read, content) if content.max_posts > 2 else []
    room = content.max_posts - 1 - len(closing)
    fitting = (p for p in read.singles("thread") if _fits(_as_post(read, p), content))
    chosen = _in_time(list(fitting)[:room])
    posts = [_first_post(read, content), *(_as_post(read, p) for p in chosen), *closing]
    return Draft(
        title=read.titled(content.title_limit),
        body=json.dumps(posts, ensure_ascii=False),
        quoted=chosen,
        notes=_too_few(read, len(chosen), FEWEST_POSTS, "sentences"),
    )


def post(read: Outline, content: ContentType) -> Draft:
    """One longer post: title, opening line, what was said, the chapters with their times."""
    head = _first_post(read, content)
    kept = _in_time(read.singles("post"))
    chapters = _chapter_lines(read, first_s=0.0)  # YouTube takes no others

    def text() -> str:
        return "\n\n".join([head, *(_quoted(read, p) for p in kept), chapters]).strip()

    while (kept or chapters) and not fits(text(), content.limit, content.count):
        if len(kept) > 1 or not chapters:
            kept.remove(min(kept, key=lambda p: p.score))
        else:
            chapters = ""
    return Draft(
        title=read.titled(content.title_limit),
        body=json.dumps([text()], ensure_ascii=False),
        quoted=kept,
        notes=_too_few(read, len(kept), 3, "sentences"),
    )


def opening_line(read: Outline) -> str:
    """ "This 52-minute recording covers A, B and C, in 8 chapters." """
    count = len(read.material.chapters)
    chapters = f"{count} chapters" if count != 1 else "one chapter"
    about = joined(read.topics)
    if not about:
        return f"{_duration(read)} has {chapters}."
    return f"{_duration(read)} covers {about}{f', in {chapters}' if count > 1 else ''}."


def _duration(read: Outline) -> str:
    seconds = read.material.duration_s or max((s.end_s for s in read.material.segments), default=0)
    noun = "transcript" if read.material.source == "transcript" else "recording"
    minutes = nearest(seconds / 60)
    if not read.material.timed or seconds < 1:
        return f"This {noun}"
    if seconds < MINUTES_FROM_S:
        return f"This {nearest(seconds)}-second {noun}"
    if minutes < 100:
        return f"This {minutes}-minute {noun}"
    return f"This {noun} of {length(seconds)}"


def _section(read: Outline, section: Section) -> list[str]:
    chapter = section.chapter
    blocks = [f"{heading(chapter.title)}"]
    if read.material.timed:
        blocks.append(time_link(chapter.start_s))
    first, *others = section.screenshots or (None,)
    if first:
        blocks.append(picture(chapter.title, first.n))
    if section.single:
        blocks.append(_bullet(read, section.single))
    timed = [(p.start_s, f"> {_said(read, p)}") for p in section.passages]
    timed += [(s.time_s, picture(chapter.title, s.n)) for s in others if s]
    return blocks + [block for _, block in sorted(timed, key=lambda one: one[0])]


def _bullet(read: Outline, passage: Passage) -> str:
    return f"- {_said(read, passage)}"


def _said(read: Outline, passage: Passage) -> str:
    """A quotation with its speaker, where several speak, and its time.

    Of captions without punctuation it is a stretch that begins and ends anywhere, and says so.
    """
    text = f"… {passage.text} …" if passage.soft else passage.text
    speaker = f" — {escaped(passage.speaker)}" if read.several else ""
    return f"{escaped(text)}{speaker}{_time(read, passage.starts_s)}"


def _quoted(read: Outline, passage: Passage) -> str:
    speaker = f" — {plain(passage.speaker)}" if read.several else ""
    return f"“{plain(passage.text)}”{speaker}"


def _as_post(read: Outline, passage: Passage) -> str:
    return (
        f"{plain(passage.speaker)}: “{plain(passage.text)}”"
        if read.several
        else plain(passage.text)
    )


def _fits(text: str, content: ContentType) -> bool:
    return fits(text, content.limit, content.count)


def _in_time(passages: Sequence[Passage]) -> list[Passage]:
    return sorted(passages, key=lambda passage: passage.first)


def _time(read: Outline, seconds: float) -> str:
    return f" {time_link(seconds)}" if read.material.timed else ""


def _contents(read: Outline) -> str:
    return "\n".join(
        f"- {time_link(s.chapter.start_s)} {escaped(s.chapter.title)}"
        if read.material.timed
        else f"- {escaped(s.chapter.title)}"
        for s in read.spans
    )


def _preview(read: Outline, points: Sequence[Passage]) -> str:
    best = sorted((p for p in points if not p.soft), key=lambda p: -p.score)
    short = next((p.text for p in best if len(p.text) <= PREVIEW_LENGTH), "")
    return plain(short or shortened(opening_line(read), PREVIEW_LENGTH))


def _subjects(read: Outline, limit: int, subject: str) -> list[str]:
    """Three other subject lines: a telling sentence, the topics, chapter labels."""
    said = [p.text.rstrip(".") for p in read.singles("digest") if not p.soft]
    sentences = [text for text in said if not limit or len(text) <= limit]
    titles = [s.chapter.title for s in read.spans]
    offers = [*sentences[:1], read.named(limit), *sentences[1:], *titles]
    found: list[str] = []
    for offer in offers:
        fit = trimmed(plain(offer), limit)
        if fit and fit.casefold() not in {subject.casefold(), *(f.casefold() for f in found)}:
            found.append(fit)
    return found[:SUBJECTS]


def _first_post(read: Outline, content: ContentType) -> str:
    opening = opening_line(read)
    for text in (f"{plain(read.title)}\n\n{opening}", opening, plain(read.title)):
        if fits(text, content.limit, content.count):
            return text
    text = plain(read.title)
    while not fits(text, content.limit, content.count):
        text = shortened(text, len(text) - 1)
    return text


def _chapter_post(read: Outline, content: ContentType) -> list[str]:
    """The chapters with their times as the last post, when they fit into one."""
    if not read.material.timed or len(read.spans) < 2:
        return []
    text = _chapter_lines(read)
    return [text] if fits(text, content.limit, content.count) else []


def _chapter_lines(read: Outline, first_s: float | None = None) -> str:
    """Every chapter on a line, with its time where there are times; the first may have another."""
    times = [s.chapter.start_s for s in read.spans]
    times[:1] = [first_s] if times and first_s is not None else times[:1]
    return "\n".join(
        f"{clock(time_s)} {plain(s.chapter.title)}"
        if read.material.timed
        else plain(s.chapter.title)
        for s, time_s in zip(read.spans, times, strict=True)
    )


def _too_few(read: Outline, found: int, wanted: int, what: str) -> list[str]:
    if found >= wanted or read.soft:
        return []
    return [f"Only {found or 'no'} {what} read well alone, so this is short."]
