"""Chapters: titled spans of a recording, each starting at a sentence."""

import math
from collections.abc import Iterator, Sequence

from draftmill.clock import now
from draftmill.jobs.attempt import Attempt
from draftmill.language import is_english
from draftmill.language.announcements import announced_in
from draftmill.language.asides import asides
from draftmill.language.cleaning import clean
from draftmill.language.courtesies import asides_in
from draftmill.language.division import LONGEST_S, starts
from draftmill.language.joining import wholes
from draftmill.language.names import speakers_names
from draftmill.language.phrases import labels
from draftmill.language.topics import announced, announced_part, as_label
from draftmill.language.words import capitalised, plain, shortened
from draftmill.projects.titles import name_after_talk
from draftmill.transcripts.chapters import Chapter, are_a_persons, chapters_of
from draftmill.transcripts.segments import DOUBTFUL, Segment, segments_of, warnings_of

PER_ROOT_MINUTE = 1.05
USUAL_MINUTES = 8.0  # of a chapter of a long recording
FEWEST, MOST = 3, 90
SHORTEST_S = 25.0
SILENCE_S = 120.0  # a pause at which a chapter that is too long ends
SENTENCES_EACH = 4
OPENING_WORDS = 7
TITLE_LENGTH = 70
KEPT = "Your chapters stay as you made them. Undo your changes to have others found."


def find_chapters(attempt: Attempt) -> None:
    """The stage: find the chapters of the project's present transcript and commit them."""
    transcript = attempt.db.execute(
        "select t.id, t.language, p.duration_s from projects p"
        " join transcripts t on t.id = p.transcript_id where p.id = ?",
        (attempt.project["id"],),
    ).fetchone()
    for warning in warnings_of(attempt.db, transcript["id"]):
        attempt.warn(warning)  # a brought transcript has no stage before this one to say it
    anew = False
    if are_a_persons(attempt.db, transcript["id"]):
        asked = attempt.job.parameters.get("stage") == "chapters"
        # Who removed all of them and asks for them alone wishes to have some again.
        anew = asked and not chapters_of(attempt.db, transcript["id"])
        if asked and not anew:
            attempt.warn(KEPT)
        if not anew:
            return
    segments = segments_of(attempt.db, transcript["id"])
    attempt.progress(0)
    found = chapters(segments, transcript["duration_s"] or 0.0, transcript["language"])
    topic = _topic(segments, transcript["language"])
    with attempt.fenced() as db:
        if are_a_persons(db, transcript["id"]) and not anew:  # changed while these were found
            return
        db.execute("delete from chapters where transcript_id = ?", (transcript["id"],))
        db.executemany(
            "insert into chapters (transcript_id, n, start_s, end_s, title, summary)"
            " values (?, ?, ?, ?, ?, ?)",
            [(transcript["id"], c.n, c.start_s, c.end_s, c.title, c.summary) for c in found],
        )
        db.execute(
            "update transcripts set chapters_at = ?, chapters_by = '' where id = ?",
            (now(), transcript["id"]),
        )
        name_after_talk(db, attempt.project, topic)


def _topic(segments: Sequence[Segment], language: str) -> str:
    """What the talk says at its beginning that it is about; "" if it does not."""
    said = [whole.segment for whole in wholes([one for one in segments if one.text.strip()])]
    english = bool(said) and is_english(language, [segment.text for segment in said])
    return plain(announced(said) if english else announced_in(said, language))


def chapters(segments: Sequence[Segment], duration_s: float, language: str = "") -> list[Chapter]:
    """The chapters of a transcript, numbered from 1; none for a transcript without words.

    `duration_s` is the recording's length in seconds, 0 when it is unknown.
    """
    said = [segment for segment in segments if segment.text.strip()]
    if not said:
        return []
    segments = [whole.segment for whole in wholes(said)]
    english = is_english(language, [segment.text for segment in segments])
    end_s = max(duration_s, segments[-1].end_s)
    opens = starts(segments, _how_many(segments), english=english)
    whole = [
        segments[first:last] for first, last in zip(opens, [*opens[1:], len(segments)], strict=True)
    ]
    until = [span[0].start_s for span in whole[1:]] + [end_s]
    cut = [short for span, end in zip(whole, until, strict=True) for short in _cut(span, end)]
    spans, ends = [span for span, _ in cut], [end for _, end in cut]
    titles = _titles(spans, english, language)
    return [
        Chapter(n=n, start_s=span[0].start_s, end_s=end, title=title)
        for n, (span, end, title) in enumerate(zip(spans, ends, titles, strict=True), start=1)
    ]


