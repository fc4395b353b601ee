"""All jobs of a person: found, followed, and ended, cleared or tried again many at once."""

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

import tasks
from draftmill.jobs.job import ACTIVE, ENDED
from draftmill.projects import job_list, jobs_at_once
from draftmill.projects.job_list import TOP, Place, Wanted
from draftmill.projects.listing import QUERY_CHARACTERS
from draftmill.web.forms import takes_form, text
from draftmill.web.job_rows import JobRow, JobRows
from draftmill.web.numbers import number_in
from draftmill.web.render import fragment, render
from draftmill.web.services import database, services_of, settings_of
from draftmill.web.views.clocks import fill
from draftmill.web.views.job_list import choices, query_of
from draftmill.web.views.pill import REFRESH_S

NOTES = {
    "cancelled": "{} cancelled.",
    "cleared": "{} cleared from this list. Drafts and transcripts stay.",
    "retried": "{} started again.",
    "shown": "{} put back into this list.",
}
NOTHING = {
    "cancelled": "Nothing was running any more.",
    "cleared": "There was nothing to clear.",
    "shown": "There was nothing to put back.",
    "retried": "Nothing here can be tried again as it is: see what each job says.",
}
MOMENT = 40  # characters of a time
MORE = " There are more: press it once again."


def page(request: Request) -> Response:
    """GET: a page of the user's jobs; `q`, `type` and `status` choose, `cursor` pages."""
    user_id, wanted = request.state.user.id, wanted_in(request.query_params)
    after = _place_in(request.query_params.get("cursor", ""))
    rows = services_of(request).job_rows
    with database(request) as db:
        since = rows.news(db, user_id)
        ids, following = job_list.page_of(db, user_id, wanted, after)
        shown = rows.shown(db, user_id, ids)
        verbs = _verbs(db, user_id, wanted)
        any_job = bool(ids) or verbs["any"]
    active = any(row.active for row in shown)
    context = {
        **choices(wanted),
        **_poll(wanted, shown, since, first=after == TOP),
        "rows": [row.html for row in shown],
        "query_string": query_of(wanted),
        "following": query_of(wanted, following) if following else "",
        "paged": after != TOP,
        "any": any_job,
        "verbs": verbs,
        **_notice(request.query_params, wanted),
        "live": "jobs=1",
        "refresh_s": REFRESH_S * active,
    }
    return render(request, "jobs/list.html", context)


def wanted_in(given: Mapping[str, object]) -> Wanted:
    """Which jobs an address or a form asks for; a state that is none of ours is any."""
    status = str(given.get("status", ""))
    return Wanted(
        type=str(given.get("type", ""))[:QUERY_CHARACTERS],
        status=status if status in job_list.EVERY else "",
        query=str(given.get("q", "")).strip()[:QUERY_CHARACTERS],
    )


def _place_in(cursor: str) -> Place:
    """The place that an address names; the top of the list for anything else."""
    numbers = [number_in(word) for word in cursor.split(".", 3)]
    if len(numbers) != 3 or None in numbers:
        return TOP
    rank, project, n = numbers
    return Place(rank or 0, project or 0, n or 0)


def _verbs(db: sqlite3.Connection, user_id: int, wanted: Wanted) -> dict[str, bool]:
    """Which of the verbs for many jobs have anything to do, whatever the titles."""

    def there(*statuses: str) -> bool:
        chosen = [name for name in statuses if wanted.status in ("", name)]
        return job_list.any_of(db, user_id, chosen, wanted.type)

    return {
        "cancel": there(*ACTIVE),
        "clear": there(*ENDED),
        "retry": there("cancelled" if wanted.status == "cancelled" else "failed"),
        "any": wanted != Wanted() or job_list.any_job(db, user_id),
    }


def _notice(given: Mapping[str, str], wanted: Wanted) -> dict[str, object]:
    note, count = given.get("note", ""), number_in(given.get("count", ""))
    if note not in NOTES or count is None:
        return {}
    jobs = "One job was" if count == 1 else f"{count:,} jobs were"
    told = (NOTES[note].format(jobs) if count else NOTHING[note]) + MORE * ("more" in given)
    at = given.get("at", "")[:MOMENT]
    if not (note == "cleared" and count and at):
        return {"notice": told}
    chosen = {"q": wanted.query, "type": wanted.type, "status": wanted.status}
    return {"notice": told, "undo_url": "/jobs/clear/undo", "undo_fields": chosen | {"at": at}}


