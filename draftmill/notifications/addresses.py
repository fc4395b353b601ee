"""Where a notification must not go: into the house's own network, whatever a user typed.

The check is made on each address that this process connects to, the very numbers and not their
name: nothing that a name server says later, and no redirect, leads anywhere else.
"""

import ipaddress
import sys
from typing import Any

from draftmill.errors import Problem
from draftmill.settings import BadSetting, Settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
NAT64 = ipaddress.ip_network("64:ff9b::/96")
# All that the IANA registries of special-purpose addresses call not globally reachable, whatever
# this Python's ipaddress thinks of it, and what is multicast or reserved. Of IPv6 only 2000::/3 is
# given to the public at all. Some small blocks have single addresses of protocols in them that are
# reachable, such as 192.0.0.9: nobody is told anything there.
GIVEN = ipaddress.ip_network("2000::/3")
NOT_PUBLIC = tuple(
    map(
        ipaddress.ip_network,
        (
            *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
            *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16"),
            *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3"),
            *("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
        ),
    )
)


class PrivateAddress(Problem, OSError):
    """Also a failed connection, so that a name's next address is tried."""

    code = "private_address"
    default_message = "This address lies in a private network."
    default_hint = "The owner can allow it: set DRAFTMILL_TELL_NETWORKS and start Draftmill again."


def allowed_networks(settings: Settings) -> tuple[Network, ...]:
    """The private networks that the owner allows. Raises BadSetting."""
    try:
        return tuple(
            ipaddress.ip_network(part.strip(), strict=False)
            for part in settings.tell_networks.split(",")
            if part.strip()
        )
    except ValueError as error:
        raise BadSetting(
            f"DRAFTMILL_TELL_NETWORKS: {error}.",
            "Set it to addresses or networks such as 192.168.1.20, 10.0.0.0/8.",
        ) from None


def check(host: str, allowed: tuple[Network, ...]) -> None:
    """Refuse an address given by its numbers. What is a name passes. Raises PrivateAddress."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0].strip("[]"))
    except ValueError:
        if host.rstrip(".").lower() == "localhost":
            check("127.0.0.1", allowed)
        return
    if not _public(_meant(address)) and not any(_meant(address) in one for one in allowed):
        raise PrivateAddress


def guard(allowed: tuple[Network, ...]) -> None:
    """From now on this process connects to public addresses only, and to no socket of the machine.

    It cannot be taken back: only a child that sends one message calls it.
    """

    def refuse(event: str, given: tuple[Any, ...]) -> None:
        if event != "socket.connect":
            return
        address = given[1]
        host = address[0] if isinstance(address, tuple) else ""
        try:
            ipaddress.ip_address(str(host).partition("%")[0])
        except ValueError:
            raise PrivateAddress from None
        check(host, allowed)

    sys.addaudithook(refuse)


def _meant(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for, if it does."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address


def _public(address: Address) -> bool:
    given = address.version == 4 or address in GIVEN
    return given and not any(address in network for network in NOT_PUBLIC)
