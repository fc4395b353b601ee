"""A test of a channel says what the other side did, or why nobody was reached."""

import httpx2
import pytest

from tests.support.channel_pages import add, number, tried
from tests.support.house import House
from tests.support.receivers import Answer, Mailbox, Receiver, free_port
from tests.support.told_house import fresh, house, mailbox, receiver

__all__ = ["fresh", "house", "mailbox", "receiver"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(401, b"bad token"), "did not accept the token or password."),
        (Answer(404), "knows no such address."),
        (Answer(503, b"no way"), "The server failed (status 503)."),
        (Answer(302, b"", {"Location": "http://127.0.0.1:9/"}), "sends on to another address"),
    ],
)
@pytest.mark.parametrize("scheme", ["http", "gotify"])
def test_a_test_says_what_the_other_side_did(
    house: House, owner: httpx2.Client, receiver: Receiver, scheme: str, answer: Answer, said: str
) -> None:
    add(owner, "Other side", f"{scheme}://127.0.0.1:{receiver.port}/tokentoken123")
    receiver.answers.insert(0, answer)
    page = tried(owner, number(house, "Other side"))
    assert said in page
    assert f"The server said: {answer.status}" in page
    assert "ried again" not in page, "a test is not"
    assert len(receiver.got) == 1, "a redirect was followed"


@pytest.mark.parametrize("scheme", ["http", "gotify"])
def test_what_was_taken_counts_as_sent_though_the_answer_breaks_off(
    house: House, owner: httpx2.Client, receiver: Receiver, scheme: str
) -> None:
    add(owner, "Breaks off", f"{scheme}://127.0.0.1:{receiver.port}/tokentoken123")
    receiver.answers.insert(0, Answer(200, b"no chunk", {"Transfer-Encoding": "chunked"}))
    assert "The test was sent." in tried(owner, number(house, "Breaks off"))


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://127.0.0.1:{port}/", "The server refused the connection."),
        ("ntfy://127.0.0.1:{port}/topic", "The server refused the connection."),
        ("https://nobody.invalid/", "There is no server of that name."),
        ("https://example..org/hook", "There is no server of that name."),
        ("gotify://nobody.invalid/tokentoken123", "There is no server of that name."),
        ("gotify://127.0.0.1/", "This is no whole address of Gotify."),
        ("tgram://123456:/", "This is no whole address of Telegram."),
        ("ntfy://[x/topic", "This is no whole address of ntfy."),
        ("ntfy://10.0.0.1/topic", "lies in a private network."),
    ],
)
def test_a_test_says_why_nobody_was_reached(
    house: House, owner: httpx2.Client, address: str, said: str
) -> None:
    add(owner, "Nobody", address.format(port=free_port()))
    assert said in tried(owner, number(house, "Nobody"))


@pytest.mark.parametrize("scheme", ["http", "gotify"])
def test_a_server_of_another_kind_is_called_so(
    house: House, owner: httpx2.Client, mailbox: Mailbox, scheme: str
) -> None:
    add(owner, "Mail server", f"{scheme}://127.0.0.1:{mailbox.port}/tokentoken123")
    page = tried(owner, number(house, "Mail server"))
    assert "The server does not speak HTTP." in page
    assert "502" not in page


def test_a_name_with_several_addresses_leads_to_the_one_that_is_allowed(
    house: House, owner: httpx2.Client, receiver: Receiver
) -> None:
    add(owner, "Here", f"ntfy://localhost:{receiver.port}/topic")
    assert "The test was sent." in tried(owner, number(house, "Here"))
