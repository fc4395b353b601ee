"""A house that may tell this machine's own ports, and those who are told: fixtures to import."""

from collections.abc import Iterator

import httpx2
import pytest

from tests.support.house import QUICK, House, opened
from tests.support.receivers import Mailbox, Receiver, receiving, taking_mail


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    with taking_mail() as mailbox:
        yield mailbox


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, mailbox: Mailbox) -> Iterator[House]:
    mail = {
        "DRAFTMILL_SMTP_HOST": "127.0.0.1",
        "DRAFTMILL_SMTP_PORT": str(mailbox.port),
        "DRAFTMILL_SMTP_TLS": "no",
        "DRAFTMILL_SMTP_FROM": "Draftmill <mill@example.org>",
    }
    private = {"DRAFTMILL_TELL_NETWORKS": "127.0.0.1"}
    with opened(tmp_path_factory.mktemp("house") / "data", **QUICK, **mail, **private) as running:
        yield running


@pytest.fixture(autouse=True)
def fresh(receiver: Receiver, owner: httpx2.Client, house: House) -> Iterator[None]:
    """Nobody is told of what an earlier test began."""
    yield
    for row in house.rows("select id from channels"):
        owner.post(f"/account/channels/{row['id']}/remove")
    receiver.got.clear()
    receiver.answers[:] = receiver.answers[:1]
