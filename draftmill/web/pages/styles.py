"""How a person writes: up to five texts of their own for each kind of draft."""

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from content_actions import CONTENT_TYPES
from draftmill.content_types import changing, styles
from draftmill.errors import Problem
from draftmill.web.forms import LARGE, takes_form
from draftmill.web.render import render, render_form
from draftmill.web.services import database

PAGE = "/account/style"


def page(request: Request) -> Response:
    """GET: the kinds of draft, and how many texts there are for each."""
    with database(request) as db:
        counts = styles.counts_of(db, request.state.user.id)
    kinds = [(content, counts.get(content.type, 0)) for content in CONTENT_TYPES.values()]
    return render(request, "account/styles.html", {"kinds": kinds, "most": styles.MOST})


def one(request: Request) -> Response:
    """GET: the texts for one kind."""
    content = changing.type_for(request.path_params["type"])
    with database(request) as db:
        texts = styles.examples_of(db, request.state.user.id, content.type)
    return _form(request, texts, "Saved." if request.query_params.get("saved") else "")


@takes_form(LARGE)
def keep(request: Request, form: FormData) -> Response:
    """POST text, several: these from now on."""
    content = changing.type_for(request.path_params["type"])
    texts = [str(text) for text in form.getlist("text")]
    try:
        with database(request) as db:
            styles.keep(db, request.state.user.id, content.type, texts)
    except Problem as problem:
        return _form(request, texts, problem=problem)
    return RedirectResponse(f"{PAGE}/{content.type}?saved=1", 303)


def _form(
    request: Request, texts: list[str], notice: str = "", problem: Problem | None = None
) -> Response:
    content = changing.type_for(request.path_params["type"])
    context = {
        "content": content,
        "url": f"{PAGE}/{content.type}",
        "texts": [*texts, *[""] * (styles.MOST - len(texts))],
        "filled": len(texts),
        "characters": styles.CHARACTERS,
        "notice": notice,
    }
    return render_form(request, "account/style.html", context, problem)
