"""A person's own account: name, password, devices, tokens."""

from collections.abc import Mapping

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from draftmill.accounts import sessions, tokens, users
from draftmill.errors import Problem
from draftmill.jobs.wishes import check_language
from draftmill.projects.disk_use import disk_used
from draftmill.transcripts import languages
from draftmill.transcripts.corrections import LONGEST
from draftmill.transcripts.vocabulary import terms_of
from draftmill.web.forms import takes_form, text
from draftmill.web.render import render_form
from draftmill.web.services import database, services_of, settings_of
from draftmill.web.session_cookie import device_of, memory_of
from draftmill.web.views.devices import devices_of

NOTICES = {
    "name": "Your name is saved.",
    "language": "The language of your drafts is saved.",
    "password": "Your password is changed, and every other device is signed out. {tokens}",
    "sessions": "Every other device is signed out.",
    "revoke": "The token is revoked.",
    "vocabulary": "Added to your vocabulary.",
}


def page(request: Request) -> Response:
    """GET: all of it, and whether a change was `saved`."""
    saved, term = (request.query_params.get(name, "") for name in ("saved", "term"))
    if saved == "term" and term:
        return shown(request, undo={"terms": term[:LONGEST]})
    return shown(request, notice=NOTICES.get(saved, ""))


@takes_form()
def rename(request: Request, form: FormData) -> Response:
    """POST name."""
    with database(request) as db:
        users.rename_user(db, request.state.user.id, text(form, "name"))
    return _saved(request, "name")


@takes_form()
def choose_language(request: Request, form: FormData) -> Response:
    """POST language: the code in which drafts are written, "" for each recording's."""
    code = text(form, "language")
    check_language(code)
    with database(request) as db:
        users.choose_draft_language(db, request.state.user.id, code)
    return _saved(request, "language")


@takes_form()
def change_password(request: Request, form: FormData) -> Response:
    """POST old, password, tokens: every other device is signed out, tokens if that is wished."""
    user, session, (address, _) = request.state.user, request.state.session, device_of(request)
    old, new, revoke = text(form, "old"), text(form, "password"), text(form, "tokens") == "revoke"
    try:
        with database(request) as db:
            sessions.change_password(db, user, session.id_hash, old, new, address, revoke)
    except Problem as problem:
        return shown(request, problem, "password")
    services_of(request).bearers.drop_user(user.id)
    return _saved(request, "password")


def end_other_sessions(request: Request) -> Response:
    """POST: sign out everywhere else."""
    with database(request) as db:
        users.end_sessions(db, request.state.user.id, request.state.session.id_hash)
    return _saved(request, "sessions")


@takes_form()
def add_token(request: Request, form: FormData) -> Response:
    """POST name: make a token and show it in the answer, for no other page ever can."""
    try:
        with database(request) as db:
            secret = tokens.add(db, request.state.user.id, text(form, "name"))
    except Problem as problem:
        return shown(request, problem, "token")
    return shown(request, secret=secret)


def revoke_token(request: Request) -> Response:
    """POST: end a token at once."""
    token_id = request.path_params["token_id"]
    with database(request) as db:
        tokens.revoke(db, request.state.user.id, token_id)
    services_of(request).bearers.revoked(token_id)
    return _saved(request, "revoke")


def _saved(request: Request, what: str) -> Response:
    memory_of(request).drop_user(request.state.user.id)
    return RedirectResponse(f"/account?saved={what}", 303)


def _still_work(count: int) -> str:
    """What a change of the password left as it was."""
    if not count:
        return "No token opens this account."
    return f"Your {'token' if count == 1 else f'{count} tokens'} still work{'s' * (count == 1)}."


def shown(
    request: Request,
    problem: Problem | None = None,
    problem_in: str = "",
    notice: str = "",
    secret: str = "",
    typed: str = "",
    undo: Mapping[str, str] | None = None,
) -> Response:
    """The page of the account. `typed` was refused as vocabulary; `undo` adds again what was removed."""
    user, session = request.state.user, request.state.session
    with database(request) as db:
        kept = tokens.tokens_of(db, user.id)
        context = {
            "sessions": devices_of(db, settings_of(request), user.id, session.id_hash),
            "tokens": kept,
            "terms": terms_of(db, user.id),
            "typed": typed,
            "draft_language": users.draft_language_of(db, user.id),
            "draft_languages": languages.of_drafts("The recording's"),
            "disk": disk_used(db, settings_of(request), user.id),
            "problem_in": problem_in,
            "notice": notice.format(tokens=_still_work(len(kept))),
            "secret": secret,
        }
    if undo:
        context |= {"notice": "Removed.", "undo_url": "/account/vocabulary", "undo_fields": undo}
    return render_form(request, "account/account.html", context, problem)
