"""What a proxy says of its client is believed as far as the proxy is trusted."""

from dataclasses import replace

import pytest

from draftmill.settings import BadSetting, Settings
from draftmill.web.middleware.session_memory import Sessions
from tests.support.guarded_pages import client_of, cookie_header


def _facts(settings: Settings, headers: dict[str, str], **options: object) -> dict[str, str]:
    client = client_of(settings, Sessions(settings), **options)
    answer = client.get("/healthz", headers=headers)
    facts: dict[str, str] = answer.json()
    return facts


FORWARDED = {
    "X-Forwarded-For": "6.6.6.6, 203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "drafts.example.org",
}


def test_a_stranger_cannot_pretend_to_be_a_proxy(settings: Settings) -> None:
    facts = _facts(settings, FORWARDED, client=("198.51.100.4", 1))
    assert facts == {"url": "http://testserver/healthz", "address": "198.51.100.4"}


def test_a_trusted_proxy_is_believed_up_to_the_first_stranger(settings: Settings) -> None:
    settings = replace(settings, trusted_proxies="10.0.0.0/8, 127.0.0.1")
    facts = _facts(settings, FORWARDED, client=("10.1.2.3", 1))
    assert facts == {"url": "https://drafts.example.org/healthz", "address": "203.0.113.9"}


@pytest.mark.parametrize(
    ("chain", "address"),
    [
        ("203.0.113.9, 10.0.0.7", "203.0.113.9"),
        ("203.0.113.9:4711", "203.0.113.9"),
        ("[2001:db8::9]:4711", "2001:db8::9"),
        ("nonsense, 10.0.0.7", "10.0.0.7"),
        ("10.0.0.8, 10.0.0.7", "10.0.0.8"),
        ("", "10.1.2.3"),
    ],
)
def test_the_client_is_the_rightmost_untrusted_address(
    settings: Settings, chain: str, address: str
) -> None:
    settings = replace(settings, trusted_proxies="10.0.0.0/8")
    facts = _facts(settings, {"X-Forwarded-For": chain}, client=("::ffff:10.1.2.3", 1))
    assert facts["address"] in (address, f"::ffff:{address}")


def test_in_a_chain_of_proxies_the_outermost_knows_the_scheme(settings: Settings) -> None:
    settings = replace(settings, trusted_proxies="10.0.0.0/8")
    headers = {"X-Forwarded-For": "203.0.113.9, 10.0.0.7", "X-Forwarded-Proto": "https, http"}
    assert _facts(settings, headers, client=("10.1.2.3", 1))["url"].startswith("https://")


def test_the_base_url_makes_scheme_and_host_right(settings: Settings) -> None:
    settings = replace(settings, base_url="https://drafts.example.org")
    facts = _facts(settings, {"Host": "drafts.example.org"})
    assert facts["url"] == "https://drafts.example.org/healthz"


def test_a_base_url_refuses_other_names_but_not_this_machine(
    settings: Settings, memory: Sessions
) -> None:
    settings = replace(settings, base_url="https://drafts.example.org")
    client = client_of(settings, memory)
    refused = client.get("/login", headers={"Host": "evil.example"})
    assert refused.status_code == 400
    assert "https://drafts.example.org" in refused.text
    for host in ("drafts.example.org:8000", "127.0.0.1:8000", "[::1]:8000", "localhost:8000"):
        assert client.get("/login", headers={"Host": host}).status_code == 200
    assert client.get("/healthz", headers={"Host": "container-7"}).status_code == 200


def test_behind_a_base_url_forms_of_its_pages_are_ours(
    settings: Settings, memory: Sessions, cookie: str
) -> None:
    settings = replace(settings, base_url="https://drafts.example.org")
    client = client_of(settings, memory)
    for host in ("drafts.example.org", "127.0.0.1:8000"):
        headers = cookie_header(cookie, Host=host, Origin="https://drafts.example.org")
        assert client.post("/projects/7", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"trusted_proxies": "proxy.local"},
        {"base_url": "drafts.example.org"},
        {"base_url": "https://drafts.example.org/sub"},
    ],
)
def test_a_setting_that_cannot_be_read_is_refused_at_start(
    settings: Settings, memory: Sessions, wrong: dict[str, str]
) -> None:
    with pytest.raises(BadSetting):
        client_of(replace(settings, **wrong), memory)  # type: ignore[arg-type]
