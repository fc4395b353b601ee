"""Another user, who looks at a pill all the time while something is done to Draftmill."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import httpx2

WITHIN_S = 0.5  # a pill's answer, whatever a stranger sends
PAUSE_S = 0.02


class Bystander:
    """Asks for one address again and again in a thread of its own, and keeps each answer's time."""

    def __init__(self, client: httpx2.Client, path: str) -> None:
        self.client = client
        self.path = path
        self.seconds: list[float] = []
        self.statuses: set[int] = set()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    @property
    def slowest_s(self) -> float:
        """The longest wait for an answer so far, in seconds."""
        return max(self.seconds, default=0.0)

    def _look(self) -> None:
        while not self._stop.is_set():
            began = time.monotonic()
            try:
                self.statuses.add(self.client.get(self.path, timeout=60).status_code)
            except httpx2.HTTPError:
                self.statuses.add(0)
            self.seconds.append(time.monotonic() - began)
            self._stop.wait(PAUSE_S)

    def __enter__(self) -> "Bystander":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()


@contextmanager
def undisturbed(client: httpx2.Client, path: str = "/healthz") -> Iterator[Bystander]:
    """Assert that `path` answers 200 within half a second, all through what is done inside.

    `client` is the bystander's own: a user's who does nothing. It is closed at the end.
    """
    with closing(client), Bystander(client, path) as bystander:
        yield bystander
    assert bystander.statuses == {200}
    assert bystander.slowest_s < WITHIN_S
