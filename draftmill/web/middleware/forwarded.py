"""What the outside calls this server, when a proxy stands before it or its address is set.

uvicorn's own middleware for this does not read a chain's list of schemes nor any host, takes an
IPv4 proxy on an IPv6 socket for a stranger, and passes on what is no address as the client's.
"""

import ipaddress
import re
from urllib.parse import urlsplit

from starlette.types import Scope

from draftmill.errors import Problem
from draftmill.settings import BadSetting, Settings

HEALTH = frozenset({"/healthz", "/readyz"})
SECURE = {"http": "https", "ws": "wss", "https": "https", "wss": "wss"}
PLAIN = {"http": "http", "ws": "ws", "https": "http", "wss": "ws"}
_HOST = re.compile(r"(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?", re.IGNORECASE)

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class WrongHost(Problem):
    code = "wrong_host"
    status = 400
    default_message = "This server is not reachable under that name."


class Front:
    """Puts scheme, host and client address of a request right, as DRAFTMILL_TRUSTED_PROXIES
    and DRAFTMILL_BASE_URL say. Raises BadSetting when one of them cannot be read.
    """

    def __init__(self, settings: Settings) -> None:
        self._trusted = networks(settings.trusted_proxies)
        self.base_url = settings.base_url.rstrip("/")
        self._scheme, self._host = _scheme_and_host(self.base_url)

    def correct(self, scope: Scope) -> None:
        """Change the scope of a request or websocket. Raises WrongHost."""
        if not self._trusted and not self.base_url:
            return
        proxied = bool(scope.get("client")) and self._trusts(scope["client"][0])
        if proxied:
            self._believe(scope)
        if self.base_url:
            self._take_base_url(scope, proxied)

    def _believe(self, scope: Scope) -> None:
        hops = 1
        for entry in reversed(_values(scope, b"x-forwarded-for")):
            address = _address(entry)
            if address is None:
                break
            scope["client"] = (address, 0)
            if not self._trusts(address):
                break
            hops += 1
        scheme = _told_by(_values(scope, b"x-forwarded-proto"), hops).lower()
        if scheme in ("http", "https"):
            _set_scheme(scope, scheme)
        host = _told_by(_values(scope, b"x-forwarded-host"), hops)
        if _HOST.fullmatch(host):
            _set_host(scope, host)

    def _take_base_url(self, scope: Scope, proxied: bool) -> None:
        name = _host_name(",".join(_values(scope, b"host")))
        if proxied or name == _host_name(self._host):
            _set_scheme(scope, self._scheme)
            _set_host(scope, self._host)
        # A page elsewhere can point its own name at this machine, but not a number or localhost.
        elif not (_is_number(name) or name == "localhost" or scope["path"] in HEALTH):
            raise WrongHost(hint=f"Open {self.base_url} instead.")

    def _trusts(self, address: str) -> bool:
        try:
            ip = ipaddress.ip_address(address)
        except ValueError:
            return False
        if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
            ip = ip.ipv4_mapped
        return any(ip in network for network in self._trusted)


def networks(text: str) -> tuple[Network, ...]:
    """The proxies that a setting names. Raises BadSetting."""
    try:
        return tuple(
            ipaddress.ip_network(part.strip(), strict=False)
            for part in text.split(",")
            if part.strip()
        )
    except ValueError as error:
        raise BadSetting(
            f"DRAFTMILL_TRUSTED_PROXIES: {error}.",
            "Set it to addresses or networks such as 127.0.0.1, 10.0.0.0/8.",
        ) from None


def _scheme_and_host(base_url: str) -> tuple[str, str]:
    if not base_url:
        return "", ""
    parts = urlsplit(base_url)
    odd = parts.path or parts.query or parts.fragment
    if parts.scheme not in ("http", "https") or odd or not _HOST.fullmatch(parts.netloc):
        raise BadSetting(
            f"DRAFTMILL_BASE_URL is {base_url!r}.",
            "Set it to scheme and host alone, such as https://drafts.example.org.",
        )
    return parts.scheme, parts.netloc.lower()


def _values(scope: Scope, name: bytes) -> list[str]:
    lines = [value.decode("latin-1") for key, value in scope["headers"] if key == name]
    return [part.strip() for part in ",".join(lines).split(",") if part.strip()]


def _told_by(values: list[str], hops: int) -> str:
    """What the outermost of our proxies said: each proxy on the way adds its value at the end."""
    return values[max(0, len(values) - hops)] if values else ""


def _address(entry: str) -> str | None:
    """The address in an entry of X-Forwarded-For, which may carry brackets and a port."""
    if entry.startswith("["):
        entry = entry[1:].partition("]")[0]
    elif entry.count(":") == 1:
        entry = entry.partition(":")[0]
    try:
        return str(ipaddress.ip_address(entry))
    except ValueError:
        return None


def _host_name(host: str) -> str:
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0].lower()


def _is_number(name: str) -> bool:
    return _address(name) is not None


def _set_scheme(scope: Scope, scheme: str) -> None:
    scope["scheme"] = (SECURE if scheme == "https" else PLAIN)[scope["scheme"]]


def _set_host(scope: Scope, host: str) -> None:
    others = [(name, value) for name, value in scope["headers"] if name != b"host"]
    scope["headers"] = [*others, (b"host", host.encode("latin-1"))]
