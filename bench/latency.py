"""From the click: until the poll says running, until the first stage, until the first seconds.

The pill is asked every 20 ms, as a browser would see it, only more often; after idle seconds,
where few clicks count, every 2 ms.
"""

import os
import re
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx2

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from figures import report, report_rounds

from tests.support.house import House, opened

ASK_S, ASK_OFTEN_S = 0.02, 0.002
CLICKS = int(os.environ.get("BENCH_CLICKS", "20"))
IDLE_S = float(os.environ.get("BENCH_IDLE_S", "20"))
IDLE_CLICKS = 3
STATUS = re.compile(r'data-status="(\w+)"')
COUNTED = re.compile(r"Transcribing, [1-9]|Transcript ready")
RUNNING_S, AFTER_IDLE_S, STAGE_S, TRANSCRIBED_S = 0.06, 0.03, 0.5, 3.0


def click(client: httpx2.Client, project_id: str, **fields: str) -> tuple[str, float]:
    """Start a job; its pill's address, and the moment of the click."""
    moment = time.monotonic()
    answer = client.post(
        f"/projects/{project_id}/jobs", data=fields, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 202, answer.text
    return pill_in(answer.text), moment


def pill_in(answer: str) -> str:
    """The address of the pill that an answer holds."""
    found = re.search(r'hx-get="(/jobs/[^"]+/pill)"', answer)
    assert found, answer
    return found[1]


def until_pill(
    client: httpx2.Client,
    url: str,
    since: float,
    shows: Callable[[str], bool],
    ask_s: float = ASK_S,
) -> float:
    """Seconds from the click until the poll's answer shows something."""
    while True:
        text = client.get(url).text
        if shows(text):
            return time.monotonic() - since
        assert time.monotonic() - since < 60, text
        time.sleep(ask_s)


def status(text: str) -> str:
    found = STATUS.search(text)
    return found[1] if found else ""


def started(text: str) -> bool:
    return status(text) not in ("", "pending")


def p95(seconds: list[float]) -> float:
    return sorted(seconds)[max(0, round(0.95 * len(seconds)) - 1)]


def drafts(house: House, client: httpx2.Client, project_id: str) -> tuple[list[float], list[float]]:
    """Clicks on Generate: until running, and until the child's first stage label."""
    running, staged = [], []
    for _ in range(CLICKS):
        url, moment = click(client, project_id, type="blog")
        running.append(until_pill(client, url, moment, started))
        staged.append(until_pill(client, url, moment, lambda t: "Writing" in t or "Ready" in t))
        house.ended(url.split("/")[2])
    return running, staged


def transcriptions(house: House, client: httpx2.Client, project_id: str) -> list[float]:
    """Clicks on Transcribe again: until the first seconds are done."""
    seconds = []
    for _ in range(max(3, CLICKS // 4)):
        url, moment = click(client, project_id, type="ingest", any_language="1")
        seconds.append(until_pill(client, url, moment, lambda t: bool(COUNTED.search(t))))
        house.ended(url.split("/")[2])
    return seconds


def after_idling(house: House, client: httpx2.Client, project_id: str) -> list[float]:
    """Clicks on Generate, each after a while in which nobody did anything: until running.

    Sent as bytes that lie ready: the first request of a client that slept takes that client as
    long as the server.
    """
    request = client.build_request("POST", f"/projects/{project_id}/jobs", data={"type": "blog"})
    lines = [f"POST {request.url.path} HTTP/1.1", "HX-Request: true", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in request.headers.items() if name != "connection"]
    ready = "\r\n".join([*lines, "", request.content.decode()]).encode()
    seconds = []
    for _ in range(IDLE_CLICKS):
        time.sleep(IDLE_S)
        moment = time.monotonic()
        with socket.create_connection((client.base_url.host, client.base_url.port)) as line:
            line.sendall(ready)
            answer = b"".join(iter(lambda: line.recv(65536), b"")).decode()
        url = pill_in(answer)
        seconds.append(until_pill(client, url, moment, started, ASK_OFTEN_S))
        house.ended(url.split("/")[2])
    return seconds


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder) / "data") as house:
        client = house.make_owner()
        project_id = house.upload(client, types=["blog"])
        for row in house.rows("select id from jobs"):
            house.ended(row["id"])
        running, staged = drafts(house, client, project_id)
        transcribed = transcriptions(house, client, project_id)
        idle = after_idling(house, client, project_id)
    held = (
        report(
            "click to running, p95",
            p95(running),
            "s",
            most=RUNNING_S,
            spread=(min(running), max(running)),
        ),
        report_rounds(
            f"click to running after {IDLE_S:.0f} idle seconds", idle, "s", most=AFTER_IDLE_S
        ),
        report("click to the first stage label, p95", p95(staged), "s", most=STAGE_S),
        report(
            "click to the first seconds transcribed, p95", p95(transcribed), "s", most=TRANSCRIBED_S
        ),
    )
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
