"""Where a link to a result leads from outside."""

from starlette.requests import Request

from draftmill.accounts.links import FOLDER, Link
from draftmill.web.services import settings_of

ZIP = "/jobs/results.zip"


def url_of(request: Request, link: Link) -> str:
    """The whole address of a link, as its reader can open it."""
    root = settings_of(request).base_url or f"{request.url.scheme}://{request.url.netloc}"
    return f"{root.rstrip('/')}{FOLDER}{link.token}"
