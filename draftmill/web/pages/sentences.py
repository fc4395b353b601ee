"""A sentence of the transcript, edited where it stands or on a page of its own."""

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from draftmill.projects.project import project_for
from draftmill.transcripts import sentence_edits
from draftmill.transcripts.sentence_edits import Saved, StaleSentence
from draftmill.web.forms import takes_form, text
from draftmill.web.numbers import number_in
from draftmill.web.render import fragment, render_form, wants_json
from draftmill.web.services import database
from draftmill.web.views.sentences import everywhere_of, facts_of, page_of


def page(request: Request) -> Response:
    """GET: a sentence to edit; as JSON what it says now."""
    with database(request) as db:
        found = project_for(db, request.state.user.id, request.path_params["project_id"])
        sentence = sentence_edits.sentence(db, found["id"], request.path_params["n"])
        if wants_json(request):
            return JSONResponse(facts_of(sentence))
        context = page_of(db, found, sentence)
    return render_form(request, "projects/sentence.html", context)


@takes_form()
def save(request: Request, form: FormData) -> Response:
    """POST text, and the revision of the transcript from which it was made."""
    n, base = request.path_params["n"], number_in(text(form, "revision"))
    with database(request) as db:
        found = project_for(db, request.state.user.id, request.path_params["project_id"])
        try:
            saved = sentence_edits.save(db, found["id"], n, text(form, "text"), base)
        except StaleSentence as stale:
            return _both(request, stale, page_of(db, found, stale.present, stale.typed))
        offered = everywhere_of(db, found, saved.edit_id)
    return _saved(request, f"/projects/{found['id']}", saved, offered)


def _saved(request: Request, url: str, saved: Saved, offered: dict[str, object] | None) -> Response:
    if wants_json(request):
        shown = fragment("projects/_everywhere.html", {"everywhere": offered}) if offered else ""
        facts = facts_of(saved.sentence)
        return JSONResponse({**facts, "change": saved.edit_id, "everywhere": shown})
    told = f"?note=edited&change={saved.edit_id}" if saved.edit_id else ""
    return RedirectResponse(f"{url}{told}#s{saved.sentence.n}", 303)


def _both(request: Request, stale: StaleSentence, context: dict[str, object]) -> Response:
    """What was typed beside what the sentence says by now: nothing is overwritten unseen."""
    if wants_json(request):
        error = {"code": stale.code, "message": stale.message, "hint": stale.hint}
        told = {"error": error, "present": facts_of(stale.present), "differs": context["differs"]}
        return JSONResponse(told, 409)
    return render_form(request, "projects/sentence.html", context, stale)
