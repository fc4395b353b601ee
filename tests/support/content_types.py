"""Kinds of draft of the owner's: forms, answers of a model, and what was asked of it."""

import httpx2

from tests.support.browser import SAID
from tests.support.house import House
from tests.support.model_server import Exchange, ModelServer, answers

PAGE = "/settings/types"
FORM = {
    "label": "Show notes of ours",
    "summary": "For the page of an episode",
    "prompt": "Write KIND for the episode, in {words} words.",
    "shape": "article",
    "on": "yes",
    "every": "no",
}
POSTS = FORM | {
    "label": "Short thread",
    "shape": "posts",
    "limit": "120",
    "max_posts": "3",
    "prompt": "Write POSTS, {posts} of {limit}.",
}


def answers_in_form(exchange: Exchange) -> None:
    """What the model answers: posts where posts are asked for."""
    posts = "POSTS" in exchange.request.asked
    answers("One warm cache.\n---\nFour minutes." if posts else f"# A title\n\n{SAID[1]}")(exchange)


def asked(model: ModelServer) -> str:
    """All that the model was asked last."""
    return model.requests[-1].asked


def add(owner: httpx2.Client, **form: str) -> str:
    """A kind by the form of the page; what addresses call it."""
    answer = owner.post(PAGE, data=form)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removeprefix(f"{PAGE}/").partition("?")[0]


def switch(owner: httpx2.Client, name: str, **to: str) -> None:
    assert owner.post(f"{PAGE}/{name}/switch", data=to).status_code == 303


def offered(house: House, owner: httpx2.Client, project: str, name: str) -> bool:
    """Whether the page of a project has a row for it."""
    return f'id="job-{project}-{name}"' in owner.get(f"/projects/{project}").text
