"""The owner's settings: what writes, and what listens; tried before it is chosen."""

from collections.abc import Callable, Mapping

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from draftmill.accounts.users import check_owner
from draftmill.choices import checks, stored
from draftmill.errors import Problem
from draftmill.models.catalogue import readable
from draftmill.settings import Settings
from draftmill.trials import asking, choosing
from draftmill.trials.outcome import Look, Trial
from draftmill.web.forms import Endpoint, takes_form, text
from draftmill.web.render import fragment, render_form, wants_fragment
from draftmill.web.services import database, services_of
from draftmill.web.views import models as offered
from draftmill.web.views import settings as views
from draftmill.web.views.settings import PARTS, Part

LOOKED = {"server": "settings/_model.html", "use": "settings/_server.html"}
NOTICES = {
    "yes": "Saved. The next draft and the next recording use it.",
    "unknown": "Saved. The server does not tell how much its model reads at once:"
    " {context:,} tokens are assumed.",
    "found": "Saved. The model reads {context:,} tokens at once.",
}


def first(request: Request) -> Response:
    """GET /settings: the first page of them."""
    return RedirectResponse(PARTS["writing"].url, 303)


def page(name: str) -> Callable[[Request], Response]:
    """GET: a page of the settings."""

    def show(request: Request) -> Response:
        check_owner(request.state.user)
        saved = NOTICES.get(request.query_params.get("saved", ""), "")
        context = services_of(request).settings.llm_context
        return _page(request, PARTS[name], told={"notice": saved.format(context=context)})

    return show


def save(name: str) -> Endpoint:
    """POST the settings of a page: those that were sent are changed, the others stay."""

    @takes_form()
    def store(request: Request, form: FormData) -> Response:
        part, typed = _typed(request, name, form)
        try:
            with database(request) as db:
                present = services_of(request).present
                found = choosing.save(db, present.given, request.state.user.id, typed)
                present.read(db)
        except Problem as problem:
            return _page(request, part, problem, typed)
        saved = "yes"
        if name == "writing" and present.settings.writer == "server":
            known = found or "llm_context" in stored.fixed(present.given)
            saved = "found" if found else "yes" if known or typed.get("llm_context") else "unknown"
        return RedirectResponse(f"{part.url}?saved={saved}", 303)

    return store


def try_out(name: str) -> Endpoint:
    """POST what is typed: what the model writes or hears with that, and nothing is stored."""

    @takes_form()
    def tried(request: Request, form: FormData) -> Response:
        part, typed = _typed(request, name, form)
        try:
            chosen = _chosen(request, typed)
            checks.check_tried(chosen, part.name)
            trial = asking.try_out(chosen, request.state.user.id, part.name)
        except Problem as problem:
            trial = Trial(message=problem.message, hint=problem.hint)
        told = {"trial": trial, "part": part}
        if wants_fragment(request):
            return _fragment("settings/_tried.html", told)
        return _page(request, part, typed=typed, told=told)

    return tried


def look(name: str) -> Endpoint:
    """POST at, use: the models of the typed server, of a found one, or what answers on this machine."""

    @takes_form()
    def looked(request: Request, form: FormData) -> Response:
        part, typed = _typed(request, name, form)
        at = "use" if text(form, "use") else text(form, "at")
        if at == "use":
            typed |= {part.address: text(form, "use"), part.key: "", part.model: ""}
        found = _look(request, part, typed, machine=at not in LOOKED)
        given = {"looked": found, "at": at if at in LOOKED else "machine"}
        if wants_fragment(request):
            context = _context(request, part, typed) | given
            return _fragment(LOOKED.get(at, "settings/_found.html"), context)
        return _page(request, part, typed=typed, told=given)

    return looked


def _look(request: Request, part: Part, typed: Mapping[str, str], *, machine: bool) -> Look:
    user_id = request.state.user.id
    try:
        if machine:
            return asking.machine(services_of(request).present.given, user_id, part.name)
        chosen = _chosen(request, typed)
        if not getattr(chosen, part.address):
            raise checks.Incomplete("The server has no address.", "Type one first.")
        return asking.models(chosen, user_id, part.name)
    except Problem as problem:
        return Look(message=problem.message, hint=problem.hint)


def _typed(request: Request, name: str, form: FormData) -> tuple[Part, dict[str, str]]:
    """The page that a form came from, and what was typed there; of a key only what was typed anew.

    A box that was emptied sends nothing: a hidden field of its name stands before it.
    """
    check_owner(request.state.user)
    part = PARTS[name]
    there = stored.fixed(services_of(request).present.given)
    typed = {n: str(form.getlist(n)[-1]) for n in part.names if n in form and n not in there}
    if not typed.get(part.key, "x").strip() and text(form, "forget") != part.key:
        del typed[part.key]
    return part, typed


def _chosen(request: Request, typed: Mapping[str, str]) -> Settings:
    with database(request) as db:
        given = services_of(request).present.given
        return stored.would_be(db, given, checks.tidied(typed))


def _context(request: Request, part: Part, typed: Mapping[str, str]) -> dict[str, object]:
    present = services_of(request).present
    with database(request) as db:
        found = views.shown(db, present.given, part)
        models = offered.shown(db, present.settings, request.state.user.id, "language")
    way = views.way_of(present.settings, part)
    return {
        "part": part,
        "has": views.typed_over(found, typed),
        "way": typed.get(part.way) or way,
        "models": [one for one in models if one.here],
        "broken": readable(present.settings)[1],
        "speech_models": views.SPEECH_MODELS,
        "looked": None,
        "trial": None,
        "at": "",
    }


def _fragment(name: str, context: Mapping[str, object]) -> Response:
    return HTMLResponse(fragment(name, context), headers={"Vary": "HX-Request"})


def _page(
    request: Request,
    part: Part,
    problem: Problem | None = None,
    typed: Mapping[str, str] | None = None,
    told: Mapping[str, object] | None = None,
) -> Response:
    context = _context(request, part, typed or {}) | dict(told or {})
    return render_form(request, f"settings/{part.name}.html", context, problem)
