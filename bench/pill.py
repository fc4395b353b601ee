"""The poll: requests per second with its real session and ownership check.

Against Starlette's plain text under the same server, and with 100,000 jobs stored against 10;
medians of interleaved rounds, the load made by wrk on the other core.
"""

import re
import socket
import statistics
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from figures import report

from draftmill.clock import now
from draftmill.database.connection import transaction
from draftmill.jobs.job import COLUMNS
from tests.support.house import House, opened, until

ROUNDS = 5
SECONDS = 2
OF_PLAIN = 0.4
OF_FEW = 0.8
MANY = 100_000
FEW = 10


def plain() -> None:
    """Starlette's plain text, served as Draftmill is."""
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import PlainTextResponse
    from starlette.routing import Route

    async def hello(request: Request) -> PlainTextResponse:
        return PlainTextResponse("hello")

    app = Starlette(routes=[Route("/", hello)])
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False)
    uvicorn.Server(config).run(sockets=[listener])


@contextmanager
def plain_server() -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, __file__, "plain"], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/"
    finally:
        process.terminate()
        process.wait()


def fill(house: House, count: int) -> str:
    """Store `count` jobs of one user; the id of one that waits, so that its pill has a clock."""
    with closing(house.db()) as db, transaction(db):
        job_ids = [str(uuid.uuid4()) for _ in range(count)]
        for n in range(max(1, count // 100)):
            db.execute(
                "insert into projects (id, user_id, title, source, sha256, created_at)"
                " values (?, 1, 'A talk', 'media', ?, ?)",
                (f"project-{n}", str(n), now()),
            )
        db.executemany(
            "insert into jobs (id, project_id, user_id, type, queue, status, origin_id, created_at,"
            " updated_at, completed_at) values (?, ?, 1, 'blog', 'writing', 'succeeded', ?, '', '', '')",
            [(job_id, f"project-{n // 100}", job_id) for n, job_id in enumerate(job_ids)],
        )
        db.execute(
            "update jobs set status = 'pending', retries = 2, run_after = ?, delayed_at = ?,"
            " created_at = ?, updated_at = ?, completed_at = null where id = ?",
            (now(36000), now(), now(), now(), job_ids[-1]),
        )
    return job_ids[-1]


def per_second(url: str, cookie: str = "") -> float:
    command = ["wrk", "-t1", "-c16", f"-d{SECONDS}s", "-H", f"Cookie: {cookie}", url]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in out, out
    found = re.search(r"Requests/sec:\s+([\d.]+)", out)
    assert found, out
    return float(found[1])


def assert_plans(house: House) -> None:
    """What a poll reads when a pill is not in memory never scans a table."""
    with closing(house.db()) as db:
        for query in (
            f"select {COLUMNS} from jobs where id = ?",
            "select version from changes where kind = 'job' and object_id = ?",
            "select user_id from sessions where id_hash = ?",
        ):
            plan = [row["detail"] for row in db.execute(f"explain query plan {query}", ("",))]
            assert all(step.startswith("SEARCH") for step in plan), plan


def main() -> int:
    with (
        tempfile.TemporaryDirectory() as folder,
        plain_server() as plain_url,
        opened(Path(folder) / "few") as few,
        opened(Path(folder) / "many") as many,
    ):
        targets = {"plain": (plain_url, "")}
        for name, house, count in (("few", few, FEW), ("many", many, MANY)):
            client = house.make_owner()
            job_id = fill(house, count)
            assert_plans(house)
            url = f"/jobs/{job_id}/pill"
            until(lambda c=client, u=url: "Retry 2 of 3" in c.get(u).text)
            targets[name] = (house.url + url, f"draftmill={client.cookies['draftmill']}")
        rates: dict[str, list[float]] = {name: [] for name in targets}
        for _ in range(ROUNDS):
            for name, (url, cookie) in targets.items():
                rates[name].append(per_second(url, cookie))
    middle = {name: statistics.median(found) for name, found in rates.items()}
    for name, rate in middle.items():
        report(f"requests per second, {name}", rate)
    held = (
        report("pill against plain text", middle["few"] / middle["plain"], "×", least=OF_PLAIN),
        report(
            "pill with 100,000 jobs against 10", middle["many"] / middle["few"], "×", least=OF_FEW
        ),
    )
    return 0 if all(held) else 1


if __name__ == "__main__":
    if sys.argv[1:] == ["plain"]:
        plain()
    else:
        sys.exit(main())
