"""Requests that change something must come from our own pages."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers

from draftmill.errors import Problem

HARMLESS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
DEFAULT_PORTS = {"http": 80, "https": 443}


class CrossOrigin(Problem):
    code = "cross_origin"
    status = 403
    default_message = "This request came from another site, so it was not carried out."
    default_hint = "Open Draftmill itself and try again there."


def check_origin(headers: Headers, scheme: str, base_url: str, signed_in: bool) -> None:
    """Return if a request is from this origin. `base_url` may be empty. Raises CrossOrigin.

    Browsers send Sec-Fetch-Site over https and to this machine itself; over plain http in a
    local network they send only Origin or Referer. Programs send none: without a session
    there is nothing that another site could misuse.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        if site not in ("same-origin", "none"):
            raise CrossOrigin
        return
    source = headers.get("origin") or headers.get("referer")
    if source is None:
        if signed_in:
            raise CrossOrigin
        return
    own = {_origin(f"{scheme}://{headers.get('host', '')}"), _origin(base_url)}
    if _origin(source) is None or _origin(source) not in own:
        raise CrossOrigin


def _origin(url: str) -> tuple[str, str, int] | None:
    try:
        parts = urlsplit(url)
        port = parts.port or DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return None
    if not parts.hostname or port is None:
        return None
    return parts.scheme, parts.hostname, port
