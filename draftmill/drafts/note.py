"""The line above a draft: how it was made, and what stands in its title that the recording does not hold.

What its text needs is told by its evidence alone, which follows what is changed and looked at.
"""

import re
from collections.abc import Sequence

from draftmill.drafts.markdown import shown_of
from draftmill.drafts.versions import Version
from draftmill.evidence.blocks import blocks_of
from draftmill.evidence.known import standing
from draftmill.evidence.records import Flaw, blocks_in, corrected_in

# What an earlier Draftmill wrote into the line itself, where it stayed whatever became of it.
STAYED = re.compile(
    r"Check this: \d{1,9} of \d{1,9} statements may not be said in the recording\.|\d{1,9} times? (?:was|were) wrong"
    r" and put right\.|Not in the recording, but in the title or beside it: .*"
)


def note_of(shown: Version) -> str:
    """The line as it holds for the text that is shown, "" for none."""
    made = " ".join(STAYED.sub(" ", str(shown.fields.get("note") or "")).split())
    return " ".join(filter(None, [made, _doubted(shown), _put_right(shown)]))


def doubts_of(flaws: Sequence[Flaw]) -> list[list[str]]:
    """What is wrong beside a text as the field "doubts" holds it: the words, what to take instead."""
    return [list(pair) for pair in dict.fromkeys((one.text, one.suggestion) for one in flaws)]


def _doubted(shown: Version) -> str:
    """What is doubtful in a title or beside it, as long as it stands there."""
    subjects, preview = shown.fields.get("subjects") or (), shown.fields.get("preview") or ""
    beside = "\n".join([shown.title, str(preview), *map(str, subjects)])
    named = [
        f"“{text}”" + f" (“{instead}”?)" * bool(instead)
        for text, instead in shown.fields.get("doubts") or ()
        if text in beside
    ]
    told = f"Not in the recording, but in the title or beside it: {', '.join(named)}."
    return told if named else ""


def _put_right(shown: Version) -> str:
    """How many of the times of its text were wrong, and are right."""
    known = blocks_in(shown.evidence)
    if not corrected_in(known):
        return ""
    texts = blocks_of(shown.posts or shown_of(shown.body))
    count = corrected_in(standing(known, texts).values())
    return (
        f"{count} {'time was' if count == 1 else 'times were'} wrong and put right."
        if count
        else ""
    )
