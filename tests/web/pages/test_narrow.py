"""Nothing is wider than a phone, whatever people name, paste and write, in any state of a page."""

import re
from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import bring, newest_job, ready, served, signed_in
from tests.support.house import House, until
from tests.support.places import SUPPORT

CHECKS = (SUPPORT / "page_checks.js").read_text()
OPEN = "document.querySelectorAll('details').forEach(one => { one.open = true })"
WORD = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" * 4
LINK = "https://docs.example.com/engineering/releases/" + "how-we-cut-our-release-" * 12
SPAN = "{0:02d}:{1:02d}:00.000 --> {0:02d}:{1:02d}:50.000"
SAID = [
    f"The {WORD} was measured before anybody touched the {LINK} page.",
    "Two thirds of the time was spent waiting for a cache that was never warm.",
    "Nobody had looked, because a number that never changes stops being a number.",
    "The remote cache saved eleven minutes for every developer on the first day.",
]
# Over ten hours, so that times have all their digits.
LONG_TALK = "WEBVTT\n\n" + "\n\n".join(
    f"{SPAN.format(minute // 60, minute % 60)}\n<v {WORD}>{SAID[minute // 20 % 4]}"
    for minute in range(0, 660, 10)
)
POSTS = [f"See {LINK}", WORD, "Short.", "One\n\ntwo\n\n" + LINK]
BODY = f"# {WORD}\n\n{LINK}\n\n> {WORD}\n\n```\n{LINK}\n```\n\n- {WORD}\n\n|a|b|\n|-|-|\n|{WORD}|{LINK}|\n"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with served(tmp_path_factory.mktemp("narrow")) as (house, _):
        yield house


@pytest.fixture(scope="module")
def paths(house: House, owner: httpx2.Client) -> dict[str, str]:
    """The address of every page that shows what somebody wrote."""
    project = bring(owner, "W" * 200, "blog", "twitter", text=LONG_TALK)
    ready(house, project, "ingest", "blog", "twitter")
    for task_type, wish in (("twitter", "Try me later"), ("blog", "Refuse me")):
        form = {"type": task_type, "instructions": f"{wish} {WORD}"}
        assert owner.post(f"/projects/{project}/jobs", data=form).status_code == 303
    house.ended(newest_job(house, project, "blog"))
    until(lambda: house.job(newest_job(house, project, "twitter"))["run_after"])
    here = f"/projects/{project}"
    for task_type, text in (("twitter", {"post": POSTS}), ("blog", {"body": BODY})):
        draft = f"{here}/drafts/{task_type}"
        saved = owner.post(draft, data={**text, "title": WORD, "based_on": base_of(owner, draft)})
        assert saved.status_code < 400, saved.text
    owner.post(f"{here}/corrections", data={"heard": "remote cache", "meant": WORD[:80]})
    owner.post("/account/tokens", data={"name": WORD[:80]})
    form = {"body": BODY + WORD, "title": WORD, "based_on": "gone"}
    stale = owner.post(f"{here}/drafts/blog", data=form, headers={"Accept": "application/json"})
    jobs = {f"job {n}": f"/jobs/{newest_job(house, project, n)}" for n in ("blog", "twitter")}
    drafts = {n: f"{here}/drafts/{n}" for n in ("blog", "twitter")}
    versions = {f"versions of {n}": f"{url}/versions" for n, url in drafts.items()}
    pages = {
        "list": "/",
        "new": "/#new",
        "search": f"/?q={WORD}",
        "account": "/account",
        "conflict": stale.json()["url"],
    }
    return {"project": here, **pages, **jobs, **drafts, **versions}


def base_of(client: httpx2.Client, draft: str) -> str:
    found = re.search(r'name="based_on" value="([^"]+)"', client.get(draft).text)
    assert found
    return found[1]


@pytest.fixture(scope="module")
def phone(browser: Browser, house: House, owner: httpx2.Client) -> Iterator[Page]:
    with signed_in(browser, owner, viewport={"width": 390, "height": 844}) as context:
        yield context.new_page()


def test_nothing_is_wider_than_a_phone(house: House, paths: dict[str, str], phone: Page) -> None:
    complaints = []
    for name, path in paths.items():
        phone.goto(house.url + path)
        phone.evaluate("document.fonts.ready")
        for state in ("closed", "open"):
            if state == "open":
                phone.evaluate(OPEN)
            for found in phone.evaluate(CHECKS, {"phone": True}):
                if "wide" in found or "sticks out" in found:
                    complaints.append(f"{name} {state}: {found}")
    assert not complaints, "\n".join(complaints)


def test_typing_long_words_widens_no_field(
    house: House, paths: dict[str, str], phone: Page
) -> None:
    typed = {
        "new": ["[name=transcript_text]", "[name=context]", "[name=title]"],
        "twitter": ["[name=post] >> nth=0"],
        "blog": ["[name=body]", "[name=title]"],
        "project": ["[name=heard]", "[name=meant]"],
    }
    wide = []
    for name, fields in typed.items():
        phone.goto(house.url + paths[name])
        if (edit := phone.get_by_role("tab", name="Edit")).count():
            edit.click()  # before an open menu may lie over it
        phone.evaluate(OPEN)
        for field in fields:
            phone.locator(field).first.fill(LINK + WORD)
            if phone.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wide.append(f"{name}: {field}")
    assert not wide


def test_times_of_a_long_recording_stand_on_one_line(
    house: House, paths: dict[str, str], phone: Page
) -> None:
    phone.goto(house.url + paths["project"])
    phone.evaluate(OPEN)
    times = phone.locator(".chapters .at, .chapter .at")
    assert times.count() > 10
    assert max(len(text) for text in times.all_inner_texts()) == len("10:50:00")
    lines = "all => all.map(one => one.getClientRects().length)"
    heights = "all => all.map(one => one.getBoundingClientRect().height)"
    assert set(times.evaluate_all(lines)) == {1}
    assert max(times.evaluate_all(heights)) < 40


def test_what_can_be_pressed_stands_in_line_with_its_state(
    house: House, paths: dict[str, str], phone: Page
) -> None:
    """Messages of any length let no button stray: all begin at the row's edge or beside the state."""
    phone.goto(house.url + paths["project"])
    for row in phone.locator(".row:has(.message)").all():
        tops = [
            one.bounding_box() or {}
            for one in row.locator(".tag, .buttons .button, .actions .button").all()
            if one.is_visible()
        ]
        message = row.locator(".message").bounding_box() or {}
        assert len(tops) > 1
        assert all(box["y"] + box["height"] <= message["y"] + 1 for box in tops)
        assert min(box["x"] for box in tops) == pytest.approx(message["x"], abs=1)