def _cut(span: Sequence[Segment], end_s: float) -> Iterator[tuple[Sequence[Segment], float]]:
    """A chapter that ends at `end_s`, in pieces with their ends where it is too long.

    It is cut at its longest pause, or else near its middle; a long silence belongs to none.
    """
    rest = [(span, end_s)]
    while rest:
        span, end_s = rest.pop()
        if end_s - span[0].start_s > LONGEST_S and end_s - span[-1].end_s >= SILENCE_S:
            end_s = max(span[0].start_s, span[-1].end_s)
        if end_s - span[0].start_s <= LONGEST_S or len(span) < 2:
            yield span, end_s
            continue
        at = _cut_at(span, (span[0].start_s + end_s) / 2)
        rest += [(span[at:], end_s), (span[:at], span[at].start_s)]


def _cut_at(span: Sequence[Segment], middle_s: float) -> int:
    inner = range(1, len(span))
    longest = max(inner, key=lambda at: span[at].start_s - span[at - 1].end_s)
    if span[longest].start_s - span[longest - 1].end_s >= SILENCE_S:
        return longest
    return min(inner, key=lambda at: abs(span[at].start_s - middle_s))


def _how_many(segments: Sequence[Segment]) -> int:
    """1.05 times the root of the minutes, from an hour on one in eight; at least 3.

    Fewer where there is little to divide.
    """
    length_s = max(0.0, segments[-1].end_s - segments[0].start_s)
    minutes = length_s / 60
    wished = round(max(PER_ROOT_MINUTE * math.sqrt(minutes), minutes / USUAL_MINUTES))
    room = min(int(length_s / SHORTEST_S), len(segments) // SENTENCES_EACH)
    return max(1, min(max(FEWEST, wished), MOST, room))


def _titles(spans: Sequence[Sequence[Segment]], english: bool, language: str) -> list[str]:
    """A label for each span, else its opening words; no two alike."""
    found = _labels(spans) if english else _openings(spans, language)
    titles: list[str] = []
    for span, label in zip(spans, found, strict=True):
        titles.append(_unlike(plain(label or _opening_words(span, english)), titles))
    return titles


def _openings(spans: Sequence[Sequence[Segment]], language: str) -> list[str]:
    """The words with which each span begins to say something; where it greets first, its topic."""
    reasons = iter(asides_in([segment for span in spans for segment in span], language))
    found: list[str] = []
    for span in spans:
        whys = [next(reasons) for _ in span]
        own = [s for s, why in zip(span, whys, strict=True) if not why] or span
        greets = not found and whys[0] == "introduction"
        topic = announced_in(span, language) if greets else ""
        found.append(shortened(topic, TITLE_LENGTH) or _opening_words(own, english=False))
    return found


def _labels(spans: Sequence[Sequence[Segment]]) -> list[str]:
    """What the speaker calls each span where it begins, else its noun phrases."""
    names = speakers_names([segment for span in spans for segment in span])
    called = [as_label(announced_part(span, names)) for span in spans]
    reasons = iter(asides([segment for span in spans for segment in span]))
    trusted = [_telling(span, [next(reasons) for _ in span]) for span in spans]
    found = labels(trusted, names)
    return [
        own if own and own not in called[:n] else label
        for n, (own, label) in enumerate(zip(called, found, strict=True))
    ]


def _telling(span: Sequence[Segment], reasons: Sequence[str]) -> list[str]:
    """The sentences that can label a span: no songs and introductions, if there is anything else."""
    heard = [(s, why) for s, why in zip(span, reasons, strict=True) if DOUBTFUL not in s.flags]
    own = [s for s, why in heard if why not in ("sung", "introduction")]
    return [clean(segment.text).text for segment in own or [s for s, _ in heard]]


def _opening_words(span: Sequence[Segment], english: bool) -> str:
    trusted = [segment for segment in span if DOUBTFUL not in segment.flags] or span
    text = clean(trusted[0].text).text if english else trusted[0].text
    words = text.split()
    opening = " ".join(words[:OPENING_WORDS]).rstrip(" .,;:!?…")
    return shortened(
        capitalised(opening + ("…" if len(words) > OPENING_WORDS else "")), TITLE_LENGTH
    )


def _unlike(title: str, others: Sequence[str]) -> str:
    taken = {other.casefold() for other in others}
    number = 2
    unlike = title or "Untitled"
    while unlike.casefold() in taken:
        unlike = f"{title} ({number})"
        number += 1
    return unlike
