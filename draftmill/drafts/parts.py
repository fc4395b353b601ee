"""A part of a draft written again: a paragraph, a post or the title, offered beside the old one."""

import json
import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from draftmill.clock import now
from draftmill.database import changes
from draftmill.database.connection import transaction
from draftmill.drafts import editing, generated, undone
from draftmill.drafts.versions import Version, add_evidence, current
from draftmill.errors import Conflict, NotFound
from draftmill.evidence.blocks import hash_of
from draftmill.evidence.records import blocks_in
from draftmill.jobs.wishes import INSTRUCTIONS_LIMIT, InstructionsTooLong, Wishes

TITLE = "title"
# What may be wished of a part, and what the model is told of it.
WISHES = {
    "shorter": ("Shorter", "Shorter: the same in about half the words."),
    "beginners": (
        "For beginners",
        "For beginners: explain what only experts know, in plain words.",
    ),
    "example": ("With the example", "With the example from the recording that shows it best."),
}
ANOTHER = "Put it another way."
TITLES = "Other titles: concrete, each with another thought."
MOST_TIMES = 5
SHOWN = 70  # characters by which a person knows a part


class PartGone(Conflict):
    code = "part_gone"
    default_message = "The part was changed since, so the new one has no place."
    default_hint = "Copy what you like of it, or have the present part written again."


@dataclass(frozen=True)
class Part:
    """A piece of a draft: `id` is TITLE, or what the text is known by as long as it stays the same."""

    id: str
    text: str

    @property
    def beginning(self) -> str:
        line = " ".join(self.text.split())
        return line if len(line) <= SHOWN else line[:SHOWN].rpartition(" ")[0] + "…"


@dataclass(frozen=True)
class Offer:
    """What a job wrote for a part: `texts` has one, for a title several; `evidence` is as long."""

    id: int
    part: str
    old: str
    wish: str
    texts: tuple[str, ...]
    evidence: tuple[dict[str, Any], ...]
    created_at: str

    def said_at_s(self, n: int) -> list[float]:
        """Where in the recording the n-th text was said: a few times in seconds."""
        claims = [claim for block in blocks_in(self.evidence[n]) for claim in block.claims]
        starts = (s.start for claim in claims for s in claim.sources[:1] if s.start is not None)
        return list(dict.fromkeys(starts))[:MOST_TIMES]

    def doubts(self, n: int) -> list[str]:
        """What of the n-th text is to be checked: its weak sentences."""
        blocks = blocks_in(self.evidence[n])
        return [c.text for block in blocks for c in block.claims if c.status == "weak"]


def parts_of(shown: Version) -> list[Part]:
    """The title, if there is one, then the paragraphs or posts, in their order."""
    texts = shown.posts or paragraphs(shown.body)
    title = [Part(TITLE, shown.title)] if shown.title and not shown.posts else []
    return [*title, *(Part(hash_of(text), text) for text in texts if text.strip())]


def paragraphs(body: str) -> list[str]:
    """The pieces of Markdown between empty lines."""
    return [piece for _, piece in _placed(body)]


def _placed(body: str) -> list[tuple[int, str]]:
    """Each piece behind the place in the body at which it begins."""
    ends = [(gap.start(), gap.end()) for gap in re.finditer(r"\n[ \t]*\n", body)]
    starts = [0, *(end for _, end in ends)]
    stops = [*(start for start, _ in ends), len(body)]
    pieces = ((at, body[at:stop]) for at, stop in zip(starts, stops, strict=True))
    return [(at, piece) for at, piece in pieces if piece.strip()]


def id_of(chosen: str, marked: str) -> str:
    """The part that was chosen, or else the one whose text was marked."""
    return chosen or hash_of(marked)


def part_of(shown: Version, part_id: str) -> Part:
    """A part of a draft. Raises PartGone."""
    found = next((part for part in parts_of(shown) if part.id == part_id), None)
    if found is None:
        raise PartGone(
            "There is no such part in the draft.",
            "Wait until the desk says Saved, then press again.",
        )
    return found


def wishes_for(shown: Version, part_id: str, wish: str) -> Wishes:
    """What a job is asked for a part: `wish` is one of WISHES or a person's own words.

    Raises PartGone, InstructionsTooLong.
    """
    part = part_of(shown, part_id)
    other = TITLES if part.id == TITLE else ANOTHER
    words = WISHES[wish][1] if wish in WISHES else wish.strip() or other
    if len(words) > INSTRUCTIONS_LIMIT:
        raise InstructionsTooLong
    return Wishes(shown.type, part={"part": part.id, "old": part.text, "wish": words})


