"""Turns at heavy work: one for each user, two of theirs waiting, and nobody in another's way."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from draftmill.processes.turns import NoTurn, Turns
from tests.support.house import until


@contextmanager
def waiting(turns: Turns, user: str, count: int) -> Iterator[list[threading.Thread]]:
    """Threads of a user that wait for a turn, and end when they have had it."""

    def take() -> None:
        with turns.turn(user):
            pass

    threads = [threading.Thread(target=take) for _ in range(count)]
    for thread in threads:
        thread.start()
    until(lambda: turns.waiting(user) == count)
    yield threads
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()


def test_the_third_that_would_wait_is_refused() -> None:
    turns = Turns(patience_s=30)
    with ExitStack() as stack, turns.turn("ada"):
        stack.enter_context(waiting(turns, "ada", 2))
        with pytest.raises(NoTurn), turns.turn("ada"):
            pass
    with turns.turn("ada"):
        assert turns.waiting("ada") == 0


def test_another_user_has_a_turn_while_one_waits() -> None:
    turns = Turns(patience_s=30)
    with turns.turn("ada"), turns.turn("bob"):
        assert turns.waiting("bob") == 0


def test_all_places_taken_make_others_wait_and_give_up() -> None:
    turns = Turns(patience_s=0.05)
    with ExitStack() as stack:
        for user in range(turns.at_once):
            stack.enter_context(turns.turn(user))
        with pytest.raises(NoTurn), turns.turn("ada"):
            pass
    with turns.turn("ada"):
        pass


def test_a_turn_that_fails_is_given_back() -> None:
    turns = Turns(patience_s=0.05)
    with pytest.raises(KeyError), turns.turn("ada"):
        raise KeyError
    with turns.turn("ada"):
        pass
