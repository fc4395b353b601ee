"""What a sentence says: what was heard or what a person wrote in its place, with corrections.

A person's words are corrected only by what was corrected after they were written.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence

from draftmill.transcripts.corrected_text import Correction, Sought, apply
from draftmill.transcripts.segments import Segment, words_in


def standing(row: sqlite3.Row, edited: str | None, corrections: Iterable[Correction]) -> Segment:
    """The sentence of a row of `segments` as corrections make it.

    `edited` is what a person wrote, as that column has it: None for what was heard.
    """
    if edited is None:
        text, words = json.loads(row["heard"]) if row["heard"] else (row["text"], row["words"])
    else:
        text, words, at = json.loads(edited)
        corrections = [one for one in corrections if one.made_at > at]
    return apply(Segment(row["start_s"], row["end_s"], text, words_in(words)), corrections)


def places(
    db: sqlite3.Connection, transcript_id: int, corrections: Sequence[Correction]
) -> Counter[int]:
    """In how many places of a transcript each correction has its effect, by the correction's id."""
    found: Counter[int] = Counter()
    if not corrections:
        return found
    sought = Sought(corrections)
    for text, edited in db.execute(
        "select json_extract(heard, '$[0]'), edited from segments"
        " where transcript_id = ? and heard is not null",
        (transcript_id,),
    ):
        at = ""
        if edited is not None:
            text, _, at = json.loads(edited)
        for one, changed in sought.changes(text, at):
            found[one.id] += changed
    return found
