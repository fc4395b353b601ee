"""The site map: every address on one screen, and no logic."""

import sqlite3
from collections.abc import Callable, Sequence

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute

from draftmill.database.memory import Found
from draftmill.settings import Settings, resources
from draftmill.web import health, tus
from draftmill.web.compression import Compression
from draftmill.web.failures import HANDLERS
from draftmill.web.first_use import FirstUse
from draftmill.web.middleware.access import Access
from draftmill.web.middleware.bearer import API
from draftmill.web.pages import (
    account,
    binned,
    channels,
    chapters,
    content_types,
    corrections,
    drafts,
    evidence,
    files,
    job_list,
    jobs,
    left_edits,
    live,
    models,
    new_project,
    notifications,
    parts,
    projects,
    results,
    screenshots,
    search,
    sentences,
    setup,
    sign_in,
    speakers,
    styles,
    suggestions,
    transcript_changes,
    versions,
    vocabulary,
)
from draftmill.web.pages import job as job_page
from draftmill.web.pages import settings as chosen
from draftmill.web.polls import Polls
from draftmill.web.render import refuse
from draftmill.web.services import Workers, assemble
from draftmill.web.states import State
from draftmill.web.static_answers import StaticAnswers
from draftmill.web.streams import Streams


def api_routes() -> Sequence[BaseRoute]:
    """The addresses below /api/v1: their shapes take as long to load as half of all the rest."""
    from draftmill.web.api.routes import ROUTES

    return ROUTES


def state(db: sqlite3.Connection, key: tuple[int, str]) -> Found[State] | None:
    """How the API tells a job; asked for only once the API was."""
    from draftmill.web.api import representations

    return representations.state(db, key)


PROJECT = "/projects/{project_id}"
DRAFT = PROJECT + "/drafts/{type}"
SPEAKER = PROJECT + "/speakers/{n:number}"
CHAPTER = PROJECT + "/chapters/{n:number}"
TYPES = "/settings/types"
TUS_METHODS = ["HEAD", "PATCH", "DELETE", "POST", "OPTIONS"]
PROGRAMS = FirstUse(api_routes)

