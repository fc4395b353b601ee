"""JSON text -> its value, or a refusal: a stranger wrote it."""

import json
import re
from typing import Any

from draftmill.errors import Problem

BETWEEN = re.compile(r"[\s,\x1e]*")  # what may stand between the values of JSON Lines


class UnknownJson(Problem):
    code = "json_unreadable"
    default_message = "This JSON is not a transcript that Draftmill knows."
    default_hint = (
        "Bring a .txt, .srt or .vtt file of the same program instead; docs/transcripts.md lists the"
        " programs whose JSON is read."
    )


class _Twice(ValueError):
    """An object that names a thing twice: nobody knows which one counts."""


def parsed(text: str) -> object:
    """The value of a JSON text, or the list of its values where it holds several (JSON Lines).

    What a program said after its last value is left out. Raises UnknownJson.
    """
    decoder = json.JSONDecoder(object_pairs_hook=_once)
    found: list[object] = []
    at = _next(text, 0)
    while at < len(text):
        try:
            value, at = decoder.raw_decode(text, at)
        except _Twice as twice:
            raise UnknownJson(f"This JSON names “{twice}” twice in one place.") from None
        except RecursionError:
            raise UnknownJson("This JSON is nested too deeply to be a transcript.") from None
        except ValueError:
            if any(map(_is_whole, found)) and text[at] not in "{[":
                break
            raise UnknownJson("This file is not valid JSON; its end may be missing.") from None
        found.append(value)
        at = _next(text, at)
    whole = list(filter(_is_whole, found))
    return whole[0] if len(whole) == 1 else whole


def _next(text: str, at: int) -> int:
    match = BETWEEN.match(text, at)
    return match.end() if match else at


def _is_whole(value: object) -> bool:
    return isinstance(value, dict | list)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: dict[str, Any] = {}
        for name, value in pairs:
            if name in seen and seen[name] != value:
                raise _Twice(name[:40])
            seen[name] = value
    return found
