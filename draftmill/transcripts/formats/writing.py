"""A transcript as plain text, SubRip and WebVTT."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from draftmill.transcripts.chapters import Chapter
from draftmill.transcripts.formats.lines import LINE, in_lines, parted, pieces, width
from draftmill.transcripts.retimed import spread
from draftmill.transcripts.segments import Segment, Word

CUE = 2 * LINE
LONGEST_CUE_S = 7.0
SHORTEST_CUE_S = 0.5


def to_txt(
    segments: Sequence[Segment], chapters: Sequence[Chapter] = (), timed: bool = True
) -> str:
    """The transcript as text: a paragraph for each voice and chapter, with the time it begins.

    Without `timed` the times are left out.
    """
    blocks: list[str] = []
    for title, group in _by_chapter(segments, chapters):
        if title:
            blocks.append(f"# {title}")
        for speaker, said in groupby(group, key=lambda segment: segment.speaker):
            blocks += [_paragraph(speaker, part, timed) for part in _in_minutes(list(said))]
    return "\n\n".join(blocks) + "\n" if blocks else ""


def to_srt(segments: Sequence[Segment]) -> str:
    """The transcript as SubRip."""
    return "\n".join(
        f"{n}\n{_clock(start, ',')} --> {_clock(end, ',')}\n{_plain(text, speaker)}\n"
        for n, (start, end, text, speaker) in enumerate(_cues(segments), 1)
    )


def to_vtt(segments: Sequence[Segment]) -> str:
    """The transcript as WebVTT, with its speakers as voices."""
    return "WEBVTT\n" + "".join(
        f"\n{_clock(start, '.')} --> {_clock(end, '.')}\n{_voice(text, speaker)}\n"
        for start, end, text, speaker in _cues(segments)
    )


def _by_chapter(
    segments: Sequence[Segment], chapters: Sequence[Chapter]
) -> Iterator[tuple[str, list[Segment]]]:
    """The sentences by the chapter they begin in, those before the first under no title."""
    bounds = [("", float("-inf")), *((chapter.title, chapter.start_s) for chapter in chapters)]
    ends = [start for _, start in bounds[1:]] + [float("inf")]
    for (title, start), end in zip(bounds, ends, strict=True):
        group = [segment for segment in segments if start <= segment.start_s < end]
        if group:
            yield title, group


def _in_minutes(segments: list[Segment]) -> Iterator[list[Segment]]:
    """One voice's sentences in paragraphs of about a minute."""
    part: list[Segment] = []
    for segment in segments:
        if part and segment.end_s - part[0].start_s > 60:
            yield part
            part = []
        part.append(segment)
    if part:
        yield part


def _paragraph(speaker: str, segments: Sequence[Segment], timed: bool) -> str:
    text = " ".join(segment.text for segment in segments)
    stamp = f"[{_clock(segments[0].start_s, '.')[:8]}] " if timed else ""
    return f"{stamp}{speaker}: {text}" if speaker else f"{stamp}{text}"


def _cues(segments: Sequence[Segment]) -> list[tuple[float, float, str, str]]:
    """(start, end, text of at most two lines, speaker) in the order of their starts.

    One voice's cues do not overlap; two people may speak at once.
    """
    cues = []
    later: dict[str, float] = {}  # the start of what each voice says next
    for segment in reversed(segments):
        following = later.get(segment.speaker, float("inf"))
        for start, end, text in reversed(list(_parts(segment))):
            shown = max(end, start + SHORTEST_CUE_S)
            ended = max(min(shown, following), start + 0.001)
            cues.append((start, ended, in_lines(text), segment.speaker))
            following = start
        later[segment.speaker] = segment.start_s
    cues.reverse()
    return sorted(cues, key=lambda cue: cue[0])


def is_cut(text: str, length_s: float) -> bool:
    """Whether a sentence takes more than one cue, so that the times of its words are needed."""
    return width(text) > CUE or length_s > LONGEST_CUE_S


def _parts(segment: Segment) -> Iterator[tuple[float, float, str]]:
    """A sentence in pieces that two lines hold, cut between its words by their times."""
    text = segment.text
    if text and not is_cut(text, segment.end_s - segment.start_s):
        yield segment.start_s, segment.end_s, text
        return
    placed_at = list(_placed(segment))
    count = -(-width(text) // CUE)
    target = min(CUE, width(text) / max(count, 1) * 1.1 + 4)
    begin, begin_s, ended_s = 0, segment.start_s, segment.end_s
    for n, (at, word) in enumerate(placed_at):
        long = width(text[begin : at + len(word.text)]) > target
        late = word.end_s - begin_s > LONGEST_CUE_S
        if n == 0:
            begin_s = word.start_s
        elif (long or late) and parted(text, at):
            yield begin_s, ended_s, text[begin:at].rstrip()
            begin, begin_s = at, word.start_s
        ended_s = word.end_s
    if placed_at:
        yield begin_s, max(ended_s, begin_s), text[begin:]


def _placed(segment: Segment) -> list[tuple[int, Word]]:
    """The words of a sentence, and where each stands in its text.

    Those without times, or of another text, share its span by their length.
    """
    found, at = [], 0
    for word in _words(segment.words):
        at = segment.text.find(word.text, at)
        if at < 0:
            break
        found.append((at, word))
        at += len(word.text)
    if found and at >= 0:
        return found
    shared = spread(pieces(segment.text), segment.start_s, segment.end_s)
    return _placed(replace(segment, words=tuple(shared))) if segment.text.strip() else []


def _words(words: Sequence[Word]) -> Iterator[Word]:
    """The words with their times; of those written without spaces each letter."""
    for word in words:
        letters = pieces(word.text)
        yield from spread(letters, word.start_s, word.end_s) if len(letters) > 1 else [word]


def _plain(text: str, speaker: str) -> str:
    # SubRip has no escapes: an arrow would read as times, and a tag as markup.
    named = f"{speaker}: {text}" if speaker else text
    return named.replace("-->", "→").replace("<", "‹").replace(">", "›")


def _voice(text: str, speaker: str) -> str:
    name = " ".join(_escaped(speaker).split())
    return f"<v {name}>{_escaped(text)}" if name else _escaped(text)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _clock(seconds: float, point: str) -> str:
    milliseconds = round(max(seconds, 0.0) * 1000)
    whole, rest = divmod(milliseconds, 1000)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}{point}{rest:03d}"
