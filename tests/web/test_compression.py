"""Pages, JSON and text are compressed; polls, recordings and what other sites ask for are not."""

import httpx2

from tests.support.api_programs import program, token_for
from tests.support.house import SAMPLE, House
from tests.support.owned_project import Owned

ENCODING = "content-encoding"


def test_pages_json_and_text_are_compressed(owner: httpx2.Client, owned: Owned) -> None:
    for address in ("/", f"/projects/{owned.project}", "/api/v1/openapi.json"):
        packed = owner.get(address)
        plain = owner.get(address, headers={"Accept-Encoding": "identity"})
        assert packed.headers[ENCODING] == "gzip", address
        assert "accept-encoding" in packed.headers["vary"].lower()
        assert ENCODING not in plain.headers
        assert int(packed.headers["content-length"]) < len(packed.content), address
        assert len(packed.content) == len(plain.content)


def test_the_poll_is_not(owner: httpx2.Client, owned: Owned) -> None:
    job = owned.values["job_id"]
    for address in (f"/jobs/{job}/pill", f"/jobs/pills?ids={job}", f"/jobs/{job}/page/pill"):
        answer = owner.get(address)
        assert answer.status_code == 200, address
        assert ENCODING not in answer.headers, address


def test_nor_is_what_another_site_makes_a_browser_ask_for(owner: httpx2.Client) -> None:
    for site, packed in (("cross-site", False), ("same-site", False), ("same-origin", True)):
        answer = owner.get("/?q=guess", headers={"Sec-Fetch-Site": site})
        assert (ENCODING in answer.headers) == packed, site


def test_a_recording_is_sent_as_it_is_and_in_ranges(house: House, owner: httpx2.Client) -> None:
    project = house.upload(owner, SAMPLE, types=[])
    address = f"/projects/{project}/recording"
    whole = owner.head(address)
    assert ENCODING not in whole.headers
    assert int(whole.headers["content-length"]) == SAMPLE.stat().st_size
    piece = owner.get(address, headers={"Range": "bytes=10-19"})
    assert (piece.status_code, piece.content) == (206, SAMPLE.read_bytes()[10:20])
    assert ENCODING not in piece.headers


def test_the_tag_of_a_compressed_answer_is_weak_and_known_again(house: House, owned: Owned) -> None:
    address = f"/projects/{owned.project}/drafts/blog"
    with program(house, token_for(house)) as client:
        client.put(address, json={"body": "A long text. " * 99}, headers={"If-Match": "*"})
        plain = client.get(address, headers={"Accept-Encoding": "identity"}).headers["etag"]
        tag = client.get(address).headers["etag"]
        assert tag == f"W/{plain}"
        for known in (tag, plain):
            again = client.get(address, headers={"If-None-Match": known})
            assert (again.status_code, again.content) == (304, b"")
        saved = client.put(address, json={"body": "Mine."}, headers={"If-Match": tag})
        assert saved.status_code == 200
