"""A person's own names and terms, on the page of the account."""

from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from draftmill.errors import Problem
from draftmill.transcripts import vocabulary
from draftmill.web.forms import takes_form, text
from draftmill.web.pages import account
from draftmill.web.services import database


def page(request: Request) -> Response:
    """GET: where it stands on the page of the account."""
    return RedirectResponse("/account#vocabulary", 303)


@takes_form()
def add(request: Request, form: FormData) -> Response:
    """POST terms: names and terms, one a line or with commas between them."""
    typed = text(form, "terms")
    try:
        with database(request) as db:
            vocabulary.add(db, request.state.user.id, vocabulary.terms_in(typed))
    except Problem as problem:
        return account.shown(request, problem, "vocabulary", typed=typed)
    return RedirectResponse("/account?saved=vocabulary#vocabulary", 303)


@takes_form()
def remove(request: Request, form: FormData) -> Response:
    """POST term: remove it; the page then offers to add it again."""
    with database(request) as db:
        removed = vocabulary.remove(db, request.state.user.id, text(form, "term"))
    query = urlencode({"saved": "term", "term": removed}) if removed else ""
    return RedirectResponse(f"/account?{query}#vocabulary", 303)
