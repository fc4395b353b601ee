"""A draft as rich text for the clipboard: what mail, Word and editors on the web take as it is.

No classes, for nobody there knows them; no links but those that lead out of the draft; pictures
inside, for nobody else can reach this server.
"""

import base64
import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

import nh3

from draftmill.drafts.markdown import DIRECTED, LINK_SCHEMES, TAGS

# With the bracket before it: in a text that shows HTML, quotes stay as they are and brackets do not.
NAMED = re.compile(r'<img src="images/(\d{3,6})\.jpg"')
OUTWARD = re.compile(r"(?:https?://|mailto:)[^\s]+", re.IGNORECASE)
CLEANER = nh3.Cleaner(
    tags=set(TAGS.split()),
    attributes={
        "a": {"href"},
        "img": {"src", "alt"},
        **{tag: {"dir"} for tag in DIRECTED},
        "ol": {"dir", "start"},
    },
    attribute_filter=lambda tag, name, value: (
        None if name == "href" and not OUTWARD.fullmatch(value) else value
    ),
    url_schemes=LINK_SCHEMES,
    link_rel=None,
)


def rich(title: str, preview: str, rendered: str, pictures: Mapping[int, Path]) -> str:
    """Title, preview and a rendered body, whose pictures have relative names, as rich text."""
    head = f'<h1 dir="auto">{escape(title)}</h1>\n' if title else ""
    head += f'<p dir="auto"><em>{escape(preview)}</em></p>\n' if preview else ""

    def inside(match: re.Match[str]) -> str:
        data = base64.b64encode(pictures[int(match[1])].read_bytes()).decode()
        return f'<img src="data:image/jpeg;base64,{data}"'

    return head + NAMED.sub(inside, CLEANER.clean(rendered))


def rich_posts(posts: Sequence[str]) -> str:
    """Each post as a paragraph, with its lines."""
    return "\n".join(f'<p dir="auto">{_lines(post.strip())}</p>' for post in posts)


def _lines(post: str) -> str:
    return escape(post).replace("\n", "<br>")
