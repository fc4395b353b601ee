"""Sentences joined again where a pause or a comma cut them: their source says where they end.

A transcript is cut for reading: at pauses, and past forty words at a comma. What is judged,
cleaned and quoted are the sentences of the source's own punctuation.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from draftmill.language.lists import STOP
from draftmill.language.words import END_MARKS, UNSPACED, bare
from draftmill.transcripts.formats.labels import LABEL, MOST, label_of, names_among
from draftmill.transcripts.segments import DOUBTFUL, SOFT, SUNG, TURN, Segment

WORDS_A_MARK = 45  # with fewer end marks than one in so many words a text counts as unmarked
LONGEST = 120  # words: what is longer is no sentence, whatever its marks say
LONGEST_PAUSE_S = 10.0  # after which nobody goes on with a sentence
CLOSERS = "\"'”’»)]}」』*_"


@dataclass(frozen=True)
class Whole:
    """A sentence as its source has it, and the segments that it was cut into.

    `opens` and `ends` tell whether the source begins and ends a sentence there; they are true
    of every piece of a source without punctuation, where nobody knows.
    """

    segment: Segment
    parts: tuple[Segment, ...]
    opens: bool = True
    ends: bool = True


def is_punctuated(segments: Sequence[Segment]) -> bool:
    """Whether a transcript's own marks say where sentences end."""
    words = marks = 0
    for segment in segments:
        tokens = segment.text.split()
        words += len(tokens)
        marks += sum(has_end_mark(token) for token in tokens)
    return marks * WORDS_A_MARK >= words or (marks > 0 and words < WORDS_A_MARK)


def has_end_mark(text: str) -> bool:
    """Whether a text ends as a sentence does, also within quotation marks."""
    return text.rstrip(CLOSERS).endswith(tuple(END_MARKS))


def wholes(segments: Sequence[Segment]) -> list[Whole]:
    """The sentences of a transcript, in the order of time."""
    segments = without_labels(segments)
    if not is_punctuated(segments):
        return [Whole(segment, (segment,)) for segment in segments]
    found = [_joined(run) for run in _runs(segments)]
    cased = 2 * sum(_begins_small(one.segment.text) for one in found) < len(found)
    return [
        replace(
            one,
            opens=_opens(found[at - 1] if at else None, one, cased),
            ends=has_end_mark(one.segment.text),
        )
        for at, one in enumerate(found)
    ]


def without_labels(segments: Sequence[Segment]) -> Sequence[Segment]:
    """The segments with the labels of a transcript that was brought when nobody knew them.

    What begins most segments, "ANNA: ", is a name, and holds until the next.
    """
    labels = ["" if segment.speaker else label_of(segment.text) for segment in segments]
    if sum(map(bool, labels)) < MOST * len(segments):
        return segments
    names = names_among(labels)
    found, speaker = [], ""
    for segment, label in zip(segments, labels, strict=True):
        if label in names:
            speaker, match = label, LABEL.match(segment.text)
            text = segment.text[match.end() :] if match else segment.text
            gone = len(segment.text.split()) - len(text.split())
            segment = replace(segment, text=text, words=segment.words[gone:])
        found.append(replace(segment, speaker=segment.speaker or speaker))
    return found


def _runs(segments: Sequence[Segment]) -> Iterator[list[Segment]]:
    run: list[Segment] = []
    words = 0
    for segment in segments:
        length = len(segment.text.split())
        if run and not (words + length <= LONGEST and _goes_on(run[-1], segment)):
            yield run
            run, words = [], 0
        run.append(segment)
        words += length
    if run:
        yield run


def _goes_on(before: Segment, segment: Segment) -> bool:
    """Whether a segment goes on with the sentence of the one before."""
    return (
        not has_end_mark(before.text)
        and TURN not in segment.flags
        and _voice(before) == _voice(segment)
        and segment.start_s - before.end_s <= LONGEST_PAUSE_S
        and not _begins_anew(segment.text)
    )


def _voice(segment: Segment) -> tuple[str, bool, bool]:
    return segment.speaker, DOUBTFUL in segment.flags, SUNG in segment.flags


def _begins_anew(text: str) -> bool:
    """Whether a capital opens a sentence where the one before only lacks its full stop."""
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    word = bare(first)
    return first[:1].isupper() and word in STOP and word.split("'")[0] != "i"


def _begins_small(text: str) -> bool:
    """Whether a text begins with a small letter, as within a sentence; "iPhone" does not."""
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    return first[:1].islower() and not any(map(str.isupper, first))


def _joined(run: Sequence[Segment]) -> Whole:
    first, last = run[0], run[-1]
    if len(run) == 1:
        return Whole(first, (first,))
    unspaced = all(UNSPACED.search(part.text[:1]) for part in run)
    whole = replace(
        first,
        end_s=last.end_s,
        text=("" if unspaced else " ").join(part.text for part in run),
        words=tuple(word for part in run for word in part.words),
        flags=(first.flags - {SOFT}) | (last.flags & {SOFT}),
    )
    return Whole(whole, tuple(run))


def _opens(before: Whole | None, one: Whole, cased: bool) -> bool:
    if cased and _begins_small(one.segment.text):
        return False
    if before is None or has_end_mark(before.segment.text):
        return True
    return before.segment.speaker != one.segment.speaker or TURN in one.segment.flags
