"""What a sentence says: what was heard or what a person wrote in its place, with corrections.

A person's words are corrected only by what was corrected after they were written.
"""

import json
import sqlite3
from collections.abc import Iterable

from draftmill.transcripts.corrected_text import Correction, apply
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
