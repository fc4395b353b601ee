"""The list: newest first, in pages, and found by its words."""

import html

import httpx2
import pytest

from tests.support.house import House
from tests.support.projects import idle


@pytest.fixture(scope="module")
def many_projects(house: House, second: httpx2.Client) -> list[str]:
    """25 projects of the second user, the oldest first."""
    return [
        idle(house, second, f"This is text number {n}.", title=f"Talk {n:02d} zebra", context="c:d")
        for n in range(25)
    ]


def listed(client: httpx2.Client, address: str) -> list[str]:
    page = client.get(address)
    assert page.status_code == 200, address
    return [
        line.partition('"/projects/')[2].partition('"')[0]
        for line in page.text.splitlines()
        if '<a href="/projects/' in line
    ]


def test_the_list_has_pages_newest_first(second: httpx2.Client, many_projects: list[str]) -> None:
    first = listed(second, "/")
    assert first == many_projects[:4:-1]
    following = second.get("/").text.partition('href="?')[2].partition('"')[0]
    rest = listed(second, "/?" + html.unescape(following))
    assert rest == many_projects[4::-1]


def test_search_finds_words_and_their_beginnings(
    house: House, second: httpx2.Client, many_projects: list[str]
) -> None:
    assert listed(second, "/?q=talk+07") == [many_projects[7]]
    assert listed(second, "/?q=ZEB")[:2] == [many_projects[24], many_projects[23]]
    assert len(listed(second, "/?q=zebra")) == 20
    second.post(f"/projects/{many_projects[3]}", data={"title": "Un café à Paris", "context": ""})
    assert listed(second, "/?q=cafe") == [many_projects[3]]
    assert listed(second, "/?q=nothing+like+this") == []


def test_search_finds_nothing_of_others(owner: httpx2.Client, many_projects: list[str]) -> None:
    assert listed(owner, "/?q=zebra") == []


@pytest.mark.parametrize(
    "query",
    ['"*(', '"', "*", "(", "NEAR(", "a AND", "title:x", "-", "^a", "a OR b)", "{title}:x", "\0",
     "'; drop table projects; --", "%", "🦓", "a" * 5000, "()" * 500, "\ud7ff"],
)  # fmt: skip
def test_a_query_is_only_words(second: httpx2.Client, many_projects: list[str], query: str) -> None:
    page = second.get("/", params={"q": query})
    assert page.status_code == 200
    assert html.escape(query.strip()).partition("&")[0][:50] in page.text


@pytest.mark.parametrize("before", ["0", "-1", "x", "9" * 30, "1e3", "٣", ""])
def test_a_page_that_is_none_is_shown_as_an_empty_or_first_one(
    second: httpx2.Client, many_projects: list[str], before: str
) -> None:
    assert second.get("/", params={"before": before}).status_code == 200
