"""Numbers, headers and bodies that nobody means: each is refused or passed over, none is a surprise."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import quote

import httpx2
import pytest

from tests.support.api_programs import bring, program, token_for
from tests.support.bystander import undisturbed
from tests.support.house import QUICK, House, draftmill, opened

NUMBERS = ["9" * 4301, "0" * 5000, "9" * 19, "-1", "1e999", "nan", "٣", "²", "x"]
ADDRESSES = (
    "{project}/screenshots/{n}",
    "{project}/drafts/blog/versions?beside={n}",
    "/?before={n}&q={n}",
    "{job}/page/pill?log={n}",
    "/login?next={n}",
    "/api/v1/jobs?cursor={n}",
    "/api/v1/projects?limit={n}",
    "/api{job}/logs?cursor={n}",
)
HEADERS = ("Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Range", "Last-Event-ID")
HEADERS += ("Upload-Length", "Upload-Offset", "Idempotency-Key", "X-Forwarded-For", "Cookie")
FILLS = ("a", "a,", '"', ";", "=", "W/", "0-0,")
BODIES = (
    '{"type":' + "9" * 5000 + "}",
    '{"type":1e999}',
    '{"type":"\\ud800"}',
    "[" * 100_000,
    '"' + "x" * 100_000 + '"',
)


@dataclass(frozen=True)
class Places:
    """Addresses of a project and of a job in it."""

    project: str
    job: str


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with opened(tmp_path_factory.mktemp("odd") / "data", **QUICK) as running:
        yield running


@pytest.fixture(scope="module")
def owner(house: House) -> Iterator[httpx2.Client]:
    with closing(house.make_owner()) as client:
        yield client


@pytest.fixture(scope="module")
def places(house: House, owner: httpx2.Client) -> Places:
    with program(house, token_for(house)) as client:
        project = bring(client)
    return Places(f"/projects/{project['id']}", f"/jobs/{project['jobs'][0]['id']}")


@pytest.mark.parametrize("number", NUMBERS, ids=lambda text: text[:5])
def test_a_number_of_any_kind_is_no_surprise(
    house: House, owner: httpx2.Client, places: Places, number: str
) -> None:
    asked = {"project": places.project, "job": places.job, "n": quote(number)}
    for address in ADDRESSES:
        assert owner.get(address.format(**asked)).status_code < 500, address
    assert owner.get(f"{places.project}/screenshots/{quote(number)}").status_code == 404
    for name in HEADERS:
        sent: list[tuple[bytes, bytes]] = [(name.encode(), number.encode())]
        ranged = [(b"Range", b"bytes=" + number.encode() + b"-")]
        sent += [] if name == "Range" else [(b"Tus-Resumable", b"1.0.0")]
        for headers in (sent, ranged):
            assert owner.get("/static/sample/sample.mp4", headers=headers).status_code < 500
        assert owner.post("/uploads", headers=sent).status_code < 500, name
    refused = draftmill(house.data, "token", "revoke", "mara@example.org", number, check=False)
    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr


def test_long_headers_hold_up_nobody(house: House, owner: httpx2.Client) -> None:
    with undisturbed(house.client()):
        for name in (*HEADERS, "Accept", "Content-Type", "User-Agent", "Authorization"):
            for fill in FILLS:
                long = {name: ("bytes=" if name == "Range" else "") + fill * (60_000 // len(fill))}
                for address in ("/", "/static/sample/sample.mp4", "/api/v1/projects"):
                    assert owner.get(address, headers=long).status_code < 500, (name, fill)


@pytest.mark.parametrize("body", BODIES, ids=lambda text: text[:12])
def test_odd_json_is_refused(house: House, places: Places, body: str) -> None:
    with program(house, token_for(house)) as client:
        for method, address in (("POST", f"{places.project}/jobs"), ("PATCH", places.project)):
            headers = {"Content-Type": "application/json"}
            answer = client.request(method, address, content=body.encode(), headers=headers)
            assert answer.status_code in (400, 413, 422), answer.text


@pytest.mark.parametrize("most, address", [(131_072, "/jobs"), (4 * 2**20, "")])
def test_json_is_bounded(house: House, places: Places, most: int, address: str) -> None:
    with program(house, token_for(house)) as client:
        method = "POST" if address else "PATCH"
        content = iter([b'{"type":"', b"x" * most, b'"}'])
        headers = {"Content-Type": "application/json"}
        answer = client.request(method, places.project + address, content=content, headers=headers)
    assert answer.status_code == 413
    assert answer.json()["code"] == "body_too_large"


def test_a_name_does_not_write_the_log_nor_on_the_terminal(house: House) -> None:
    odd = "\x1b[31m\nERROR forged\u2028.txt"
    told = draftmill(house.data, "draft", odd, check=False)
    assert told.returncode == 2
    assert told.stderr.removesuffix("\n").isprintable()
    with house.client() as client:
        for address in (f"/projects/{quote(odd)}", f"/{quote(odd)}?{quote(odd)}"):
            client.post(address, data={"email": odd}, headers=[(b"User-Agent", b"a\x9bb")])
    assert all(line.isprintable() for line in house.log().split("\n"))
