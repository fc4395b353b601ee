"""Static files have the hash of their content in their names, and are kept for a year."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app import create_app
from draftmill.database.connection import prepare
from draftmill.settings import Settings
from draftmill.web.views.static_files import by_hashed_name, by_name, static

ADDRESS = re.compile(r"""/static/[^"'()#\s]+""")
HASHED = re.compile(r"/static/[\w./-]+\.[0-9a-f]{12}\.\w+")
YEAR = "public, max-age=31536000, immutable"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = Settings(data=tmp_path_factory.mktemp("static"))
    prepare(settings.database)
    with TestClient(create_app(settings), base_url="http://localhost") as client:
        yield client


def test_what_a_page_names_and_what_that_names_again_is_kept_for_a_year(client: TestClient) -> None:
    asked, left = set(), {"/login"}
    while left:
        address = left.pop()
        asked.add(address)
        answer = client.get(address)
        assert answer.status_code == 200, address
        if address != "/login":
            assert HASHED.fullmatch(address)
            assert answer.headers["cache-control"] == YEAR
        # What is not in memory is a font or a picture, and names nothing.
        if "woff2" not in address:
            left |= {one for one in ADDRESS.findall(answer.text) if "." in one} - asked
    assert any("woff2" in address for address in asked)


def test_scripts_and_sheets_name_others_by_their_present_addresses() -> None:
    for name, file in by_name().items():
        if name.endswith((".js", ".css")) and not name.startswith("vendor/"):
            text = (file.body or b"").decode()
            named = re.findall(r"""(?:from |import\(|import |url\()["']([^"']+)["']""", text)
            assert all(HASHED.fullmatch(address) for address in named), (name, named)


@pytest.mark.parametrize(
    "address",
    [
        "/static/page.000000000000.css",
        static("page.js").replace("page.", "pages."),
        static("page.js") + ".map",
        f"/static/style/{static('page.css').removeprefix('/static/')}",
    ],
)
def test_an_address_of_another_version_is_not_there(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert "immutable" not in answer.headers.get("cache-control", "")


def test_a_plain_name_is_asked_for_again_each_time(client: TestClient) -> None:
    answer = client.get("/static/upload.js")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")
    again = client.get("/static/upload.js", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_scripts_come_compressed_to_who_takes_it(client: TestClient) -> None:
    address = static("page.js")
    packed, plain = (
        client.get(address, headers={"Accept-Encoding": wish}) for wish in ("gzip", "gzip;q=0")
    )
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 2
    assert plain.headers["vary"] == packed.headers["vary"] == "Accept-Encoding"
    assert client.head(address).headers["content-length"] == packed.headers["content-length"]
    assert client.post(address).status_code == 405


def test_another_content_has_another_name() -> None:
    hashed = by_hashed_name()
    assert len(hashed) == len(by_name())
    bodies = [file.body for file in hashed.values() if file.body]
    assert len(bodies) > 30
    assert all(Path(file.name).suffix == Path(file.hashed).suffix for file in hashed.values())
