"""A brought transcript in any known format -> sentences with times."""

from dataclasses import dataclass, replace

from draftmill.transcripts.formats.decoding import EmptyTranscript, text_of
from draftmill.transcripts.formats.kinds import Format, parsed
from draftmill.transcripts.formats.language import has_spaces, language_of
from draftmill.transcripts.formats.segmenting import segments_from
from draftmill.transcripts.segments import Segment

MOST_UNREAD = 1000  # lines that are kept
MOST_TOLD = 12  # that are named


@dataclass(frozen=True)
class Brought:
    """A transcript that was brought. `timed` is false when its times are only estimated:
    they keep the order, and must not be shown or linked. `unread` are the numbers of the lines,
    from 1, where a block begins that could not be read."""

    segments: tuple[Segment, ...]
    format: Format
    language: str
    timed: bool
    unread: tuple[int, ...] = ()

    @property
    def duration_s(self) -> float:
        """Where the last sentence ends, in seconds."""
        return max(segment.end_s for segment in self.segments)

    @property
    def warnings(self) -> list[str]:
        """What its owner should know of it, in sentences."""
        broken = sum(segment.text.count("\ufffd") for segment in self.segments)
        return [
            *([_of_unread(self.unread)] if self.unread else []),
            *([_of_broken(broken)] if broken else []),
        ]


def read(content: str | bytes, file_name: str = "") -> Brought:
    """Read a transcript from a file's bytes or from pasted text.

    What the text looks like decides; the name only does where that leaves it open. Raises a
    Problem that says what is wrong, one of REFUSALS. A stranger's bytes may be made to take for
    ever, or all the memory: see transcripts.reader.
    """
    return with_language(parse(content, file_name))


def parse(content: str | bytes, file_name: str = "") -> Brought:
    """`read`, but the language is "" where the file does not say it."""
    text = text_of(content)
    format, found = parsed(text, file_name)
    segments = segments_from(found.cues, spaced=has_spaces(cue.text for cue in found.cues))
    if not segments:
        raise EmptyTranscript
    if not found.timed:
        segments = [replace(segment, words=()) for segment in segments]
    unread = found.unread[:MOST_UNREAD]
    return Brought(tuple(segments), format, found.language, found.timed, unread)


def with_language(brought: Brought) -> Brought:
    """The transcript with its language, told from its text where the file did not say it."""
    if brought.language:
        return brought
    return replace(brought, language=language_of(segment.text for segment in brought.segments))


def _of_unread(lines: tuple[int, ...]) -> str:
    """As in: 2 blocks could not be read: lines 14 and 88."""
    if len(lines) == 1:
        return f"1 block could not be read: line {lines[0]}."
    told = [str(line) for line in lines[:MOST_TOLD]]
    if len(lines) > MOST_TOLD:
        told.append("more")
    count = f"{len(lines):,}" if len(lines) < MOST_UNREAD else f"{MOST_UNREAD:,} or more"
    return f"{count} blocks could not be read: lines {', '.join(told[:-1])} and {told[-1]}."


def _of_broken(count: int) -> str:
    if count == 1:
        return "1 letter of the file is broken: it stands as � in the transcript."
    return f"{count:,} letters of the file are broken: they stand as � in the transcript."
