"""Whom DRAFTMILL_TRUSTED_PROXIES trusts: who is among them can say what their address is."""

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import suppress

from draftmill.settings import Settings
from draftmill.web.middleware.forwarded import Network, networks

LOOPBACK = ("127.0.0.0/8", "::1/128")
# Networks that nobody from elsewhere is in, and how short the prefix of a part of one may be
# before it is more than proxies: a home's or an office's is 192.168.1.0/24 or fd12:3456::/64.
PRIVATE = {
    "10.0.0.0/8": 13,
    "172.16.0.0/12": 13,
    "192.168.0.0/16": 25,
    "100.64.0.0/10": 13,
    "169.254.0.0/16": 25,
    "fc00::/7": 65,
    "fe80::/10": 65,
}
HINT = "Set DRAFTMILL_TRUSTED_PROXIES to the addresses of the proxies alone, such as 127.0.0.1."


def too_trusting(settings: Settings) -> Iterator[str]:
    """A sentence for each trusted network that has clients in it. Raises BadSetting."""
    trusted = [_plain(network) for network in networks(settings.trusted_proxies)]
    own = list(_own_addresses(settings.host)) if trusted else []
    for network in trusted:
        if reason := _clients_in(network, own):
            yield (
                f"DRAFTMILL_TRUSTED_PROXIES trusts {network}, {reason}: whoever is in there"
                " can claim any address, and so guess passwords without end."
            )


def _clients_in(network: Network, own: list[str]) -> str:
    if network.num_addresses == 1 or any(_within(network, whole) for whole in LOOPBACK):
        return ""
    limit = next((most for whole, most in PRIVATE.items() if _within(network, whole)), None)
    if limit is None:
        return "which holds addresses of the internet"
    if network.prefixlen < limit:
        return "which is a whole private network"
    near = next((one for one in own if ipaddress.ip_address(one) in network), "")
    return f"in which this machine itself is ({near}) with its neighbours" if near else ""


def _within(network: Network, whole: str) -> bool:
    outer = ipaddress.ip_network(whole)
    return network.version == outer.version and network.subnet_of(outer)  # type: ignore[arg-type]


def _plain(network: Network) -> Network:
    """A network of IPv4 addresses that is written as one of IPv6."""
    first = network.network_address
    if isinstance(first, ipaddress.IPv6Address) and first.ipv4_mapped and network.prefixlen >= 96:
        return ipaddress.ip_network((first.ipv4_mapped, network.prefixlen - 96))
    return network


def _own_addresses(host: str) -> Iterator[str]:
    """Where the server listens; for every address of the machine, those that lead elsewhere."""
    if host not in ("0.0.0.0", "::", ""):  # noqa: S104
        yield from _addresses(host)
        return
    yield from _addresses(socket.gethostname())
    # Documentation's addresses (RFC 5737, RFC 3849): nothing is sent, only a way is chosen.
    for family, elsewhere in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as way:
            way.connect((elsewhere, 9))
            yield str(way.getsockname()[0])


def _addresses(host: str) -> Iterator[str]:
    with suppress(OSError):
        for *_, address in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM):
            yield str(address[0]).partition("%")[0]
