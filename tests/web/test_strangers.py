"""Nobody reaches what is another's, and no other site changes anything."""

from urllib.parse import urlsplit

import httpx2
import pytest
from starlette.routing import Route

from app import ROUTES
from tests.support.house import House
from tests.support.owned_project import HOSTILE, Owned

TABLES = ("projects", "jobs", "drafts", "draft_versions", "corrections", "api_tokens", "channels")
LISTED = {"project_id", "job_id", "token_id", "channel_id"}
FORM = {"type": "blog", "title": "x", "heard": "ten", "meant": "x", "body": "x", "based_on": ""}


def routes() -> list[tuple[Route, str]]:
    return [
        (route, method)
        for route in ROUTES
        if isinstance(route, Route)
        for method in sorted(route.methods or ())
    ]


def with_ids() -> list[tuple[Route, str]]:
    return [(route, method) for route, method in routes() if LISTED & set(route.param_convertors)]


def named(pair: tuple[Route, str]) -> str:
    return f"{pair[1]} {pair[0].path}"


def rows_of(house: House) -> list[tuple[object, ...]]:
    """Everything that a request could change."""
    return [
        tuple(row)
        for table in (*TABLES, "changes")
        for row in house.rows(f"select * from {table}")
        if not (table == "changes" and row["kind"] in ("session", "user"))
    ]


def test_routes_with_ids_are_found() -> None:
    assert len(with_ids()) > 15


@pytest.mark.parametrize("pair", with_ids(), ids=named)
def test_another_user_cannot_tell_it_from_nothing(
    house: House, owned: Owned, second: httpx2.Client, pair: tuple[Route, str]
) -> None:
    route, method = pair
    address = owned.address(route)
    before = rows_of(house)
    form = FORM if method == "POST" else None
    theirs = second.request(method, address, data=form, headers={"Accept": "text/html"})
    assert rows_of(house) == before
    assert theirs.status_code == (410 if address.endswith("/pill") else 404)
    assert HOSTILE not in theirs.text
    assert "alert(1)" not in theirs.text
    # The same words as for an id that never was.
    never = address.replace(owned.project, "0" * 36).replace(owned.values["job_id"], "0" * 36)
    nothing = second.request(method, never, data=form, headers={"Accept": "text/html"})
    assert (nothing.status_code, nothing.text) == (theirs.status_code, theirs.text)


@pytest.mark.parametrize("pair", with_ids(), ids=named)
def test_who_is_signed_out_is_sent_to_sign_in(
    house: House, owned: Owned, stranger: httpx2.Client, pair: tuple[Route, str]
) -> None:
    route, method = pair
    address = owned.address(route)
    before = rows_of(house)
    answer = stranger.request(method, address, headers={"Accept": "text/html"})
    assert rows_of(house) == before
    if method in ("GET", "HEAD") and not address.endswith("/pill"):
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/login?next=")
    else:
        assert answer.status_code == 401
    assert "alert(1)" not in answer.text


def test_the_lists_of_others_are_empty(second: httpx2.Client, owned: Owned) -> None:
    page = second.get("/").text
    assert owned.project not in page
    assert "alert(1)" not in page


def changing() -> list[tuple[Route, str]]:
    return [(route, method) for route, method in routes() if method == "POST"]


def from_elsewhere(url: str) -> dict[str, dict[str, str]]:
    """Headers of requests that our own pages do not make."""
    host = urlsplit(url).netloc
    return {
        "cross-site": {"Sec-Fetch-Site": "cross-site", "Origin": url},
        "same-site": {"Sec-Fetch-Site": "same-site", "Origin": url},
        "another host": {"Origin": "http://evil.example"},
        "another port": {"Origin": f"http://{urlsplit(url).hostname}:1"},
        "another scheme": {"Origin": f"https://{host}"},
        "a host that begins like ours": {"Origin": f"http://{host}.evil.example"},
        "hidden": {"Origin": "null"},
        "another referer": {"Origin": "", "Referer": f"http://evil.example/?{url}"},
        "nothing": {},
    }


@pytest.mark.parametrize("kind", from_elsewhere("http://x"))
def test_another_site_changes_nothing(
    house: House, owner: httpx2.Client, owned: Owned, kind: str
) -> None:
    headers = {k: v for k, v in from_elsewhere(house.url)[kind].items() if v}
    before = rows_of(house)
    with httpx2.Client(base_url=house.url, headers=headers) as foreign:
        foreign.cookies.update(owner.cookies)
        for route, _ in changing():
            answer = foreign.post(owned.address(route), data=FORM)
            assert answer.status_code == 403, route.path
            assert "came from another site" in answer.text
    assert rows_of(house) == before


@pytest.mark.parametrize("header", ["Origin", "Referer"])
def test_a_browser_on_plain_http_is_known_by_its_origin(
    house: House, owner: httpx2.Client, owned: Owned, header: str
) -> None:
    """On a local network it sends no Sec-Fetch-Site."""
    value = house.url if header == "Origin" else f"{house.url}/projects"
    with httpx2.Client(base_url=house.url, headers={header: value}) as browser:
        browser.cookies.update(owner.cookies)
        answer = browser.post(f"/projects/{owned.project}", data={"title": HOSTILE})
    assert answer.status_code == 303


def test_a_browser_on_another_address_of_this_machine_is_known_by_its_host(
    house: House, owner: httpx2.Client, owned: Owned
) -> None:
    address = {"Host": "draftmill.lan:8000", "Origin": "http://draftmill.lan:8000"}
    with httpx2.Client(base_url=house.url, headers=address) as browser:
        cookie = "; ".join(f"{c.name}={c.value}" for c in owner.cookies.jar)
        headers = {"Cookie": cookie}
        answer = browser.post(
            f"/projects/{owned.project}", data={"title": HOSTILE}, headers=headers
        )
    assert answer.status_code == 303
