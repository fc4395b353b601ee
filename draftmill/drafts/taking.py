"""One paragraph, post or title taken from another version of the draft, as the person's next version."""

import sqlite3
from collections.abc import Sequence

from draftmill.database.connection import transaction
from draftmill.drafts import editing
from draftmill.drafts.difference import PREVIEW, TITLE, Passage, difference
from draftmill.drafts.versions import Version, add_evidence, current, version
from draftmill.errors import Conflict, NotFound


class DifferenceGone(Conflict):
    code = "difference_gone"
    default_message = "The texts do not differ there any more."
    default_hint = "Compare the versions again and choose of what is there now."


def take_passage(
    db: sqlite3.Connection, project_id: str, type: str, user_id: int, n: int, chosen: str
) -> int | None:
    """Put a passage of version `n` into the draft; `chosen` is the id of its difference.

    Always a version of its own, so that going back is one press. Returns the number of the version
    that the draft showed before; None when there is no such difference (any more), and then
    nothing is changed. Raises NotFound, TooManyPosts. Call it outside of any transaction: long
    texts are compared before anything is locked.
    """
    shown, other = current(db, project_id, type), version(db, project_id, type, n)
    if shown is None:
        raise NotFound
    passages = difference(shown, other)
    place = next((at for at, one in enumerate(passages) if one.differs and one.id == chosen), -1)
    if place < 0:
        return None
    title, body, fields = _with(shown, passages, place)
    with transaction(db):
        present = current(db, project_id, type)
        if present is None or present.tag != shown.tag:  # changed in this very moment
            return None
        saved = editing.save(db, project_id, type, user_id, title, body, fields, None)
        add_evidence(db, saved.version, other.evidence)
    return shown.n


def _with(
    shown: Version, passages: Sequence[Passage], place: int
) -> tuple[str, str | list[str], dict[str, object]]:
    """Title, body and fields of the draft with one passage as the other version has it."""
    taken = passages[place]
    fields = {**shown.fields, "preview": taken.new} if taken.part == PREVIEW else shown.fields
    title = taken.new if taken.part == TITLE else shown.title
    if taken.part:
        return title, shown.posts or shown.body, fields
    texts = [one.new if one is taken else one.old for one in passages if not one.part]
    blocks = [text for text in texts if text]
    return title, blocks if shown.posts else _joined(blocks), fields


def _joined(blocks: Sequence[str]) -> str:
    """Paragraphs as one text: an empty line stands between each two."""
    apart = [block if _ends(block) else block.rstrip("\n") + "\n\n" for block in blocks[:-1]]
    return "".join([*apart, *blocks[-1:]])


def _ends(block: str) -> bool:
    """Whether a paragraph brings the empty line after it along."""
    line = block.rstrip(" \t")
    return line.endswith("\n") and line[:-1].rstrip(" \t").endswith("\n")
