"""The site map: every address on one screen, and no logic."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from draftmill.errors import Problem
from draftmill.settings import Settings, resources
from draftmill.web import account, bring, drafts, health, jobs, media, projects, versions
from draftmill.web.access import Access, Sessions
from draftmill.web.failures import on_http_error, on_locked, on_problem, on_surprise
from draftmill.web.live import Live
from draftmill.web.render import refuse

PROJECT = "/projects/{project_id}"
DRAFT = PROJECT + "/drafts/{type}"

ROUTES = [
    Route("/jobs/{job_id}/pill", jobs.pill),
    Route("/jobs/{job_id}/cancel", jobs.cancel, methods=["POST"]),
    Route("/jobs/{job_id}/retry", jobs.retry, methods=["POST"]),
    Route("/", projects.home),
    Route("/projects", bring.create, methods=["POST"]),
    Route("/projects/sample", bring.sample, methods=["POST"]),
    Route(PROJECT, projects.project, methods=["GET", "POST"]),
    Route(PROJECT + "/delete", projects.delete, methods=["POST"]),
    Route(PROJECT + "/jobs", jobs.start, methods=["POST"]),
    Route(PROJECT + "/corrections", projects.correct, methods=["POST"]),
    Route(PROJECT + "/recording", media.recording),
    Route(PROJECT + "/recording/delete", projects.delete_recording, methods=["POST"]),
    Route(PROJECT + "/transcript.{ending}", media.transcript),
    Route(PROJECT + "/screenshots/{n:int}", media.screenshot),
    Route(DRAFT + ".{ending:str}", drafts.download),
    Route(DRAFT, drafts.draft, methods=["GET", "POST"]),
    Route(DRAFT + "/preview", drafts.preview, methods=["POST"]),
    Route(DRAFT + "/versions", versions.versions),
    Route(DRAFT + "/versions/{n:int}/restore", versions.restore, methods=["POST"]),
    Route("/login", account.login, methods=["GET", "POST"]),
    Route("/logout", account.logout, methods=["POST"]),
    Route("/setup/{token}", account.setup, methods=["GET", "POST"]),
    Route("/account", account.account, methods=["GET", "POST"]),
    Route("/healthz", health.healthz),
    Route("/readyz", health.readyz),
    Mount("/static", StaticFiles(directory=resources() / "static")),
]


def create_app(settings: Settings) -> Access:
    """The application on a prepared data folder, with its door around it."""
    sessions = Sessions(settings.secret)
    live = Live(settings, sessions)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        live.start()
        yield
        live.stop()

    app = Starlette(
        routes=ROUTES,
        lifespan=lifespan,
        exception_handlers={
            Problem: on_problem,
            HTTPException: on_http_error,
            sqlite3.OperationalError: on_locked,
            Exception: on_surprise,
        },
    )
    app.state.settings = settings
    app.state.sessions = sessions
    app.state.live = live
    return Access(app, settings, sessions, refuse)
