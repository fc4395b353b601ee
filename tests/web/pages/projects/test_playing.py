"""The recording is played as one reads: the page follows, keys lead through it, a phone keeps it in view."""

from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.support.browser import ready, served, signed_in, watched
from tests.support.house import SAMPLE, House, until


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with served(tmp_path_factory.mktemp("playing")) as (house, _):
        yield house


@pytest.fixture(scope="module")
def project(house: House, owner: httpx2.Client) -> str:
    project = house.upload(owner, SAMPLE)
    ready(house, project, "ingest")
    return f"{house.url}/projects/{project}"


def at(page: Page) -> float:
    return float(page.locator("#player").evaluate("media => media.currentTime"))


def in_view(page: Page) -> bool:
    """Whether the sentence that plays can be read."""
    script = "one => { const box = one.getBoundingClientRect(); return box.top > 0 && box.bottom < innerHeight; }"
    return bool(page.locator(".said.playing").evaluate(script))


def test_the_transcript_follows_until_its_reader_scrolls_and_by_a_button_again(
    browser: Browser, owner: httpx2.Client, project: str
) -> None:
    low = {"width": 1280, "height": 500}
    with signed_in(browser, owner, viewport=low, reduced_motion="reduce") as context:
        page = watched(context)
        page.goto(project)
        back = page.locator("[data-back-to]")
        player = page.locator("#player")
        page.locator("[data-plays] .said").first.click()
        until(lambda: player.evaluate("media => !media.paused"))
        player.evaluate("media => { media.playbackRate = 0.1; media.currentTime = 70; }")
        until(lambda: page.locator(".said.playing").count() and at(page) >= 70 and in_view(page))
        expect(back).to_be_hidden()
        page.locator("#player").evaluate("media => media.pause()")
        page.mouse.wheel(0, -3000)
        expect(back).to_have_text("Back to 1:10")
        until(lambda: not in_view(page))
        back.click()
        until(lambda: in_view(page))
        expect(back).to_be_hidden()


def test_who_chose_a_speed_goes_on_by_keys_and_the_transcript_follows(
    browser: Browser, owner: httpx2.Client, project: str
) -> None:
    low = {"width": 1280, "height": 500}
    with signed_in(browser, owner, viewport=low, reduced_motion="reduce") as context:
        page = watched(context)
        page.goto(project)
        player, speed = page.locator("#player"), page.locator("[data-speed]")
        page.locator("[data-plays] .said").first.click()
        until(lambda: player.evaluate("media => !media.paused"))
        speed.focus()
        speed.select_option("0.75")
        page.keyboard.press("k")
        until(lambda: player.evaluate("media => media.paused"))
        page.keyboard.press("k")
        until(lambda: player.evaluate("media => !media.paused"))
        expect(speed).to_be_focused()
        player.evaluate("media => { media.playbackRate = 0.1; media.currentTime = 70; }")
        until(lambda: page.locator(".said.playing").count() and at(page) >= 70 and in_view(page))


def test_a_double_click_edits_the_sentence_that_was_pressed_and_plays_nothing(
    browser: Browser, owner: httpx2.Client, project: str
) -> None:
    low = {"width": 1280, "height": 500}
    with signed_in(browser, owner, viewport=low, reduced_motion="reduce") as context:
        page = watched(context)
        page.goto(project)
        player = page.locator("#player")
        until(lambda: player.evaluate("media => media.readyState >= 1"))
        player.evaluate(
            "media => media.addEventListener('play', () => { media.dataset.played = 1; })"
        )
        sentence = page.locator("[data-plays] .said").nth(5)
        sentence.evaluate("said => said.scrollIntoView({ block: 'end', behavior: 'instant' })")
        x, y = sentence.evaluate(
            "said => { const [line] = said.getClientRects(); return [line.left + 12, line.top + 8]; }"
        )
        assert y > 400, "where following would scroll"
        page.mouse.dblclick(x, y, delay=60)
        expect(page.locator(".edit-sentence textarea")).to_be_focused()
        edited = page.locator(".edit-sentence").get_attribute("action") or ""
        assert f"s{edited.rpartition('/')[2]}" == sentence.get_attribute("id")
        page.keyboard.press("Escape")
        assert player.evaluate("media => media.dataset.played") is None
        page.locator("[data-plays] .said").nth(4).click()
        until(lambda: player.evaluate("media => !media.paused"))
        assert player.evaluate("media => media.dataset.played") == "1"


@pytest.mark.parametrize("size", [{"width": 1280, "height": 900}, {"width": 390, "height": 844}])
def test_the_sentence_that_is_edited_is_played_by_a_button_and_by_its_key(
    browser: Browser, owner: httpx2.Client, project: str, size: dict[str, int]
) -> None:
    with signed_in(browser, owner, viewport=size, reduced_motion="reduce") as context:
        page = watched(context)
        page.goto(project)
        player, sentence = page.locator("#player"), page.locator("[data-plays] .said").nth(5)
        begins, ends = (float(sentence.get_attribute(f"data-{end}") or 0) for end in ("at", "to"))
        sentence.dblclick()
        field, hear = page.locator(".edit-sentence textarea"), page.locator("[data-hear]")
        expect(field).to_be_focused()
        expect(hear).to_have_text("Play it Ctrl+Space")
        typed = field.input_value()
        page.keyboard.press("Control+Space")
        expect(hear).to_have_text("Stop Ctrl+Space")
        until(lambda: begins < at(page) < ends)
        page.keyboard.press("Control+Space")
        expect(player).to_have_js_property("paused", True)
        expect(field).to_have_value(typed)
        expect(field).to_be_focused()
        hear.click()
        until(lambda: not player.evaluate("media => media.paused") and at(page) < ends)
        player.evaluate("(media, at) => { media.currentTime = at; }", ends - 0.3)
        expect(player).to_have_js_property("paused", True)
        assert at(page) < ends + 2


