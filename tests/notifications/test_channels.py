"""Channels are their user's own, their addresses secrets, and a test says what is wrong in words."""

import httpx2
import pytest

from tests.support.channel_pages import add, number, tried
from tests.support.house import House
from tests.support.receivers import Answer, Mailbox, Receiver
from tests.support.told_house import fresh, house, mailbox, receiver

__all__ = ["fresh", "house", "mailbox", "receiver"]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("file:///etc/passwd", "file:// cannot be used here."),
        ("syslog://", "syslog:// cannot be used here."),
        ("dbus://", "dbus:// cannot be used here."),
        ("exec:///bin/true", "exec:// cannot be used here."),
        ("json://127.0.0.1", "json:// cannot be used here."),
        ("msteams://a/b/c", "workflows://"),
        ("slack://a/b/c/?template=/etc/passwd", "takes no “template” here."),
        ("ntfy://topic?attach=/etc/passwd", "takes no “attach” here."),
        ("slack://a/b/c/#general?template=/etc/passwd", "takes no “template” here."),
        ("slack://a/b/c/?to=x;template=/etc/passwd", "takes no “template” here."),
        ("slack://a/b/c/?%20Template%20=/etc/passwd", "takes no “template” here."),
        ("ntfy://[x/topic?attach=/etc/passwd", "takes no “attach” here."),
        ("http://169.254.169.254/latest", "lies in a private network."),
        ("http://[::ffff:10.0.0.1]/", "lies in a private network."),
        ("https://user:secret@example.org/", "no address that can be used here."),
        ("nonsense", "no address that can be used here."),
        ("mailto://someone:word@mail.example.org", "not an e-mail address."),
        ("josé@example.org", "Mail cannot be sent to this address."),
        ("a..b@example.org", "Mail cannot be sent to this address."),
        ("mailto:mara@[example.org", "Mail cannot be sent to this address."),
    ],
)
def test_what_is_no_channel_is_refused(owner: httpx2.Client, address: str, said: str) -> None:
    answer = owner.post("/account/channels", data={"name": "Mine", "address": address})
    assert answer.status_code == 422
    assert said in answer.text
    assert "passwd" not in answer.text


def test_no_page_and_no_file_shows_an_address_again(
    house: House, owner: httpx2.Client, receiver: Receiver
) -> None:
    key = add(owner, "Secret", f"{receiver.url}/a-very-secret-path")
    add(owner, "Chat", "discord://4174216298/a-very-secret-token")
    receiver.answers.insert(0, Answer(404, b"x" * 150 + b" Cannot POST /a-very-secret-path"))
    assert "Cannot POST /…" in tried(owner, number(house, "Secret"))
    tried(owner, number(house, "Chat"))  # this machine has no network: it fails
    pages = ("/account", "/account/channels", f"/account/channels/{number(house, 'Secret')}")
    for page in pages:
        assert "very-secret" not in (text := owner.get(page).text)
        assert key not in text
    assert "very-secret" not in house.log()
    for file in house.data.rglob("*"):
        if file.is_file():
            assert b"very-secret" not in (stored := file.read_bytes()), file
            assert key.encode() not in stored, file


def test_a_mail_goes_by_the_owner_s_server(
    house: House, owner: httpx2.Client, mailbox: Mailbox
) -> None:
    add(owner, "Mail", "mailto:mara@example.org")
    assert "The test was sent." in tried(owner, number(house, "Mail"))
    sender, to, mail = mailbox.mails[-1]
    assert "<mill@example.org>" in sender
    assert "<mara@example.org>" in to
    assert "Subject: A test from Draftmill" in mail


def test_a_mail_server_s_refusal_is_told(
    house: House, owner: httpx2.Client, mailbox: Mailbox
) -> None:
    add(owner, "Mail", "nobody@example.org")
    mailbox.refuses = "550 no such mailbox"
    page = tried(owner, number(house, "Mail"))
    mailbox.refuses = ""
    assert "does not send to this address." in page
    assert "550 no such mailbox" in page


def test_a_mail_server_that_takes_latin_letters_only_says_so(
    house: House, owner: httpx2.Client, mailbox: Mailbox
) -> None:
    add(owner, "Mail", "mara@bücher.example")
    taken = len(mailbox.mails)
    assert "takes addresses in Latin letters only." in tried(owner, number(house, "Mail"))
    assert len(mailbox.mails) == taken


def test_a_mail_that_was_taken_is_sent_however_the_server_says_goodbye(
    house: House, owner: httpx2.Client, mailbox: Mailbox
) -> None:
    add(owner, "Mail", "mara@example.org")
    mailbox.goodbye = "421 closing"
    page = tried(owner, number(house, "Mail"))
    mailbox.goodbye = "221 bye"
    assert "The test was sent." in page


def test_a_channel_is_nobody_else_s(
    house: House, owner: httpx2.Client, second: httpx2.Client, receiver: Receiver
) -> None:
    add(owner, "Mine alone", receiver.url)
    address = f"/account/channels/{number(house, 'Mine alone')}"
    theirs = [second.get(address), *(second.post(f"{address}/{v}") for v in ("test", "remove"))]
    assert [answer.status_code for answer in theirs] == [404] * 3
    assert "Mine alone" not in second.get("/account/channels").text
    assert not receiver.got
    assert house.one("select 1 from channels where name = 'Mine alone'")


def test_names_are_needed_and_not_given_twice(owner: httpx2.Client, receiver: Receiver) -> None:
    add(owner, "One", receiver.url)
    for name, status in ((" ", 422), ("One", 409)):
        form = {"name": name, "address": receiver.url}
        assert owner.post("/account/channels", data=form).status_code == status
