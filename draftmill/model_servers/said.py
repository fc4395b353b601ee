"""An error in a server's words, whatever shape its JSON has, and a quotation that is safe to show."""

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from draftmill.model_servers.answers import json_in
from draftmill.model_servers.masking import masked
from draftmill.transcripts.sentences import clean

LONGEST_QUOTATION = 200  # characters
LONGEST_READ = 4_000  # characters of an error that are looked at
MOST_VALUES = 300  # of its JSON
SAME = 16  # characters in a row that stand in the prompt too are a quotation of it
SAME_DENSE = 6  # in scripts whose characters say more

# Never what a server quotes back: FastAPI's `input` is the request itself.
WORDS = (
    "message",
    "msg",
    "detail",
    "details",
    "error",
    "error_description",
    "reason",
    "raw",
    "title",
)
NAMES = ("code", "type", "status", "error_type", "loc", "param")
KEYS = re.compile(r"(?i)bearer\s+\S+|\b(?:sk|gsk|key|pk)[-_][\w*.-]{6,}")
USERINFO = re.compile(r"//[^/\s@]{1,200}@")
TAGS = re.compile(r"<[^<>]*>")
ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")


@dataclass(frozen=True)
class Said:
    """An error. `status` is the HTTP answer's, 0 in the midst of a stream; `code` may be empty.

    `names` are the codes, types and parameters that it names, `text` its sentences.
    """

    status: int
    text: str
    names: str = ""
    code: str = ""
    parameter: str = ""

    @property
    def all(self) -> str:
        return f"{self.names} {self.text}"


def said_in(body: object, status: int = 0) -> Said:
    """The error that a body holds: text, or a JSON value of any shape.

    A status that the JSON names counts where HTTP itself tells of none.
    """
    if isinstance(body, str):
        try:
            value = json_in(body)
        except ValueError:
            return Said(status, clean(TAGS.sub(" ", body[:LONGEST_READ])))
    else:
        value = body
    words: list[str] = []
    names: list[tuple[str, str]] = []
    for name, one in _values(value):
        if name in NAMES:
            names.append((name, str(one)[:100]))
        elif isinstance(one, str):
            words.append(one[:LONGEST_READ])
            words += _words_inside(one)
    found = dict(reversed(names))
    code = found.get("code", "")
    if status < 400 and re.fullmatch(r"[45]\d\d", code):
        status = int(code)
    text = " ".join(dict.fromkeys(words))[:LONGEST_READ]
    return Said(status, text, " ".join(value for _, value in names), code, found.get("param", ""))


def _values(body: object) -> list[tuple[str, object]]:
    """The texts and numbers that stand under the names of errors, from the outside in."""
    found: list[tuple[str, object]] = []
    rest: deque[tuple[str, object]] = deque([("error", body)])
    for _ in range(MOST_VALUES):
        if not rest:
            break
        name, value = rest.popleft()
        if isinstance(value, dict):
            rest.extend(
                (key, one)
                for key, one in value.items()
                if key in WORDS + NAMES or key == "metadata"
            )
        elif isinstance(value, list):
            rest.extend((name, one) for one in value[:MOST_VALUES])
        elif isinstance(value, str | int) and not isinstance(value, bool):
            found.append((name, value))
    return found


def _words_inside(text: str) -> list[str]:
    """Servers that stand before others hand on their error as a text of JSON."""
    if not text.startswith("{"):
        return []
    try:
        return [value for _, value in _values(json_in(text)) if isinstance(value, str)]
    except ValueError:
        return []


def quotation(text: str, secrets: Iterable[str], prompt: str = "") -> str:
    """A short quotation after a colon, without secrets, tags and what stands in the prompt."""
    text = ESCAPED.sub(lambda match: chr(int(match[1], 16)), text[:LONGEST_READ])
    text = KEYS.sub("…", masked(text, secrets))
    line = clean(TAGS.sub(" ", USERINFO.sub("//", text)))
    line = _without_prompt(line[: 3 * LONGEST_QUOTATION], prompt)
    short = line if len(line) <= LONGEST_QUOTATION else f"{line[:LONGEST_QUOTATION].rstrip()}…"
    return f": “{short}”" if re.search(r"\w", short) else ""


def _without_prompt(line: str, prompt: str) -> str:
    asked = " ".join(prompt.split()).lower()
    low = line.lower()
    low = low if len(low) == len(line) else line
    same = SAME if line.isascii() else SAME_DENSE
    ours = bytearray(len(line))
    for at in range(len(line) - same + 1 if asked else 0):
        if low[at : at + same] in asked:
            ours[at : at + same] = b"\x01" * same
    kept = "".join("\x00" if mine else letter for letter, mine in zip(line, ours, strict=True))
    return re.sub(r"\x00+", "…", kept)
