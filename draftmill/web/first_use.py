"""Parts of the application that are imported when they are first asked for."""

from collections.abc import Callable, Sequence

from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute, Router
from starlette.types import Receive, Scope, Send


class FirstUse:
    """A router whose routes `load` imports, in a thread, with the first request or before it.

    Two requests at once load once: Python lets one thread import a module, and the other wait.
    """

    def __init__(self, load: Callable[[], Sequence[BaseRoute]]) -> None:
        self._load = load
        self._router: Router | None = None

    def load(self) -> Router:
        """Its router, ready to use. Any thread may call."""
        if self._router is None:
            self._router = Router(self._load(), redirect_slashes=False)
        return self._router

    @property
    def routes(self) -> list[BaseRoute]:
        return self.load().routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        router = self._router
        if router is None:
            router = await run_in_threadpool(self.load)
        await router(scope, receive, send)
