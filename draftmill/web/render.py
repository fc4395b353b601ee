"""Templates to answers: the one place that knows Jinja."""

from collections.abc import Mapping
from contextlib import closing

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from draftmill.clock import length
from draftmill.database.connection import connect
from draftmill.errors import Problem
from draftmill.jobs.wishes import NobodyToInstruct
from draftmill.models.kept import ModelGone
from draftmill.projects.project import InBin
from draftmill.settings import resources
from draftmill.web import problem_json
from draftmill.web.middleware.bearer import is_api
from draftmill.web.middleware.headers import retry_told
from draftmill.web.views.clocks import fill
from draftmill.web.views.notices import indicator_of
from draftmill.web.views.static_files import static

environment = jinja2.Environment(
    loader=jinja2.FileSystemLoader(resources() / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=False,
    # A server keeps the templates of its own version, whatever is installed beside it meanwhile.
    auto_reload=False,
)
environment.filters["as_length"] = length
environment.globals["static"] = static
NEEDS_MODEL = (NobodyToInstruct.code, ModelGone.code)


def fragment(name: str, context: Mapping[str, object]) -> str:
    """A template as text, with its clocks still as marks."""
    return environment.get_template(name).render(context)


def render(
    request: Request, name: str, context: Mapping[str, object], status: int = 200
) -> Response:
    """A whole page for the signed-in user, or for nobody."""
    user = getattr(request.state, "user", None)
    # None where the door itself answers, before any handler.
    services = app.state.services if (app := request.scope.get("app")) else None
    told: dict[str, object] = {"user": user}
    if user and services:
        with closing(connect(services.settings.database)) as db:
            told["indicator"] = indicator_of(db, user.id)
    text = fill(fragment(name, {**told, **context}), services.places if services else None)
    return HTMLResponse(text, status, headers={"Vary": "HX-Request"})


def render_form(
    request: Request, name: str, context: Mapping[str, object], problem: Problem | None = None
) -> Response:
    """A page with a form on it, and what was wrong with what was sent."""
    told = {**context, "problem": problem}
    if problem is None:
        return render(request, name, told)
    return retry_told(render(request, name, told, problem.status), problem)


def refuse(request: Request, problem: Problem) -> Response:
    """The answer to a refused request, as page, fragment or JSON: what failed and what to do."""
    if is_api(request.scope["path"]):
        return problem_json.answer(problem)
    if wants_json(request):
        return refuse_as_json(problem)
    context = {"status": problem.status, "message": problem.message, "hint": problem.hint}
    if isinstance(problem, InBin):
        context |= {"back_url": "/bin", "back_label": "Open the bin"}
    carried = getattr(request.state, "carried", [])
    context |= {"carried": carried, "url": request.url.path}
    user = getattr(request.state, "user", None)
    if problem.code in NEEDS_MODEL and user and user.role == "owner":
        context |= {"back_url": "/settings/writing", "back_label": "Choose a language model"}
    return retry_told(render(request, "error.html", context, problem.status), problem)


def refuse_as_json(problem: Problem) -> Response:
    """The same for a program, whatever it says that it accepts."""
    error = {"code": problem.code, "message": problem.message, "hint": problem.hint}
    return retry_told(JSONResponse({"error": error}, problem.status), problem)


def wants_fragment(request: Request) -> bool:
    """Whether htmx asks: it takes a piece of the page where a browser takes a redirect."""
    return "hx-request" in request.headers


def wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")
