"""What ended is not shown by a line behind which nobody is: it is told elsewhere, and again."""

import httpx2

from tests.support.channel_pages import add, bring, wish
from tests.support.house import House, until
from tests.support.raw_sockets import raw_socket
from tests.support.receivers import Receiver
from tests.support.told_house import fresh, house, mailbox, receiver
from tests.web.live.test_sockets import hears, listening, told

__all__ = ["fresh", "house", "mailbox", "receiver"]

ENDED = "select status from sendings where ended_at is not null"
NEWEST = "select * from notifications order by id desc limit 1"


def test_what_only_a_dead_line_was_told_is_sent_and_shown_to_who_comes_back(
    house: House, owner: httpx2.Client, receiver: Receiver
) -> None:
    add(owner, "Hook", receiver.url)
    wish(owner, away=True)
    with raw_socket(house, owner):
        bring(owner)
        until(lambda: len(house.rows(ENDED)) == 2, 60, "both jobs to be told")
    assert [row["status"] for row in house.rows(ENDED)] == ["sent", "sent"]
    row = house.one(NEWEST)
    assert row
    assert row["shown_at"] is None
    with listening(house, owner) as back:
        hears(back, f'id="toast-{row["id"]}"')
    assert until(lambda: (row := house.one(NEWEST)) and row["shown_at"])


def test_what_was_told_just_before_the_server_died_is_sent_by_the_next(
    house: House, owner: httpx2.Client, receiver: Receiver
) -> None:
    add(owner, "Hook", receiver.url)
    wish(owner, away=True)
    before = len(house.rows(ENDED))
    with raw_socket(house, owner):
        bring(owner)
        until(lambda: (row := house.one(NEWEST)) and row["doubted_at"])
        house.kill()
    house.start()
    until(lambda: len(house.rows(ENDED)) == before + 2, 60, "both jobs to be told")
    assert [row["status"] for row in house.rows(ENDED)[before:]] == ["sent", "sent"]


def test_what_a_line_answered_for_is_shown_once_and_not_sent(
    house: House, owner: httpx2.Client, receiver: Receiver
) -> None:
    add(owner, "Hook", receiver.url)
    wish(owner, away=True)
    before = len(house.rows(ENDED))
    with raw_socket(house, owner), listening(house, owner) as alive:
        bring(owner)
        heard: list[str] = []

        def both_judged() -> bool:
            heard.append(str(told(alive).get("content", "")))
            return len(house.rows(ENDED)) == before + 2

        until(both_judged, 60, "both jobs to be told")
    assert [row["status"] for row in house.rows(ENDED)[before:]] == ["spared", "spared"]
    row = house.one(NEWEST)
    assert row
    assert row["shown_at"]
    assert sum(f'id="toast-{row["id"]}"' in one for one in heard) == 1
    assert not receiver.got
