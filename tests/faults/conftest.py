"""Faults: a few of each in `make test`; with --full all of them, and the table in the docs."""

from collections.abc import Callable, Iterator

import pytest
from ledger import Ledger


@pytest.fixture(scope="session")
def ledger(full: bool) -> Iterator[Ledger]:
    """What was done to Draftmill, how often, and what was lost; written down by a full run."""
    book = Ledger()
    yield book
    if full:
        book.write()


@pytest.fixture(scope="session")
def rounds(full: bool) -> Callable[[int, int], int]:
    """How many rounds this run takes of a fault: `few` in `make test`, `many` with --full."""
    return lambda few, many: many if full else few
