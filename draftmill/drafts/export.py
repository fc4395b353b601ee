"""A draft to take away: Markdown to paste, one HTML file, and files with the pictures beside them.

Links to times lead into Draftmill's player, which readers do not have: here a time is plain text.
"""

import base64
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from html import escape
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import quote

from draftmill.drafts import references
from draftmill.drafts.markdown import (
    FindPicture,
    Picture,
    ShownAbove,
    numbers_of_pictures,
    render_with,
    shown_of,
)
from draftmill.drafts.page_style import STYLE
from draftmill.drafts.plain_text import plain
from draftmill.drafts.references import LABEL
from draftmill.drafts.rich import rich, rich_posts
from draftmill.drafts.versions import Version
from draftmill.drafts.word_pieces import right_to_left
from draftmill.drafts.wording import CODE_BLOCK
from draftmill.errors import NotFound
from draftmill.evidence import records
from draftmill.evidence.records import Block
from draftmill.letters import normalized
from draftmill.projects.screenshots import Screenshot

# What a draft can be taken away as, by the ending of the file.
KINDS = {
    "zip": "application/zip",
    "md": "text/markdown",
    "html": "text/html",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "txt": "text/plain",
}
EVIDENCE = "evidence.json"
# Bytes of pictures: a clipboard, and what takes it, hold all of it in memory.
MOST_PASTED = 20 * 2**20
NAME_BYTES = 120
RIGHT_TO_LEFT = frozenset(("ar", "fa", "he", "ps", "sd", "ur", "yi"))  # languages
SHOT = re.compile(rf"!\[{LABEL}\]\(\s{{0,9}}<?shot:(\d{{1,6}})>?(?:\s[^()\n]{{0,500}})?\)")
OWN_LINK = re.compile(rf"!?\[{LABEL}\]\(\s{{0,9}}<?(?:time|shot):[^()\n]{{0,100}}\)")
NAMED = re.compile(r'<img src="images/(\d{3,6})\.jpg"')
BLANK_LINES = re.compile(rf"{CODE_BLOCK}|\n[ \t]*\n(?:[ \t]*\n)+", re.MULTILINE)
UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|\u200e\u200f\u2028-\u202e\u2066-\u2069]+')


def as_file(
    ending: str,
    draft: Version,
    shots: Mapping[int, Screenshot],
    folder: Path,
    evidence: str | None = None,
    pictures: Mapping[int, str] | None = None,
    language: str = "",
) -> Iterator[bytes]:
    """The draft as one of KINDS, piece by piece: one picture at a time is in memory.

    `folder` is the project's; a zip holds the evidence, as `listed` gives it. `pictures` are the addresses to
    which Markdown leads, by number; it leaves others out. Raises NotFound for another ending.
    """
    if ending == "md":
        return iter([markdown(draft, pictures).encode()])
    if ending == "txt":
        return iter([plain_text(draft).encode()])
    if ending == "docx":
        return iter([word(draft, shots, folder)])
    if ending == "html":
        return (piece.encode() for piece in html(draft, shots, folder, language))
    if ending == "zip":
        return zipped(draft, shots, folder, evidence, language)
    raise NotFound


def markdown(draft: Version, pictures: Mapping[int, str] | None = None) -> str:
    """The draft as Markdown with its title; posts as numbered text.

    `pictures` gives the addresses of screenshots by number. Others are left out: where the text
    is pasted they would show as broken.
    """
    if draft.posts:
        return _numbered(_posts(draft))
    known = pictures or {}

    def picture(match: re.Match[str]) -> str:
        address = known.get(int(match[2]))
        return f"![{match[1]}]({address})" if address else ""

    body = _without_marks(SHOT.sub(picture, references.resolved(draft.body, known)))
    preview = _preview(draft)
    parts = [f"# {draft.title}" * bool(draft.title), f"*{preview}*" * bool(preview), body.strip()]
    text = "\n\n".join(filter(None, parts))
    return BLANK_LINES.sub(lambda found: found[0] if found[1] else "\n\n", text) + "\n"


