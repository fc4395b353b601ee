"""A draft with its screenshots, and the tags of its HTML."""

from html.parser import HTMLParser

from draftmill.drafts.versions import Version
from draftmill.projects.screenshots import Screenshot

PROJECT = "0f8c1c9e-1111-4222-8333-444455556666"
SHOTS = {
    3: Screenshot(3, 10.0, 20.0, "ingest-1/003.jpg", 1280, 720),
    12: Screenshot(12, 30.0, 40.0, "ingest-1/012.jpg", 640, 480),
}
JPEG = b"\xff\xd8\xff\xe0 not really a picture \xff\xd9"


class Elements(HTMLParser):
    """All start tags of a fragment, as a browser would see them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def elements(html: str) -> list[tuple[str, dict[str, str | None]]]:
    return Elements(html).found


def draft(body: str, title: str = "A title", **more) -> Version:
    values = {
        "id": 1,
        "project_id": PROJECT,
        "type": "blog",
        "n": 1,
        "based_on": None,
        "author": "writer",
        "job_id": None,
        "fields": {},
        "evidence": {},
        "model": "",
        "created_at": "",
        "updated_at": "",
    }
    return Version(title=title, body=body, **values | more)
