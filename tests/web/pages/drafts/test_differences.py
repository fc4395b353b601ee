"""Conflicts, offers and history show what differs, and let go on with a part of it."""

import re
from collections.abc import Iterator
from html import unescape

import pytest

from tests.support.draft_rows import generate, save
from tests.support.still_desk import StillDesk, still_desk

FIRST = "One warm cache.\n\nNobody had looked at [0:12](time:12).\n\n![it](shot:2)"
SECOND = "One warm cache.\n\nNobody at all had looked at [0:12](time:12).\n\n![it](shot:3)\n\nEnd."


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StillDesk]:
    with still_desk(tmp_path_factory.mktemp("differences")) as desk:
        yield desk


@pytest.fixture(autouse=True)
def written(desk: StillDesk) -> None:
    """Version 1 by the writer, 2 by the person, 3 offered."""
    desk.written(FIRST)
    save(desk.db, FIRST, desk.shown().tag, "Mine")
    generate(desk.db, "again", SECOND)


def get(desk: StillDesk, path: str) -> str:
    answer = desk.house.owner.get(desk.url + path)
    assert answer.status_code == 200, answer.text
    return answer.text


def takes(page: str) -> dict[str, str]:
    """What each button of a page that takes something leads to."""
    forms = re.findall(
        r'action="([^"]*/take\?[^"]*)".*?<button[^>]*>(?:<[^>]*>)*([^<]*)', page, re.S
    )
    return {label.strip(): unescape(url) for url, label in forms}


def test_an_offer_shows_what_it_would_change(desk: StillDesk) -> None:
    offered = re.search(r'class="button" href="([^"]*compare[^"]*)"', get(desk, ""))
    assert offered
    page = desk.house.owner.get(unescape(offered[1])).text
    assert re.search(r"<ins>(<span[^>]*>added: </span>)?at all </ins>", page)
    assert re.search(r"<del>(<span[^>]*>removed: </span>)?Mine</del>", page)
    assert 'href="#difference-1"' in page
    assert "Jump to the first" in page
    assert 'id="difference-1"' in page
    # A mark is a chip with its moment, a picture is seen.
    assert '<span class="chip">0:12</span>' in page
    assert "screenshots/3?size=thumb" in page
    assert "time:12" not in page.partition("<main")[2]


def test_any_two_versions_are_compared_but_only_the_current_one_takes(desk: StillDesk) -> None:
    assert 'id="compare"' in get(desk, "/versions")
    between = get(desk, "/versions/compare?old=1&new=3")
    assert "at all" in between
    assert not takes(between)
    assert "Nothing differs" in get(desk, "/versions/compare?old=2&new=2")
    for missing in ("", "?new=9", "?old=9&new=1", "?new=x"):
        assert desk.house.owner.get(f"{desk.url}/versions/compare{missing}").status_code == 404


def test_one_paragraph_is_taken_and_given_back(desk: StillDesk) -> None:
    page = get(desk, "/versions/compare?new=3")
    owner = desk.house.owner
    first = next(url for label, url in takes(page).items() if label == "Take this paragraph")
    answer = owner.post(first, follow_redirects=True)
    assert "Taken." in answer.text
    assert desk.shown().body != FIRST
    assert desk.shown().title == "Mine"
    n = desk.shown().n
    # A double click takes nothing twice.
    assert owner.post(first).status_code == 303
    assert desk.shown().n == n
    undo = re.search(r'action="([^"]*/versions/2/restore[^"]*)"', answer.text)
    assert undo
    save(desk.db, "Mine since.", None)
    assert owner.post(undo[1]).status_code == 409
    owner.post(f"{desk.url}/versions/{n}/restore")
    answer = owner.post(undo[1].replace(f"undoes={n}", f"undoes={desk.shown().n}"))
    assert answer.status_code == 303
    assert desk.shown().body == FIRST


def test_a_conflict_shows_what_differs_and_takes_a_paragraph(desk: StillDesk) -> None:
    form = {"title": "Mine", "body": FIRST + "\n\nTyped on the train.", "based_on": "1-old"}
    answer = desk.house.owner.post(desk.url, data=form)
    assert answer.status_code == 409
    assert "Which one shall it be?" in answer.text
    assert re.search(r"<ins>.*Typed on the train", answer.text)
    desk.house.owner.post(takes(answer.text)["Take this paragraph"])
    assert desk.shown().body.endswith("Typed on the train.")
    assert desk.shown().body.startswith(FIRST.rstrip())


def test_a_refused_save_says_where_what_differs_is_shown(desk: StillDesk) -> None:
    form = {"title": "Mine", "body": "Other.", "based_on": "1-old"}
    told = desk.house.owner.post(desk.url, data=form, headers={"Accept": "application/json"})
    assert told.status_code == 409
    shown = desk.house.owner.get(told.json()["differs"], headers={"HX-Request": "true"}).text
    assert "<html" not in shown
    assert "Other." in shown
    assert "/take" not in shown


def test_what_somebody_wrote_is_shown_as_text(desk: StillDesk) -> None:
    save(desk.db, "<b>x</b> <script>y</script>", None)
    page = get(desk, "/versions/compare?old=1&new=4")
    assert "&lt;script&gt;" in page
    assert "<script>y" not in page
