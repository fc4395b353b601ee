"""Open pages by the hundred, without browsers: they ask, listen and come back as live.js and hx-ws do."""

import asyncio
import json
import math
import re
import time
from random import Random

import httpx2
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.support.places import ROOT

LAYOUT = (ROOT / "templates" / "layout.html").read_text(encoding="utf-8")
SCRIPT = (ROOT / "static" / "live.js").read_text(encoding="utf-8")
ANSWER_S = 3.0  # hx-config="timeout:3s"


def constant(pattern: str, text: str) -> float:
    """A number in one of our own files: what is simulated is what is served."""
    found = re.search(pattern, text)
    assert found, pattern
    return float(found[1])


FIRST_S = constant(r"ws\.reconnectDelay:(\d+)s", LAYOUT)
LONGEST_S = constant(r"ws\.reconnectMaxDelay:(\d+)s", LAYOUT)
JITTER = constant(r"ws\.reconnectJitter:([\d.]+)", LAYOUT)
SILENT_S = constant(r"SILENT_MS = (\d+);", SCRIPT) / 1000
STEADY_S = constant(r"STEADY_MS = (\d+);", SCRIPT) / 1000
REST_S = constant(r"REST_MS = (\d+);", SCRIPT) / 1000
SPARE_S = constant(r"SPARE_MS = (\d+) \+", SCRIPT) / 1000
SPREAD_S = constant(r"SPARE_MS = \d+ \+ (\d+) \*", SCRIPT) / 1000


class Crowd:
    """The moments at which a request of any page reached the server."""

    def __init__(self, url: str, cookie: str) -> None:
        self.url = url
        self.headers = {"Cookie": f"draftmill={cookie}", "Origin": url}
        self.arrived_s: list[float] = []

    def busiest_second(self) -> int:
        """The most requests within any second."""
        times = sorted(self.arrived_s)
        most = first = 0
        for last, moment in enumerate(times):
            while times[first] <= moment - 1:
                first += 1
            most = max(most, last - first + 1)
        return most


class OpenPage:
    """A page in view with the pill of one running job, and its header."""

    def __init__(self, crowd: Crowd, http: httpx2.AsyncClient, query: str, random: Random) -> None:
        self._crowd = crowd
        self._http = http
        self._query = query
        self._random = random
        self._spare_s = SPARE_S + SPREAD_S * random.random()
        self._heard_s = self._opened_s = self._lost_s = -math.inf
        self._version = 0

    @property
    def listening(self) -> bool:
        """Whether the server was heard lately."""
        return time.monotonic() - self._heard_s < SILENT_S

    async def stay(self, pill: str) -> None:
        """Be open, until it is cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen())
            group.create_task(self._ask(pill, 1.0))
            group.create_task(self._ask("/indicator", 10.0))

    async def _ask(self, path: str, every_s: float) -> None:
        asked_s = -math.inf
        next_s = time.monotonic() + every_s * self._random.random()
        while True:
            await asyncio.sleep(max(0.0, next_s - time.monotonic()))
            # While an answer is waited for, ticks are dropped.
            next_s += every_s * max(1, math.ceil((time.monotonic() - next_s) / every_s))
            now_s = time.monotonic()
            if path == "/indicator" and now_s - self._lost_s < SILENT_S:
                continue
            if now_s - asked_s >= (self._spare_s if self.listening else 0.0):
                asked_s = now_s
                if not await self._answered(path):
                    rested_s = time.monotonic() + REST_S * (1 + self._random.random())
                    next_s += every_s * math.ceil(max(0.0, rested_s - next_s) / every_s)

    async def _answered(self, path: str) -> bool:
        at_s, answered = time.monotonic(), False
        try:
            await self._http.get(self._crowd.url + path, timeout=ANSWER_S)
            answered = True
        except httpx2.ConnectError:
            return False  # nobody was there to be asked
        except httpx2.HTTPError:
            pass
        self._crowd.arrived_s.append(at_s)
        return answered

    async def _listen(self) -> None:
        attempt = 0
        while True:
            if await self._connected() and self._heard_s - self._opened_s >= STEADY_S:
                attempt = 0
                self._lost_s = time.monotonic()
            self._heard_s = -math.inf
            attempt += 1
            delay_s = min(FIRST_S * 2 ** (attempt - 1), LONGEST_S)
            await asyncio.sleep(delay_s * self._random.uniform(1 - JITTER, 1 + JITTER))

    async def _connected(self) -> bool:
        """One attempt, to its end. Whether it was let in."""
        url = self._crowd.url.replace("http", "ws", 1)
        since = f"&since={self._version}" * bool(self._version)
        at_s, opened = time.monotonic(), False
        try:
            async with connect(
                f"{url}/live?{self._query}{since}",
                additional_headers=self._crowd.headers,
                compression=None,
                ping_interval=None,
            ) as socket:
                opened = True
                self._heard_s = self._opened_s = time.monotonic()
                self._crowd.arrived_s.append(at_s)
                async for text in socket:
                    self._heard_s = time.monotonic()
                    self._version = json.loads(text).get("beat") or self._version
        except InvalidHandshake:
            self._crowd.arrived_s.append(at_s)
        except (OSError, ConnectionClosed):
            pass  # nobody was there, or it went
        return opened
