"""Notes that a model took of a part of a recording: only the lines that the part bears out."""

import re
from dataclasses import replace

from draftmill.evidence.blocks import blocks_of
from draftmill.evidence.drafts import claims_of
from draftmill.evidence.recording import Recording
from draftmill.transcripts.segments import Segment

# What belongs to the form of a note: its bullet, times, the numbers of sentences.
FORM = re.compile(
    r"\A\W*(?=[\w\"\u201c\u201e\u00ab])|\[[^\[\]]{0,20}\]\(time:[^()]{0,20}\)|\[s\d[^\[\]]{0,40}\]",
    re.I,
)


def that_hold(recording: Recording, part: tuple[Segment, ...], notes: str) -> str:
    """The notes without the lines that the part does not bear out; "" where none of them holds."""
    lines = [line for line in notes.splitlines() if line.strip()]
    known = " ".join(sorted(recording.names.everywhere | recording.names.of_speakers))
    held_to = replace(recording, segments=part, remarks=(*recording.remarks, known))
    judged = claims_of(held_to, blocks_of([FORM.sub("", line) for line in lines]))
    kept = [
        line
        for line, (_, claims) in zip(lines, judged, strict=True)
        if all(claim.status != "weak" for claim in claims)
    ]
    return "\n".join(kept)