def pictures_in(draft: Version) -> set[int]:
    """The numbers of the pictures to which a draft's Markdown leads."""
    if draft.posts:
        return set()
    inline = {int(mark[2]) for mark in SHOT.finditer(draft.body)}
    return inline | references.pictures_in(draft.body)


def plain_text(draft: Version) -> str:
    """The draft as it is read, without marks of Markdown."""
    if draft.posts:
        return _numbered(_posts(draft))
    return plain(draft.title, _preview(draft), draft.body)


def word(draft: Version, shots: Mapping[int, Screenshot], folder: Path) -> bytes:
    """The draft as a Word document with its pictures."""
    from draftmill.drafts.word import document, document_of_posts  # takes long to load

    if draft.posts:
        return document_of_posts(draft.title, _posts(draft))
    return document(draft.title, _preview(draft), draft.body, _stored(draft, shots, folder))


def pasted(draft: Version, shots: Mapping[int, Screenshot], folder: Path) -> tuple[str, int]:
    """The draft as rich text for the clipboard, with its pictures inside, each once.

    And how many of them were left out: those behind the first MOST_PASTED bytes.
    """
    if draft.posts:
        return rich_posts(_posts(draft)), 0
    pictures = _stored(draft, shots, folder)
    room, inside = MOST_PASTED, dict[int, Path]()
    for n, path in pictures.items():
        room -= path.stat().st_size
        if room < 0:
            break
        inside[n] = path
    left = dict.fromkeys(inside)

    def once(n: int) -> Picture | None:
        return Picture(_name(n)) if n in left and left.pop(n) is None else None

    rendered = render_with(draft.body, once, lambda _: None)
    return rich(draft.title, _preview(draft), rendered, inside), len(pictures) - len(inside)


def html(
    draft: Version, shots: Mapping[int, Screenshot], folder: Path, language: str = ""
) -> Iterator[str]:
    """The draft as one HTML document that carries each of its pictures once, in pieces.

    Where a picture comes again, a link leads to its first place. `folder` is the project's.
    """
    stored = _stored(draft, shots, folder)
    shown: set[int] = set()

    def once(n: int) -> Picture | ShownAbove | None:
        if n in shown:
            return ShownAbove(f"#picture-{n}", f"Picture {n}")
        shown.update({n} & stored.keys())
        return Picture(_name(n)) if n in stored else None

    return _carrying(_page(draft, once, language), stored)


def _carrying(page: str, pictures: Mapping[int, Path]) -> Iterator[str]:
    first, *others = NAMED.split(page)
    yield first
    for number, after in zip(others[::2], others[1::2], strict=True):
        data = base64.b64encode(pictures[int(number)].read_bytes()).decode()
        yield f'<img id="picture-{int(number)}" src="data:image/jpeg;base64,{data}"'
        yield after


def files(
    draft: Version, shots: Mapping[int, Screenshot], folder: Path, language: str = ""
) -> Iterator[tuple[str, str | Path]]:
    """Everything in the zip, as (relative name, text or path of a file): both forms and pictures."""
    stored = _stored(draft, shots, folder)
    names = {n: _name(n) for n in stored}
    yield f"{draft.type}.{'txt' if draft.posts else 'md'}", markdown(draft, names)
    pictures = {n: Picture(name) for n, name in names.items()}
    yield f"{draft.type}.html", _page(draft, pictures.get, language)
    for n, path in stored.items():
        yield names[n], path


def zipped(
    draft: Version,
    shots: Mapping[int, Screenshot],
    folder: Path,
    evidence: str | None = None,
    language: str = "",
) -> Iterator[bytes]:
    """The zip of a draft with what it rests on, piece by piece."""
    rests_on = [] if evidence is None else [(EVIDENCE, evidence)]
    return archived(chain(files(draft, shots, folder, language), rests_on))


def listed(evidence: Sequence[Block], looked: Set[str]) -> str:
    """What each block of a draft rests on, and which were looked at, as JSON."""
    return json.dumps(records.shown(evidence, looked), ensure_ascii=False, indent=1) + "\n"