def offer(
    db: sqlite3.Connection,
    job: generated.GeneratingJob,
    asked: Mapping[str, str],
    texts: Sequence[str],
    evidence: Sequence[Mapping[str, Any]],
) -> None:
    """Keep what a job wrote, in the transaction in which it succeeds. A second time keeps nothing."""
    with transaction(db):
        db.execute(
            "insert into draft_parts (job_id, project_id, type, part, old, wish, texts, evidence, created_at)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (job_id) do nothing",
            (
                *(job.id, job.project_id, job.type, asked["part"], asked["old"], asked["wish"]),
                *(json.dumps(texts), json.dumps(evidence), now()),
            ),
        )
        _record(db, job.project_id, job.type, job.user_id)


def offers_of(db: sqlite3.Connection, project_id: str, type: str) -> list[Offer]:
    """What waits to be taken or dropped, newest first."""
    rows = db.execute(
        "select * from draft_parts where project_id = ? and type = ? and settled_at is null"
        " order by id desc",
        (project_id, type),
    )
    return [
        Offer(
            id=row["id"],
            part=row["part"],
            old=row["old"],
            wish=row["wish"],
            texts=tuple(json.loads(row["texts"])),
            evidence=tuple(json.loads(row["evidence"])),
            created_at=row["created_at"],
        )
        for row in rows
    ]


def offer_for(db: sqlite3.Connection, project_id: str, type: str, offer_id: int) -> Offer:
    """One of them. Raises NotFound."""
    found = next((one for one in offers_of(db, project_id, type) if one.id == offer_id), None)
    if found is None:
        raise NotFound("This part is not offered any more.", "Reload the page.")
    return found


def take(
    db: sqlite3.Connection, project_id: str, type: str, user_id: int, offer_id: int, n: int = 0
) -> Version:
    """Put the new part in place of the old one; what it rests on goes with it.

    Always a version of its own, so that going back is one press. Raises NotFound, PartGone.
    """
    with transaction(db):
        taken, shown = offer_for(db, project_id, type, offer_id), current(db, project_id, type)
        if shown is None or not 0 <= n < len(taken.texts):
            raise NotFound
        title, body = _with(shown, taken, taken.texts[n])
        saved = editing.save(db, project_id, type, user_id, title, body, shown.fields, None)
        add_evidence(db, saved.version, taken.evidence[n])
        drop(db, project_id, type, user_id, offer_id)
    return saved.version


def drop(db: sqlite3.Connection, project_id: str, type: str, user_id: int, offer_id: int) -> None:
    """Offer it no more. Raises NotFound."""
    with transaction(db):
        dropped = db.execute(
            "update draft_parts set settled_at = ? where project_id = ? and type = ? and id = ?"
            " and settled_at is null",
            (now(), project_id, type, offer_id),
        )
        if not dropped.rowcount:
            raise NotFound("This part is not offered any more.", "Reload the page.")
        _record(db, project_id, type, user_id)


def offer_again(
    db: sqlite3.Connection,
    project_id: str,
    type: str,
    user_id: int,
    offer_id: int,
    before: int | None = None,
    undoes: int | None = None,
) -> None:
    """Offer it as it was; where it was taken, `before` is the version to go back to, from `undoes`.

    Raises NotFound, TooManyPosts, DraftChanged.
    """
    with transaction(db):
        if before is not None:
            undone.check(db, project_id, type, undoes)
            editing.restore(db, project_id, type, before, user_id)
        offered = db.execute(
            "update draft_parts set settled_at = null where project_id = ? and type = ? and id = ?",
            (project_id, type, offer_id),
        )
        if not offered.rowcount:
            raise NotFound("This part cannot be offered again.", "Have it written once more.")
        _record(db, project_id, type, user_id)


def _with(shown: Version, taken: Offer, text: str) -> tuple[str, str | list[str]]:
    """Title and body with another part; only the first of two that are alike is replaced."""
    if taken.part == TITLE:
        return text, shown.posts or shown.body
    part_of(shown, taken.part)
    if shown.posts:
        place = next(n for n, post in enumerate(shown.posts) if hash_of(post) == taken.part)
        return shown.title, [*shown.posts[:place], text, *shown.posts[place + 1 :]]
    at, old = next(one for one in _placed(shown.body) if hash_of(one[1]) == taken.part)
    return shown.title, shown.body[:at] + text + shown.body[at + len(old) :]


def _record(db: sqlite3.Connection, project_id: str, type: str, user_id: int) -> None:
    changes.record(db, kind="draft", object_id=f"{project_id}/{type}", user_id=user_id)
