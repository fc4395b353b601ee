"""A Draftmill without workers, in this process: every job stays in the state into which it was put."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import uvicorn

from app import create_app
from draftmill.database.connection import connect
from draftmill.settings import Settings
from tests.support import fresh_database, members
from tests.support.house import until


@dataclass(frozen=True)
class StillHouse:
    """Its address, its settings, and the client of its owner, who is user 1."""

    url: str
    settings: Settings
    owner: httpx2.Client


@contextmanager
def still_house(folder: Path, model: str = "test", **wished: Any) -> Iterator[StillHouse]:
    """Served until the end of the block; without a `model`, nothing writes but outlines."""
    server = "http://127.0.0.1:9/v1" if model else ""
    model_settings = {"llm_base_url": server, "llm_model": model, "whisper_model": "small"}
    settings = Settings(**model_settings, **wished, data=folder)
    fresh_database.make(settings.database)
    with closing(connect(settings.database)) as db:
        user_id = members.add(db, "mara@example.org", "Mara Keller")
    app = create_app(settings)
    config = uvicorn.Config(app, port=0, ws="websockets-sansio", log_config=None)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until(lambda: server.started)
        port = server.servers[0].sockets[0].getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        with httpx2.Client(base_url=url, headers={"Origin": url}, timeout=30) as client:
            yield StillHouse(url, settings, members.signed_in(client, settings, user_id))
    finally:
        server.should_exit = True
        thread.join()
