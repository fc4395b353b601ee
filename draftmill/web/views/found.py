"""What a search found, as its page and the list below its field show it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from content_actions import CONTENT_TYPES
from draftmill.search.everywhere import DRAFTS, TALKS, TITLES, Draft, Found, Said, Talk, Title
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
    """The places in one project or draft; `note` says which draft, `more_url` shows all of them."""

    title: tuple[Piece, ...]
    url: str
    note: str
    lines: tuple[Line, ...]
    more_url: str = ""


@dataclass(frozen=True)
class Kind:
    """What was found of one kind; `more_url` leads to its next page, "" where there is none."""

    label: str
    groups: list[Group]
    more: str
    more_url: str


def kinds_of(found: Found, query: str, kind: str = "") -> list[Kind]:
    """What was found by its kind, in the order in which it is shown; kinds without any left out.

    Behind the first few of all kinds comes the first page of one, behind a page of it the next.
    """
    find = " ".join(found.words.words)
    shown = [
        (TITLES, "Titles", "titles", [_title(one) for one in found.titles]),
        (TALKS, "Transcripts", "talks", [_talk(one, find) for one in found.talks]),
        (DRAFTS, "Drafts", "drafts", [_draft(one, find) for one in found.drafts]),
    ]
    made = []
    for name, label, plural, groups in shown:
        following = found.following.get(name)
        if groups or following is not None:
            before = {"before": following} if kind or not groups else {}
            address = f"/search?{urlencode({'q': query, 'kind': name, **before})}"
            more = f"More {plural}" if groups else f"Look further into older {plural}"
            made.append(Kind(label, groups, more, "" if following is None else address))
    return made


def _title(one: Title) -> Group:
    return Group(one.title, f"/projects/{one.project_id}", "", ())


def _talk(one: Talk, find: str) -> Group:
    project = f"/projects/{one.project_id}"
    url = f"{project}?{urlencode({'find': find})}"
    lines = tuple(_line(project, said, find) for said in one.sentences)
    return Group(((one.title, False),), url, "", lines, url if one.more else "")


def _line(project: str, said: Said, find: str) -> Line:
    at = {} if said.start_s is None else {"t": f"{said.start_s:g}"}
    query = urlencode({**at, "find": find})
    return Line(f"{project}?{query}#s{said.n}", said.text, said.start_s, said.speaker)


def _draft(one: Draft, find: str) -> Group:
    url = f"/projects/{one.project_id}/drafts/{one.type}?{urlencode({'find': find})}"
    content = CONTENT_TYPES.known(one.type)
    label = content.label if content else "Draft"
    title = one.title or ((one.project, False),)
    return Group(title, url, label, (Line(url, one.text),))