ROUTES = [
    Route("/jobs/{job_id}/pill", jobs.pill),
    Route("/jobs/pills", jobs.pills),
    WebSocketRoute("/live", live.live),
    Mount(API, PROGRAMS),
    Route("/jobs", job_list.page),
    Route("/jobs/results.zip", results.download),
    Route("/jobs/cancel", job_list.cancel, methods=["POST"]),
    Route("/jobs/clear", job_list.clear, methods=["POST"]),
    Route("/jobs/clear/undo", job_list.take_back_cleared, methods=["POST"]),
    Route("/jobs/retry", job_list.retry, methods=["POST"]),
    Route("/jobs/{job_id}", job_page.page),
    Route("/jobs/{job_id}/page/pill", job_page.poll),
    Route("/jobs/{job_id}/steps", job_page.steps),
    Route("/jobs/{job_id}/log.txt", job_page.log),
    Route("/jobs/{job_id}/link", results.link, methods=["POST"]),
    Route("/jobs/{job_id}/cancel", jobs.cancel, methods=["POST"]),
    Route("/jobs/{job_id}/retry", jobs.retry, methods=["POST"]),
    Route("/", projects.home),
    Route("/projects", new_project.create, methods=["POST"]),
    Route("/projects/sample", new_project.sample, methods=["POST"]),
    Route("/search", search.page),
    Route("/bin", binned.page),
    Route("/bin/empty", binned.empty, methods=["POST"]),
    Route("/bin/{project_id}/restore", binned.restore, methods=["POST"]),
    Route("/bin/{project_id}/delete", binned.delete, methods=["POST"]),
    Route(PROJECT, projects.page),
    Route(PROJECT, projects.edit, methods=["POST"]),
    Route(PROJECT + "/title", projects.rename, methods=["POST"]),
    Route(PROJECT + "/title/undo", projects.undo_title, methods=["POST"]),
    Route(PROJECT + "/delete", projects.delete, methods=["POST"]),
    Route(PROJECT + "/jobs", jobs.start, methods=["POST"]),
    Route(PROJECT + "/corrections", corrections.correct, methods=["POST"]),
    Route(PROJECT + "/corrections/{n:number}/remove", corrections.remove, methods=["POST"]),
    Route(
        PROJECT + "/corrections/{n:number}/drafts", corrections.apply_to_drafts, methods=["POST"]
    ),
    Route(PROJECT + "/corrections/drafts/undo", corrections.take_back_applied, methods=["POST"]),
    Route(PROJECT + "/transcript/changes", transcript_changes.page),
    Route(
        PROJECT + "/transcript/changes/{n:number}/undo", transcript_changes.undo, methods=["POST"]
    ),
    Route(PROJECT + "/suggestions", suggestions.page),
    Route(PROJECT + "/suggestions/dismiss", suggestions.dismiss, methods=["POST"]),
    Route(PROJECT + "/suggestions/restore", suggestions.restore, methods=["POST"]),
    Route(PROJECT + "/segments/{n:number}", sentences.page),
    Route(PROJECT + "/segments/{n:number}", sentences.save, methods=["POST"]),
    Route(PROJECT + "/edits", left_edits.page),
    Route(PROJECT + "/edits/{n:number}/apply", left_edits.apply, methods=["POST"]),
    Route(PROJECT + "/edits/{n:number}/drop", left_edits.drop, methods=["POST"]),
    Route(PROJECT + "/edits/{n:number}/restore", left_edits.restore, methods=["POST"]),
    Route(PROJECT + "/chapters", chapters.new),
    Route(PROJECT + "/chapters", chapters.begin, methods=["POST"]),
    Route(CHAPTER, chapters.page),
    Route(CHAPTER + "/rename", chapters.rename, methods=["POST"]),
    Route(CHAPTER + "/move", chapters.move, methods=["POST"]),
    Route(CHAPTER + "/merge", chapters.merge, methods=["POST"]),
    Route(CHAPTER + "/split", chapters.split, methods=["POST"]),
    Route(CHAPTER + "/delete", chapters.delete, methods=["POST"]),
    Route(SPEAKER, speakers.page),
    Route(SPEAKER, speakers.name, methods=["POST"]),
    Route(SPEAKER + "/merge", speakers.merge, methods=["POST"]),
    Route(SPEAKER + "/give", speakers.give, methods=["POST"]),
    Route(PROJECT + "/recording", files.recording),
    Route(PROJECT + "/recording/delete", projects.delete_recording, methods=["POST"]),
    Route(PROJECT + "/transcript.{ending}", files.transcript),
    Route(PROJECT + "/screenshots", files.choose, methods=["POST"]),
    Route(PROJECT + "/screenshots/{n:number}", files.screenshot),
    Route(PROJECT + "/screenshots/{n:number}/look", screenshots.page),
    Route(PROJECT + "/screenshots/{n:number}/put", screenshots.put, methods=["POST"]),
    Route(PROJECT + "/frames/{second:number}", files.frame),
    Route(DRAFT + ".{ending:str}", drafts.download),
    Route(DRAFT, drafts.desk),
    Route(DRAFT, drafts.save, methods=["POST"]),
    Route(DRAFT + "/copy", drafts.copy, methods=["POST"]),
    Route(DRAFT + "/preview", drafts.preview, methods=["POST"]),
    Route(DRAFT + "/evidence", evidence.page),
    Route(DRAFT + "/evidence/{hash}", evidence.ground),
    Route(DRAFT + "/evidence/{hash}/look", evidence.look, methods=["POST"]),
    Route(DRAFT + "/parts", parts.start, methods=["POST"]),
    Route(DRAFT + "/parts/{n:number}/take", parts.take, methods=["POST"]),
    Route(DRAFT + "/parts/{n:number}/drop", parts.drop, methods=["POST"]),
    Route(DRAFT + "/parts/{n:number}/offer", parts.offer_again, methods=["POST"]),
    Route(DRAFT + "/versions", versions.versions),
    Route(DRAFT + "/versions/compare", versions.compare),
    Route(DRAFT + "/versions/{n:number}/restore", versions.restore, methods=["POST"]),
    Route(DRAFT + "/versions/{n:number}/decline", versions.decline, methods=["POST"]),
    Route(DRAFT + "/versions/{n:number}/offer", versions.offer_again, methods=["POST"]),
    Route(DRAFT + "/versions/{n:number}/take", versions.take, methods=["POST"]),
    Route("/indicator", notifications.indicator),
    Route("/notifications", notifications.page),
    Route("/notifications", notifications.read_all, methods=["POST"]),
    Route("/notifications/{number:number}", notifications.follow),
    Route("/results", results.renew, methods=["POST"]),
    Route("/results/{token}", results.open_link),
    Route("/uploads", tus.uploads, methods=["POST", "OPTIONS"]),
    Route("/uploads/{upload_id}", tus.upload, methods=TUS_METHODS),
    Route("/login", sign_in.page),
    Route("/login", sign_in.sign_in, methods=["POST"]),
    Route("/logout", sign_in.sign_out, methods=["POST"]),
    Route("/setup/{token}", setup.page),
    Route("/setup/{token}", setup.create, methods=["POST"]),
    Route("/account", account.page),
    Route("/account/name", account.rename, methods=["POST"]),
    Route("/account/language", account.choose_language, methods=["POST"]),
    Route("/account/password", account.change_password, methods=["POST"]),
    Route("/account/sessions/end", account.end_other_sessions, methods=["POST"]),
    Route("/account/vocabulary", vocabulary.page),
    Route("/account/vocabulary", vocabulary.add, methods=["POST"]),
    Route("/account/vocabulary/remove", vocabulary.remove, methods=["POST"]),
    Route("/account/tokens", account.add_token, methods=["POST"]),
    Route("/account/tokens/{token_id:number}/revoke", account.revoke_token, methods=["POST"]),
    Route("/account/channels", channels.page),
    Route("/account/channels", channels.add, methods=["POST"]),
    Route("/account/channels/preferences", channels.wish, methods=["POST"]),
    Route("/account/channels/{channel_id:number}", channels.log),
    Route("/account/channels/{channel_id:number}/test", channels.test, methods=["POST"]),
    Route("/account/channels/{channel_id:number}/remove", channels.remove, methods=["POST"]),
    Route("/account/style", styles.page),
    Route("/account/style/{type}", styles.one),
    Route("/account/style/{type}", styles.keep, methods=["POST"]),
    Route(TYPES, content_types.page),
    Route(TYPES, content_types.add, methods=["POST"]),
    Route(TYPES + "/new", content_types.new),
    Route(TYPES + "/{type}", content_types.one),
    Route(TYPES + "/{type}", content_types.change, methods=["POST"]),
    Route(TYPES + "/{type}/switch", content_types.switch, methods=["POST"]),
    Route(TYPES + "/{type}/move", content_types.move, methods=["POST"]),
    Route(TYPES + "/{type}/delete", content_types.delete, methods=["POST"]),
    Route(TYPES + "/{type}/prompts/{n:number}/use", content_types.use_prompt, methods=["POST"]),
    Route("/settings", chosen.first),
    Route("/settings/writing", chosen.page("writing")),
    Route("/settings/writing", chosen.save("writing"), methods=["POST"]),
    Route("/settings/writing/try", chosen.try_out("writing"), methods=["POST"]),
    Route("/settings/writing/look", chosen.look("writing"), methods=["POST"]),
    Route("/settings/listening", chosen.page("listening")),
    Route("/settings/listening", chosen.save("listening"), methods=["POST"]),
    Route("/settings/listening/try", chosen.try_out("listening"), methods=["POST"]),
    Route("/settings/listening/look", chosen.look("listening"), methods=["POST"]),
    Route("/settings/models", models.page),
    Route("/settings/models/{name}/get", models.get, methods=["POST"]),
    Route("/settings/models/{name}/use", models.use, methods=["POST"]),
    Route("/settings/models/{name}/delete", models.delete, methods=["POST"]),
    Route("/healthz", health.healthz),
    Route("/readyz", health.readyz),
    Mount("/static", StaticAnswers(directory=resources() / "static")),
]


def create_app(
    settings: Settings,
    workers: Callable[[], Workers] = dict,
    streams: Streams | None = None,
) -> Access:
    """The application on a prepared data folder, with its door around it.

    `workers` says how each queue's worker is; who stops the server ends the `streams` first.
    """
    services = assemble(settings, state, workers, streams)
    app = Starlette(routes=ROUTES, lifespan=services.lifespan, exception_handlers=HANDLERS)
    app.state.services = services
    polls = Polls(Compression(app), services.live)
    return Access(polls, settings, services.sessions, refuse, services.bearers)
