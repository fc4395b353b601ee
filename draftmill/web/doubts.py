"""Whether anybody has seen the news: a line may be dead, and its page gone, long before it is closed."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable

from draftmill.web.sockets import Socket

ANSWER_S = 10.0  # in which a page answers that was told what ended


class Doubt:
    """News that no page has answered for yet, by the numbers of what ended."""

    def __init__(self, numbers: Iterable[int]) -> None:
        self.numbers = tuple(numbers)
        self.over = asyncio.Event()


class Doubts:
    """What is in doubt just now, by users. Used on the event loop."""

    def __init__(self) -> None:
        self._open: defaultdict[int, set[Doubt]] = defaultdict(set)

    async def was_shown(
        self, user_id: int, sockets: Collection[Socket], numbers: Iterable[int]
    ) -> bool:
        """Whether one of the pages that were told of these answers, or another shows them."""
        doubt = Doubt(numbers)
        self._open[user_id].add(doubt)
        for socket in sockets:
            socket.ask(doubt.over.set)
        try:
            async with asyncio.timeout(ANSWER_S if sockets else 0):
                await doubt.over.wait()
        except TimeoutError:
            return False
        finally:
            self._open[user_id].discard(doubt)
            if not self._open[user_id]:
                del self._open[user_id]
        return True

    def has(self, user_id: int) -> bool:
        """Whether something of a user's is in doubt. Any thread may ask."""
        return user_id in self._open

    def end(self, user_id: int, numbers: set[int]) -> None:
        """A page shows these."""
        for doubt in self._open.get(user_id, ()):
            if not numbers.isdisjoint(doubt.numbers):
                doubt.over.set()
