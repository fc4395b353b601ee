"""An open line to a server: what it is asked, and its answer, whole or piece by piece.

Plain HTTP. OpenAI's own client would take half a second and 30 MB of each child that asks anything,
for shapes of answers that no other server keeps to.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ssl import SSLContext
from typing import Any

import httpx2

CONNECT_S = 10.0

Hook = Callable[[httpx2.Response], None]
File = tuple[str, bytes, str]  # its name, its bytes, and their type


class Refused(Exception):
    """An answer that is an error. It is read, up to what an error may have."""

    def __init__(self, response: httpx2.Response) -> None:
        super().__init__(f"HTTP {response.status_code}")
        self.response = response


class Line:
    """The connections to one server, which several threads may use. Close it.

    It never asks twice: a job's retries are counted, shown, and outlive a restart. Each method
    raises Refused, and what httpx2 raises. Paths go on from the base address.
    """

    def __init__(
        self, base_url: str, key: str, timeout_s: float, trusted: SSLContext, look_at: Hook
    ) -> None:
        # Nothing is asked to be packed: a little of that can be a lot.
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        self._client = httpx2.Client(
            base_url=base_url,
            headers=headers,
            timeout=httpx2.Timeout(timeout_s, connect=min(CONNECT_S, timeout_s)),
            follow_redirects=True,
            verify=trusted,
            event_hooks={"response": [look_at]},
        )

    def close(self) -> None:
        self._client.close()

    def get(self, path: str) -> httpx2.Response:
        """The answer to a path."""
        return _granted(self._client.get(path))

    def post(self, path: str, body: dict[str, Any]) -> httpx2.Response:
        """The answer to a JSON object."""
        return _granted(self._client.post(path, json=body))

    def send(self, path: str, fields: dict[str, Any], file: File) -> httpx2.Response:
        """The answer to a form with a file."""
        return _granted(self._client.post(path, data=fields, files={"file": file}))

    @contextmanager
    def streamed(self, path: str, body: dict[str, Any]) -> Iterator[httpx2.Response]:
        """The answer to a JSON object, as soon as it begins."""
        with self._client.stream("POST", path, json=body) as response:
            yield _granted(response)


def _granted(response: httpx2.Response) -> httpx2.Response:
    if not response.is_success:
        response.read()
        raise Refused(response)
    return response
