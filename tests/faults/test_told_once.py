"""What is to be told survives a killed server and a killed child, and is not told again once noted."""

import json
import os
import signal
from pathlib import Path
from threading import Event

import httpx2
import pytest

from tests.support.channel_pages import add, bring, wish
from tests.support.house import House, until
from tests.support.receivers import Answer, Receiver
from tests.support.told_house import fresh, house, mailbox, receiver

__all__ = ["fresh", "house", "mailbox", "receiver"]


def sender(house: House) -> int:
    """The pid of the child of this house that sends just now."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                words = (folder / "cmdline").read_bytes().split(b"\0")
                ours = os.fsencode(house.data) in (folder / "environ").read_bytes()
            except OSError:
                continue
            if ours and words[2:4] == [b"draftmill", b"send"]:
                return int(folder.name)
    return 0


@pytest.mark.parametrize("killed", ["server", "sender"])
def test_what_was_being_sent_is_sent_again_and_what_was_noted_is_not(
    house: House, owner: httpx2.Client, receiver: Receiver, killed: str
) -> None:
    add(owner, "Hook", receiver.url)
    wish(owner)
    answered = Event()
    receiver.answers.insert(0, Answer(meanwhile=lambda: answered.wait(30)))
    bring(owner)
    until(lambda: receiver.got, why="the first message to arrive")
    if killed == "server":
        house.kill()
        house.start()
    else:
        os.kill(until(lambda: sender(house)), signal.SIGKILL)
        hurry(house)
    answered.set()
    until(lambda: len(house.rows("select 1 from sendings where status = 'sent'")) == 2, 60)
    numbers = [json.loads(got.body)["id"] for got in receiver.got]
    assert len(set(numbers)) == 2
    assert numbers.count(numbers[0]) == 2, "it was not sent again, or once too often"
    house.stop()
    house.start()
    with house.client() as client:
        assert client.get("/healthz").status_code == 200
    assert len(receiver.got) == 3


def hurry(house: House) -> None:
    """What waits for its next try is due at once."""
    again = "select id from sendings where status = 'pending' and attempt = 1"
    row = until(lambda: house.one(again), why="the next try to be planned")
    db = house.db()
    db.execute("update sendings set run_after = created_at where id = ?", (row["id"],))
    db.close()
