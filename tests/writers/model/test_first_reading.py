"""Drafts of one recording that are ordered at once: a server reads it once, and then the others ask."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest

from draftmill.database.connection import connect
from draftmill.writers.model import first_reading
from draftmill.writers.model.chat import Chat
from draftmill.writers.model.first_reading import WAITING
from draftmill.writers.model.prompts import Prompt
from tests.support.house import until
from tests.support.model_server import Answer, Exchange, ModelServer, breaks_off, chunk
from tests.support.model_writer import Watched

SAID = Prompt("Rules.", "A recording.", "A task.")
Ordered = Callable[[], Watched]


class Gate:
    """A server that reads until it is let go, says a word, and ends when it is let go again."""

    def __init__(self, **more: str) -> None:
        self.read, self.end = threading.Event(), threading.Event()
        self.more = more

    def answer(self, exchange: Exchange) -> None:
        exchange.open()
        assert self.read.wait(30)
        exchange.event({**chunk(content="A text."), **self.more})
        assert self.end.wait(30)
        exchange.event({**chunk("stop"), **self.more})
        exchange.close()


@pytest.fixture
def order(work: Watched) -> Iterator[Ordered]:
    """Orders a draft, at work in a thread of its own as its process would be."""
    with ExitStack() as stack:

        def ordered() -> Watched:
            beside = Watched(work.settings, work.db, work.job, work.project, work.folder)
            thread = threading.Thread(target=ask, args=(beside,))
            stack.callback(thread.join, 30)
            thread.start()
            return beside

        yield ordered


def ask(work: Watched) -> None:
    with closing(connect(work.settings.database)) as work.db, Chat(work, "fence") as chat:
        kept: Any = work
        kept.checkpoint = lambda stage, key: None
        try:
            chat.ask("write", SAID, "Writing", of_cut=str, go_on=False)
        except Exception as problem:
            work.reports.append((0, None, "", f"failed: {problem}"))


def waits(work: Watched) -> bool:
    return any(message == WAITING for *_, message in work.reports)


def asked(server: ModelServer, times: int) -> None:
    until(lambda: len(server.requests) >= times, why=f"{times} questions")
    assert len(server.requests) == times


def slow(server: ModelServer, **more: str) -> Gate:
    gate = Gate(**more)
    answer: Answer = gate.answer
    server.otherwise = answer
    return gate


def test_the_others_ask_when_the_first_word_has_come(server: ModelServer, order: Ordered) -> None:
    gate = slow(server)
    order()
    asked(server, 1)
    others = [order(), order()]
    until(lambda: all(map(waits, others)))
    asked(server, 1)
    gate.read.set()
    asked(server, 3)
    later = order()
    asked(server, 4)
    assert not waits(later)
    gate.end.set()


def test_at_a_server_that_shares_nothing_before_its_end_they_take_turns(
    server: ModelServer, order: Ordered
) -> None:
    gate = slow(server, system_fingerprint="b6123-a1b2c3d4")
    gate.read.set()
    order()
    asked(server, 1)
    other = order()
    until(lambda: waits(other))
    asked(server, 1)
    gate.end.set()
    asked(server, 2)


def test_a_first_one_that_fails_lets_the_next_one_ask(server: ModelServer, order: Ordered) -> None:
    gate = slow(server)
    server.then(breaks_off(""))
    order()
    other = order()
    asked(server, 2)
    gate.read.set()
    gate.end.set()
    until(lambda: any(message == "Writing" for *_, message in other.reports))


def test_nobody_waits_without_end(
    server: ModelServer, order: Ordered, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_reading, "LONGEST_WAIT_S", 0.0)
    gate = slow(server)
    order()
    asked(server, 1)
    order()
    asked(server, 2)
    gate.read.set()
    gate.end.set()


def test_where_nobody_can_wait_they_ask_all_the_same(
    work: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(first_reading, "turn", full)
    with first_reading.FirstReading(work, "fence"):
        assert not work.reports