def test_a_sentence_that_was_saved_while_one_typed_on_is_played_and_then_the_rest_of_the_recording(
    browser: Browser, owner: httpx2.Client, project: str
) -> None:
    with signed_in(browser, owner, reduced_motion="reduce") as context:
        page = watched(context)
        page.goto(project)
        player, sentence = page.locator("#player"), page.locator("[data-plays] .said").nth(7)
        begins, ends = (float(sentence.get_attribute(f"data-{end}") or 0) for end in ("at", "to"))
        held: list[Route] = []
        page.route("**/segments/*", lambda route: held.append(route))
        sentence.dblclick()
        field = page.locator(".edit-sentence textarea")
        field.fill("Two words.")
        field.press("Enter")
        field.press_sequentially(" More")
        until(lambda: held)
        held[0].continue_()
        expect(sentence.locator("~ .by-you")).to_have_count(1)
        page.locator("[data-hear]").click()
        until(lambda: begins < at(page) < ends)
        field.press("Escape")
        expect(field).to_have_count(0)
        player.evaluate("(media, at) => { media.currentTime = at; }", ends - 0.3)
        until(lambda: at(page) > ends + 0.5)
        assert not player.evaluate("media => media.paused")


def test_keys_and_speed_and_captions(browser: Browser, owner: httpx2.Client, project: str) -> None:
    with signed_in(browser, owner) as context:
        page = watched(context)
        page.goto(project)
        player, said = page.locator("#player"), page.locator("[data-plays] .said")
        page.keyboard.press("Space")
        until(lambda: player.evaluate("media => !media.paused"))
        page.keyboard.press("k")
        until(lambda: player.evaluate("media => media.paused"))
        before = at(page)
        page.keyboard.press("ArrowRight")
        until(lambda: at(page) == pytest.approx(before + 5, abs=0.1))
        page.keyboard.press("ArrowLeft")
        until(lambda: at(page) == pytest.approx(before, abs=0.1))
        expect(page.locator("[data-plays] .said[tabindex='0']")).to_have_count(1)
        said.first.focus()
        page.keyboard.press("ArrowDown")
        expect(said.nth(1)).to_be_focused()
        page.keyboard.press("p")
        until(lambda: at(page) >= 5)
        player.evaluate("media => media.pause()")
        page.get_by_text("Correct a name").click()
        still = at(page)
        page.get_by_label("Heard").press_sequentially("jkl and a space")
        assert at(page) == still
        page.get_by_label("Speed").select_option("1.5")
        expect(player).to_have_js_property("playbackRate", 1.5)
        page.reload()
        expect(player).to_have_js_property("playbackRate", 1.5)
        cues = "media => { media.textTracks[0].mode = 'hidden'; return media.textTracks[0].cues?.length; }"
        until(lambda: page.locator("#player").evaluate(cues))


def test_captions_say_what_was_edited(browser: Browser, owner: httpx2.Client, project: str) -> None:
    with signed_in(browser, owner) as context:
        page = watched(context)
        page.goto(project)
        said = """media => {
            if (media.textTracks[0].mode !== 'showing') media.textTracks[0].mode = 'showing';
            return [...media.textTracks[0].cues ?? []].map(cue => cue.text).join(' ');
        }"""
        player = page.locator("#player")
        until(lambda: player.evaluate(said))
        page.locator("#s2").press("Enter")
        page.locator(".edit-sentence textarea").fill("Two weeks of it.")
        page.keyboard.press("Enter")
        until(lambda: "Two weeks of it." in player.evaluate(said).replace("\n", " "))


def test_on_a_phone_a_small_player_stays_at_the_bottom(
    browser: Browser, owner: httpx2.Client, project: str
) -> None:
    phone = {"width": 390, "height": 700}
    with signed_in(browser, owner, viewport=phone, reduced_motion="reduce") as context:
        page = watched(context)
        page.goto(project)
        play = page.get_by_role("button", name="Play", exact=True)
        expect(play).to_be_hidden()
        page.locator("[data-plays] .said").nth(3).click()
        pause = page.get_by_role("button", name="Pause", exact=True)
        pause.click()
        box = page.locator(".player-inner").bounding_box()
        assert box
        assert box["y"] + box["height"] == phone["height"]
        expect(play).to_be_visible()
        for seconds, shown in ((7530, "2:05:30"), (754, "12:34"), (9, "0:09")):
            page.locator("#player").evaluate(
                """(media, value) => {
                    Object.defineProperty(media, "currentTime", { value, configurable: true });
                    media.dispatchEvent(new Event("timeupdate"));
                }""",
                seconds,
            )
            expect(page.locator("[data-now]")).to_have_text(shown)
        page.evaluate("scrollTo(0, 0)")
        expect(play).to_be_hidden()
