"""What a format's reader gives back."""

from dataclasses import dataclass

from draftmill.errors import Problem
from draftmill.transcripts.formats.cues import Cue


class BadCaptions(Problem):
    code = "captions_unreadable"
    default_message = "There are no captions in this file that could be read."
    default_hint = "Check that its times look like 00:01:02,000 --> 00:01:04,000."


@dataclass(frozen=True)
class Parsed:
    """The cues of a file in the order of time. `unread` are the numbers of the lines, from 1,
    whose text is in none of them; `timed` is false when the times are only estimated."""

    cues: list[Cue]
    unread: tuple[int, ...] = ()
    timed: bool = True
    language: str = ""
