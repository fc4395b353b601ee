"""The evidence of a version as it is stored: blocks of text, their claims, and where they were said."""

import hashlib
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any, Literal

from draftmill.projects.screenshots import Screenshot
from draftmill.transcripts.segments import Segment

Status = Literal["said", "supported", "weak", "yours"]
Kind = Literal["paragraph", "heading", "post"]
CORRECTED = "corrected"  # a flaw that was put right in the text: `text` stood there before


@dataclass(frozen=True)
class Source:
    """A sentence that a claim rests on: its window and number, and its times in seconds.

    One of the owner's remarks or title has no segment and no times: `remark` holds its words.
    """

    segment: tuple[int, int] | None
    start: float | None
    end: float | None
    speaker: str = ""
    remark: str = ""

    @classmethod
    def of(cls, segment: Segment) -> "Source":
        place = (segment.window, segment.n)
        return cls(place, segment.start_s, segment.end_s, segment.speaker)


@dataclass(frozen=True)
class Flaw:
    """What is wrong with a claim: one of KINDS, the words in question, and what to take instead."""

    kind: str
    text: str
    suggestion: str = ""


@dataclass(frozen=True)
class Claim:
    """A sentence of a draft. `score` is from 0 to 1: how well the recording bears it out.

    `form` stands for what was judged beside its text: as sentences.form_of makes it.
    """

    text: str
    status: Status
    score: float = 1.0
    sources: tuple[Source, ...] = ()
    problems: tuple[Flaw, ...] = ()
    form: str = ""

    def stored(self) -> dict[str, Any]:
        sources = [
            {**vars(source), "segment": list(source.segment) if source.segment else None}
            for source in self.sources
        ]
        problems = [dict(vars(flaw)) for flaw in self.problems]
        return {**vars(self), "sources": sources, "problems": problems}

    def without(self, kind: str) -> "Claim":
        """The claim without its flaws of a kind; it rests on what bears it out if that were all."""
        left = tuple(flaw for flaw in self.problems if flaw.kind != kind)
        return self if left == self.problems else self.with_flaws(left)

    def with_flaws(self, flaws: tuple[Flaw, ...]) -> "Claim":
        """The claim with these flaws and no others: no longer weak where none needs a look."""
        if self.status != "weak" or any(flaw.kind != CORRECTED for flaw in flaws):
            return replace(self, problems=flaws)
        said = self.score == 1.0 and self.sources
        return replace(self, status="said" if said else "supported", problems=flaws)

    @classmethod
    def said(cls, text: str, segments: Iterable[Segment]) -> "Claim":
        return cls(text, "said", 1.0, tuple(map(Source.of, segments)))


@dataclass(frozen=True)
class Block:
    """A paragraph, heading or post. `frame` is the number of the screenshot of that moment."""

    hash: str
    kind: Kind
    claims: tuple[Claim, ...] = ()
    frame: int | None = None

    @property
    def status(self) -> Status:
        """The claim that most needs a look tells; a block without claims claims nothing."""
        found = {claim.status for claim in self.claims}
        order: tuple[Status, ...] = ("weak", "yours", "supported", "said")
        return next((status for status in order if status in found), "supported")

    @property
    def finding(self) -> str:
        """What a look at the block was a look at: its text, and what is wrong with it."""
        flaws = sorted(f"{flaw.kind} {flaw.text}" for one in self.claims for flaw in one.problems)
        return hashlib.sha256(repr((self.hash, flaws)).encode("utf-8", "replace")).hexdigest()[:16]

    def is_looked_at(self, looked: Set[str]) -> bool:
        """Whether one of the looks was at this; an earlier Draftmill kept only whose text it was."""
        return self.finding in looked or self.hash in looked

    def stored(self) -> dict[str, Any]:
        claims = [claim.stored() for claim in self.claims]
        return {
            "hash": self.hash,
            "kind": self.kind,
            "status": self.status,
            "claims": claims,
            "frame": self.frame,
        }


def frame_of(claims: Sequence[Claim], shots: Sequence[Screenshot]) -> int | None:
    """The screenshot that was on screen where the first claim with a time was said."""
    times = (source.start for claim in claims for source in claim.sources)
    first = next((time for time in times if time is not None), None)
    if first is None:
        return None
    return next((shot.n for shot in shots if shot.time_s <= first < shot.end_s), None)


def corrected_in(blocks: Iterable[Block]) -> int:
    """How many times of a text were put right."""
    flaws = (flaw for block in blocks for claim in block.claims for flaw in claim.problems)
    return sum(flaw.kind == CORRECTED for flaw in flaws)


def stored(blocks: Iterable[Block]) -> dict[str, Any]:
    """Evidence as a version holds it."""
    return {"blocks": [block.stored() for block in blocks]}


def shown(blocks: Iterable[Block], looked: Set[str] = frozenset()) -> dict[str, Any]:
    """The same for readers: with what they looked at, without what is only for the next edit."""
    blocks = list(blocks)
    found = stored(blocks)
    for one, block in zip(blocks, found["blocks"], strict=True):
        block["looked"] = one.is_looked_at(looked)
        for claim in block["claims"]:
            del claim["form"]
    return found


def blocks_in(evidence: dict[str, Any]) -> list[Block]:
    """The blocks of stored evidence; none where nothing was checked yet."""
    return [_block(row) for row in evidence.get("blocks", ())]


def _block(row: dict[str, Any]) -> Block:
    return Block(row["hash"], row["kind"], tuple(map(_claim, row["claims"])), row["frame"])


def _claim(row: dict[str, Any]) -> Claim:
    sources = tuple(_source(one) for one in row["sources"])
    problems = tuple(Flaw(**one) for one in row["problems"])
    form = row.get("form", "")  # evidence of an earlier Draftmill has none
    return Claim(row["text"], row["status"], row["score"], sources, problems, form)


def _source(row: dict[str, Any]) -> Source:
    place = tuple(row["segment"]) if row["segment"] else None
    return Source(**{**row, "segment": place})
