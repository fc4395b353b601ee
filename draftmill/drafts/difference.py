"""What differs between two versions of a draft: paragraph by paragraph, and in these word by word."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from diff_match_patch import diff_match_patch

from draftmill.drafts.versions import Version
from draftmill.evidence.blocks import hash_of

TITLE, PREVIEW = "title", "preview"
LIMIT_S = 0.5  # for one comparison: what is not compared word by word by then is another text
MOST_PAIRS = 2_500  # of paragraphs that are held side by side to see which became which
ALIKE = 0.3  # share of words that two paragraphs have in common when one became the other
GAP = re.compile(r"\n[ \t]*\n")
# A mark of a time or a picture is one word; so is each letter of a script without spaces.
TOKEN = re.compile(
    r"!?\[[^\[\]\n]{0,500}\]\((?:time|shot):[\d.]{1,10}\)"
    r"|[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+|\s+|."
)
Kind = Literal["same", "gone", "new"]
KINDS: dict[int, Kind] = {0: "same", -1: "gone", 1: "new"}


@dataclass(frozen=True)
class Piece:
    """Some words that both have, or only the old text ("gone"), or only the new one."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Passage:
    """A paragraph, a post, the title or the preview text, as it was and as it became.

    One of `old` and `new` is "" where there is none. `pieces` is empty where nothing differs.
    """

    part: str
    old: str
    new: str
    pieces: tuple[Piece, ...]

    @property
    def differs(self) -> bool:
        return bool(self.pieces)

    @property
    def id(self) -> str:
        """What the difference is known by as long as neither text changes there."""
        return hash_of(f"{self.part}\0{self.old}\0{self.new}")

    @property
    def words(self) -> tuple[int, int]:
        """How many words are gone, and how many are new."""
        gone, new = (
            sum(len(re.findall(r"\w+", piece.text)) for piece in self.pieces if piece.kind == kind)
            for kind in ("gone", "new")
        )
        return gone, new


def difference(old: Version, new: Version) -> list[Passage]:
    """All of both texts, in their order; of a hostile text it takes about LIMIT_S at most."""
    compared = _Comparison(time.time() + LIMIT_S)
    fields = [(TITLE, old.title, new.title), (PREVIEW, _preview(old), _preview(new))]
    named = [
        Passage(part, one, other, compared.words(one, other))
        for part, one, other in fields
        if one or other
    ]
    return [*named, *compared.passages(blocks_of(old), blocks_of(new))]


def words_compared() -> Callable[[str, str], tuple[Piece, ...]]:
    """What holds short texts together word by word, all of them in LIMIT_S at most."""
    return _Comparison(time.time() + LIMIT_S).words


def blocks_of(version: Version) -> list[str]:
    """Its posts, or its paragraphs with the empty lines that follow them."""
    return version.posts or _paragraphs(version.body)


class _Comparison:
    """One comparison, with a time by which it has to be done."""

    def __init__(self, until: float) -> None:
        self.until = until
        self.compare = diff_match_patch()
        # Its own bound leads to a search that no bound holds; the time is handed over instead.
        self.compare.Diff_Timeout = 0

    def passages(self, old: Sequence[str], new: Sequence[str]) -> Iterator[Passage]:
        """The blocks of both in one order, each beside what it became."""
        gone: list[str] = []
        came: list[str] = []
        keys = [" ".join(block.split()) for block in (*old, *new)]
        letters = _letters(keys)
        left, right = iter(old), iter(new)
        for operation, run in self._compared(letters[: len(old)], letters[len(old) :]):
            if operation < 0:
                gone += [next(left) for _ in run]
            elif operation > 0:
                came += [next(right) for _ in run]
            else:
                yield from self._changed(gone, came)
                gone, came = [], []
                yield from (Passage("", next(left), next(right), ()) for _ in run)
        yield from self._changed(gone, came)

    def _changed(self, gone: Sequence[str], came: Sequence[str]) -> Iterator[Passage]:
        for one, other in _paired(gone, came):
            yield Passage("", one, other, self.words(one, other))

    def words(self, old: str, new: str) -> tuple[Piece, ...]:
        """Both texts word by word; nothing where they read the same."""
        old, new = old.strip(), new.strip()
        if old == new:
            return ()
        before, after = TOKEN.findall(old), TOKEN.findall(new)
        letters = _letters([*before, *after])
        left, right = iter(before), iter(after)
        runs = []
        for operation, run in self._compared(letters[: len(before)], letters[len(before) :]):
            text = "".join(next(left if operation <= 0 else right) for _ in run)
            if operation == 0:
                for _ in run:
                    next(right)
            runs.append((operation, text))
        return tuple(_readable(runs))

    def _compared(self, old: str, new: str) -> list[tuple[int, str]]:
        found: list[tuple[int, str]] = self.compare.diff_main(old, new, False, self.until)
        return found


