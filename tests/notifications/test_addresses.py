"""No address leads into the house's own network, under whatever name or number."""

import ipaddress
import subprocess
import sys

import pytest

from draftmill.notifications.addresses import PrivateAddress, allowed_networks, check
from draftmill.settings import BadSetting, Settings
from tests.support import tripwires
from tests.support.places import ROOT

CONNECT = """
import socket, sys
from draftmill.notifications.addresses import allowed_networks, guard
from draftmill.settings import Settings
guard(allowed_networks(Settings(tell_networks=sys.argv[3])))
try:
    socket.create_connection((sys.argv[1], int(sys.argv[2])), 5).close()
except OSError as error:
    print(type(error).__name__)
else:
    print("connected")
"""


# The registries of IANA: special-purpose addresses that are not globally reachable, by RFC 6890 and
# those after it; beside them multicast, IPv4-compatible, translated and site-local addresses.
SPECIAL = (
    "0.0.0.0/8", "0.0.0.0/32", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
    "192.0.0.0/24", "192.0.0.0/29", "192.0.0.8/32", "192.0.0.170/32", "192.0.0.171/32", "192.0.2.0/24",
    "192.88.99.0/24", "192.88.99.1/32", "192.88.99.2/32", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
    "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "255.255.255.255/32",
    "::/128", "::1/128", "::/96", "::ffff:0:0:0/96", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64", "2001::/23",
    "2001::/32", "2001:2::/48", "2001:10::/28", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7",
    "fe80::/10", "fec0::/10", "ff00::/8",
)  # fmt: skip
GLOBAL = (
    "1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
    "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.0.3.0", "192.31.196.1",
    "192.52.193.1", "192.88.98.255", "192.88.100.0", "192.167.255.255", "192.169.0.0", "192.175.48.1",
    "198.17.255.255", "198.20.0.0", "198.51.99.255", "198.51.101.0", "203.0.112.255", "203.0.114.0",
    "223.255.255.255", "2000::", "2001:200::", "2001:db7:ffff::", "2001:db9::", "2001:ffff::", "2003::",
    "2606:4700::1111", "2620:4f:8000::1", "3ffe:ffff::", "3fff:1000::",
)  # fmt: skip


def ends_of(network: str) -> list[str]:
    found = ipaddress.ip_network(network)
    return [str(found[0]), str(found[-1])]


@pytest.mark.parametrize("network", SPECIAL)
def test_what_is_not_globally_reachable_is_refused(network: str) -> None:
    for host in ends_of(network):
        with pytest.raises(PrivateAddress):
            check(host, ())


@pytest.mark.parametrize("network", [one for one in SPECIAL if ":" not in one])
@pytest.mark.parametrize("written", ["::ffff:{}", "64:ff9b::{}", "[::ffff:{}]"])
def test_so_is_an_ipv6_address_that_stands_for_it(network: str, written: str) -> None:
    for host in ends_of(network):
        with pytest.raises(PrivateAddress):
            check(written.format(host), ())


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "[::1]", "fe80::1%eth0"])
def test_so_it_is_however_it_is_written(host: str) -> None:
    with pytest.raises(PrivateAddress):
        check(host, ())


@pytest.mark.parametrize(
    "host",
    [*GLOBAL, "example.org", "::ffff:93.184.215.14", "64:ff9b::5db8:d70e"],
)
def test_what_is_public_passes(host: str) -> None:
    check(host, ())


def test_the_owner_may_allow_a_network() -> None:
    allowed = allowed_networks(Settings(tell_networks="192.168.1.0/24, 10.0.0.5"))
    check("192.168.1.9", allowed)
    check("::ffff:10.0.0.5", allowed)
    with pytest.raises(PrivateAddress):
        check("10.0.0.6", allowed)
    with pytest.raises(BadSetting):
        allowed_networks(Settings(tell_networks="the attic"))


@pytest.mark.parametrize("name", ["localhost", "127.1", "2130706433", "0x7f.1"])
@pytest.mark.parametrize(("networks", "said"), [("", "PrivateAddress"), ("127.0.0.1", "connected")])
def test_a_name_is_judged_by_the_address_that_is_connected_to(
    name: str, networks: str, said: str
) -> None:
    with tripwires.listening() as (port, watched):
        ran = subprocess.run(
            [sys.executable, "-c", CONNECT, name, str(port), networks],
            cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert ran.stdout.strip() == said, ran.stderr
        assert watched.touched == (said == "connected")
