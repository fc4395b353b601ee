"""What ends is told where its user wished, once, with a link that opens and a signature that holds."""

import hashlib
import hmac
import json
import time
from contextlib import closing
from email.utils import formatdate

import httpx2
import pytest

from draftmill.clock import moment, now
from tests.support.channel_pages import add, bring, number, wish
from tests.support.house import House, until
from tests.support.receivers import Answer, Receiver
from tests.support.told_house import fresh, house, mailbox, receiver

__all__ = ["fresh", "house", "mailbox", "receiver"]

ENDED = "select * from sendings where ended_at is not null"


def all_sent(house: House, count: int) -> None:
    until(lambda: len(house.rows(ENDED)) >= count, 30, f"{count} messages to be sent")


def finished(house: House, project: str) -> None:
    active = "select 1 from jobs where project_id = ? and completed_at is null"
    until(lambda: not house.rows(active, project), 60, "the jobs to end")


def test_a_webhook_is_signed_and_told_what_ended(
    house: House, owner: httpx2.Client, receiver: Receiver
) -> None:
    key = add(owner, "Hook", f"{receiver.url}/hook?room=1")
    wish(owner)
    project = bring(owner)
    all_sent(house, 2)
    told = [json.loads(got.body) for got in receiver.got]
    assert [one["job"]["type"] for one in told] == ["ingest", "blog"]
    assert {one["project"]["id"] for one in told} == {project}
    assert told[1]["message"] == "Blog post ready: Small changes"
    assert told[1]["url"] is None, "nobody knows by which address a reader finds this machine"
    for got, one in zip(receiver.got, told, strict=True):
        stamp = got.headers["draftmill-timestamp"]
        signed = hmac.digest(key.encode(), stamp.encode() + b"." + got.body, hashlib.sha256).hex()
        assert got.headers["draftmill-signature"] == f"v1={signed}"
        assert got.headers["draftmill-delivery"] == one["id"]
        assert got.path == "/hook?room=1"
        assert abs(int(stamp) - time.time()) < 60


def test_what_fails_for_now_is_tried_again_under_the_same_number(
    house: House, owner: httpx2.Client, receiver: Receiver
) -> None:
    add(owner, "Hook", receiver.url)
    wish(owner)
    receiver.answers.insert(0, Answer(503, b"later"))
    bring(owner)
    row = until(
        lambda: house.one("select * from sendings where attempt = 1 and status = 'pending'")
    )
    wait_s = (
        "select (julianday(run_after) - julianday(delayed_at)) * 86400 from sendings where id = ?"
    )
    (waits_s,) = house.one(wait_s, row["id"]) or (0,)
    assert 8.5 < waits_s < 11.5
    with closing(house.db()) as db:
        db.execute("update sendings set run_after = ? where id = ?", (now(), row["id"]))
    all_sent(house, 2)
    first = receiver.got[0].headers["draftmill-delivery"]
    assert [got.headers["draftmill-delivery"] for got in receiver.got].count(first) == 2
    log = owner.get(f"/account/channels/{number(house, 'Hook')}").text
    assert "503 later" in log
    assert "Tried again later" in log


def test_a_server_may_name_the_moment_of_the_next_try(
    house: House, owner: httpx2.Client, receiver: Receiver
) -> None:
    add(owner, "Hook", receiver.url)
    wish(owner)
    at = formatdate(time.time() + 600, usegmt=True)
    receiver.answers.insert(0, Answer(503, b"later", {"Retry-After": at}))
    bring(owner)
    row = until(
        lambda: house.one("select * from sendings where attempt = 1 and status = 'pending'")
    )
    assert 500 < (moment(row["run_after"]) - moment(row["delayed_at"])).total_seconds() < 700


def test_what_is_refused_for_good_is_not_tried_again(
    house: House, owner: httpx2.Client, receiver: Receiver
) -> None:
    add(owner, "Hook", receiver.url)
    wish(owner)
    receiver.answers[:0] = [Answer(410, b"gone"), Answer(410, b"gone")]
    bring(owner)
    all_sent(house, 2)
    assert {row["status"] for row in house.rows(ENDED)} == {"failed"}
    assert len(receiver.got) == 2


