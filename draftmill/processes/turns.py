"""Who may do heavy work now: a few at once, and nobody with more than one piece of it."""

import os
import threading
from collections import Counter
from collections.abc import Hashable, Iterator
from contextlib import contextmanager

MOST_WAITING = 2  # of one user, beside what is at work for them


class NoTurn(Exception):
    """Two pieces of work of this user wait already, or the wait was too long."""


class Turns:
    """As many turns at once as there are processors, but two at least; one for each user.

    Others therefore go on, whatever one user sends; and a user's third request that would have
    to wait is refused, so that waiting takes few threads. Any thread may call.
    """

    def __init__(self, patience_s: float) -> None:
        self.at_once = max(2, os.cpu_count() or 1)
        self._patience_s = patience_s
        self._changed = threading.Condition()
        self._at_work: set[Hashable] = set()
        self._waiting: Counter[Hashable] = Counter()

    @contextmanager
    def turn(self, user: Hashable) -> Iterator[None]:
        """Wait for a turn and keep it for the `with` block. Raises NoTurn."""
        with self._changed:
            self._await(user)
            self._at_work.add(user)
        try:
            yield
        finally:
            with self._changed:
                self._at_work.remove(user)
                self._changed.notify_all()

    def waiting(self, user: Hashable) -> int:
        """How many requests of a user wait for their turn."""
        return self._waiting[user]

    def _await(self, user: Hashable) -> None:
        if self._free_for(user):
            return
        if self._waiting[user] >= MOST_WAITING:
            raise NoTurn
        self._waiting[user] += 1
        try:
            if not self._changed.wait_for(lambda: self._free_for(user), self._patience_s):
                raise NoTurn
        finally:
            self._waiting[user] -= 1
            self._waiting += Counter()  # forget those at zero

    def _free_for(self, user: Hashable) -> bool:
        return user not in self._at_work and len(self._at_work) < self.at_once