def _letters(tokens: Sequence[str]) -> str:
    """Each token as one character, the same for the same: what is compared are characters."""
    known: dict[str, str] = {}
    return "".join(known.setdefault(token, chr(len(known) + 1)) for token in tokens)


def _readable(runs: Sequence[tuple[int, str]]) -> Iterator[Piece]:
    """The runs as pieces; a space between two changes belongs to both, else they read as rags."""
    gone, new, space = "", "", ""
    for operation, text in runs:
        if operation == 0 and text.isspace() and (gone or new):
            space += text
        elif operation == 0:
            yield from _pieces(gone, new)
            yield Piece("same", space + text)
            gone, new, space = "", "", ""
        else:
            gone, new, space = gone + space, new + space, ""
            gone, new = (gone + text, new) if operation < 0 else (gone, new + text)
    yield from _pieces(gone, new)
    if space:
        yield Piece("same", space)


def _pieces(gone: str, new: str) -> Iterator[Piece]:
    if gone:
        yield Piece("gone", gone)
    if new:
        yield Piece("new", new)


def _paired(gone: Sequence[str], came: Sequence[str]) -> list[tuple[str, str]]:
    """Which block became which, in order: the pairs that have most in common together."""
    if not gone or not came or len(gone) * len(came) > MOST_PAIRS:
        return [*((one, "") for one in gone), *(("", other) for other in came)]
    words = [[set(TOKEN.findall(text)) - {" "} for text in texts] for texts in (gone, came)]
    best: list[list[tuple[float, str]]] = [[(0.0, "")] * (len(came) + 1)]
    for row, one in enumerate(words[0]):
        line = [(0.0, "")]
        for column, other in enumerate(words[1]):
            both = len(one & other)  # in the time that the shorter one takes
            alike = both / max(1, len(one) + len(other) - both)
            ways = [(best[row][column + 1][0], "gone"), (line[column][0], "new")]
            if alike >= ALIKE:
                ways.append((best[row][column][0] + alike, "pair"))
            line.append(max(ways))
        best.append(line)
    return _walked(gone, came, best)


def _walked(
    gone: Sequence[str], came: Sequence[str], best: Sequence[Sequence[tuple[float, str]]]
) -> list[tuple[str, str]]:
    """The pairs along the best way, from its end."""
    row, column, pairs = len(gone), len(came), []
    while row or column:
        step = best[row][column][1] if row and column else "gone" if row else "new"
        row, column = row - (step != "new"), column - (step != "gone")
        pairs.append((gone[row] if step != "new" else "", came[column] if step != "gone" else ""))
    return pairs[::-1]


def _paragraphs(body: str) -> list[str]:
    """The pieces of Markdown between empty lines, each with the lines that follow it."""
    ends = [match.end() for match in GAP.finditer(body)]
    pieces = [body[start:end] for start, end in pairwise([0, *ends, len(body)])]
    return [piece for piece in pieces if piece]


def _preview(version: Version) -> str:
    return str(version.fields.get("preview") or "")
