"""A brought transcript is read in a process that may die of it: what strangers send may be made
to take for ever, or all the memory. This process never parses it."""

import json
import logging
import subprocess
import sys
import traceback
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from draftmill.errors import Problem
from draftmill.processes import children
from draftmill.processes.limits import Limits
from draftmill.processes.turns import NoTurn, Turns
from draftmill.settings import resources
from draftmill.transcripts import formats
from draftmill.transcripts.segments import Segment, Word

LIMIT_S = 30.0  # on a busy machine; on an idle one the limit of the processor comes first
# What tells languages unpacks itself into a temporary file.
LIMITS = Limits(cpu_s=10, memory=2**30, written=128 * 2**20)
MOST_ANSWERED = 32 * 10**6  # bytes: twelve hours with the times of all words take 8 MB
PATIENCE_S = 60.0

logger = logging.getLogger(__name__)
_turns = Turns(PATIENCE_S)


class TranscriptTooHard(Problem):
    code = "transcript_too_hard"
    default_message = "This transcript takes more time or memory to read than a transcript should."
    default_hint = (
        "Check that the right file was chosen. Saved again as .srt, .vtt or .txt, or in parts,"
        " it may be readable."
    )


class TranscriptsWaiting(Problem):
    code = "transcripts_waiting"
    status = 429
    default_message = "Other transcripts are still being read."
    default_hint = "Wait until those that you sent before are there, then send this one again."


def read(path: Path, file_name: str, user_id: int) -> "formats.Brought":
    """`formats.read` of a file, in a child with limits of time, processor and memory.

    It blocks: until it is the user's turn, and then for 30 s at most. Raises what
    `formats.read` does, TranscriptTooHard and TranscriptsWaiting.
    """
    try:
        with _turns.turn(user_id):
            answer = _answer(path, file_name)
    except NoTurn:
        raise TranscriptsWaiting(retry_after_s=5.0) from None
    try:
        return formats.with_language(_brought(answer))
    except (ValueError, IndexError):
        raise TranscriptTooHard from None


def _answer(path: Path, file_name: str) -> bytes:
    try:
        return children.run_helper(
            *("read", str(path.absolute()), f"./{file_name}"),  # which may look like an option
            cwd=resources(),
            limit_s=LIMIT_S,
            most_bytes=MOST_ANSWERED,
        )
    except subprocess.TimeoutExpired:
        raise TranscriptTooHard from None


def main_read(path: str, file_name: str) -> int:
    """The verb `read`: print what was brought, or the refusal, as lines of JSON."""
    children.die_with_parent()
    LIMITS.set()
    for line in _lines(Path(path), file_name):
        sys.stdout.write(line + "\n")
    sys.stdout.flush()
    return 0


def _lines(path: Path, file_name: str) -> Iterator[str]:
    """One line for the facts, then one a sentence: who reads them holds the interpreter shortly."""
    try:
        brought = formats.parse(path.read_bytes(), file_name)
    except Problem as problem:
        yield json.dumps({"refusal": [problem.code, problem.message, problem.hint]})
    except MemoryError:
        return
    except Exception:
        yield json.dumps({"broke": traceback.format_exc(limit=-20)})
    else:
        names = [one.name for one in fields(formats.Brought) if one.name != "segments"]
        yield json.dumps({name: getattr(brought, name) for name in names})
        yield from (json.dumps(_row(segment)) for segment in brought.segments)


def _brought(answer: bytes) -> "formats.Brought":
    """What the child printed. Raises the refusal; ValueError or IndexError when it broke off."""
    facts, *rows = answer.split(b"\n")
    told = json.loads(facts)
    if "broke" in told:
        logger.error("A transcript was not read, for a fault of ours.\n%s", told["broke"])
        raise TranscriptTooHard
    if "refusal" in told:
        code, message, hint = told["refusal"]
        raise formats.REFUSALS[code](message, hint)
    if rows.pop():
        raise ValueError("the last line has no end")
    kept: dict[str, Any] = {
        name: tuple(one) if isinstance(one, list) else one for name, one in told.items()
    }
    return formats.Brought(segments=tuple(_segment(json.loads(row)) for row in rows), **kept)


def _row(segment: Segment) -> list[object]:
    words = [[word.start_s, word.end_s, word.text, word.probability] for word in segment.words]
    said = [segment.start_s, segment.end_s, segment.text, words, segment.speaker]
    return [*said, sorted(segment.flags), segment.window, segment.n]


def _segment(row: list[Any]) -> Segment:
    start_s, end_s, text, words, speaker, flags, window, n = row
    timed = tuple(Word(*word) for word in words)
    return Segment(start_s, end_s, text, timed, speaker, frozenset(flags), window, n)