def _poll(wanted: Wanted, shown: list[JobRow], since: int, first: bool) -> dict[str, object]:
    """The context of jobs/_poll.html: which rows are asked for, and what is known of them."""
    ids = ",".join(row.id for row in shown)
    known = urlencode({"since": since} | ({"first": 1} if first else {}))
    address = f"/jobs/pills?rows=jobs&ids={ids}&{known}&{query_of(wanted)}".rstrip("&")
    return {"poll_url": address, "busy": any(row.active for row in shown)}


def news(request: Request, asked: list[str]) -> Response:
    """The poll of the list: what changed in its rows since `since`, and the clocks of those at work.

    Without news it looks into the memory alone.
    """
    user_id, rows = request.state.user.id, services_of(request).job_rows
    since, newest = _since(request), rows.newest(user_id)
    kept = rows.kept(user_id, asked) if newest is not None and newest <= since else None
    return _changed(request, rows, asked) if kept is None else _told(request, kept, since)


def _since(request: Request) -> int:
    return number_in(request.query_params.get("since", "")) or 0


def _changed(request: Request, rows: JobRows, asked: list[str]) -> Response:
    """What fits the list no more, as a job that has ended among those that run, leaves it."""
    user_id, wanted = request.state.user.id, wanted_in(request.query_params)
    with database(request) as db:
        newest = rows.news(db, user_id)
        first = "first" in request.query_params
        ids = job_list.page_of(db, user_id, wanted)[0] if first else []
        came = set(ids) - set(asked)
        known = rows.shown(db, user_id, asked)
        left = [row for row in known if wanted.status not in ("", row.status)]
        fitting = [row for row in known if row not in left and (not first or row.id in ids)]
        shown = rows.shown(db, user_id, ids) if came else fitting
        verbs = _verbs(db, user_id, wanted)
    gone = set(asked) - {row.id for row in shown}
    return _told(request, shown, newest, verbs, came, gone, left)


def _told(
    request: Request,
    shown: list[JobRow],
    newest: int,
    verbs: Mapping[str, bool] | None = None,
    came: Collection[str] = (),
    gone: Iterable[str] = (),
    left: Iterable[JobRow] = (),
) -> Response:
    """The answer to a poll: those rows that are at work or changed; the whole list where some `came`.

    Of what is `gone`, what `left` is in a state that was not asked for, which is said.
    """
    wanted, first = wanted_in(request.query_params), "first" in request.query_params
    new = [row for row in shown if row.made > _since(request)]
    context = {
        **_poll(wanted, shown, newest, first),
        "wanted": wanted,
        "verbs": verbs,
        "list": [row.html for row in shown] if came else None,
        "rows": [] if came else [(r.id, r.html) for r in shown if r.active or r in new],
        "gone": [] if came else gone,
        "said": [(row.ended, row.said) for row in new if row.said and row.id not in came]
        + [(row.ended, f"{row.state}. It has left this list.") for row in left],
    }
    answer = fragment("jobs/_news.html", context)
    return HTMLResponse(fill(answer, services_of(request).places))


@takes_form()
def cancel(request: Request, form: FormData) -> Response:
    """POST q, type, status: cancel all that match, running and waiting."""
    wanted = wanted_in(form)
    with database(request) as db:
        done = jobs_at_once.cancel_all(db, settings_of(request), request.state.user.id, wanted)
    return _back(wanted, "cancelled", len(done.job_ids), done.more)


@takes_form()
def clear(request: Request, form: FormData) -> Response:
    """POST q, type, status: take all that match and have ended out of the list."""
    wanted = wanted_in(form)
    with database(request) as db:
        cleared = jobs_at_once.clear_ended(db, request.state.user.id, wanted)
    return _back(wanted, "cleared", cleared.count, at=cleared.at)


@takes_form()
def take_back_cleared(request: Request, form: FormData) -> Response:
    """POST at, and q, type, status: show again what was cleared then."""
    at = text(form, "at")[:MOMENT]
    with database(request) as db:
        count = jobs_at_once.take_back_cleared(db, request.state.user.id, at)
    return _back(wanted_in(form), "shown", count)


@takes_form()
def retry(request: Request, form: FormData) -> Response:
    """POST q, type, status: try again what failed, or was cancelled where that is wanted."""
    wanted = wanted_in(form)
    with database(request) as db:
        done = jobs_at_once.retry_failed(db, request.state.user.id, wanted)
    tasks.nudge(settings_of(request))
    return _back(wanted, "retried", len(done.job_ids), done.more)


def _back(wanted: Wanted, note: str, count: int, more: bool = False, at: str = "") -> Response:
    told = (
        {"note": note, "count": count} | ({"more": 1} if more else {}) | ({"at": at} if at else {})
    )
    query = "&".join(filter(None, (query_of(wanted), urlencode(told))))
    return RedirectResponse(f"/jobs?{query}", 303)
