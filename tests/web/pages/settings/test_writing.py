"""The owner chooses what writes: tried, stored, and in effect for the next draft without a restart."""

import contextlib
from collections.abc import Iterator
from contextlib import closing

import httpx2
import pytest

from draftmill.choices.stored import in_effect
from draftmill.settings import Settings
from tests.support.browser import bring, ready
from tests.support.house import House
from tests.support.listed_models import Listing, listed, listing
from tests.support.model_server import answers, sends

PAGE = "/settings/writing"
JAN = 1337  # where it listens unless it is told otherwise
KEY = "sk-a-key-of-the-owner"
DRAFT = "# A release in an hour\n\nThe waiting was measured first, and then it went away."


@pytest.fixture
def server() -> Iterator[Listing]:
    paths = {"/v1/models": listed("writer-7b", "writer-70b", max_model_len=16384)}
    with listing(paths, answers(DRAFT), key=KEY) as running:
        yield running


@pytest.fixture(autouse=True)
def nothing_chosen(house: House, owner: httpx2.Client) -> Iterator[None]:
    yield
    owner.post(PAGE, data={"writing_with": "none", "llm_base_url": "", "llm_model": ""})


def form(server: Listing, **fields: str) -> dict[str, str]:
    chosen = {"writing_with": "server", "llm_base_url": server.base_url, "llm_model": "writer-7b"}
    return chosen | {"llm_api_key": KEY} | fields


def test_a_server_that_is_chosen_writes_the_next_draft(
    house: House, owner: httpx2.Client, server: Listing
) -> None:
    project = bring(owner, "Before", "blog")
    ready(house, project, "blog")
    assert "instructions" not in owner.get(f"/projects/{project}").text
    saved = owner.post(PAGE, data=form(server), follow_redirects=True)
    assert "The model reads 16,384 tokens at once" in saved.text
    page = owner.get(f"/projects/{project}").text
    assert "instructions" in page, "what is shown follows at once"
    wish = {"type": "blog", "instructions": "Shorter", "after_last": ""}
    job = owner.post(f"/projects/{project}/jobs", data=wish | after(house, project))
    assert job.status_code == 303
    ready(house, project, "blog")
    row = house.one("select model from draft_versions order by n desc limit 1")
    assert row
    assert row["model"] == "writer-7b"
    sent = [headers for path, headers in server.asked if path.endswith("/chat/completions")]
    assert sent[0]["authorization"] == f"Bearer {KEY}"
    owner.post(PAGE, data={"writing_with": "none"})
    assert "instructions" not in owner.get(f"/projects/{project}").text


def test_the_model_is_asked_about_what_is_in_doubt_only_when_the_owner_says_so(
    house: House, owner: httpx2.Client, server: Listing
) -> None:
    box = 'name="llm_checks" value="yes"'
    assert f"{box} checked" not in owner.get(PAGE).text
    owner.post(PAGE, data=form(server) | {"llm_checks": ["no", "yes"]})
    assert f"{box} checked" in owner.get(PAGE).text
    with closing(house.db()) as db:
        assert in_effect(db, Settings(data=house.data)).llm_checks
    owner.post(PAGE, data=form(server, llm_checks="no"))
    assert f"{box} checked" not in owner.get(PAGE).text


def after(house: House, project: str) -> dict[str, str]:
    row = house.one("select id from jobs where project_id = ? and type = 'blog'", project)
    assert row
    return {"after_last": row["id"]}


def test_a_key_is_kept_sealed_and_shown_nowhere(
    house: House, owner: httpx2.Client, server: Listing
) -> None:
    owner.post(PAGE, data=form(server))
    page = owner.get(PAGE).text
    assert "A key is kept for this server" in page
    assert KEY not in page
    rows = [row["value"] for row in house.rows("select value from settings")]
    assert not any(KEY in value for value in rows)
    # An empty field keeps it, another server does not get it, and it can be forgotten.
    again = form(server, llm_api_key="", llm_model="writer-70b")
    owner.post(PAGE, data=again)
    assert "two sentences" not in owner.post(f"{PAGE}/try", data=again).text
    assert "A key is kept for this server" in owner.get(PAGE).text
    owner.post(PAGE, data=again | {"forget": "llm_api_key"})
    assert "A key is kept for this server" not in owner.get(PAGE).text


def test_a_stored_key_is_sent_to_its_own_server_only(owner: httpx2.Client, server: Listing) -> None:
    owner.post(PAGE, data=form(server))
    with listing({"/v1/models": listed("m")}) as other:
        elsewhere = form(other, llm_api_key="", llm_model="m")
        assert "It is about a release" in owner.post(f"{PAGE}/try", data=elsewhere).text
        assert "m</option>" in owner.post(f"{PAGE}/look", data=elsewhere | {"at": "server"}).text
        assert other.asked
        assert not any(KEY in headers.get("authorization", "") for _, headers in other.asked)
        owner.post(PAGE, data=elsewhere)
        assert "A key is kept" not in owner.get(PAGE).text


