"""Every page, wide and narrow, light and dark: readable, reachable, and nobody else's business."""

import re
from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.support.axe import found_by_axe
from tests.support.browser import FOCUSED, SAID, bring, newest_job, ready, served, signed_in
from tests.support.house import QUICK, SAMPLE, House, opened, project_id, until
from tests.support.places import ROOT, SOUNDS, SUPPORT
from tests.support.speech_server import SpeechServer
from tests.support.speech_server import stalls as listens_for_ever

SOUND = SOUNDS / "english.opus"
TYPES = ["blog", "newsletter", "twitter", "linkedin"]
CHECKS = (SUPPORT / "page_checks.js").read_text()
UNDRESSED = (SUPPORT / "undressed.js").read_text()
SHEETS = {
    name: (ROOT / "static" / "style" / f"{name}.css").read_text() for name in ("desk", "settings")
}
MENUS = "open => document.querySelectorAll('.menu').forEach(menu => { menu.open = open })"
NAMES = [
    "list",
    "new",
    "unfound",
    "empty",
    "working",
    "pills",
    "audio",
    "brought",
    "ready",
    "blog",
    "newsletter",
    "twitter",
    "linkedin",
    "versions",
    "evidence",
    "conflict",
    "job-working",
    "job-waiting",
    "job-failed",
    "job-done",
    "jobs",
    "notifications",
    "account",
    "channels",
    "voice",
    "writing",
    "listening",
    "models",
    "kinds",
    "kind",
    "new-kind",
    "login",
    "setup",
    "expired",
    "missing",
]
ELSEWHERE = re.compile(r"^(?!http://127\.0\.0\.1:|data:|blob:)")
MOST_STEPS = 200
# Where a press of Tab led. A player is walked through inside, as its browser made it.
STEP = """() => {
  const here = document.activeElement;
  const walked = (window.walked ??= new Set());
  const before = window.before;
  window.before = here;
  if (here === document.body || (here === before && here.matches("audio, video"))) return "between";
  if (walked.has(here)) return "again";
  walked.add(here);
  return here.matches("audio, video") ? "between" : "first";
}"""
# What can be pressed or filled in, is shown, and has not been walked to. Of choices that exclude each
# other the chosen one is walked to, and arrows lead on from there.
LEFT_OUT = """() => [...document.querySelectorAll("a[href], button, summary, input, select, textarea")]
  .filter(one => one.checkVisibility({ visibilityProperty: true }) && !one.disabled && one.tabIndex >= 0 && !window.walked.has(one) && !(one.type === "radio" && !one.checked))
  .map(one => one.outerHTML.slice(0, 120))"""
SIGNED_OUT = ("login", "setup", "expired")
WISHES = {"newsletter": "Keep me waiting", "twitter": "Try me later", "linkedin": "Refuse me"}


@pytest.fixture(scope="module")
def served_house(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[House, SpeechServer]]:
    with served(tmp_path_factory.mktemp("pages")) as both:
        yield both


@pytest.fixture(scope="module")
def house(served_house: tuple[House, SpeechServer]) -> House:
    return served_house[0]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house that nobody owns yet."""
    with opened(tmp_path_factory.mktemp("fresh") / "data", **QUICK) as running:
        yield running


@pytest.fixture(scope="module")
def addresses(
    served_house: tuple[House, SpeechServer],
    fresh: House,
    owner: httpx2.Client,
) -> dict[str, str]:
    """The address of every kind of page, on a house where everything that can be has happened."""
    house, speech = served_house
    written = house.upload(owner, SAMPLE, types=TYPES, title="How we cut our build to 4 minutes")
    heard = house.upload(owner, SOUND, title="All hands, October")
    pills = bring(owner, "Ep. 14: Pricing for people who hate pricing", "blog")
    ready(house, written, "ingest", *TYPES)
    ready(house, heard, "ingest")
    ready(house, pills, "blog")
    every_kind_of_pill(house, owner, pills)
    projects = {
        "ready": written,
        "audio": heard,
        "pills": pills,
        "brought": without_times(owner),
        "working": at_work(house, owner, speech),
    }
    paths = {name: f"/projects/{project}" for name, project in projects.items()}
    paths |= {name: f"/projects/{written}/drafts/{name}" for name in TYPES}
    paths |= {"evidence": f"{paths['blog']}/evidence"}
    paths |= {"versions": f"{paths['blog']}/versions", "conflict": stale(owner, paths["linkedin"])}
    shown = {"working": "ingest", "waiting": "twitter", "failed": "linkedin", "done": "blog"}
    for name, task_type in shown.items():
        of = projects["working" if name == "working" else "pills"]
        paths[f"job-{name}"] = f"/jobs/{newest_job(house, of, task_type)}"
    paths |= {"jobs": "/jobs", "notifications": "/notifications"}
    paths |= {"list": "/", "new": "/#new", "unfound": "/?q=zebra", "empty": "/"}
    paths |= {"channels": "/account/channels", "voice": "/account/style"}
    settings = {"writing": "writing", "listening": "listening", "models": "models"}
    kinds = {"kinds": "types", "kind": "types/show-notes", "new-kind": "types/new"}
    paths |= {name: f"/settings/{page}" for name, page in (settings | kinds).items()}
    paths |= {"account": "/account", "login": "/login", "missing": "/nothing/here"}
    addresses = {name: house.url + path for name, path in paths.items()}
    return addresses | {"setup": fresh.setup_url, "expired": f"{fresh.url}/setup/over"}


def every_kind_of_pill(house: House, client: httpx2.Client, project: str) -> None:
    for task_type, wish in WISHES.items():
        form = {"type": task_type, "instructions": wish}
        assert client.post(f"/projects/{project}/jobs", data=form).status_code == 303
    house.ended(newest_job(house, project, "linkedin"))
    until(lambda: house.job(newest_job(house, project, "twitter"))["run_after"])
    until(lambda: house.job(newest_job(house, project, "newsletter"))["unit"])


def without_times(client: httpx2.Client) -> str:
    """A project of a pasted text, with the longest of titles."""
    form = {"transcript_text": " ".join(SAID), "title": "A_very_long_title" * 10}
    answer = client.post("/projects", data=form, files={"transcript": ("", b"")})
    return project_id(answer)


def at_work(house: House, client: httpx2.Client, speech: SpeechServer) -> str:
    """A project that is being transcribed, and will be for long."""
    speech.answers = [listens_for_ever]
    copy = house.data.parent / "another.mp4"
    copy.write_bytes(SAMPLE.read_bytes() + b"\0")  # another byte at the end is another file
    project = house.upload(client, copy, types=["blog"], title="Cold starts, warm users")
    until(lambda: house.job(newest_job(house, project, "ingest"))["total"])
    return project


def stale(client: httpx2.Client, draft: str) -> str:
    """The page that shows a person's text and what was saved meanwhile."""
    form = {"post": "Mine.", "based_on": "gone"}
    told = client.post(draft, data=form, headers={"Accept": "application/json"})
    assert told.status_code == 409
    return str(told.json()["url"])


