"""The list of all jobs: what is found in it, what is done to many, and who sees it."""

import io
import zipfile
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import httpx2
import pytest

from draftmill.projects.listing import PAGE
from tests.support.browser import bring, newest_job, ready
from tests.support.house import House, until
from tests.support.pills import HTMX
from tests.web.pages.job_list.rows import add_ended, ids_on, start, succeeded


@pytest.fixture(scope="module")
def talk(house: House, owner: httpx2.Client) -> str:
    project = bring(owner, "Warm caches", "blog", "twitter")
    ready(house, project, "ingest", "blog", "twitter")
    return project


def test_nobody_has_jobs_at_first_and_strangers_never_see_any(
    house: House, owner: httpx2.Client, other: httpx2.Client, stranger: httpx2.Client, talk: str
) -> None:
    assert "Nothing has been asked for yet" in other.get("/jobs").text
    assert "Warm caches" in owner.get("/jobs").text
    assert stranger.get("/jobs").status_code == 303
    ids = ids_on(owner.get("/jobs").text)
    poll = {"rows": "jobs", "ids": ",".join(ids), "since": "0"}
    assert "Warm caches" not in other.get("/jobs/pills", params=poll, headers=HTMX).text
    assert other.get("/jobs/results.zip", params={"ids": ids}).status_code == 404


def test_it_is_searched_by_title_type_and_state(
    house: House, owner: httpx2.Client, talk: str
) -> None:
    blog = succeeded(house, talk, "blog")
    assert ids_on(owner.get("/jobs?q=warm+cac&type=blog&status=succeeded").text) == [blog]
    assert ids_on(owner.get("/jobs?q=warm&status=failed").text) == []
    assert "No job matches" in owner.get("/jobs?q=zebra").text
    assert len(ids_on(owner.get("/jobs?q=warm").text)) == 3
    assert owner.get('/jobs?q="*&status=x&cursor=1.2.x&type=%00').status_code == 200


def test_what_runs_comes_first_and_pages_go_on_where_they_ended(
    house: House, owner: httpx2.Client, talk: str
) -> None:
    many = [*add_ended(house, talk, 2 * PAGE, "cancelled")][::-1]
    running = start(house, owner, talk, "linkedin", "Keep me waiting")
    until(lambda: house.job(running)["status"] == "running", why="the draft to be at work")
    page = owner.get("/jobs").text
    assert ids_on(page)[:2] == [running, many[0]]
    for address in ("/jobs?", "/jobs?q=warm&", "/jobs?status=cancelled&"):
        found: list[str] = []
        page = owner.get(address).text
        while True:
            found += ids_on(page)
            if "Older" not in page:
                break
            page = owner.get(
                "/jobs?"
                + page.partition('rel="next" href="/jobs?')[2]
                .partition('"')[0]
                .replace("&amp;", "&")
            ).text
        assert len(found) == len(set(found)), address
        assert [one for one in found if one in many] == many, address
    assert owner.post("/jobs/cancel", data={"type": "linkedin"}).status_code == 303
    house.ended(running)


def test_many_are_cancelled_tried_again_and_cleared_at_once(
    house: House, owner: httpx2.Client, other: httpx2.Client
) -> None:
    project = bring(owner, "Many at once")
    ready(house, project, "ingest")
    failed = start(house, owner, project, "blog", "Refuse me")
    assert house.ended(failed)["status"] == "failed"
    running = start(house, owner, project, "twitter", "Keep me waiting")
    for verb in ("cancel", "retry", "clear"):
        assert other.post(f"/jobs/{verb}").status_code == 303
    assert house.job(running)["status"] in ("pending", "running")
    chosen = {"q": "many at", "type": "", "status": ""}
    told = owner.post("/jobs/cancel", data=chosen)
    assert "One job was cancelled" in owner.get(told.headers["location"]).text
    assert house.ended(running)["status"] == "cancelled"
    told = owner.post("/jobs/retry", data=chosen)
    assert "One job was started again" in owner.get(told.headers["location"]).text
    again = newest_job(house, project, "blog")
    assert house.job(again)["retry_of"] == failed
    house.ended(again)
    page = owner.get("/jobs?q=many+at").text
    assert f'href="/jobs/{again}">See the retry' in page
    assert f"/jobs/{failed}/retry" not in page
    told = owner.post("/jobs/clear", data=chosen)
    assert "jobs were cleared" in owner.get(told.headers["location"]).text
    assert ids_on(owner.get("/jobs?q=many+at").text) == []
    undo = {**chosen, **dict(parse_qsl(urlsplit(told.headers["location"]).query))}
    assert 'action="/jobs/clear/undo"' in owner.get(told.headers["location"]).text
    other.post("/jobs/clear/undo", data=undo)
    assert ids_on(owner.get("/jobs?q=many+at").text) == []
    told = owner.post("/jobs/clear/undo", data=undo)
    assert "put back into this list" in owner.get(told.headers["location"]).text
    assert again in ids_on(owner.get("/jobs?q=many+at").text)
    cancelled = chosen | {"status": "cancelled"}
    assert "Restart cancelled" in owner.get("/jobs?q=many+at&status=cancelled").text
    told = owner.post("/jobs/retry", data=cancelled)
    assert "One job was started again" in owner.get(told.headers["location"]).text
    assert house.job(newest_job(house, project, "twitter"))["retry_of"] == running
    owner.post("/jobs/cancel", data=chosen)
    house.ended(newest_job(house, project, "twitter"))
    owner.post("/jobs/clear", data=chosen)
    # The project's page still knows how its newest job ended, and can try it again.
    assert f"/jobs/{again}/retry" in owner.get(f"/projects/{project}").text
    assert owner.get(f"/jobs/{again}").status_code == 200


