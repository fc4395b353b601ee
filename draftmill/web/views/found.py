"""What a search found, as its page and the list below its field show it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from content_actions import CONTENT_TYPES
from draftmill.search.everywhere import Draft, Found, Said, Talk, Title
from draftmill.search.words import Piece


@dataclass(frozen=True)
class Line:
    """One place that was found. `start_s` is its second in the recording, None for another place."""

    url: str
    text: tuple[Piece, ...]
    start_s: float | None = None
    speaker: str = ""


@dataclass(frozen=True)
class Group:
    """The places in one project or draft; `note` says which draft, and whether there is more."""

    title: tuple[Piece, ...]
    url: str
    note: str
    lines: tuple[Line, ...]


def groups_of(found: Found) -> list[tuple[str, list[Group]]]:
    """What was found by its kind, in the order in which it is shown; kinds without any left out."""
    find = " ".join(found.words.words)
    shown = [
        ("Titles", [_title(one) for one in found.titles]),
        ("Transcripts", [_talk(one, find) for one in found.talks]),
        ("Drafts", [_draft(one, find) for one in found.drafts]),
    ]
    return [(label, groups) for label, groups in shown if groups]


def _title(one: Title) -> Group:
    return Group(one.title, f"/projects/{one.project_id}", "", ())


def _talk(one: Talk, find: str) -> Group:
    url = f"/projects/{one.project_id}"
    lines = tuple(_line(url, said, find) for said in one.sentences)
    return Group(((one.title, False),), url, "and more" if one.more else "", lines)


def _line(project: str, said: Said, find: str) -> Line:
    query = urlencode({"t": f"{said.start_s:g}", "find": find})
    return Line(f"{project}?{query}#s{said.n}", said.text, said.start_s, said.speaker)


def _draft(one: Draft, find: str) -> Group:
    url = f"/projects/{one.project_id}/drafts/{one.type}?{urlencode({'find': find})}"
    content = CONTENT_TYPES.known(one.type)
    label = content.label if content else "Draft"
    title = one.title or ((one.project, False),)
    return Group(title, url, label, (Line(url, one.text),))
