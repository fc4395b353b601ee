"""Who is trusted as a proxy should be one: doctor says where clients are among them."""

from pathlib import Path

import pytest

from draftmill.commands.trust import too_trusting
from draftmill.settings import Settings
from tests.support.house import draftmill


@pytest.mark.parametrize(
    ("trusted", "host", "said"),
    [
        ("", "0.0.0.0", ""),
        ("127.0.0.1, ::1", "0.0.0.0", ""),
        ("127.0.0.0/8", "127.0.0.1", ""),
        ("192.168.1.7", "192.168.1.5", ""),
        ("::ffff:192.168.1.7", "192.168.1.5", ""),
        ("172.18.0.0/16", "127.0.0.1", ""),
        ("192.168.1.4/30", "127.0.0.1", ""),
        ("0.0.0.0/0", "127.0.0.1", "addresses of the internet"),
        ("::/0", "127.0.0.1", "addresses of the internet"),
        ("::ffff:0:0/96", "127.0.0.1", "addresses of the internet"),
        ("203.0.113.0/24", "127.0.0.1", "addresses of the internet"),
        ("0.0.0.0/1", "127.0.0.1", "addresses of the internet"),
        ("10.0.0.0/7", "127.0.0.1", "addresses of the internet"),
        ("2000::/3", "127.0.0.1", "addresses of the internet"),
        ("10.0.0.0/8", "127.0.0.1", "whole private network"),
        ("172.16.0.0/12", "127.0.0.1", "whole private network"),
        ("192.168.0.0/16", "127.0.0.1", "whole private network"),
        ("192.168.1.0/24", "127.0.0.1", "whole private network"),
        ("fd00:1::/64", "127.0.0.1", "whole private network"),
        ("fe80::/10", "127.0.0.1", "whole private network"),
        ("172.18.0.0/16", "172.18.0.2", "machine itself"),
        ("10.1.2.0/24", "10.1.2.3", "machine itself"),
        ("192.168.1.4/30", "192.168.1.5", "machine itself"),
        ("fd00:1::/120", "fd00:1::5", "machine itself"),
        ("127.0.0.1, 0.0.0.0/0", "127.0.0.1", "addresses of the internet"),
    ],
)
def test_networks_with_clients_are_named(trusted: str, host: str, said: str) -> None:
    found = list(too_trusting(Settings(trusted_proxies=trusted, host=host)))
    assert len(found) == bool(said)
    assert said in "".join(found)


def test_doctor_warns(tmp_path: Path) -> None:
    told = draftmill(
        tmp_path / "data", "doctor", check=False, DRAFTMILL_TRUSTED_PROXIES="192.168.0.0/16"
    )
    assert told.returncode == 1
    assert "trusts 192.168.0.0/16" in told.stdout
    assert "addresses of the proxies alone" in told.stdout
