"""Who is signed in reaches the page; who is not is led to sign in, and nowhere else."""

import pytest
from starlette.testclient import TestClient

from draftmill.web.middleware.access import safe_next
from tests.support.guarded_pages import SAME, cookie_header


def test_a_signed_in_user_reaches_the_page(client: TestClient, cookie: str) -> None:
    answer = client.get("/projects/7", headers=cookie_header(cookie))
    assert (answer.status_code, answer.text) == (200, "ada@example.org")


def test_a_page_asked_for_without_a_session_leads_to_sign_in_and_back(client: TestClient) -> None:
    answer = client.get("/projects/7%20a?tab=two&x=%2F")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=/projects/7%2520a%3Ftab%3Dtwo%26x%3D%252F"


@pytest.mark.parametrize(
    "headers", [{"HX-Request": "true"}, {"Accept": "application/json"}], ids=["htmx", "json"]
)
def test_a_program_without_a_session_gets_401(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.get("/projects/7", headers=headers)
    assert answer.status_code == 401
    assert "signed out" in answer.text


def test_a_form_posted_without_a_session_gets_401(client: TestClient) -> None:
    assert client.post("/projects/7", headers=SAME).status_code == 401


def test_the_pill_of_a_signed_out_page_is_left_to_its_handler(client: TestClient) -> None:
    answer = client.get("/jobs/7/pill", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.text) == (200, "nobody")


@pytest.mark.parametrize("path", ["/login", "/healthz", "/static/style.css"])
def test_public_addresses_need_no_session(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "evil.example",
        "",
        "/login",
        "/logout?x=1",
        " /projects",
    ],
)
def test_sign_in_leads_nowhere_else(target: str) -> None:
    assert safe_next(target) == "/"


def test_sign_in_leads_back_to_a_page_with_its_query() -> None:
    assert safe_next("/projects/7?tab=//two#end") == "/projects/7?tab=//two#end"


def test_sign_in_leads_back_to_a_link_to_a_hundred_results() -> None:
    link = f"/results/{'x' * 3000}"
    assert safe_next(link) == link
