"""No address leads into the house's own network, under whatever name or number."""

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


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1"),
        *("0.0.0.0", "255.255.255.255", "224.0.0.1", "localhost", "LOCALHOST."),
        *(
            "::1",
            "[::1]",
            "fe80::1%eth0",
            "fd00::1",
            "fec0::1",
            "::ffff:127.0.0.1",
            "64:ff9b::a00:1",
        ),
        "2002:7f00:1::",
    ],
)
def test_what_is_private_is_refused(host: str) -> None:
    with pytest.raises(PrivateAddress):
        check(host, ())


@pytest.mark.parametrize("host", ["93.184.215.14", "2606:4700::1111", "example.org"])
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
