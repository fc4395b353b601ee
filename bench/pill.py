"""The poll: requests per second with its real session and ownership check.

Against Starlette's plain text on the same server and loop, against the same pill by FastHTML, and
with 100,000 jobs stored against 10; medians of interleaved rounds, the load made by wrk on the
other core. Then crowds of viewers who ask once a second.
"""

import re
import subprocess
import sys
import tempfile
import uuid
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from crowd import crowds
from fasthtml_pill import fasthtml_server
from figures import ratios, report, report_rounds
from plain_text import plain_server

from draftmill.clock import now
from draftmill.database.connection import transaction
from draftmill.jobs.job import COLUMNS
from tests.support.house import House, opened, until

ROUNDS = 5
SECONDS = 2
BOUNDS = (
    ("pill against plain text", "few", "plain", 0.55),
    ("pill against FastHTML's", "few", "FastHTML", 4.0),
    ("pill with 100,000 jobs against 10", "many", "few", 0.8),
)
MANY = 100_000
FEW = 10


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


def per_second(url: str, **headers: str) -> float:
    """Answers a second, 2xx or 3xx each, to as many connections as keep a server busy."""
    sent = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", "-c16", f"-d{SECONDS}s", *sent, url]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in out and "Socket errors" not in out, out
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


def rates(targets: dict[str, tuple[str, dict[str, str]]]) -> dict[str, list[float]]:
    """Requests per second of each address with its headers, round by round."""
    found: dict[str, list[float]] = {name: [] for name in targets}
    for _ in range(ROUNDS):
        for name, (url, headers) in targets.items():
            found[name].append(per_second(url, **headers))
    for name, each in found.items():
        report_rounds(f"requests per second, {name}", each)
    return found


def by_htmx(cookie: str) -> dict[str, str]:
    return {"HX-Request": "true", "Cookie": cookie}


def throughput(folder: Path) -> bool:
    """Whether the pill is answered fast enough, whatever is stored."""
    with (
        plain_server() as (plain_url, _),
        fasthtml_server(folder) as fasthtml,
        opened(folder / "few") as few,
        opened(folder / "many") as many,
    ):
        targets = {"plain": (plain_url, by_htmx(""))}
        if fasthtml:
            targets["FastHTML"] = (fasthtml[0], by_htmx(fasthtml[1]))
        for name, house, count in (("few", few, FEW), ("many", many, MANY)):
            with closing(house.make_owner()) as client:
                job_id = fill(house, count)
                assert_plans(house)
                url = f"/jobs/{job_id}/pill"
                until(lambda c=client, u=url: "Retry 2 of 3" in c.get(u).text)
                cookie = f"draftmill={client.cookies['draftmill']}"
                targets[name] = (house.url + url, by_htmx(cookie))
        found = rates(targets)
    held = [
        report_rounds(name, ratios(found[ours], found[theirs]), "×", least=least)
        for name, ours, theirs, least in BOUNDS
        if theirs in found
    ]
    if not fasthtml:
        report(BOUNDS[1][0], 0, "×", note="left out: FastHTML cannot be installed here")
    return all(held)


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        held = throughput(Path(name))
        held = crowds(Path(name)) and held
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