def test_a_press_without_script_leads_back_to_what_was_chosen(
    house: House, owner: httpx2.Client, talk: str
) -> None:
    job = add_ended(house, talk, 1, "failed")[0]
    referer = {"Referer": f"{house.url}/jobs?q=warm&note=cleared&count=3"}
    answer = owner.post(f"/jobs/{job}/cancel", data={"then": "jobs"}, headers=referer)
    assert answer.headers["location"] == "/jobs?q=warm"


def test_results_of_many_come_as_one_zip_with_names_of_their_own(
    house: House, owner: httpx2.Client, talk: str
) -> None:
    twin = bring(
        owner, "Warm caches", "blog", text="1\n00:00:00,000 --> 00:00:05,000\nAnother talk.\n"
    )
    ready(house, twin, "ingest", "blog")
    jobs = [succeeded(house, talk, name) for name in ("ingest", "blog", "twitter")]
    jobs.append(succeeded(house, twin, "blog"))
    answer = owner.get("/jobs/results.zip", params={"ids": jobs})
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
    assert len(names) == len(set(names))
    assert {
        "Warm caches/transcript.txt", "Warm caches/transcript.srt", "Warm caches/blog.md",
        "Warm caches/twitter.txt", "Warm caches (2)/blog.md",
    } <= set(names)  # fmt: skip
    assert owner.get("/jobs/results.zip").status_code == 422
    assert owner.get("/jobs/results.zip", params={"ids": str(uuid4())}).status_code == 404
    many = [str(uuid4()) for _ in range(101)]
    assert owner.get("/jobs/results.zip", params={"ids": ",".join(many)}).status_code == 422


def test_a_poll_without_news_reads_no_row(house: House, owner: httpx2.Client, talk: str) -> None:
    page = owner.get("/jobs?type=ingest").text
    address = page.partition('id="at-work" hx-get="')[2].partition('"')[0].replace("&amp;", "&")
    assert address.startswith("/jobs/pills?")
    assert "ids=" in address
    quiet = owner.get(address, headers=HTMX).text
    assert "Warm caches" not in quiet
    owner.post(f"/projects/{talk}", data={"title": "Warm caches, told again"})

    def told() -> bool:
        return "told again" in owner.get(address, headers=HTMX).text

    until(told, why="the list to hear of the new title")
    owner.post(f"/projects/{talk}", data={"title": "Warm caches"})


def test_a_job_whose_state_was_not_asked_for_leaves_the_list_and_says_so(
    house: House, owner: httpx2.Client, talk: str
) -> None:
    ended = add_ended(house, talk, 1, "cancelled")[0]
    running = start(house, owner, talk, "newsletter", "Keep me waiting")
    until(lambda: house.job(running)["status"] == "running", why="the draft to be at work")
    page = owner.get("/jobs?status=running").text
    assert ids_on(page) == [running]
    address = page.partition('id="at-work" hx-get="')[2].partition('"')[0].replace("&amp;", "&")
    later = address.replace("first=1", "")  # a page further down, which looks at its own rows
    everything = owner.get("/jobs").text.partition('id="at-work" hx-get="')[2].partition('"')[0]
    owner.post(f"/jobs/{running}/cancel")
    house.ended(running)
    for one in (address, later):
        left = until(
            lambda one=one: (
                (text := owner.get(one, headers=HTMX).text).count("delete:#row-") and text
            )
        )
        assert f"delete:#row-{running}" in left
        assert f'target="#row-{running}' not in left
        assert "It has left this list." in left
        assert f"ids={running}" not in left
    assert {running, ended} <= set(ids_on(owner.get("/jobs").text))
    told = owner.get(everything.replace("&amp;", "&"), headers=HTMX).text
    assert "has left" not in told
    assert f"delete:#row-{running}" not in told


def test_what_is_cleared_leaves_the_list_in_other_tabs_too(
    house: House, owner: httpx2.Client, talk: str
) -> None:
    job = add_ended(house, talk, 1, "cancelled")[0]
    page = owner.get("/jobs?status=cancelled").text
    assert job in ids_on(page)
    address = page.partition('id="at-work" hx-get="')[2].partition('"')[0].replace("&amp;", "&")
    owner.post("/jobs/clear", data={"status": "cancelled"})
    until(lambda: f"delete:#row-{job}" in owner.get(address, headers=HTMX).text)
