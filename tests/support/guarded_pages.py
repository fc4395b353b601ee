"""Pages behind the middleware, in a client without a server."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket

from draftmill.settings import Settings
from draftmill.web.middleware.access import COOKIE, Access
from draftmill.web.middleware.session_memory import Sessions

SAME = {"Origin": "http://testserver"}


def client_of(settings: Settings, memory: Sessions, **options: object) -> TestClient:
    async def page(request: Request) -> Response:
        user = request.state.user
        return HTMLResponse(user.email if user else "nobody")

    async def facts(request: Request) -> Response:
        assert request.client is not None
        facts = {"url": str(request.url), "address": request.client.host}
        return JSONResponse(facts, headers={"Cache-Control": "private, max-age=5"})

    async def broken(request: Request) -> Response:
        raise RuntimeError("broken on purpose")

    async def live(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text(socket.state.user.email)
        await socket.close(1012)

    both = ["GET", "POST"]
    inner = Starlette(
        routes=[
            Route("/", page, methods=both),
            Route("/login", page, methods=both),
            Route("/healthz", facts, methods=both),
            Route("/broken", broken),
            Route("/static/style.css", page),
            Route("/jobs/{id}/pill", page),
            Route("/projects/{id}", page, methods=both),
            WebSocketRoute("/live", live),
        ]
    )
    app = Access(inner, settings, memory)
    return TestClient(app, follow_redirects=False, **options)  # type: ignore[arg-type]


def cookie_header(cookie: str, **more: str) -> dict[str, str]:
    return {"Cookie": f"{COOKIE}={cookie}", **more}
