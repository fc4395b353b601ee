"""Faults: a few of each in `make slow`; with --full all of them, and the table in the docs."""

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from random import Random

import httpx2
import pytest

from tests.support.fault_recordings import Corpus
from tests.support.faults_table import Ledger
from tests.support.house import House
from tests.support.jobs_at_work import LongWork

PASSED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[PASSED] = report.passed
    return report


@pytest.fixture
def passed(request: pytest.FixtureRequest) -> Callable[[], bool]:
    """Whether the test, of which this is the end, has passed: only then it counts."""
    return lambda: request.node.stash.get(PASSED, False)


@pytest.fixture(scope="session")
def ledger(full: bool) -> Iterator[Ledger]:
    """What was done to Draftmill, how often, and what was lost; written down by a full run."""
    book = Ledger()
    yield book
    if full:
        book.write()


@pytest.fixture(scope="session")
def rounds(full: bool) -> Callable[[int, int], int]:
    """How many rounds this run takes of a fault: `few` in `make slow`, `many` with --full."""
    return lambda few, many: many if full else few


@pytest.fixture(scope="module")
def client(own: House) -> Iterator[httpx2.Client]:
    """The owner of a file's own house."""
    with closing(own.make_owner()) as client:
        yield client


@pytest.fixture(scope="module")
def corpus(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, full: bool
) -> Corpus:
    """Real recordings and texts, always the same for a file's SEED."""
    seeded = Random(request.module.SEED)
    return Corpus(tmp_path_factory.mktemp("corpus"), seeded, 30 if full else 10)


@pytest.fixture(scope="module")
def work(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> LongWork:
    """Jobs that are long enough in each stage to be hit in it."""
    return LongWork(tmp_path_factory.mktemp("long"), Random(request.module.SEED))
