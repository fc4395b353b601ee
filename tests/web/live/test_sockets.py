"""Who may listen at a socket, what it is told, and when it is closed."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import httpx2
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.support.browser import bring, newest_job
from tests.support.held_model import Gate
from tests.support.house import PASSWORD, House, draftmill, opened, until
from tests.support.pills import start
from tests.support.still_house import StillHouse

HEARD_S = 20.0


@contextmanager
def listening(
    house: House | StillHouse, client: httpx2.Client, query: str = ""
) -> Iterator[ClientConnection]:
    """A socket of a signed-in client, as an open page has one."""
    cookie = {"Cookie": f"draftmill={client.cookies.get('draftmill', '')}", "Origin": house.url}
    address = house.url.replace("http", "ws", 1) + f"/live?{query}"
    with connect(address, additional_headers=cookie, compression=None) as socket:
        yield socket


def told(socket: ClientConnection) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(socket.recv(HEARD_S))
    return found


def told_of_page(socket: ClientConnection) -> dict[str, Any]:
    """A message that is not about the header."""
    message = told(socket)
    header = 'id="indicator"' in str(message.get("content", ""))
    assert header or "beat" in message, message
    return message


def hears(socket: ClientConnection, words: str) -> str:
    """The first message with these words."""
    return str(until(lambda: words in (text := str(told(socket).get("content", ""))) and text))


def closing_code(socket: ClientConnection) -> int:
    with pytest.raises(ConnectionClosed) as caught:
        until(lambda: not socket.recv(HEARD_S), 60, "the socket to be closed")
    assert caught.value.rcvd
    return caught.value.rcvd.code


@pytest.mark.parametrize("lacking", ["Cookie", "Origin"])
def test_a_stranger_or_another_site_hears_nothing(
    house: House, owner: httpx2.Client, lacking: str
) -> None:
    headers = {"Cookie": f"draftmill={owner.cookies['draftmill']}", "Origin": house.url}
    headers[lacking] = (
        "https://elsewhere.example" if lacking == "Origin" else "draftmill=no.session"
    )
    with pytest.raises(InvalidStatus) as refused:
        connect(house.url.replace("http", "ws", 1) + "/live", additional_headers=headers)
    assert refused.value.response.status_code == 403


def test_nothing_else_becomes_a_socket(house: House, owner: httpx2.Client) -> None:
    headers = {"Cookie": f"draftmill={owner.cookies['draftmill']}", "Origin": house.url}
    with pytest.raises(InvalidStatus) as refused:
        connect(house.url.replace("http", "ws", 1) + "/healthz", additional_headers=headers)
    assert refused.value.response.status_code == 200


def test_a_user_hears_of_every_state_and_nobody_else_does(
    house: House, owner: httpx2.Client, second: httpx2.Client, project: str, gate: Gate
) -> None:
    page = f"project={project}"
    with listening(house, owner, page) as own, listening(house, second, page) as foreign:
        start(owner, project)
        assert f'hx-get="/jobs/{newest_job(house, project, "blog")}/pill"' in hears(own, "Writing")
        gate.open.set()
        # Only an ended job brings its second slot; the transcript's own end may be heard late.
        end = hears(own, f'id="actions-{project}-blog"')
        assert f'id="job-{project}-blog"' in end
        assert 'data-status="succeeded"' in end
        for _ in range(3):
            assert project not in str(told_of_page(foreign))


def test_who_comes_back_is_told_what_was_missed_and_no_more(
    house: House, owner: httpx2.Client, project: str, gate: Gate
) -> None:
    gate.open.set()
    start(owner, project)
    house.ended(newest_job(house, project, "blog"))
    with listening(house, owner, f"project={project}&since=0") as socket:
        hears(socket, 'data-status="succeeded"')
    (latest,) = house.one("select n from counters where name = 'changes'") or (0,)
    with listening(house, owner, f"project={project}&since={latest}") as socket:
        until(lambda: "beat" in told_of_page(socket))


def test_a_job_of_somebody_else_is_as_one_that_never_was(
    house: House, owner: httpx2.Client, second: httpx2.Client, project: str
) -> None:
    job = newest_job(house, project, "ingest")
    for page in (f"job={job}", f"project={project}", f"list={project}"):
        with listening(house, second, f"{page}&since=0") as socket:
            until(lambda: "beat" in told_of_page(socket))


@pytest.mark.parametrize("how", ["logout", "password", "removal"])
def test_a_socket_ends_with_its_session(house: House, owner: httpx2.Client, how: str) -> None:
    with (
        closing(house.add_user(f"{how}@example.org")) as client,
        listening(house, client) as socket,
    ):
        hears(socket, 'id="indicator"')
        if how == "logout":
            client.post("/logout")
        elif how == "password":
            draftmill(house.data, "user", "passwd", f"{how}@example.org", stdin=f"{PASSWORD}!\n")
        else:
            draftmill(house.data, "user", "remove", f"{how}@example.org")
        assert closing_code(socket) == 1008


def test_a_page_that_talks_is_not_listened_to(house: House, owner: httpx2.Client) -> None:
    with listening(house, owner) as socket:
        socket.send("hello")
        assert closing_code(socket) == 1008
    with listening(house, owner) as socket:
        socket.send("x" * 5000)
        assert closing_code(socket) == 1009


def test_a_stopped_house_asks_its_pages_to_come_back(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with (
        opened(tmp_path_factory.mktemp("stops") / "data") as house,
        closing(house.make_owner()) as client,
        listening(house, client) as socket,
    ):
        hears(socket, 'id="indicator"')
        assert house.stop() == 0
        assert closing_code(socket) == 1012


def test_a_deleted_project_leaves_the_list(house: House, owner: httpx2.Client) -> None:
    project = bring(owner, "Soon gone")
    with listening(house, owner, f"list={project}") as socket:
        owner.post(f"/projects/{project}/delete")
        hears(socket, f"delete:#project-{project}")