def archived(found: Iterable[tuple[str, str | Path]]) -> Iterator[bytes]:
    """A zip of (name, text or path of a file), piece by piece: one of them at a time is in memory."""
    written = _Written()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in found:
            if isinstance(content, Path):  # a JPEG is as small as it gets
                archive.write(content, name, zipfile.ZIP_STORED)
            else:
                archive.writestr(name, content, zipfile.ZIP_DEFLATED)
            yield written.taken()
    yield written.taken()


class _Written(io.RawIOBase):
    """What was written and not taken yet. It cannot be sought in: a zip says then what it can say later."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


def content_disposition(name: str) -> str:
    """The header that saves a download under a name, whatever the name holds."""
    stem, dot, ending = normalized(name).rpartition(".")
    stem, ending = (stem, ending) if dot else (ending, "")
    stem = safe_name(stem) or "draft"
    suffix = f".{re.sub('[^A-Za-z0-9]', '', ending)[:8]}" if dot else ""
    plain = normalized(stem, "NFKD").encode("ascii", "ignore").decode()
    plain = " ".join(re.sub(r"[^A-Za-z0-9 ._()-]", " ", plain).split()).strip(". ") or "draft"
    exact = quote(stem + suffix, safe="")
    return f"attachment; filename=\"{plain}{suffix}\"; filename*=UTF-8''{exact}"


def safe_name(text: str) -> str:
    """What a file or a folder may be called on any system, at most NAME_BYTES long; "" for nothing."""
    spoken = UNSAFE.sub(" ", text.encode("utf-8", "ignore").decode())
    return _within(" ".join(spoken.split()).strip(". "), NAME_BYTES)


def _within(text: str, limit: int) -> str:
    """The text cut to at most `limit` bytes of UTF-8."""
    return text.encode()[:limit].decode("utf-8", "ignore").rstrip(". ")


def _without_marks(text: str) -> str:
    """A text whose times are their words, as nobody elsewhere can follow them."""
    return OWN_LINK.sub(r"\1", text)


def _posts(draft: Version) -> list[str]:
    return [_without_marks(SHOT.sub("", references.resolved(post, {}))) for post in draft.posts]


def _numbered(posts: list[str]) -> str:
    if len(posts) == 1:
        return posts[0].strip() + "\n"
    return "\n".join(f"{n}/{len(posts)}\n{post.strip()}\n" for n, post in enumerate(posts, 1))


def _preview(draft: Version) -> str:
    preview = draft.fields.get("preview")
    return " ".join(preview.split()) if isinstance(preview, str) else ""


def _name(n: int) -> str:
    return f"images/{n:03d}.jpg"


def _stored(draft: Version, shots: Mapping[int, Screenshot], folder: Path) -> dict[int, Path]:
    """The pictures of a draft that exist, by number."""
    if draft.posts:
        return {}
    beyond = (int(match[2]) for match in SHOT.finditer(draft.body, len(shown_of(draft.body))))
    numbers = dict.fromkeys([*numbers_of_pictures(draft.body), *beyond])
    paths = {n: folder / shots[n].file for n in numbers if n in shots}
    return {n: path for n, path in paths.items() if path.is_file()}


def _page(draft: Version, picture: FindPicture, language: str) -> str:
    title, preview = escape(draft.title), escape(_preview(draft))
    lang = f' lang="{escape(language)}"' if language else ""
    text = "\n".join([draft.title, draft.body])
    if language in RIGHT_TO_LEFT if language else right_to_left(text):
        lang += ' dir="rtl"'
    head = f'<h1 dir="auto">{title}</h1>\n' * bool(
        title
    ) + f'<p class="preview" dir="auto">{preview}</p>\n' * bool(preview)
    if draft.posts:
        body = "".join(f'<p class="post" dir="auto">{escape(post)}</p>\n' for post in _posts(draft))
    else:
        body = render_with(draft.body, picture, lambda _: None)
    return (
        f'<!doctype html>\n<html{lang}>\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title or 'Draft'}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{head}{body}</main>\n</body>\n</html>\n"
    )
