"""The models of this machine over the API: listed, downloaded, cancelled, deleted by the owner alone."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from draftmill.jobs.queue import claim_next
from tests.support.api_programs import ServerAlone, problem, program, token_for
from tests.support.model_shop import Shop


@pytest.fixture(scope="module", autouse=True)
def folder(server: ServerAlone) -> Path:
    """The folder of models, with one more to be had than those that come along."""
    with closing(server.db()) as db:
        db.execute("update users set role = 'owner' where email = 'mara@example.org'")
    shop = Shop(url="http://127.0.0.1:9", files={"small.gguf": b"weights"})
    shop.offer(server.settings.data, "small")
    return server.settings.models


@pytest.fixture(scope="module")
def second(server: ServerAlone) -> Iterator[httpx2.Client]:
    with program(server, token_for(server, "second@example.org")) as client:
        yield client


def small(client: httpx2.Client) -> dict[str, object]:
    items = client.get("/models").json()["items"]
    return next(one for one in items if one["name"] == "small")


def test_a_download_is_started_once_watched_and_cancelled_with_what_has_come(
    client: httpx2.Client, folder: Path
) -> None:
    assert (small(client)["here"], small(client)["download"]) == (False, None)
    started = client.post("/models/small/get")
    assert (started.status_code, started.json()["type"]) == (202, "model")
    assert client.post("/models/small/get").status_code == 200
    assert small(client)["download"] == started.json()
    problem(client.delete("/models/small"), 409, "model_at_work")
    part = folder / ".small.gguf.part"
    part.write_bytes(b"weig")  # as of a line that broke: it waits to go on
    cancelled = client.post("/models/small/cancel").json()
    assert (cancelled["id"], cancelled["status"]) == (started.json()["id"], "cancelled")
    assert not part.exists()
    assert client.post("/models/small/get").json()["status"] == "pending"
    part.write_bytes(b"we")
    client.post(f"/jobs/{cancelled['id']}/cancel")
    assert part.exists(), "an old job's cancelling takes nothing from the one at work"
    client.post("/jobs/cancel", json={"type": "model"})
    assert not part.exists()


def test_the_part_of_a_download_at_work_is_left_to_its_worker(
    client: httpx2.Client, server: ServerAlone, folder: Path
) -> None:
    client.post("/models/small/get")
    with closing(server.db()) as db:
        assert claim_next(db, "writing")
    part = folder / ".small.gguf.part"
    part.write_bytes(b"weig")
    assert client.post("/models/small/cancel").json()["status"] == "running"
    assert part.exists()


def test_a_model_of_the_owners_own_is_listed_and_deleted(
    client: httpx2.Client, folder: Path
) -> None:
    (folder / "mine.gguf").write_bytes(b"not read")
    assert client.delete("/models/mine.gguf").status_code == 204
    assert not (folder / "mine.gguf").exists()
    problem(client.delete("/models/mine.gguf"), 404, "model_unknown")
    problem(client.post("/models/no-such-model/get"), 404, "model_unknown")
    problem(client.post("/models/no-such-model/cancel"), 404, "not_found")


def test_others_neither_see_nor_change_them(second: httpx2.Client) -> None:
    for answer in (
        second.get("/models"),
        second.post("/models/small/get"),
        second.post("/models/small/cancel"),
        second.delete("/models/small"),
    ):
        problem(answer, 403, "owner_only")
