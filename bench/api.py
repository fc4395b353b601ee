"""A job's status by the API: requests per second with a token, in full and as 304.

Against Starlette's plain text under the same server; medians of interleaved rounds, the load
made by wrk on the other core.
"""

import sys
import tempfile
from pathlib import Path

import httpx2

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from figures import ratios, report_rounds
from pill import fill, rates
from plain_text import plain_server

from tests.support.api_programs import program, token_for
from tests.support.house import opened

OF_PLAIN = 0.3
JOBS = 1_000
UNLIMITED = "100000000"  # counted and told all the same


def main() -> int:
    with (
        tempfile.TemporaryDirectory() as folder,
        plain_server() as (plain_url, _),
        opened(Path(folder) / "data", DRAFTMILL_API_RATE=UNLIMITED) as house,
    ):
        house.make_owner().close()
        job_id = fill(house, JOBS)
        token = token_for(house)
        with program(house, token) as client:
            etag = first_answer(client, job_id)
        url = f"{house.url}/api/v1/jobs/{job_id}"
        known = {"Authorization": f"Bearer {token}"}
        targets: dict[str, tuple[str, dict[str, str]]] = {
            "plain": (plain_url, {}),
            "status": (url, known),
            "304": (url, {**known, "If-None-Match": etag}),
        }
        found = rates(targets)
    held = [
        report_rounds(
            f"job by API against plain text, {name}",
            ratios(found[name], found["plain"]),
            "×",
            least=OF_PLAIN,
        )
        for name in ("status", "304")
    ]
    return 0 if all(held) else 1


def first_answer(client: httpx2.Client, job_id: str) -> str:
    """The ETag of the job; the same request with it is a 304 that still tells the limit."""
    first = client.get(f"/jobs/{job_id}")
    assert first.status_code == 200, first.text
    same = client.get(f"/jobs/{job_id}", headers={"If-None-Match": first.headers["etag"]})
    assert (same.status_code, "ratelimit" in same.headers) == (304, True)
    return str(first.headers["etag"])


if __name__ == "__main__":
    sys.exit(main())
