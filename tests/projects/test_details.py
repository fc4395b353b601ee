"""Title and context of a project are edited, and are only text everywhere."""

import html
import re
from urllib.parse import quote

import httpx2

from tests.support.house import House
from tests.support.job_rows import brought
from tests.support.projects import done, idle, pasted, row_of

HOSTILE = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>"


def test_a_project_is_renamed_and_its_context_edited(house: House, owner: httpx2.Client) -> None:
    project = idle(house, owner, "Words to be renamed.")
    form = {"title": "  A better\r\n name\0\x1b ", "context": "Held in May.\r\nhttps://example.org"}
    assert owner.post(f"/projects/{project}", data=form).status_code == 303
    row = row_of(house, project)
    assert (row["title"], row["title_by"]) == ("A better name", "person")
    page = owner.get(f"/projects/{project}").text
    assert '<h1 dir="auto">A better name</h1>' in page
    assert "Held in May." in page
    owner.post(f"/projects/{project}", data={"title": " ", "context": ""})
    row = row_of(house, project)
    assert (row["title"], row["context"]) == ("A better name", "")


def test_a_renaming_is_told_with_the_way_back(house: House, owner: httpx2.Client) -> None:
    project = idle(house, owner, "Words to be renamed and back.")
    url, before = f"/projects/{project}/title", row_of(house, project)["title"]
    answer = owner.post(url, data={"title": "Its <new> name"}, headers={"HX-Request": "true"})
    assert "Renamed." in answer.text
    assert f'name="title" value="{html.escape(before)}"' in answer.text
    assert "<title>Its &lt;new&gt; name · Draftmill</title>" in answer.text
    assert row_of(house, project)["title"] == "Its <new> name"
    back = owner.post(url, data={"title": before, "by": "file", "undo": "Its <new> name"})
    assert (back.status_code, back.headers["location"]) == (303, f"/projects/{project}?note=undone")
    assert row_of(house, project)["title"] == before
    again = owner.post(url, data={"title": before}, headers={"HX-Request": "true"})
    assert "Renamed." not in again.text


def test_without_script_a_renaming_is_taken_back_too(house: House, owner: httpx2.Client) -> None:
    project = idle(house, owner, "Words to be renamed without script.")
    url, before = f"/projects/{project}/title", row_of(house, project)["title"]
    address = owner.post(url, data={"title": "Its & new name"}).headers["location"]
    page = owner.get(address).text
    notice = page.partition('id="notice"')[2].partition("</form>")[0]
    assert "Renamed." in notice
    assert f'action="{url}"' in notice
    way_back = {
        name: html.unescape(value)
        for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', notice)
    }
    assert way_back == {"title": before, "by": "file", "undo": "Its & new name"}
    owner.post(url, data=way_back)
    assert row_of(house, project)["title"] == before
    # What an address says of a name that the project does not have any more is not told.
    assert "Renamed." not in owner.get(address).text
    assert f'action="{url}"' not in owner.get(address).text.partition("<h1")[0]


def test_a_strangers_project_is_not_renamed(
    house: House, owner: httpx2.Client, second: httpx2.Client
) -> None:
    project = idle(house, owner, "Words that stay mine.")
    assert second.post(f"/projects/{project}/title", data={"title": "x"}).status_code == 404
    assert row_of(house, project)["title"] != "x"


def test_a_title_as_long_as_the_form_lets_through_is_taken(
    house: House, owner: httpx2.Client
) -> None:
    project = idle(house, owner, "Words with a long title.")
    page = owner.get(f"/projects/{project}").text
    assert 'maxlength="300"' in page
    answer = owner.post(f"/projects/{project}", data={"title": "t" * 300, "context": ""})
    assert answer.status_code == 303
    answer = owner.post(f"/projects/{project}", data={"title": "t" * 301, "context": ""})
    assert answer.status_code == 422
    assert "The title is longer than 300 characters." in answer.text
    assert row_of(house, project)["title"] == "t" * 300


def test_a_hostile_title_is_only_text_everywhere(house: House, owner: httpx2.Client) -> None:
    project = pasted(
        owner,
        f"{HOSTILE} was said here by everyone in the room today.\n\n"
        "The second thing was said by nobody at all in the whole building.",
        title=HOSTILE,
        context=f"</textarea>{HOSTILE}",
        types=["blog", "linkedin"],
    )
    done(house, project, "blog")
    done(house, project, "linkedin")
    url = f"/projects/{project}"
    draft = {"title": HOSTILE, "body": f"{HOSTILE}\n\n[x](javascript:alert(1))", "based_on": ""}
    owner.post(f"{url}/corrections", data={"heard": "nobody", "meant": "<script>x</script>"})
    pages = [
        owner.get("/"),
        owner.get(url),
        owner.get(f"{url}/drafts/blog"),
        owner.get(f"{url}/drafts/linkedin"),
        owner.get(f"{url}/drafts/blog/versions"),
        owner.get(f"{url}/drafts/blog.html"),
        owner.post(f"{url}/drafts/blog/preview", data=draft),
        owner.post(f"{url}/drafts/blog", data=draft),
        owner.get(f"/?q={quote(HOSTILE)}"),
    ]
    for page in pages:
        assert page.status_code in (200, 409), page.url
        assert "<script>alert" not in page.text, page.url
        assert "<script>x" not in page.text, page.url
        assert "<img src=x" not in page.text, page.url
        assert 'href="javascript:' not in page.text, page.url
    assert (
        html.escape(HOSTILE).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in pages[1].text
    )
    download = owner.get(f"{url}/transcript.txt")
    assert "\n" not in download.headers["content-disposition"]
    assert "<" not in download.headers["content-disposition"]


def test_a_field_that_was_not_sent_is_left_as_it_is(house: House, owner: httpx2.Client) -> None:
    project = brought(owner, "Small changes reached production within a day, and were read.")
    for form, context in (
        ({"title": "Renamed"}, "A talk about review."),
        ({"title": "Renamed", "context": ""}, ""),
    ):
        assert owner.post(f"/projects/{project}", data=form).status_code == 303
        row = house.one("select title, context from projects where id = ?", project)
        assert row is not None
        assert tuple(row) == ("Renamed", context)
