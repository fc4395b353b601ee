"""What differs between two versions, as a page shows it: words marked, what is the same folded away."""

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup, escape

from content_actions import ContentType
from draftmill.clock import clock
from draftmill.drafts import difference as found_in
from draftmill.drafts import versions as stored
from draftmill.drafts.difference import Passage, Piece
from draftmill.drafts.markdown import RENDERED
from draftmill.drafts.versions import Version
from draftmill.projects.screenshots import Screenshot
from draftmill.web.views.draft_view import current_of, frame, shots_of, url_of

MOST_PASSAGES = 1_000  # on one page
NEAR = 2  # paragraphs that are the same are shown as they are; more are folded
MARK = re.compile(r"(!?)\[([^\[\]\n]{0,500})\]\((time|shot):(\d{1,6}(?:\.\d{1,3})?)\)")
TIME_CHIP = Markup('<span class="chip">{at}</span>')
PICTURE_CHIP = Markup(
    '<span class="chip"><img src="{url}/screenshots/{n}?size=thumb" alt="" loading="lazy"> {label}</span>'
)
MARKED = {
    "same": Markup("{}"),
    "gone": Markup('<del><span class="sr-only">removed: </span>{}</del>'),
    "new": Markup('<ins><span class="sr-only">added: </span>{}</ins>'),
}
LONGEST = 1_000  # characters of one text of a transcript
PARTS = {found_in.TITLE: "title", found_in.PREVIEW: "preview text"}


@dataclass(frozen=True)
class Row:
    """A place of the difference: `n` counts those that differ from 1, and is 0 for what is the same."""

    n: int
    id: str
    part: str  # "title", "preview text", "paragraph", "post"
    html: Markup
    takes: str  # what the button says
    folded: int = 0  # so many paragraphs are folded away in it


def compared(
    db: sqlite3.Connection,
    found: sqlite3.Row,
    content: ContentType,
    old: int | None,
    new: int,
    took: int | None = None,
    made: int | None = None,
) -> dict[str, object]:
    """The context of drafts/compare.html; `old` is the current version if it is None. Raises NotFound.

    `took` is the number of the version that was shown before something was taken, `made` the next.
    """
    shown, url = current_of(db, found, content), url_of(found, content)
    before = shown if old is None else stored.version(db, found["id"], content.type, old)
    after = stored.version(db, found["id"], content.type, new)
    undo = f"{url}/versions/{took}/restore?undoes={made}"
    told = {"undo_url": undo, "notice": "Taken."} if took and made else {}
    return (
        frame(found, content)
        | told
        | {"takes": "form", "difference": difference_of(db, found, content, before, after, shown)}
    )


def difference_of(
    db: sqlite3.Connection,
    found: sqlite3.Row,
    content: ContentType,
    old: Version,
    new: Version,
    shown: Version,
) -> dict[str, object]:
    """The context of drafts/_difference.html. What is not the draft as it is shown takes nothing."""
    passages, url = found_in.difference(old, new), url_of(found, content)
    rows = list(_rows(passages, f"/projects/{found['id']}", shots_of(db, found), content))
    counted = [one.words for one in passages if one.differs]
    return {
        "old": {"n": old.n, "current": old.id == shown.id},
        "new": {"n": new.n, "current": new.id == shown.id},
        "rows": rows,
        "places": len(counted),
        "gone": sum(gone for gone, _ in counted),
        "new_words": sum(new for _, new in counted),
        "cut": sum(row.n > 0 for row in rows) < len(counted),
        "take_url": f"{url}/versions/{new.n}/take" if old.id == shown.id else None,
    }


def _rows(
    passages: Sequence[Passage],
    url: str,
    shots: Mapping[int, Screenshot],
    content: ContentType,
) -> Iterator[Row]:
    """As many rows as a page holds."""
    unit = "post" if content.shape == "posts" else "paragraph"
    n, room = 0, RENDERED
    for differs, group in groupby(passages[:MOST_PASSAGES], lambda one: one.differs):
        run = [one for one in group if differs or one.new.strip()]
        if not differs and run:
            room -= sum(len(one.new) for one in run)
            html = _same(run, url, shots)
            yield Row(0, "", unit, html if room > 0 else Markup(), "", _folded(run))
        for one in run if differs else ():
            n, room = n + 1, room - len(one.old) - len(one.new)
            if room <= 0:
                return
            part = PARTS.get(one.part, unit)
            yield Row(n, one.id, part, _marked(one.pieces, url, shots), _takes(one, part))


def _folded(run: Sequence[Passage]) -> int:
    return len(run) if len(run) > NEAR else 0


def _takes(one: Passage, part: str) -> str:
    return f"Take this {part}" if one.new.strip() else f"Leave this {part} out"


def _same(run: Sequence[Passage], url: str, shots: Mapping[int, Screenshot]) -> Markup:
    return Markup("\n\n").join(_text(one.new.strip(), url, shots) for one in run)


def _marked(pieces: Sequence[Piece], url: str, shots: Mapping[int, Screenshot]) -> Markup:
    return Markup("").join(MARKED[one.kind].format(_text(one.text, url, shots)) for one in pieces)


def _text(text: str, url: str, shots: Mapping[int, Screenshot]) -> Markup:
    """A text with its marks of times and pictures as chips."""
    parts, end = [], 0
    for mark in MARK.finditer(text):
        parts += [escape(text[end : mark.start()]), _chip(mark, url, shots)]
        end = mark.end()
    return Markup("").join([*parts, escape(text[end:])])


def _chip(mark: re.Match[str], url: str, shots: Mapping[int, Screenshot]) -> Markup:
    picture, label, kind, number = mark.groups()
    if kind == "time" and not picture:
        return TIME_CHIP.format(at=label or clock(float(number)))
    shot = shots.get(int(float(number))) if kind == "shot" and picture else None
    if shot is None:
        return escape(mark[0])
    return PICTURE_CHIP.format(url=url, n=shot.n, label=label or clock(shot.time_s))


def marking() -> Callable[[str, str], Markup]:
    """What marks the words that differ; a page's texts are compared in the time of one."""
    compared = found_in.words_compared()

    def marked(old: str, new: str) -> Markup:
        old, new = (text if len(text) <= LONGEST else text[:LONGEST] + "…" for text in (old, new))
        pieces = compared(old, new)
        return Markup("").join(MARKED[one.kind].format(one.text) for one in pieces) or escape(new)

    return marked
