"""Pages are asked whether they are there: who answers stays, the dead and the slow are dropped."""

import time
from collections.abc import Iterator
from contextlib import closing

import httpx2
import pytest

from tests.support.browser import bring
from tests.support.house import QUICK, House, opened, until
from tests.support.raw_sockets import CLOSE, PING, is_open, raw_socket
from tests.web.live.test_sockets import hears, listening

PING_S, PONG_S = 1, 15


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    often = {"DRAFTMILL_PING_S": str(PING_S), "DRAFTMILL_PONG_S": str(PONG_S)}
    with opened(tmp_path_factory.mktemp("pings") / "data", **QUICK, **often) as running:
        yield running


@pytest.fixture(scope="module")
def owner(house: House) -> Iterator[httpx2.Client]:
    with closing(house.make_owner()) as client:
        yield client


def test_who_answers_is_asked_again_and_who_does_not_is_closed(
    house: House, owner: httpx2.Client
) -> None:
    began = time.monotonic()
    with raw_socket(house, owner) as alive, raw_socket(house, owner) as dead:
        for n in range(1, 4):
            alive.pong(alive.next(PING))
            assert time.monotonic() - began > 0.8 * n * PING_S
        assert dead.next(PING)
        assert int.from_bytes(dead.next(CLOSE)[:2]) == 1011
        until(lambda: not is_open(house, dead), 20, "the dead line to be closed")
        assert time.monotonic() - began > PONG_S


def test_who_takes_nothing_is_dropped_and_nobody_waits_for_it(
    house: House, owner: httpx2.Client
) -> None:
    project = bring(owner, "Named often")
    with (
        raw_socket(house, owner, f"list={project}", takes=4096) as slow,
        listening(house, owner, f"list={project}") as quick,
    ):
        assert is_open(house, slow)
        began = time.monotonic()

        def named_again() -> str:
            title = f"{time.monotonic_ns()} {'x' * 270}"
            owner.post(f"/projects/{project}", data={"title": title})
            return hears(quick, title)

        until(lambda: named_again() and not is_open(house, slow), 60, "the slow line to be dropped")
        assert time.monotonic() - began > PING_S
