"""A project that nobody named is called what its talk says it is about, until that is taken back."""

import httpx2

from tests.support.house import House
from tests.support.projects import done, pasted, row_of, start

TALK = (
    "Good morning everybody.\n"
    "Today I want to talk about how we moved our database to a new cluster without any downtime.\n"
    "We began by copying the tables to the new machines at night.\n"
    "Then we let both of them answer and compared what they said for a week.\n"
)
TOPIC = "How we moved our database to a new cluster without any downtime"
SAYS = "Title from the talk"


def test_the_topic_becomes_the_title_and_is_taken_back_for_good(
    house: House, owner: httpx2.Client, second: httpx2.Client
) -> None:
    project = pasted(owner, TALK)
    done(house, project, "ingest")
    assert row_of(house, project)["title"] == TOPIC
    page = owner.get(f"/projects/{project}").text
    assert f'<h1 dir="auto">{TOPIC}</h1>' in page
    assert SAYS in page
    undo = f"/projects/{project}/title/undo"
    assert undo in page
    assert second.post(undo).status_code == 404
    for _ in range(2):  # a double click does nothing more
        assert owner.post(undo).status_code == 303
        assert row_of(house, project)["title"] == "Untitled recording"
    assert SAYS not in owner.get(f"/projects/{project}").text
    start(house, owner, project, "ingest", stage="chapters")
    done(house, project, "ingest")
    assert row_of(house, project)["title"] == "Untitled recording"


def test_a_talk_in_german_names_itself_too(house: House, owner: httpx2.Client) -> None:
    said = "Guten Morgen zusammen. Heute geht es um die Frage, wie unsere Stadt im Sommer kühl bleiben kann."
    project = pasted(owner, f"{said} Im Juli war es sehr heiß.", language="de")
    done(house, project, "ingest")
    assert row_of(house, project)["title"] == "Wie unsere Stadt im Sommer kühl bleiben kann"


def test_a_title_of_a_person_stays(house: House, owner: httpx2.Client) -> None:
    named = pasted(owner, TALK + "One more thing.\n", title="Mine")
    renamed = pasted(owner, TALK + "And another thing.\n")
    for project in (named, renamed):
        done(house, project, "ingest")
    assert row_of(house, named)["title"] == "Mine"
    owner.post(f"/projects/{renamed}", data={"title": "Mine too"})
    assert SAYS not in owner.get(f"/projects/{renamed}").text
    owner.post(f"/projects/{renamed}/title/undo")
    assert row_of(house, renamed)["title"] == "Mine too"


def test_without_a_topic_the_name_of_the_file_stays(house: House, owner: httpx2.Client) -> None:
    project = pasted(owner, "We copied the tables at night. Then we compared them for a week.")
    done(house, project, "ingest")
    row = row_of(house, project)
    assert (row["title"], row["title_before"]) == ("Untitled recording", None)


def test_the_language_of_drafts_is_a_choice_of_the_project_and_of_the_account(
    house: House, owner: httpx2.Client
) -> None:
    project = pasted(owner, "Words to be written about in German.", title="Deutsch")
    done(house, project, "ingest")
    assert "As in your account: the recording&#39;s" in owner.get(f"/projects/{project}").text
    answer = owner.post("/account/language", data={"language": "de"})
    assert answer.headers["location"] == "/account?saved=language"
    assert '<option value="de" selected>German</option>' in owner.get("/account").text
    assert "As in your account: German" in owner.get(f"/projects/{project}").text
    owner.post(f"/projects/{project}", data={"title": "Deutsch", "draft_language": "fr"})
    assert row_of(house, project)["draft_language"] == "fr"
    owner.post(f"/projects/{project}", data={"title": "Français"})
    assert row_of(house, project)["draft_language"] == "fr"
    for address, name in (
        (f"/projects/{project}", "draft_language"),
        ("/account/language", "language"),
    ):
        assert owner.post(address, data={"title": "x", name: "klingon"}).status_code == 422
    assert "As in your account: German" in owner.get("/").text
    other = pasted(owner, "Words that are brought with a language.", draft_language="fr")
    assert row_of(house, other)["draft_language"] == "fr"
    start(house, owner, project, "blog")
    done(house, project, "blog")
    assert "cannot translate into French" in owner.get(f"/projects/{project}/drafts/blog").text
    owner.post("/account/language", data={"language": ""})
