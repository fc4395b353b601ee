"""Pages and lists among 2,000 projects and 100,000 jobs, against the same house with ten projects.

And the pages of a recording of three hours: 2,500 sentences with their words, and a draft that was
changed 200 times. By HTTP, one request after the other; in turns, each round the median of some.
"""

import http.client
import sys
import tempfile
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from figures import ratios, report_rounds

from tests.support import full_house
from tests.support.api_programs import token_for
from tests.support.house import House, opened

ROUNDS, EACH = 7, 15  # requests of a round
FEW, MANY, JOBS = 10, 2_000, 50  # projects, and jobs of each
OTHERS = 200  # projects of each other user in the large house
GROWTH = 1.2
LONG_MS = 70.0
API = "/api/v1"
MOST_NEWS = 10**17  # nothing is as new
# What shows as much in both houses.
AMONG = {
    "search for what ten have": f"/?q={full_house.RARE}",
    "project": "/projects/{project}",
    "job": "/jobs/{job}",
    "poll of a list": "/jobs/pills?ids={waits}",
    "all jobs that succeeded": "/jobs?status=succeeded",
    "all jobs, further down": "/jobs?cursor=2.0.400",
    "search in all jobs": f"/jobs?q={full_house.RARE}",
    "poll of all jobs, with news": "/jobs/pills?rows=jobs&first=1&since=0&status=succeeded&ids={waits}",
    "poll of all jobs, without": f"/jobs/pills?rows=jobs&first=1&since={MOST_NEWS}&ids={{waits}}",
    "indicator": "/indicator?open=60",
    "notifications": "/notifications",
    "API, notifications": f"{API}/notifications?unread=true",
    "API, jobs": f"{API}/jobs",
    "API, jobs that failed": f"{API}/jobs?status=failed",
    "API, jobs that run": f"{API}/jobs?status=running",
    "API, jobs of a project": f"{API}/jobs?project={{project}}",
    "API, projects": f"{API}/projects?limit=10",
}
# What shows more in the large one; the account page looks at every project's files on the disk.
FULL = {
    "all jobs": "/jobs",
    "list, its first page": "/",
    "list, its last page": "/?page=100",
    "search for what all have": "/?q=and",
    "account": "/account",
}
LONG = {
    "page": "/projects/{long}",
    "vtt": "/projects/{long}/transcript.vtt",
    "srt": "/projects/{long}/transcript.srt",
    "txt": "/projects/{long}/transcript.txt",
    "desk": "/projects/{long}/drafts/newsletter",
    "versions of a draft, 20 of 200": "/projects/{long}/drafts/newsletter/versions",
    "job with 10,000 lines": "/jobs/{long_job}",
    "those lines as a file": "/jobs/{long_job}/log.txt",
    "API": API + "/projects/{long}",
}


@dataclass(frozen=True)
class Visitor:
    """Who asks a house, and the ids in addresses there."""

    connection: http.client.HTTPConnection
    cookie: str
    token: str
    ids: dict[str, str]

    def ms(self, address: str) -> float:
        """What a request takes, in milliseconds."""
        address = address.format(**self.ids)
        of_program = address.startswith(API)
        headers = {"Authorization": self.token} if of_program else {"Cookie": self.cookie}
        began = time.perf_counter()
        self.connection.request("GET", address, headers=headers)
        answer = self.connection.getresponse()
        answer.read()
        assert answer.status == 200, (address, answer.status)
        return (time.perf_counter() - began) * 1000


def filled(house: House, projects: int, others: int) -> Visitor:
    """Fill a house for its owner, and some for two others."""
    with closing(house.make_owner()) as client:
        cookie = f"draftmill={client.cookies['draftmill']}"
    with closing(house.db()) as db:
        project_ids = full_house.fill(db, 1, projects, JOBS)
        for email in ("second@example.org", "third@example.org"):
            full_house.fill(db, full_house.add_user(db, email), others, JOBS)
        long = full_house.add_long_project(db, 1)
    # A server that had to hear of 100,000 changes at once would be busy with them for minutes.
    house.stop()
    house.start()
    ids = {
        "project": project_ids[3],
        "job": full_house.job_id(project_ids[3], 0),
        "waits": ",".join(full_house.job_id(one, JOBS - 1) for one in project_ids[:10]),
        "long": long,
        "long_job": full_house.job_id(long, 0),
    }
    connection = http.client.HTTPConnection(house.url.removeprefix("http://"))
    return Visitor(connection, cookie, f"Bearer {token_for(house)}", ids)


def rounds(visitor: Visitor, address: str) -> list[float]:
    """What a request takes in milliseconds, the median of each round."""
    return [median(visitor.ms(address) for _ in range(EACH)) for _ in range(ROUNDS)]


def among_many(few: Visitor, many: Visitor) -> bool:
    held = []
    for name, address in AMONG.items():
        small, large = [], []
        for _ in range(ROUNDS):
            pairs = [(few.ms(address), many.ms(address)) for _ in range(EACH)]
            small.append(median(ms for ms, _ in pairs))
            large.append(median(ms for _, ms in pairs))
        report_rounds(name, large, "ms")
        against = f"{name}, against {FEW} projects"
        held.append(report_rounds(against, ratios(large, small), "×", most=GROWTH))
    for name, address in FULL.items():
        report_rounds(name, rounds(many, address), "ms")
    return all(held)


def of_a_long_one(visitor: Visitor) -> bool:
    held = []
    for name, address in LONG.items():
        times = rounds(visitor, address)
        held.append(report_rounds(f"three hours, {name}", times, "ms", most=LONG_MS))
    return all(held)


def main() -> int:
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        houses = [stack.enter_context(opened(Path(name) / data)) for data in ("few", "many")]
        few, many = (
            filled(house, projects, others)
            for house, projects, others in zip(houses, (FEW, MANY), (FEW, OTHERS), strict=True)
        )
        held = (among_many(few, many), of_a_long_one(many))
        for visitor in (few, many):
            visitor.connection.close()
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
