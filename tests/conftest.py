"""The fixed cast: the owner Mara, a second user, a stranger; and the houses they meet in."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Browser, sync_playwright

from draftmill.accounts import passwords
from draftmill.database.connection import connect
from draftmill.settings import Settings
from tests.support import fresh_database, tripwires
from tests.support.held_model import REPLY, Gate
from tests.support.house import QUICK, House, opened, until
from tests.support.model_server import ModelServer, answers


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--full", action="store_true", help="as many rounds as `make faults` runs, and its limits"
    )


@pytest.fixture(scope="session")
def full(request: pytest.FixtureRequest) -> bool:
    """Whether this run is `make faults`: all rounds, large files, limits on time."""
    return bool(request.config.getoption("--full"))


@pytest.fixture(scope="session", autouse=True)
def cheap_hashes() -> None:
    """Real argon2 with a sixtieth of the memory, in this process: tests make hundreds of hashes."""
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One running Draftmill for the tests of a file."""
    with opened(tmp_path_factory.mktemp("house") / "data", **QUICK) as running:
        yield running


@pytest.fixture(scope="module")
def owner(house: House) -> Iterator[httpx2.Client]:
    with closing(house.make_owner()) as client:
        yield client


@pytest.fixture(scope="module")
def second(house: House, owner: httpx2.Client) -> Iterator[httpx2.Client]:
    with closing(house.add_user("second@example.org")) as client:
        yield client


@pytest.fixture
def stranger(house: House) -> Iterator[httpx2.Client]:
    with house.client() as client:
        yield client


@pytest.fixture(scope="module")
def quiet() -> Iterator[dict[str, str]]:
    """Settings with a transcription server that never answers: no job costs anything here."""
    with tripwires.listening() as (port, _):
        yield QUICK | {"DRAFTMILL_TRANSCRIBE_BASE_URL": f"http://127.0.0.1:{port}"}


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    """A model that always answers with the same text."""
    with ModelServer(otherwise=answers(REPLY)) as server:
        yield server


@pytest.fixture
def gate(model: ModelServer, house: House) -> Iterator[Gate]:
    """The next question to the model is answered when the test says so."""
    at_work = "select 1 from jobs where status in ('pending', 'running')"
    until(lambda: not house.rows(at_work), why="earlier tests' questions to be asked")
    gate = Gate()
    model.then(gate.answer)
    yield gate
    gate.open.set()
    model.script.clear()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The settings of a prepared data folder of its own: the database is that of `db`."""
    settings = Settings(data=tmp_path)
    fresh_database.make(settings.database)
    return settings


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A prepared database of its own."""
    fresh_database.make(tmp_path / "draftmill.db")
    connection = connect(tmp_path / "draftmill.db", 10)
    yield connection
    connection.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()