def test_trying_shows_two_sentences_their_pace_and_stores_nothing(
    house: House, owner: httpx2.Client, server: Listing
) -> None:
    tried = owner.post(f"{PAGE}/try", data=form(server), headers={"HX-Request": "true"})
    assert tried.status_code == 200
    assert "The waiting was measured first, and then it went away." in tried.text
    assert "tokens per second" in tried.text
    assert "reads 16,384 tokens at once" in tried.text
    assert house.rows("select * from settings where key = 'llm_model'") == []


def test_what_fails_is_told_in_the_servers_own_words_without_the_key(
    owner: httpx2.Client, server: Listing
) -> None:
    wrong = form(server, llm_api_key="sk-another-secret-key")
    told = owner.post(f"{PAGE}/try", data=wrong).text
    assert "refused the key" in told
    assert "sk-another-secret-key" not in told
    refuses = sends(400, {"error": {"message": f"<b>cannot</b> do {KEY} & such"}})
    with listing({"/v1/models": listed("m")}, refuses) as odd:
        told = owner.post(f"{PAGE}/try", data=form(odd)).text
    assert "refused the request" in told
    assert "do … &amp; such" in told
    assert "<b>cannot" not in told
    nowhere = owner.post(f"{PAGE}/try", data=form(odd)).text
    assert "cannot be reached" in nowhere
    assert "start Draftmill again" not in nowhere


def test_its_models_are_listed_to_pick_from(owner: httpx2.Client, server: Listing) -> None:
    asked = form(server, llm_model="", at="server")
    page = owner.post(f"{PAGE}/look", data=asked).text
    assert '<option value="writer-70b">writer-70b, reads 16,384 tokens</option>' in page
    part = owner.post(f"{PAGE}/look", data=asked, headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith('<div id="server-model"')


def test_a_server_at_a_usual_port_is_found_and_used(owner: httpx2.Client, server: Listing) -> None:
    with contextlib.ExitStack() as stack:
        try:
            jan = stack.enter_context(listing({"/v1/models": listed("jan-v1", "m")}, port=JAN))
        except OSError:
            pytest.skip("something else listens there")
        asked = form(server, at="machine")
        page = owner.post(f"{PAGE}/look", data=asked).text
        assert jan.base_url not in owner.get(PAGE).text
        assert "<strong>Jan</strong>" in page
        assert f"{jan.base_url}, 2 models" in page
        assert f'name="use" value="{jan.base_url}"' in page
        assert not any(KEY in headers.get("authorization", "") for _, headers in jan.asked)
        used = {"writing_with": "server", "at": "server", "use": jan.base_url}
        page = owner.post(f"{PAGE}/look", data=used).text
        assert '<option value="jan-v1">' in page
        assert f'value="{jan.base_url}"' in page


def test_a_server_at_a_usual_port_that_wants_a_key_is_shown_and_says_so(
    owner: httpx2.Client, server: Listing
) -> None:
    with contextlib.ExitStack() as stack:
        try:
            jan = stack.enter_context(listing({}, key="theirs", port=JAN))
        except OSError:
            pytest.skip("something else listens there")
        page = owner.post(f"{PAGE}/look", data=form(server, at="machine")).text
        assert f"{jan.base_url}, wants a key" in page
        assert f'name="use" value="{jan.base_url}"' in page


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"llm_base_url": "localhost:8080"}, "This is not an address."),
        ({"llm_base_url": "http://me:secret@127.0.0.1/v1"}, "holds a name or a password"),
        ({"llm_base_url": ""}, "The server has no address."),
        ({"llm_model": ""}, "No model of the server is chosen."),
        ({"llm_context": "much"}, "The number of tokens is"),
        ({"llm_context": "12"}, "1,000 or more"),
        ({"llm_api_key": "a key\nwith ends"}, "characters that no key has"),
        ({"writing_with": "magic"}, "What writes is"),
        ({"writing_with": "inside"}, "No model is chosen."),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_stored(
    house: House, owner: httpx2.Client, server: Listing, fields: dict[str, str], told: str
) -> None:
    before = [tuple(row) for row in house.rows("select key, value from settings")]
    refused = owner.post(PAGE, data=form(server, **fields))
    assert refused.status_code == 422
    assert told in refused.text
    assert [tuple(row) for row in house.rows("select key, value from settings")] == before


def test_it_is_the_owners_alone(
    house: House, owner: httpx2.Client, second: httpx2.Client, server: Listing
) -> None:
    for part in ("writing", "listening"):
        for ask in (
            second.get(f"/settings/{part}"),
            second.post(f"/settings/{part}", data=form(server)),
            second.post(f"/settings/{part}/try", data=form(server)),
            second.post(f"/settings/{part}/look", data=form(server)),
        ):
            assert ask.status_code == 403
            assert "Ask the owner" in ask.text
    assert not server.asked
    assert '"/settings"' not in second.get("/").text
    assert '"/settings"' in owner.get("/").text


def test_a_server_that_tells_nothing_of_its_models_leaves_what_is_assumed(
    owner: httpx2.Client,
) -> None:
    with listing({"/v1/models": listed("m")}) as silent:
        saved = owner.post(PAGE, data=form(silent, llm_model="m"), follow_redirects=True).text
        assert "8,192 tokens are assumed" in saved
        owner.post(PAGE, data=form(silent, llm_model="m", llm_context="4096"))
        assert 'value="4096"' in owner.get(PAGE).text