@pytest.fixture(scope="module")
def contexts(
    browser: Browser, house: House, owner: httpx2.Client, second: httpx2.Client
) -> Iterator[dict[str, BrowserContext]]:
    """Browsers of the owner, of a user without projects, and of nobody."""
    with (
        signed_in(browser, owner) as mine,
        signed_in(browser, second) as theirs,
        signed_in(browser, house.client()) as nobodys,
    ):
        yield {"owner": mine, "second": theirs, "nobody": nobodys}


def reader_of(name: str) -> str:
    return "nobody" if name in SIGNED_OUT else "second" if name == "empty" else "owner"


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_readable_and_reachable(
    name: str, addresses: dict[str, str], contexts: dict[str, BrowserContext]
) -> None:
    page = contexts[reader_of(name)].new_page()
    complaints = listen(page, addresses[name])
    page.goto(addresses[name])
    page.evaluate("document.fonts.ready")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            # Dark only recolours: what folds and unfolds is looked at in the light.
            for state in ("closed", "open") if scheme == "light" else ("open",):
                page.evaluate(MENUS, state == "open")
                found = page.evaluate(CHECKS, {"phone": width == 390})
                complaints += [f"{width} {scheme} {state}: {text}" for text in found]
    complaints += [f"axe: {one}" for one in found_by_axe(page)]
    complaints += [f"no sheet for {one}" for one in page.evaluate(UNDRESSED, SHEETS)]
    page.close()
    assert not complaints, "\n".join(complaints)


def listen(page: Page, address: str) -> list[str]:
    """What the browser complains about, and whom else the page asks."""
    complaints: list[str] = []

    def refuse(route: Route) -> None:
        complaints.append(f"asks {route.request.url}")
        route.abort()

    page.route(ELSEWHERE, refuse)
    page.on("pageerror", lambda error: complaints.append(f"script error: {error}"))
    page.on(
        "console",
        # A browser notes the status of the page itself, which is what a missing page tells.
        lambda message: (
            None
            if message.location["url"] == address and re.search("status of 4(04|10)", message.text)
            else complaints.append(f"console: {message.text}")
        ),
    )
    return complaints


@pytest.mark.parametrize("name", NAMES)
def test_every_page_is_walked_by_keyboard_with_the_focus_in_sight(
    name: str, addresses: dict[str, str], contexts: dict[str, BrowserContext]
) -> None:
    """On a wide screen, which is looked at as a whole besides."""
    page = contexts[reader_of(name)].new_page()
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.emulate_media(reduced_motion="reduce")
    page.goto(addresses[name])
    page.evaluate("document.fonts.ready")
    complaints = [f"1920: {text}" for text in page.evaluate(CHECKS, {"phone": False})]
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        step = page.evaluate(STEP)
        if step == "again":
            break
        if step == "first":
            words, visible = page.evaluate(FOCUSED)
            complaints += [] if visible else [f"no sign of the focus on {words!r}"]
    else:
        complaints.append("the focus never comes round")
    complaints += [f"not reached: {left}" for left in page.evaluate(LEFT_OUT)]
    page.close()
    assert not complaints, "\n".join(complaints)


def test_only_the_bar_moves_and_for_some_not_even_that(
    addresses: dict[str, str], contexts: dict[str, BrowserContext]
) -> None:
    page = contexts["owner"].new_page()
    moving = "document.getAnimations().map(one => one.effect.target.className)"
    page.emulate_media(reduced_motion="no-preference")
    page.goto(addresses["pills"])
    expect(page.locator("progress").first).to_be_visible()
    assert set(page.evaluate(moving)) == {"bar"}
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(moving) == []
    page.close()


def test_every_page_is_complete_without_script(
    browser: Browser,
    house: House,
    addresses: dict[str, str],
    owner: httpx2.Client,
    second: httpx2.Client,
) -> None:
    clients = {"owner": owner, "second": second, "nobody": house.client()}
    for reader, client in clients.items():
        with signed_in(browser, client, java_script_enabled=False) as context:
            page = context.new_page()
            for name in (name for name in NAMES if reader_of(name) == reader):
                page.goto(addresses[name])
                expect(page.locator("h1").first).to_be_visible()
                # What a script would have to answer is not shown.
                assert page.locator("button[type=button]:visible").count() == 0, name
                assert page.locator("form:not([action])").count() == 0, name