def test_by_default_short_jobs_are_told_in_the_app_only(
    house: House, owner: httpx2.Client, receiver: Receiver
) -> None:
    add(owner, "Hook", receiver.url)
    wish(owner, minutes=5, away=True)
    finished(house, bring(owner))
    assert not house.rows("select * from sendings")


def test_a_long_job_is_told_outside_unless_a_page_was_open(
    house: House, owner: httpx2.Client, receiver: Receiver
) -> None:
    add(owner, "Hook", receiver.url)
    wish(owner, away=True)
    project = bring(owner)
    finished(house, project)
    waiting = house.rows("select * from sendings where status = 'pending'")
    assert len(waiting) == 2
    assert owner.get("/indicator").status_code == 200, "the question of an open page"
    project = bring(owner)
    finished(house, project)
    with closing(house.db()) as db:
        db.execute("update sendings set run_after = ? where status = 'pending'", (now(),))
    all_sent(house, 4)
    assert [row["status"] for row in house.rows(ENDED)] == ["spared"] * 2 + ["sent"] * 2
    assert {json.loads(got.body)["project"]["id"] for got in receiver.got} == {project}


def test_who_wishes_so_is_told_elsewhere_only_and_in_the_app_if_that_fails(
    house: House, owner: httpx2.Client, receiver: Receiver
) -> None:
    owner.get("/indicator")
    add(owner, "Hook", receiver.url)
    wish(owner, "out")
    receiver.answers[:0] = [Answer(200), Answer(404)]
    bring(owner)
    all_sent(house, 2)
    news = owner.get("/indicator").text
    assert "Transcript ready" not in news
    assert "Blog post ready" in news


@pytest.mark.parametrize("minutes", [5, 0])
def test_what_is_not_sent_after_all_is_told_in_the_app(
    house: House, owner: httpx2.Client, receiver: Receiver, minutes: int
) -> None:
    owner.get("/indicator")
    add(owner, "Hook", receiver.url)
    wish(owner, "out", minutes=minutes, away=True)
    finished(house, bring(owner))
    owner.get("/indicator")  # the question of an open page
    with closing(house.db()) as db:
        db.execute("update sendings set run_after = ? where status = 'pending'", (now(),))
    until(lambda: not house.rows("select * from sendings where status != 'spared'"))
    until(lambda: house.rows("select * from notifications where read_at is null and not aside"))
    assert 'class="count"' in owner.get("/indicator").text
    assert not receiver.got


def test_what_a_removed_channel_had_still_to_tell_is_told_in_the_app(
    house: House, owner: httpx2.Client, receiver: Receiver
) -> None:
    owner.get("/indicator")
    add(owner, "Hook", receiver.url)
    wish(owner, "out")
    receiver.answers[:0] = [Answer(503), Answer(503)]
    bring(owner)
    tried = "select 1 from sendings where attempt = 1 and status = 'pending'"
    until(lambda: len(house.rows(tried)) == 2, 30, "both to wait for another try")
    assert "ready" not in owner.get("/indicator").text
    assert owner.post(f"/account/channels/{number(house, 'Hook')}/remove").status_code == 303
    news = owner.get("/indicator").text
    assert "Transcript ready" in news
    assert "Blog post ready" in news


def test_nothing_is_sent_without_a_wish_for_it(
    house: House, owner: httpx2.Client, receiver: Receiver
) -> None:
    add(owner, "Hook", receiver.url)
    wish(owner, "in")
    finished(house, bring(owner))
    assert not house.rows("select * from sendings")


def test_sending_is_no_job_of_anybody(
    house: House, owner: httpx2.Client, receiver: Receiver
) -> None:
    add(owner, "Hook", receiver.url)
    wish(owner)
    jobs = len(house.rows("select * from jobs"))
    told = len(house.rows("select * from notifications"))
    bring(owner)
    all_sent(house, 2)
    assert len(house.rows("select * from jobs")) == jobs + 2
    assert len(house.rows("select * from notifications")) == told + 2
